// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace feedscope::feed {

/// Takes what sources publish. Implemented by the Hub.
class Publisher {
public:
    virtual ~Publisher() = default;
    /// `data`: one JSON object (or other JSON value), already text.
    virtual void publish(const QByteArray &topic, const QByteArray &data, qint64 timeNs) = 0;
    /// Whether an event of that topic could reach anybody now or be recovered soon. A source may ask before it builds a costly event and must
    /// leave that event out when the answer is no; the publisher then makes sure that nobody recovers over the hole.
    virtual bool wants(const QByteArray &topic)
    {
        Q_UNUSED(topic);
        return true;
    }
};

/// Where the values of a built-in feed come from. Sans-I/O where it can be: time is handed in, and the same seed and times give the same
/// publications. Lives on one thread, that of its hub.
class Source {
public:
    virtual ~Source() = default;
    virtual QByteArray name() const = 0; ///< "market"
    virtual std::vector<QByteArray> topics() const = 0;
    /// Publishes all that is due up to `wallNs` (Unix nanoseconds, not going backwards).
    virtual void advance(qint64 wallNs, Publisher &publisher) = 0;
    /// When advance() has something to do next.
    virtual qint64 nextDueNs() const = 0;
    /// The present state of a topic as one JSON value; empty optional: the hub answers with the last event's data.
    virtual std::optional<QByteArray> snapshot(const QByteArray &topic) const = 0;
    /// The same without a long history, marked `"truncated":true` where something was left out: for those who subscribe by wildcard.
    virtual std::optional<QByteArray> shortSnapshot(const QByteArray &topic) const { return snapshot(topic); }
};

} // namespace feedscope::feed
