// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/topic_state.h"

#include <algorithm>

namespace feedscope::feed {

namespace {

constexpr qsizetype kMaxEvents = 256;
constexpr qsizetype kMaxBytes = 64 * 1024;
constexpr qint64 kRateSeconds = 3;

} // namespace

void EventHistory::append(const QByteArray &message)
{
    m_messages.push_back(message);
    m_bytes += message.size();
    while (size() > kMaxEvents || (m_bytes > kMaxBytes && size() > 1)) {
        m_bytes -= m_messages.front().size();
        m_messages.pop_front();
    }
}

void EventHistory::clear()
{
    m_messages.clear();
    m_bytes = 0;
}

void SubscriberList::add(SubscriberId subscriber, quint64 joined)
{
    const auto at = std::lower_bound(m_joined.begin(), m_joined.end(), joined);
    if (at != m_joined.end() && *at == joined)
        return;
    m_ids.insert(m_ids.begin() + (at - m_joined.begin()), subscriber);
    m_joined.insert(at, joined);
}

void SubscriberList::remove(quint64 joined)
{
    const auto at = std::lower_bound(m_joined.begin(), m_joined.end(), joined);
    if (at == m_joined.end() || *at != joined)
        return;
    m_ids.erase(m_ids.begin() + (at - m_joined.begin()));
    m_joined.erase(at);
}

void RateMeter::count(qint64 timeNs)
{
    const qint64 second = qMax<qint64>(0, timeNs / base::kNsPerSecond);
    Slot &slot = m_slots[static_cast<size_t>(second) % m_slots.size()];
    if (slot.second != second)
        slot = {second, 0};
    ++slot.count;
}

double RateMeter::perSecond(qint64 nowNs) const
{
    const qint64 now = nowNs / base::kNsPerSecond;
    quint64 sum = 0;
    for (const Slot &slot : m_slots) {
        if (slot.second >= now - kRateSeconds && slot.second < now)
            sum += slot.count;
    }
    return static_cast<double>(sum) / static_cast<double>(kRateSeconds);
}

} // namespace feedscope::feed
