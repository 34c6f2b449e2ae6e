// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_frame.h"

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool sameColumn(const series::Column &a, const series::Column &b)
{
    return a.gap == b.gap && (a.samples == 0) == (b.samples == 0) && same(a.first, b.first) && same(a.min, b.min)
        && same(a.max, b.max) && same(a.last, b.last);
}

bool sameSample(const series::Sample &a, const series::Sample &b)
{
    return a.timeNs == b.timeNs && same(a.value, b.value);
}

bool sameTick(const ValueTick &a, const ValueTick &b)
{
    return a.value == b.value && a.label == b.label;
}

} // namespace

double ChartFrame::xOf(qint64 timeNs) const
{
    return plot.left() + static_cast<double>(timeNs - fromNs) / static_cast<double>(nsPerPixel);
}

double ChartFrame::yOf(double value) const
{
    return plot.top() + (high - value) / (high - low) * plot.height();
}

qint64 ChartFrame::timeAt(double x) const
{
    return fromNs + static_cast<qint64>((x - plot.left()) * static_cast<double>(nsPerPixel));
}

double ChartFrame::valueAt(double y) const
{
    return high - (y - plot.top()) / plot.height() * (high - low);
}

bool ChartFrame::looksLike(const ChartFrame &other) const
{
    return size == other.size && plot == other.plot && fromNs == other.fromNs && nsPerPixel == other.nsPerPixel
        && low == other.low && high == other.high && intervalNs == other.intervalNs && volumeTop == other.volumeTop
        && leftValue == other.leftValue && last == other.last && crosshair == other.crosshair && readout == other.readout
        && note == other.note && readoutRight == other.readoutRight && empty == other.empty && focused == other.focused
        && timeTicks == other.timeTicks && marks == other.marks && candles == other.candles
        && std::ranges::equal(valueTicks, other.valueTicks, sameTick)
        && std::ranges::equal(columns, other.columns, sameColumn) && std::ranges::equal(points, other.points, sameSample);
}

} // namespace feedscope::ui
