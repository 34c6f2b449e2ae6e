// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <span>
#include <vector>

namespace feedscope::ui {

/// The course of one value at a few dozen points, for a sparkline: begins fine, and halves its resolution each time it is full until a point stands
/// for 16 s; from then on the oldest goes. So a trend is there after seconds and never costs more than its points. Plain value.
class Trend {
public:
    static constexpr size_t kPoints = 64;

    void add(qint64 timeNs, double value);
    /// What was before: values `stepNs` apart, oldest first. Replaces all; the steps stay as coarse from then on.
    void setPast(std::span<const double> values, qint64 stepNs);
    const std::vector<double> &points() const { return m_points; } ///< oldest first
    qint64 spanNs() const { return m_stepNs * static_cast<qint64>(m_points.size()); }

private:
    std::vector<double> m_points;
    qint64 m_stepNs = 250'000'000;
    qint64 m_lastStep = 0; // timeNs / m_stepNs of the newest point
};

} // namespace feedscope::ui
