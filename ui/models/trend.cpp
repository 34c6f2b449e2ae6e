// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trend.h"

#include <cmath>

namespace feedscope::ui {

void Trend::add(qint64 timeNs, double value)
{
    constexpr qint64 kCoarsestNs = 16'000'000'000;
    if (!m_points.empty() && timeNs / m_stepNs <= m_lastStep) {
        m_points.back() = value;
        return;
    }
    if (m_points.size() == kPoints) {
        if (m_stepNs < kCoarsestNs) {
            for (size_t i = 0; i < kPoints / 2; ++i)
                m_points[i] = m_points[2 * i + 1];
            m_points.resize(kPoints / 2);
            m_stepNs *= 2;
        } else {
            m_points.erase(m_points.begin());
        }
    }
    m_points.push_back(value);
    m_lastStep = timeNs / m_stepNs;
}

void Trend::setPast(std::span<const double> values, qint64 stepNs)
{
    m_points.clear();
    for (const double value : values.last(std::min(values.size(), kPoints - 1))) {
        if (std::isfinite(value))
            m_points.push_back(value);
    }
    m_stepNs = stepNs;
    m_lastStep = 0;
}

} // namespace feedscope::ui
