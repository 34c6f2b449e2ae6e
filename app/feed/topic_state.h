// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/hub.h"

#include <array>
#include <deque>
#include <vector>

namespace feedscope::feed {

/// The newest events of one topic, without holes, for those who come back: at most 256 of them and at most 64 KiB.
class EventHistory {
public:
    void append(const QByteArray &message);
    void clear();
    qsizetype size() const { return static_cast<qsizetype>(m_messages.size()); }
    /// 0 is the oldest.
    const QByteArray &operator[](qsizetype index) const { return m_messages[static_cast<size_t>(index)]; }

private:
    std::deque<QByteArray> m_messages;
    qsizetype m_bytes = 0;
};

/// The subscribers of one topic, dense, in the order in which they joined the hub.
class SubscriberList {
public:
    void add(SubscriberId subscriber, quint64 joined);
    void remove(quint64 joined);
    std::span<const SubscriberId> ids() const { return m_ids; }
    bool isEmpty() const { return m_ids.empty(); }
    qsizetype size() const { return static_cast<qsizetype>(m_ids.size()); }

private:
    std::vector<SubscriberId> m_ids;
    std::vector<quint64> m_joined; // ascending, beside m_ids: what is sent from stays four bytes per subscriber
};

/// Counts per whole second.
class RateMeter {
public:
    void count(qint64 timeNs);
    /// Mean over the three whole seconds before `nowNs`.
    double perSecond(qint64 nowNs) const;

private:
    struct Slot {
        qint64 second = -1;
        quint32 count = 0;
    };
    std::array<Slot, 5> m_slots;
};

/// All the hub knows about one topic.
struct TopicState {
    QByteArray name;
    Source *source = nullptr; ///< null: published without being declared by a source
    QByteArray sourceName;
    QByteArray eventHead; ///< {"type":"event","topic":"…","offset":
    quint64 offset = 0;
    EventHistory history;
    SubscriberList subscribers;
    QByteArray lastData;
    QByteArray snapshot; ///< built message, kept while no event makes it old
    RateMeter rate;
    qint64 leftNs = 0; ///< monotonic: when the last subscriber left
    bool wasSubscribed = false;
    bool isSkipping = false; ///< an event was left out since the last one published
};

} // namespace feedscope::feed
