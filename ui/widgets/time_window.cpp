// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/time_window.h"

#include "series/candle.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace feedscope::ui {

namespace {

constexpr int kBeyondEdge = 8; // the edge runs on without data for 1/8 of the window
constexpr int kMarginShare = 32; // of the window free at the right of the edge
constexpr double kMostNsPerPixel = 1e15; // 12 days: thousands of pixels of it still fit into 64 bits

} // namespace

void TimeWindow::setPixels(int pixels)
{
    m_pixels = std::max(1, pixels);
    place(m_toNs);
}

void TimeWindow::setScale(qint64 usual, qint64 least)
{
    m_usual = std::max<qint64>(1, usual);
    m_least = std::max<qint64>(1, least);
    m_nsPerPixel = m_usual;
    place(m_toNs);
}

void TimeWindow::setData(qint64 oldestNs, qint64 newestNs, qint64 nowNs, qint64 stepNs)
{
    const qint64 skew = nowNs - newestNs;
    if (!m_hasData || newestNs < m_newestNs) {
        m_skewNs = skew;
        m_edgeNs = newestNs;
    } else if (newestNs > m_newestNs) {
        m_skewNs = std::min(m_skewNs, skew);
    }
    m_hasData = true;
    m_oldestNs = oldestNs;
    m_newestNs = newestNs;

    const qint64 span = m_nsPerPixel * m_pixels;
    const qint64 goesOn = std::clamp(nowNs - m_skewNs, newestNs, newestNs + span / kBeyondEdge);
    // Never back: what has once been the past of the screen does not become its future.
    qint64 edge = std::max(goesOn, std::min(m_edgeNs, newestNs + span / kBeyondEdge));
    if (stepNs > 0)
        edge = series::floorTo(edge, stepNs) + stepNs;
    m_edgeNs = stepNs > 0 ? edge - 1 : edge; // still inside its step the next time
    place(m_toNs);
}

void TimeWindow::forgetData()
{
    m_hasData = false;
    m_oldestNs = 0;
    m_newestNs = 0;
    m_edgeNs = 0;
}

qint64 TimeWindow::liveToNs() const
{
    const qint64 margin = std::max(4, m_pixels / kMarginShare) * m_nsPerPixel;
    return series::floorTo(m_edgeNs, m_nsPerPixel) + m_nsPerPixel + margin;
}

qint64 TimeWindow::most() const
{
    const double all = static_cast<double>(m_edgeNs - m_oldestNs) * 1.25 / m_pixels;
    return static_cast<qint64>(std::clamp(all, static_cast<double>(std::max(m_usual, m_least)), kMostNsPerPixel));
}

void TimeWindow::setNsPerPixel(double ns)
{
    m_nsPerPixel = static_cast<qint64>(std::clamp(ns, static_cast<double>(m_least), static_cast<double>(most())));
}

void TimeWindow::place(qint64 toNs)
{
    if (m_following && m_hasData) {
        m_toNs = liveToNs();
        return;
    }
    m_toNs = series::floorTo(toNs, m_nsPerPixel);
    if (!m_hasData)
        return;
    // Half a window may be empty at either side, so that one finds back.
    const qint64 half = m_nsPerPixel * (m_pixels / 2);
    const qint64 earliest = series::floorTo(m_oldestNs, m_nsPerPixel) + half;
    m_toNs = std::clamp(m_toNs, std::min(earliest, liveToNs()), std::max(earliest, liveToNs() + half));
}

void TimeWindow::follow()
{
    m_following = true;
    place(m_toNs);
}

void TimeWindow::reset()
{
    m_nsPerPixel = m_usual;
    follow();
}

void TimeWindow::zoom(double factor, double pixel)
{
    if (!(factor > 0) || !std::isfinite(factor))
        return;
    const double share = std::clamp(pixel / m_pixels, 0.0, 1.0);
    const double anchor = static_cast<double>(m_nsPerPixel * m_pixels) * (1 - share); // before the right edge
    const qint64 before = m_nsPerPixel;
    double ns = static_cast<double>(m_nsPerPixel) / factor;
    if (factor < 1)
        ns = std::max(ns, static_cast<double>(before + 1));
    setNsPerPixel(ns);
    const double after = static_cast<double>(m_nsPerPixel * m_pixels) * (1 - share);
    place(m_toNs + static_cast<qint64>(after - anchor));
}

void TimeWindow::pan(qint64 pixels)
{
    if (pixels == 0)
        return;
    const qint64 most = std::numeric_limits<qint64>::max() / 4 / std::max<qint64>(1, m_nsPerPixel);
    const qint64 to = m_toNs - std::clamp(pixels, -most, most) * m_nsPerPixel;
    if (pixels < 0 && (m_following || (m_hasData && to >= liveToNs()))) {
        follow();
        return;
    }
    m_following = false;
    place(to);
}

void TimeWindow::showOldest()
{
    m_following = false;
    place(m_oldestNs - m_nsPerPixel * (m_pixels / kMarginShare) + m_nsPerPixel * m_pixels);
}

void TimeWindow::showRange(qint64 fromNs, qint64 toNs)
{
    if (toNs <= fromNs)
        return;
    m_following = false;
    const double ns = std::ceil((static_cast<double>(toNs) - static_cast<double>(fromNs)) / m_pixels);
    m_nsPerPixel = static_cast<qint64>(std::clamp(ns, static_cast<double>(m_least), kMostNsPerPixel));
    const qint64 middle = fromNs + (toNs - fromNs) / 2;
    place(middle + m_nsPerPixel * m_pixels / 2 + m_nsPerPixel - 1);
}

qint64 TimeWindow::fromNs() const
{
    return m_toNs - m_nsPerPixel * m_pixels;
}

} // namespace feedscope::ui
