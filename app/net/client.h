// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/reactor.h"
#include "wire/handshake.h"
#include "wire/observer.h"

namespace feedscope::net {

/// ws://host[:port]/target, taken apart. wss is refused with Unsupported until TLS is there.
struct WsUrl {
    bool tls = false;
    QByteArray host; ///< without brackets
    quint16 port = 80;
    QByteArray target = "/"; ///< path and query, never empty
    QByteArray hostHeader() const;
    QByteArray toBytes() const;
};
base::Result<WsUrl> parseWsUrl(QByteArrayView url);

struct ClientOptions {
    WsUrl url;
    QByteArray origin;
    std::vector<QByteArray> subprotocols;
    std::vector<wire::HttpHeaders::Field> headers;
    wire::Limits limits;
    qint64 connectTimeoutNs = 10 * base::kNsPerSecond; ///< name, TCP and handshake together
    qint64 sendQueueBytes = 8 * 1024 * 1024;
};

/// Called on the reactor's thread.
class ClientEvents {
public:
    virtual ~ClientEvents() = default;
    virtual void opened(wire::ConnectionId connection, const QByteArray &subprotocol) = 0;
    virtual void messageReceived(const wire::MessageView &message, base::Timestamp now) = 0;
    virtual void pongReceived(qint64 rttNs) = 0;
    virtual void closed(const wire::Ending &ending) = 0; ///< after opened()
    virtual void failed(const base::Error &error) = 0; ///< instead of opened(); what names the stage: name, TCP, handshake
};

/// One WebSocket connection as a client, from name to end. It does not reconnect. Owned by whoever connects; every function but the constructor
/// is for the reactor's thread; destroying it cuts the connection without further events.
class Client {
public:
    Client(Reactor &reactor, ClientOptions options, wire::ConnectionId id, ClientEvents &events, wire::WireObserver &observer);
    ~Client();

    void start();
    bool send(wire::Opcode opcode, QByteArrayView payload);
    void ping(QByteArrayView payload);
    void close(quint16 code, const QByteArray &reason);
    wire::ConnectionId id() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace feedscope::net
