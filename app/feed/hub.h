// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "feed/source.h"

#include <QByteArrayView>

#include <memory>
#include <span>

namespace feedscope::feed {

/// A subscriber as the hub's owner numbers them (its session id).
using SubscriberId = quint32;

/// Where the hub's messages go. `message` is one feed-protocol object as JSON text; the same array goes to all of `to`, so that it is encoded
/// into a frame once. Called during calls into the hub; must not call back into it.
class HubOutput {
public:
    virtual ~HubOutput() = default;
    virtual void deliver(std::span<const SubscriberId> to, const QByteArray &message) = 0;
};

struct TopicStatus {
    QByteArray topic;
    QByteArray source;
    quint64 offset = 0;
    quint32 subscribers = 0;
    double eventsPerSecond = 0; ///< over the last whole seconds
};

/// The feed protocol, version 1 (shared contract section 3), sans-I/O: subscriptions with wildcards, offsets and epochs, snapshots, errors.
/// Knows no WebSocket. One thread.
class Hub final : public Publisher {
public:
    struct Config {
        QByteArray server; ///< "Feedscope/0.1"
        QByteArray node;
        QByteArray epoch; ///< made by the caller, new for every life of the hub
        int pingIntervalSeconds = 20;
        int maxTopicsPerSubscriber = 1000; ///< patterns a subscriber may hold
        int maxWildcardsPerSubscriber = 64; ///< of these, patterns with `*` or `>`
    };
    Hub(Config config, HubOutput &output);
    ~Hub() override;

    /// The source outlives the hub. Its topics exist from now on.
    void addSource(Source &source);

    /// Answers with the welcome message. `session`: an opaque name shown to the client.
    void join(SubscriberId subscriber, const QByteArray &session);
    void leave(SubscriberId subscriber);
    /// One message of a subscriber. What is not understood gets an `error` and the subscriber stays.
    void receive(SubscriberId subscriber, QByteArrayView message, base::Timestamp now);
    void rejectBinary(SubscriberId subscriber); ///< feedscope.v1 is text: answers with an error

    void publish(const QByteArray &topic, const QByteArray &data, qint64 timeNs) override;
    /// True while the topic has a subscriber, and a minute longer, so that a lost connection can recover.
    bool wants(const QByteArray &topic) override;
    /// Lets every source publish what is due.
    void advance(base::Timestamp now);
    qint64 nextDueNs() const;

    std::vector<TopicStatus> topics() const;
    quint64 eventsPublished() const;
    quint64 eventsDelivered() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::feed
