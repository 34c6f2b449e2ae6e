// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/ping_tracker.h"

#include <algorithm>

namespace feedscope::wire {

void PingTracker::pingSeen(QByteArrayView payload, qint64 monoNs)
{
    if (isFull()) {
        m_pings.erase(m_pings.begin());
        ++m_forgotten;
    }
    m_pings.push_back({payload.toByteArray(), monoNs});
}

std::optional<qint64> PingTracker::pongSeen(QByteArrayView payload, qint64 monoNs)
{
    const auto answered = std::find_if(m_pings.begin(), m_pings.end(),
        [payload](const Ping &ping) { return QByteArrayView(ping.payload) == payload; });
    if (answered == m_pings.end())
        return std::nullopt;
    const qint64 rttNs = monoNs - answered->sentNs;
    if (answered + 1 == m_pings.end())
        m_pings = {}; // an idle connection holds no memory for pings
    else
        m_pings.erase(m_pings.begin(), answered + 1);
    return rttNs;
}

std::optional<qint64> PingTracker::oldestNs() const
{
    if (m_pings.empty())
        return std::nullopt;
    return m_pings.front().sentNs;
}

} // namespace feedscope::wire
