// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/manual_clock.h"
#include "support/wire_text.h"
#include "wire/connection.h"

#include <QStringList>

#include <functional>

namespace feedscope::tests {

/// One wire::Connection, a clock that stands still, and everything that the connection told: as lines to compare and as
/// values.
///
///     Playbook play(Role::Server);
///     play >> hex("89 80 00000000");
///     QCOMPARE(play.transcript(), QStringList({"client ping …", "server pong …", "write 8a00"}));
class Playbook final : public wire::ConnectionEvents {
public:
    enum class Feeding { Whole, EachByte };

    /// Limits with the automatic ping switched off.
    static wire::Limits quiet();

    explicit Playbook(wire::Role role, const wire::Limits &limits = quiet(), Feeding feeding = Feeding::Whole);

    wire::Connection &connection() { return m_connection; }
    base::Timestamp now() const { return m_clock.now(); }

    /// Bytes from the peer.
    Playbook &operator>>(QByteArray bytes);
    Playbook &fin();
    Playbook &reset();
    /// Lets time pass, and tells the connection of each deadline at its time.
    Playbook &advance(qint64 ns);

    /// What happened since the last call, one line each: "client text fin … #1", "message text "Hello" #1", "write
    /// 8a00", "ended 1006 …".
    QStringList transcript();
    /// All bytes for the wire since the last call.
    QByteArray written();

    struct SeenFrame {
        wire::Role from;
        wire::Frame frame;
        quint64 message;
        std::optional<qint64> rttNs;
        bool shared;
    };
    std::vector<SeenFrame> frames;
    std::vector<QByteArray> messages;
    std::optional<wire::Ending> ending;
    bool aborted = false;
    int endings = 0;

    // Called after the event was noted, to call back into the connection.
    std::function<void(const wire::MessageView &)> onMessage;
    std::function<void(const QByteArray &)> onWrite;
    std::function<void()> onEnded;

    void frameSeen(const FrameSeen &seen, base::Timestamp now) override;
    void messageReceived(const wire::MessageView &message, base::Timestamp now) override;
    void write(const QByteArray &bytes) override;
    void ended(const wire::Ending &ending, bool abort, base::Timestamp now) override;

private:
    void note(const QByteArray &line) { m_lines += QString::fromUtf8(line); }

    ManualClock m_clock;
    FixedMaskSource m_masks;
    Feeding m_feeding;
    QStringList m_lines;
    QByteArray m_written;
    wire::Connection m_connection; // last: it calls the members above
};

} // namespace feedscope::tests
