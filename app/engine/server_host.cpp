// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server_host.h"

#include "feed/market_source.h"
#include "feed/system_source.h"

#include <QRandomGenerator>
#include <QSysInfo>

#include <algorithm>

namespace feedscope::engine {

namespace {

constexpr qint64 kAdvanceEveryNs = 10 * base::kNsPerMs; // well below a display frame, so that a value is on screen within two
constexpr qint64 kSnapshotEveryNs = 500 * base::kNsPerMs;

/// An IPv6 literal wants brackets where a port may follow.
QByteArray bracketed(const QByteArray &host)
{
    return host.contains(':') && !host.startsWith('[') ? '[' + host + ']' : host;
}

QByteArray reachableHost(const QByteArray &host)
{
    return host == "0.0.0.0" || host.isEmpty() ? QByteArray("127.0.0.1") : host == "::" ? QByteArray("::1") : host;
}

} // namespace

ServerHost::ServerHost(net::Reactor &reactor, wire::WireObserver &observer, std::function<wire::ConnectionId()> nextId)
    : m_reactor(reactor)
    , m_observer(observer)
    , m_nextId(std::move(nextId))
{
}

ServerHost::~ServerHost()
{
    if (!m_server)
        return;
    m_reactor.runSync([this] {
        m_snapshotTimer.reset();
        m_advanceTimer.reset();
        m_server.reset();
        m_service.reset();
    });
}

base::Result<std::vector<std::unique_ptr<feed::Source>>> ServerHost::makeSources(const ServeOptions &options) const
{
    std::vector<std::unique_ptr<feed::Source>> sources;
    for (const QByteArray &name : options.feeds) {
        if (name == "market") {
            feed::MarketSource::Config config;
            config.seed = options.seed;
            config.symbols = options.symbols;
            config.eventsPerSecond = options.eventsPerSecond;
            config.startNs = m_reactor.clock().now().wallNs;
            sources.push_back(std::make_unique<feed::MarketSource>(config));
        } else if (name == "system") {
            sources.push_back(std::make_unique<feed::SystemSource>());
        } else {
            const QByteArray known = feedNames().front() + ", " + feedNames().back();
            return base::failure(base::ErrorCode::BadInput,
                QStringLiteral("There is no feed named '%1'. Known: %2.").arg(QString::fromUtf8(name), QString::fromUtf8(known)));
        }
    }
    return sources;
}

base::Result<quint16> ServerHost::start(const ServeOptions &options)
{
    Q_ASSERT(!m_server && !m_reactor.isInThread());
    auto sources = makeSources(options);
    if (!sources)
        return tl::unexpected(sources.error());

    feed::Hub::Config hub;
    hub.server = "Feedscope/" FEEDSCOPE_VERSION;
    hub.node = QSysInfo::machineHostName().toUtf8();
    hub.epoch = QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    hub.pingIntervalSeconds = static_cast<int>(options.limits.pingIntervalNs / base::kNsPerSecond);

    net::ServerOptions serverOptions;
    serverOptions.host = options.host;
    serverOptions.port = options.port;
    serverOptions.limits = options.limits;
    serverOptions.maxConnections = options.maxConnections;
    serverOptions.handshake.subprotocols = FeedService::subprotocols();
    serverOptions.handshake.paths = FeedService::paths();
    // Loopback is not trusted (D8): a page of another origin, or a name that merely resolves to this address, is refused.
    serverOptions.handshake.allowedHosts = {"localhost", "127.0.0.1", "[::1]", QSysInfo::machineHostName().toUtf8()};
    if (reachableHost(options.host) == options.host)
        serverOptions.handshake.allowedHosts.push_back(bracketed(options.host));
    std::copy(options.allowedHosts.begin(), options.allowedHosts.end(), std::back_inserter(serverOptions.handshake.allowedHosts));
    const std::vector<QByteArray> hosts = serverOptions.handshake.allowedHosts;

    base::Result<quint16> port = base::failure(base::ErrorCode::Io, QStringLiteral("The server was not started."));
    m_reactor.runSync([&] {
        auto service = std::make_unique<FeedService>(std::move(hub), std::move(*sources));
        auto server = std::make_unique<net::Server>(m_reactor, serverOptions, *service, m_observer, m_nextId);
        service->attach(*server);
        port = server->listen();
        if (!port)
            return;
        std::vector<QByteArray> origins = options.allowedOrigins;
        for (const QByteArray &host : hosts)
            origins.push_back("http://" + host + (host.contains(':') && !host.endsWith(']') ? QByteArray() : ':' + QByteArray::number(*port)));
        server->setAllowedOrigins(std::move(origins));

        m_service = std::move(service);
        m_server = std::move(server);
        m_advanceTimer = m_reactor.every(kAdvanceEveryNs, [this] { m_service->advance(m_reactor.clock().now()); });
        m_snapshotTimer = m_reactor.every(kSnapshotEveryNs, [this] {
            ServerSnapshot snapshot{m_server->status(), m_service->hub().topics(), m_service->hub().eventsPublished(),
                m_service->hub().eventsDelivered()};
            const std::lock_guard lock(m_mutex);
            m_snapshot = std::move(snapshot);
        });
    });
    if (port) {
        m_url = "ws://" + bracketed(reachableHost(options.host)) + ':' + QByteArray::number(*port) + '/';
        const std::lock_guard lock(m_mutex);
        m_snapshot.server.host = options.host;
        m_snapshot.server.port = *port;
    }
    return port;
}

void ServerHost::drain(quint16 code, const QByteArray &reason, qint64 timeoutNs, std::function<void()> done)
{
    m_reactor.post([this, code, reason, timeoutNs, done = std::move(done)]() mutable {
        if (m_server)
            m_server->drain(code, reason, timeoutNs, std::move(done));
        else
            done();
    });
}

ServerSnapshot ServerHost::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    return m_snapshot;
}

QByteArray ServerHost::url() const
{
    return m_url;
}

} // namespace feedscope::engine
