// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/server.h"
#include "net/server_handshake.h"
#include "net/stream.h"

namespace feedscope::net {

class ServerSession;

/// What the sessions of one server share, and how they reach it.
class SessionHost {
public:
    SessionHost(
        Reactor &ownReactor, ServerOptions ownOptions, Application &ownApplication, wire::WireObserver &ownObserver)
        : reactor(ownReactor)
        , options(std::move(ownOptions))
        , application(ownApplication)
        , observer(ownObserver)
    {
    }
    virtual ~SessionHost() = default;

    /// Its deadline is earlier than it was.
    virtual void deadlineMoved(const ServerSession &session) = 0;
    /// Its socket is closed; nothing refers to it any more.
    virtual void sessionGone(const ServerSession &session) = 0;

    Reactor &reactor;
    ServerOptions options;
    Application &application;
    wire::WireObserver &observer;
    ServerStatus status; ///< bytesSent: of those that are gone
    bool draining = false;
};

/// One accepted TCP connection on the server: handshake, WebSocket or HTTP answer, end. Kept by its server, which
/// bounds its time with one sweep over all deadlines. It may outlive the server inside a handler in flight, but does
/// nothing then.
class ServerSession final : public Stream, private wire::ConnectionEvents {
public:
    /// `overLimit`: there is no place for it; it is told so in HTTP.
    ServerSession(SessionHost &host, asio::ip::tcp::socket socket, SessionId id, bool overLimit);
    ~ServerSession() override;

    void start(base::Timestamp now);
    /// The server ends: the observer is told how the connection ended, the application is not.
    void detach();

    SessionId id() const { return m_id; }
    bool isOpen() const; ///< the WebSocket is, or is being, used
    /// When deadlineReached() wants to be called.
    qint64 deadlineNs() const { return m_deadlineNs; }
    void deadlineReached(base::Timestamp now);
    SessionStatus status() const;
    using Stream::bytesSent;

    bool send(wire::Opcode opcode, QByteArrayView payload, base::Timestamp now);
    bool sendShared(const wire::FrameView &frame, const QByteArray &wireBytes, base::Timestamp now);
    void ping(QByteArrayView payload, base::Timestamp now);
    void close(quint16 code, const QByteArray &reason, base::Timestamp now);
    /// Closes it, or refuses it where it has not come that far.
    void drain(quint16 code, const QByteArray &reason, base::Timestamp now);
    /// Cuts it, whatever its phase.
    void abort(const QString &why, base::Timestamp now);

private:
    void bytesReceived(std::span<char> bytes, base::Timestamp now) override;
    void streamEnded(wire::TransportEnd end, const QString &detail, base::Timestamp now) override;
    void left() override;

    void frameSeen(const FrameSeen &seen, base::Timestamp now) override;
    void messageReceived(const wire::MessageView &message, base::Timestamp now) override;
    void write(const QByteArray &bytes) override;
    void ended(const wire::Ending &ending, bool abort, base::Timestamp now) override;

    void answer(base::Timestamp now);
    void open(const ServerHandshake &handshake, const ServerHandshake::Answer &answer, base::Timestamp now);
    void respond(const ServerHandshake &handshake, ServerHandshake::Answer answer, base::Timestamp now);
    void refuse(wire::Rule rule, const QString &detail, base::Timestamp now);
    void reportHandshake(const ServerHandshake &handshake, const ServerHandshake::Answer &answer,
        const QByteArray &head, base::Timestamp now);
    void leaveWithin(qint64 ns, base::Timestamp now);
    void end();
    bool hasRoom(base::Timestamp now);
    void followDeadline();
    void setDeadline(qint64 deadlineNs);

    SessionHost *m_host; // null: the server is gone
    const SessionId m_id;
    qint64 m_deadlineNs = 0;
    std::unique_ptr<ServerHandshake> m_handshake; // until it is answered
    std::optional<wire::Connection> m_connection; // from the 101 on
    QByteArray m_peer;
    QByteArray m_path;
    base::Timestamp m_opened;
    quint64 m_messagesSent = 0;
    bool m_overLimit;
    bool m_slow = false; // closed for that
    bool m_detaching = false;
};

} // namespace feedscope::net
