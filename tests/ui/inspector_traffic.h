// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "capture/capture_writer.h"
#include "support/manual_clock.h"
#include "support/wire_text.h"

#include <QTemporaryDir>

#include <map>
#include <memory>
#include <thread>

namespace feedscope::tests {

/// Genuine traffic in a capture file: pairs of wire::Connection that talk to each other in memory, seen at the server's end, on a clock of its own.
/// A disk thread writes; flushed() waits until all that was said can be read.
class InspectorTraffic {
public:
    InspectorTraffic();
    ~InspectorTraffic();

    /// The opening handshake with the sample key of RFC 6455 1.3, answered by the server's own code.
    wire::ConnectionId open(const QByteArray &target = "/feed", const QByteArray &subprotocol = {}, wire::Role localRole = wire::Role::Server);
    void refuse(const QByteArray &target, const QByteArray &origin); ///< a handshake that is answered 403
    void fromClient(wire::ConnectionId id, const QByteArray &text);
    void fromServer(wire::ConnectionId id, const QByteArray &text);
    void binaryFromServer(wire::ConnectionId id, const QByteArray &bytes);
    void pingFromServer(wire::ConnectionId id, const QByteArray &payload, qint64 roundTripNs);
    void pingWithoutPong(wire::ConnectionId id, const QByteArray &payload);
    /// Bytes as a client put them on the wire, whatever they are.
    void clientBytes(wire::ConnectionId id, const QByteArray &bytes);
    void closeByClient(wire::ConnectionId id, quint16 code, const QByteArray &reason);
    void cutByPeer(wire::ConnectionId id);
    void wait(qint64 ns) { m_clock.advance(ns); }

    /// Some seconds of a market feed on several connections: subscriptions, events, heartbeats, a fragmented message, binary, violations, ends.
    void playMarket(int ticks);

    quint64 recordsMade() const { return m_made; }
    /// A reader of the same file that already sees everything said so far.
    std::unique_ptr<capture::CaptureReader> reader();
    void flushInto(capture::CaptureReader &reader); ///< until the reader has everything
    QString path() const { return m_path; }

private:
    struct Link;
    Link &link(wire::ConnectionId id);

    QTemporaryDir m_folder;
    QString m_path;
    ManualClock m_clock;
    FixedMaskSource m_masks;
    std::unique_ptr<capture::CaptureWriter> m_writer;
    std::thread m_disk;
    std::map<wire::ConnectionId, std::unique_ptr<Link>> m_links;
    wire::ConnectionId m_lastId = 0;
    quint64 m_made = 0;
};

} // namespace feedscope::tests
