// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/value_ticks.h"

#include <QtGlobal>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kMostTicks = 200;
constexpr int kMostDecimals = 12;
constexpr double kSpare = 0.06; // of the data's height, beyond its margin, so that a small move does not leave the new range
constexpr double kTooSmall = 0.5; // of its room: the data has become so small that the range closes in
constexpr double kGlide = 0.35; // of the way left, per display tick
constexpr double kThere = 0.002; // of the height: less than a pixel on any chart

} // namespace

double niceStepAtLeast(double least)
{
    Q_ASSERT(least > 0 && std::isfinite(least));
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

int decimalsForStep(double step, int decimals)
{
    const int needed = static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
    return std::clamp(std::max(decimals, needed), 0, kMostDecimals);
}

std::vector<ValueTick> valueTicks(double low, double high, double step, int decimals)
{
    std::vector<ValueTick> ticks;
    if (!(step > 0) || !(high >= low) || (high - low) / step > kMostTicks)
        return ticks;
    const int shown = decimalsForStep(step, decimals);
    const double first = std::ceil(low / step - 1e-9);
    for (int i = 0; i <= kMostTicks; ++i) {
        double value = (first + i) * step; // not added up: ten times 0.1 is not 1
        if (value > high + step * 1e-9)
            break;
        if (value == 0)
            value = 0; // not −0
        ticks.push_back({value, QString::number(value, 'f', shown)});
    }
    return ticks;
}

void SteadyRange::fit(double min, double max, double topShare, double bottomShare, double least)
{
    const double room = 1 - topShare - bottomShare;
    const double height = m_targetHigh - m_targetLow;
    const double data = max - min;
    const bool inside = max <= m_targetHigh - topShare / 4 * height && min >= m_targetLow + (bottomShare - topShare * 0.75) * height;
    const bool largeEnough = std::max(data, least * room) >= kTooSmall * room * height * (1 - 1e-9);
    if (m_set && inside && largeEnough)
        return;

    const double middle = min + data / 2;
    const double shown = std::max(data * (1 + 2 * kSpare), least * room);
    m_targetLow = middle - shown / 2 - shown / room * bottomShare;
    m_targetHigh = middle + shown / 2 + shown / room * topShare;
    // A first range, or one that has nothing to do with what was shown, does not glide: nothing on the screen would be where it says.
    if (!m_set || m_targetLow > m_high || m_targetHigh < m_low || m_targetHigh - m_targetLow > 8 * (m_high - m_low)
        || 8 * (m_targetHigh - m_targetLow) < m_high - m_low)
        settle();
    m_set = true;
}

bool SteadyRange::glide()
{
    if (m_low == m_targetLow && m_high == m_targetHigh)
        return false;
    m_low += (m_targetLow - m_low) * kGlide;
    m_high += (m_targetHigh - m_high) * kGlide;
    const double near = kThere * (m_targetHigh - m_targetLow);
    if (std::abs(m_targetLow - m_low) < near && std::abs(m_targetHigh - m_high) < near)
        settle();
    return true;
}

void SteadyRange::settle()
{
    m_low = m_targetLow;
    m_high = m_targetHigh;
}

void SteadyRange::set(double low, double high)
{
    Q_ASSERT(high > low);
    m_targetLow = low;
    m_targetHigh = high;
    m_set = true;
    settle();
}

} // namespace feedscope::ui
