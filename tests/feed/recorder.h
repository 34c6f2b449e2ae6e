// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/hub.h"

#include <QByteArray>
#include <QList>

#include <vector>

namespace feedscope::feed {

/// Keeps what a hub or a chat delivers, as a transcript: "1,2 < message".
class DeliveryRecorder final : public HubOutput {
public:
    struct Delivery {
        std::vector<SubscriberId> to;
        QByteArray message;
    };
    void deliver(std::span<const SubscriberId> to, const QByteArray &message) override
    {
        deliveries.push_back({{to.begin(), to.end()}, message});
    }
    /// The transcript since the last call.
    QList<QByteArray> take()
    {
        QList<QByteArray> lines;
        for (const Delivery &delivery : deliveries) {
            QByteArray line;
            for (const SubscriberId id : delivery.to)
                line += (line.isEmpty() ? "" : ",") + QByteArray::number(id);
            lines.append(line + " < " + delivery.message);
        }
        deliveries.clear();
        return lines;
    }
    std::vector<Delivery> deliveries;
};

/// Keeps what a source publishes.
class PublicationRecorder final : public Publisher {
public:
    struct Publication {
        QByteArray topic;
        QByteArray data;
        qint64 timeNs = 0;
        bool operator==(const Publication &) const = default;
    };
    void publish(const QByteArray &topic, const QByteArray &data, qint64 timeNs) override { all.push_back({topic, data, timeNs}); }
    bool wants(const QByteArray &topic) override { return prefix.isEmpty() || topic.startsWith(prefix); }

    QByteArray prefix; ///< only topics that begin so are wanted
    std::vector<Publication> all;
};

/// A source that says what the test wants.
class ScriptedSource final : public Source {
public:
    explicit ScriptedSource(std::vector<QByteArray> topics)
        : m_topics(std::move(topics))
    {
    }
    QByteArray name() const override { return "scripted"; }
    std::vector<QByteArray> topics() const override { return m_topics; }
    void advance(qint64 wallNs, Publisher &publisher) override
    {
        for (const QByteArray &topic : due) {
            if (publisher.wants(topic))
                publisher.publish(topic, "{}", wallNs);
        }
        due.clear();
    }
    qint64 nextDueNs() const override { return dueNs; }
    std::optional<QByteArray> snapshot(const QByteArray &topic) const override
    {
        if (state.isEmpty())
            return std::nullopt;
        return state + " of " + topic + '"';
    }
    std::optional<QByteArray> shortSnapshot(const QByteArray &topic) const override
    {
        const auto full = snapshot(topic);
        return full && !shortState.isEmpty() ? std::optional(shortState) : full;
    }

    QByteArray state; ///< begins a JSON string
    QByteArray shortState;
    std::vector<QByteArray> due;
    qint64 dueNs = 0;

private:
    std::vector<QByteArray> m_topics;
};

} // namespace feedscope::feed
