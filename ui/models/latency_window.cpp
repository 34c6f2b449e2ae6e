// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/latency_window.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace feedscope::ui {

int LatencyWindow::bucketOf(qint64 latencyNs)
{
    constexpr qint64 kSmallestNs = 64'000;
    if (latencyNs < kSmallestNs)
        return 0;
    return std::min(kBuckets - 1, static_cast<int>(std::bit_width(static_cast<quint64>(latencyNs / kSmallestNs))));
}

void LatencyWindow::add(std::span<const qint64> latenciesNs)
{
    for (const qint64 latency : latenciesNs) {
        if (m_values.size() < static_cast<size_t>(kCapacity)) {
            m_values.push_back(latency);
        } else {
            const qint64 oldest = std::exchange(m_values[m_next], latency);
            --m_histogram[static_cast<size_t>(bucketOf(oldest))];
            m_negative -= oldest < 0 ? 1 : 0;
            m_next = (m_next + 1) % static_cast<size_t>(kCapacity);
        }
        ++m_histogram[static_cast<size_t>(bucketOf(latency))];
        m_negative += latency < 0 ? 1 : 0;
        ++m_added;
    }
}

void LatencyWindow::clear()
{
    *this = LatencyWindow();
}

std::optional<qint64> LatencyWindow::percentile(double fraction) const
{
    if (m_values.empty())
        return std::nullopt;
    std::vector<qint64> values = m_values;
    const auto last = static_cast<double>(values.size() - 1);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::llround(std::clamp(fraction, 0.0, 1.0) * last));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace feedscope::ui
