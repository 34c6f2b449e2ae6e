// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/reconnect_policy.h"
#include "feed/feed_reader.h"
#include "net/client.h"

#include <QString>

#include <memory>
#include <mutex>

namespace feedscope::engine {

enum class LinkState : quint8 { Connecting, Open, Closing, Waiting /* for the next attempt */, Closed };

/// What a window shows of one connection; a value.
struct LinkStatus {
    int key = 0;
    QByteArray url;
    LinkState state = LinkState::Connecting;
    QString detail; ///< why it is not open: "1006: no close frame (tcp-reset)"
    wire::ConnectionId connection = 0; ///< of the last attempt
    std::optional<qint64> rttNs;
    int attempts = 0;
    qint64 retryAtMonoNs = 0; ///< where Waiting
    bool speaksFeedProtocol = false; ///< false: anybody's WebSocket; its frames are in the inspector
    quint64 messages = 0;
};

/// A client view's connection to a feed, kept up: connects, subscribes, reads values into a mailbox, reconnects by policy and subscribes again.
/// Owned by the engine, on whose thread every function is called; the work is done on the reactor's thread. Destroyed while the reactor runs.
class FeedConnection {
public:
    struct Options {
        int key = 0;
        net::WsUrl url;
        wire::Limits limits;
        bool reconnect = true;
    };
    FeedConnection(net::Reactor &reactor, Options options, wire::WireObserver &observer, std::function<wire::ConnectionId()> nextId);
    ~FeedConnection();

    /// All topics wanted from now on; what is new is subscribed, what is gone unsubscribed.
    void setTopics(std::vector<QByteArray> topics);
    void retryNow();
    void stop(); ///< closes with 1000 and stays closed

    /// What came since the last call. The mailbox is bounded: what does not fit is a QualityMark of kind Dropped.
    feed::FeedBatch take();
    LinkStatus status() const;

private:
    class Link;
    std::shared_ptr<Link> m_link;
    net::Reactor &m_reactor;
};

} // namespace feedscope::engine
