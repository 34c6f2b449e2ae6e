// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/feed_service.h"

#include <mutex>

namespace feedscope::engine {

struct ServeOptions {
    QByteArray host = "127.0.0.1";
    quint16 port = 8765; ///< 0: any
    std::vector<QByteArray> feeds = {"market", "system"};
    quint64 seed = 1;
    double eventsPerSecond = 230; ///< of the market, over all symbols
    int symbols = 50;
    wire::Limits limits;
    int maxConnections = 10'000;
    std::vector<QByteArray> allowedOrigins; ///< beside the server's own page
    std::vector<QByteArray> allowedHosts; ///< beside the address it listens on and the names of this computer
};

/// What a window shows of the server; a value made on the net thread twice a second.
struct ServerSnapshot {
    net::ServerStatus server;
    std::vector<feed::TopicStatus> topics;
    quint64 eventsPublished = 0;
    quint64 eventsDelivered = 0;
};

/// The embedded server with its sources, composed on one reactor. Owned by the engine or by the command line. start(), drain() and the destructor
/// belong to a thread that is not the reactor's; snapshot() to any.
class ServerHost {
public:
    ServerHost(net::Reactor &reactor, wire::WireObserver &observer, std::function<wire::ConnectionId()> nextId);
    ~ServerHost();

    /// Builds the sources here, binds on the reactor. Returns the port.
    base::Result<quint16> start(const ServeOptions &options);
    /// Stops accepting, closes everyone with `code`; `done` is called on the reactor's thread.
    void drain(quint16 code, const QByteArray &reason, qint64 timeoutNs, std::function<void()> done);

    bool isListening() const { return m_server != nullptr; }
    ServerSnapshot snapshot() const;
    QByteArray url() const; ///< ws://127.0.0.1:8765/

    /// The names of the feeds that can be asked for.
    static std::vector<QByteArray> feedNames() { return {"market", "system"}; }

private:
    base::Result<std::vector<std::unique_ptr<feed::Source>>> makeSources(const ServeOptions &options) const;

    net::Reactor &m_reactor;
    wire::WireObserver &m_observer;
    std::function<wire::ConnectionId()> m_nextId;
    QByteArray m_url;
    mutable std::mutex m_mutex; // guards m_snapshot
    ServerSnapshot m_snapshot;
    // On the reactor's thread; in this order, so that the timers go first.
    std::unique_ptr<FeedService> m_service;
    std::unique_ptr<net::Server> m_server;
    std::unique_ptr<net::Reactor::Timer> m_advanceTimer;
    std::unique_ptr<net::Reactor::Timer> m_snapshotTimer;
};

} // namespace feedscope::engine
