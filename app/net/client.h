// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/reactor.h"
#include "net/ws_url.h"
#include "wire/handshake.h"
#include "wire/observer.h"

namespace feedscope::net {

struct ClientOptions {
    WsUrl url;
    QByteArray origin;
    std::vector<QByteArray> subprotocols;
    std::vector<wire::HttpHeaders::Field> headers;
    wire::Limits limits;
    qint64 connectTimeoutNs = 10 * base::kNsPerSecond; ///< name, TCP and handshake together
    qint64 sendQueueBytes = 8 * 1024 * 1024; ///< while more is queued, send() gives false
};

/// Called on the reactor's thread.
class ClientEvents {
public:
    virtual ~ClientEvents() = default;
    virtual void opened(wire::ConnectionId connection, const QByteArray &subprotocol) = 0;
    virtual void messageReceived(const wire::MessageView &message, base::Timestamp now) = 0;
    virtual void pongReceived(qint64 rttNs) = 0;
    virtual void closed(const wire::Ending &ending) = 0; ///< after opened()
    virtual void failed(
        const base::Error &error) = 0; ///< instead of opened(); what names the stage: name, TCP, handshake
};

/// One WebSocket connection as a client, from name to end. It does not reconnect. Owned by whoever connects; every
/// function but the constructor is for the reactor's thread; destroying it cuts the connection without further events
/// (the observer is told the ending), also from inside an event.
class Client {
public:
    Client(Reactor &reactor, ClientOptions options, wire::ConnectionId id, ClientEvents &events,
        wire::WireObserver &observer);
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    /// Once. Events come later, never from inside it.
    void start();
    /// False: nothing was sent, because it is not open or more than `sendQueueBytes` wait.
    bool send(wire::Opcode opcode, QByteArrayView payload);
    void ping(QByteArrayView payload);
    /// Before opened(): gives up, which failed() says.
    void close(quint16 code, const QByteArray &reason);
    wire::ConnectionId id() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace feedscope::net
