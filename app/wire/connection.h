// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "wire/close_code.h"
#include "wire/frame_decoder.h"
#include "wire/mask.h"
#include "wire/message_assembler.h"

#include <memory>
#include <optional>

namespace feedscope::wire {

/// Everything that bounds a peer. The defaults are the product's.
struct Limits {
    quint64 messageBytes = 1024 * 1024;
    int fragments = 16384;
    qint64 closeTimeoutNs = 5 * base::kNsPerSecond;
    qint64 pingIntervalNs = 20 * base::kNsPerSecond; ///< 0: never ping by ourselves
    qint64 pongTimeoutNs = 10 * base::kNsPerSecond; ///< 0: wait for ever
    bool answerPings = true; ///< false: RFC 6455 5.5.2 is broken on purpose (connect --no-pong)
};

/// How the byte stream under a connection ended.
enum class TransportEnd : quint8 {
    None, ///< it has not, or we ended it after a clean closure
    PeerFin,
    PeerReset,
    Timeout, ///< close handshake, pong or handshake deadline
    LocalAbort, ///< we cut it: protocol error, limit, shutdown
    Failed, ///< the socket failed in another way
};
QByteArray transportEndName(TransportEnd end); ///< "tcp-fin", "tcp-reset", "timeout", "local-abort", "failed", "none"

/// The truth about an ending. 1005 and 1006 are reported, never sent, and never become 1000.
struct Ending {
    quint16 code = AbnormalClosure; ///< what an application is told: the first code received, 1005, or 1006
    QByteArray reason;
    std::optional<quint16> sentCode;
    std::optional<quint16> receivedCode; ///< as on the wire, valid or not; empty also for an empty close frame
    bool closeSent = false;
    bool closeReceived = false;
    bool clean = false; ///< close frames went both ways
    Role startedBy = Role::Client; ///< who ended it first
    TransportEnd transport = TransportEnd::None;
    quint64 bytesReceived = 0; ///< after the handshake
    QString detail; ///< diagnosis for people
};

/// What a Connection tells its owner, in wire order, during calls into it. The owner must not destroy the Connection
/// inside these. It may call back: from messageReceived() and write() everything but receive(), from frameSeen()
/// nothing; in ended() nothing happens any more.
class ConnectionEvents {
public:
    virtual ~ConnectionEvents() = default;
    /// Every frame of both directions, also the refused and the unfinished ones. `message`: number of its message, 0 if
    /// none. `rttNs`: on a pong that answers our ping. `shared`: see sendShared().
    struct FrameSeen {
        Role from;
        FrameView frame;
        quint64 message = 0;
        std::optional<qint64> rttNs;
        const QByteArray *shared = nullptr;
    };
    virtual void frameSeen(const FrameSeen &seen, base::Timestamp now) = 0;
    virtual void messageReceived(const MessageView &message, base::Timestamp now) = 0;
    /// Bytes for the wire, in order. The array is the caller's to keep (shared, not copied).
    virtual void write(const QByteArray &bytes) = 0;
    /// Nothing more will be written or read. Flush, then end the byte stream; `abort`: do not wait for the peer.
    virtual void ended(const Ending &ending, bool abort, base::Timestamp now) = 0;
};

/// One WebSocket after its handshake: policy over the decoder and the assembler. Checks masking by role, answers pings,
/// keeps the close handshake, fails with the right code, pings on its own and reports deadlines. Knows no socket, clock
/// or thread: bytes and the present are handed in. Owned by a session; used from that session's thread only.
class Connection {
public:
    enum class State : quint8 { Open, Closing, Closed };

    /// `events` and `masks` outlive the connection. `masks` is used by the client role only.
    Connection(Role role, const Limits &limits, ConnectionEvents &events, MaskSource *masks, base::Timestamp now);
    ~Connection();
    Connection(Connection &&) = delete;

    State state() const;
    Role role() const;

    /// Bytes from the peer; unmasked in place.
    void receive(std::span<char> bytes, base::Timestamp now);
    /// The byte stream ended by itself.
    void transportEnded(TransportEnd end, const QString &detail, base::Timestamp now);

    /// Nothing is sent unless Open; false says so.
    bool sendMessage(Opcode opcode, QByteArrayView payload, base::Timestamp now);
    /// A broadcast: `wireBytes` is a whole unmasked frame that many connections share; `header`/`payload` describe it.
    /// Server role only.
    bool sendShared(const FrameView &frame, const QByteArray &wireBytes, base::Timestamp now);
    /// At most 125 bytes. False also while 64 pings are unanswered.
    bool ping(QByteArrayView payload, base::Timestamp now);
    /// Starts the close handshake. Empty code: an empty close frame.
    void close(std::optional<quint16> code, QByteArrayView reason, base::Timestamp now);
    /// Ends at once, without waiting for the peer's close frame.
    void abort(TransportEnd why, const QString &detail, base::Timestamp now);

    /// The monotonic time at which deadlineReached() wants to be called; it moves with every call into the connection.
    std::optional<qint64> nextDeadlineNs() const;
    void deadlineReached(base::Timestamp now);

    std::optional<qint64> lastRttNs() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::wire
