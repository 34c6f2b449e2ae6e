// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reconnect_policy.h"

#include <algorithm>

namespace feedscope::engine {

namespace {

constexpr qint64 kShortestNs = 500 * base::kNsPerMs;
constexpr qint64 kLongestNs = 30 * base::kNsPerSecond;
constexpr qint64 kStableNs = 30 * base::kNsPerSecond;

bool saysStayAway(const wire::Ending &ending)
{
    if (ending.code >= 3500 && ending.code <= 3999)
        return true;
    return ending.code == wire::NormalClosure;
}

} // namespace

std::optional<qint64> ReconnectPolicy::delayAfter(const wire::Ending &ending, qint64 monoNs, double chance)
{
    if (m_openedNs && monoNs - *m_openedNs >= kStableNs)
        m_attempts = 0;
    m_openedNs.reset();
    if (saysStayAway(ending))
        return std::nullopt;
    return nextDelay(chance);
}

qint64 ReconnectPolicy::delayAfterFailure(double chance)
{
    m_openedNs.reset();
    return nextDelay(chance);
}

void ReconnectPolicy::reset()
{
    m_attempts = 0;
    m_openedNs.reset();
}

qint64 ReconnectPolicy::nextDelay(double chance)
{
    Q_ASSERT(chance >= 0 && chance < 1);
    const int doublings = std::min(m_attempts, 6); // 0.5 s · 2^6 = 32 s: past the ceiling
    const qint64 ceiling = std::min(kLongestNs, 2 * kShortestNs << doublings);
    ++m_attempts;
    return kShortestNs + static_cast<qint64>(chance * static_cast<double>(ceiling - kShortestNs));
}

} // namespace feedscope::engine
