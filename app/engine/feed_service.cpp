// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed_service.h"

#include <QFile>
#include <QRandomGenerator>

#include <algorithm>

// The page is in a static library's resources, which nothing refers to by itself.
static void initPage()
{
    Q_INIT_RESOURCE(page);
}

namespace feedscope::engine {

namespace {

wire::HttpResponse respond(int status, QByteArrayView type, QByteArray body)
{
    wire::HttpResponse response;
    response.version = "HTTP/1.1";
    response.status = status;
    response.reason = wire::httpReason(status);
    response.headers.append("Content-Type", type.toByteArray());
    response.headers.append("Content-Length", QByteArray::number(body.size()));
    response.headers.append("Cache-Control", "no-store");
    response.headers.append("X-Content-Type-Options", "nosniff");
    response.headers.append("Connection", "close");
    response.body = std::move(body);
    return response;
}

QByteArray pageForBrowsers()
{
    initPage();
    QFile file(QStringLiteral(":/feedscope/page.html"));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "pageForBrowsers", "the page is compiled into the program");
    return opened ? file.readAll() : QByteArray();
}

bool upgrades(const QByteArray &path)
{
    const std::vector<QByteArray> paths = FeedService::paths();
    return std::find(paths.begin(), paths.end(), path) != paths.end();
}

} // namespace

void FeedService::Output::deliver(std::span<const feed::SubscriberId> to, const QByteArray &message)
{
    if (server)
        server->broadcast(to, wire::Opcode::Text, message);
}

FeedService::FeedService(feed::Hub::Config hub, std::vector<std::unique_ptr<feed::Source>> sources)
    : m_sources(std::move(sources))
    , m_hub(std::move(hub), m_output)
    , m_chat(m_output)
{
    for (const auto &source : m_sources)
        m_hub.addSource(*source);
}

FeedService::~FeedService() = default;

void FeedService::attach(net::Server &server)
{
    m_output.server = &server;
}

std::vector<QByteArray> FeedService::paths()
{
    return {"/", "/feed", "/ws", "/socket", "/chat", "/echo"};
}

void FeedService::opened(net::SessionId session, const wire::HttpRequest &request, const QByteArray &)
{
    Session state;
    const QByteArray path = request.path();
    if (path == "/chat")
        state.endpoint = Endpoint::Chat;
    else if (path == "/echo")
        state = {Endpoint::Echo, request.queryValue("prefix").value_or(QByteArray())};
    m_sessions.insert(session, state);

    if (state.endpoint == Endpoint::Feed)
        m_hub.join(session, QByteArray::number(QRandomGenerator::system()->generate64(), 36));
    else if (state.endpoint == Endpoint::Chat)
        m_chat.join(session);
}

void FeedService::messageReceived(net::SessionId session, const wire::MessageView &message, base::Timestamp now)
{
    const auto found = m_sessions.constFind(session);
    if (found == m_sessions.cend())
        return;
    switch (found->endpoint) {
    case Endpoint::Echo:
        if (message.opcode == wire::Opcode::Text && !found->prefix.isEmpty())
            m_output.server->send(session, wire::Opcode::Text, found->prefix + message.payload.toByteArray());
        else
            m_output.server->send(session, message.opcode, message.payload);
        break;
    case Endpoint::Chat:
        m_chat.receive(session, message.payload, now);
        break;
    case Endpoint::Feed:
        if (message.opcode == wire::Opcode::Text)
            m_hub.receive(session, message.payload, now);
        else
            m_hub.rejectBinary(session);
        break;
    }
}

void FeedService::closed(net::SessionId session, const wire::Ending &)
{
    const auto found = m_sessions.constFind(session);
    if (found == m_sessions.cend())
        return;
    const Endpoint endpoint = found->endpoint;
    m_sessions.erase(found);
    if (endpoint == Endpoint::Feed)
        m_hub.leave(session);
    else if (endpoint == Endpoint::Chat)
        m_chat.leave(session);
}

wire::HttpResponse FeedService::answer(const wire::HttpRequest &request)
{
    const QByteArray path = request.path();
    if (request.method != "GET" && request.method != "HEAD")
        return wire::makeRefusal(405, "Only GET and HEAD are answered here.", {{"Allow", "GET, HEAD"}});

    wire::HttpResponse response;
    if (path == "/") {
        response = respond(200, "text/html; charset=utf-8", pageForBrowsers());
        response.headers.append("Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'");
    } else if (path == "/healthz") {
        response = respond(200, "text/plain; charset=utf-8", "ok\n");
    } else if (path == "/metrics") {
        response = respond(200, "text/plain; version=0.0.4; charset=utf-8", metrics());
    } else if (upgrades(path)) {
        response = wire::makeRefusal(426, "This path speaks WebSocket: send an upgrade request.", {{"Upgrade", "websocket"}});
    } else {
        response = wire::makeRefusal(404, "There is nothing at this path. WebSocket: /feed, /chat, /echo. HTTP: /, /healthz, /metrics.");
    }
    if (request.method == "HEAD")
        response.body.clear();
    return response;
}

QByteArray FeedService::metrics() const
{
    QByteArray text;
    const auto add = [&text](QByteArrayView name, QByteArrayView type, QByteArrayView help, quint64 value) {
        text += "# HELP feedscope_" + name.toByteArray() + ' ' + help.toByteArray() + "\n# TYPE feedscope_" + name.toByteArray() + ' '
            + type.toByteArray() + "\nfeedscope_" + name.toByteArray() + ' ' + QByteArray::number(value) + '\n';
    };
    const net::ServerStatus status = m_output.server ? m_output.server->status() : net::ServerStatus{};
    add("connections", "gauge", "Open WebSocket connections.", status.connections);
    add("connections_accepted_total", "counter", "Handshakes answered with 101.", status.accepted);
    add("handshakes_refused_total", "counter", "Handshakes refused with an HTTP status.", status.refused);
    add("messages_sent_total", "counter", "Messages sent to clients.", status.messagesSent);
    add("messages_received_total", "counter", "Messages received from clients.", status.messagesReceived);
    add("bytes_sent_total", "counter", "Bytes sent to clients.", status.bytesSent);
    add("bytes_received_total", "counter", "Bytes received from clients.", status.bytesReceived);
    add("slow_clients_closed_total", "counter", "Clients closed with 1013 because their queue was full.", status.slowClientsClosed);
    add("events_published_total", "counter", "Events published on all topics.", m_hub.eventsPublished());
    add("events_delivered_total", "counter", "Events delivered to subscribers.", m_hub.eventsDelivered());
    return text;
}

} // namespace feedscope::engine
