// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/reactor.h"
#include "wire/handshake.h"
#include "wire/observer.h"

#include <span>

namespace feedscope::net {

using SessionId = wire::ConnectionId;

/// What a server serves. Called on the reactor's thread. Calls back into the Server are allowed in all of these.
class Application {
public:
    virtual ~Application() = default;
    /// The 101 has been sent. Frames that came with the request are delivered after this returns.
    virtual void opened(SessionId session, const wire::HttpRequest &request, const QByteArray &subprotocol) = 0;
    virtual void messageReceived(SessionId session, const wire::MessageView &message, base::Timestamp now) = 0;
    virtual void closed(SessionId session, const wire::Ending &ending) = 0;
    /// Plain HTTP (no upgrade asked for): the response, complete.
    virtual wire::HttpResponse answer(const wire::HttpRequest &request) = 0;
};

struct ServerOptions {
    QByteArray host = "127.0.0.1";
    quint16 port = 0; ///< 0: any
    wire::ServerHandshakeOptions handshake;
    wire::Limits limits;
    int maxConnections = 10'000; ///< sockets; one more is answered 503 with Retry-After
    qint64 handshakeTimeoutNs = 10 * base::kNsPerSecond; ///< absolute: bytes do not reset it
    qint64 sendQueueBytes = 8 * 1024 * 1024; ///< a client that lets more pile up is closed with 1013
};

struct ServerStatus {
    QByteArray host;
    quint16 port = 0;
    quint32 connections = 0;
    quint64 accepted = 0; ///< handshakes answered with 101
    quint64 refused = 0; ///< answered with an HTTP status instead
    quint64 messagesSent = 0;
    quint64 messagesReceived = 0;
    quint64 bytesSent = 0;
    quint64 bytesReceived = 0;
    quint64 slowClientsClosed = 0;
};

struct SessionStatus {
    SessionId id = 0;
    QByteArray peer;
    QByteArray path;
    std::optional<qint64> rttNs;
    qint64 queuedBytes = 0;
    quint64 messagesSent = 0;
    base::Timestamp opened;
};

/// The embedded WebSocket server on one reactor: listener, sessions, refusals. Owned by the engine; every function but
/// the constructor is for the reactor's thread.
class Server {
public:
    /// `ids` numbers connections over the whole process.
    Server(Reactor &reactor, ServerOptions options, Application &application, wire::WireObserver &observer,
        std::function<wire::ConnectionId()> nextId);
    ~Server(); ///< cuts everyone; the observer is told, the application is not
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    /// For the handshakes from now on; a server on any port knows its own origin only after listen().
    void setAllowedOrigins(std::vector<QByteArray> origins);

    /// Binds and listens. AddressInUse names the port and the next free one (Error::detail is that port as a number).
    base::Result<quint16> listen();
    /// Stops accepting, closes everyone with `code`, and calls `done` when all are gone or `timeoutNs` has passed.
    void drain(quint16 code, const QByteArray &reason, qint64 timeoutNs, std::function<void()> done);

    bool send(SessionId session, wire::Opcode opcode, QByteArrayView payload);
    /// Encoded once, shared by all.
    void broadcast(std::span<const SessionId> sessions, wire::Opcode opcode, const QByteArray &payload);
    void ping(SessionId session, QByteArrayView payload);
    void close(SessionId session, quint16 code, const QByteArray &reason);

    ServerStatus status() const;
    std::vector<SessionStatus> sessions() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace feedscope::net
