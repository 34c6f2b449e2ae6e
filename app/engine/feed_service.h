// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/chat.h"
#include "feed/hub.h"
#include "net/server.h"

#include <QHash>

#include <memory>

namespace feedscope::engine {

/// What the embedded server serves: /feed (and /, /ws, /socket) is the hub, /chat the rooms, /echo the echo, and plain HTTP the page, /healthz and
/// /metrics. Glue only: the protocols live in feed, the sockets in net. On the server's reactor thread.
class FeedService final : public net::Application {
public:
    FeedService(feed::Hub::Config hub, std::vector<std::unique_ptr<feed::Source>> sources);
    ~FeedService() override;

    /// Before the first connection. The server outlives its use here.
    void attach(net::Server &server);

    void advance(base::Timestamp now) { m_hub.advance(now); }
    const feed::Hub &hub() const { return m_hub; }

    /// The paths that upgrade, for the handshake.
    static std::vector<QByteArray> paths();
    static std::vector<QByteArray> subprotocols() { return {"feedscope.v1"}; }

    void opened(net::SessionId session, const wire::HttpRequest &request, const QByteArray &subprotocol) override;
    void messageReceived(net::SessionId session, const wire::MessageView &message, base::Timestamp now) override;
    void closed(net::SessionId session, const wire::Ending &ending) override;
    wire::HttpResponse answer(const wire::HttpRequest &request) override;

private:
    enum class Endpoint : quint8 { Feed, Chat, Echo };
    struct Session {
        Endpoint endpoint = Endpoint::Feed;
        QByteArray prefix; ///< of /echo?prefix=
    };
    /// Sends what a hub or the rooms say to the sessions of that number.
    class Output final : public feed::HubOutput {
    public:
        void deliver(std::span<const feed::SubscriberId> to, const QByteArray &message) override;
        net::Server *server = nullptr;
    };

    QByteArray metrics() const;

    Output m_output;
    std::vector<std::unique_ptr<feed::Source>> m_sources; // outlive the hub
    feed::Hub m_hub;
    feed::ChatRooms m_chat;
    QHash<net::SessionId, Session> m_sessions;
};

} // namespace feedscope::engine
