// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace feedscope::ui {

/// Which stretch of time a chart shows, and whether it follows the live edge. Sans widgets and clocks: pixels, wheel steps and times come in as
/// numbers. The window always begins at a multiple of the time per pixel, so that a sample stays in its pixel column while the chart scrolls.
class TimeWindow {
public:
    void setPixels(int pixels); ///< width of the plot; the right edge stays
    int pixels() const { return m_pixels; }
    /// `least` and `most` limit what zooming can do; `usual` is where reset() goes. In ns per pixel.
    void setScale(qint64 usual, qint64 least);
    qint64 nsPerPixel() const { return m_nsPerPixel; }

    /// What there is to see, per display tick. The source's clock may differ from ours: the edge goes on by our clock from the newest
    /// time seen, in steps of `stepNs` (a candle's interval; 0: of a pixel), at most an eighth of the window beyond the newest.
    void setData(qint64 oldestNs, qint64 newestNs, qint64 nowNs, qint64 stepNs);
    /// Another series: the clocks are compared anew.
    void forgetData();

    bool isFollowing() const { return m_following; }
    void follow();
    void pause() { m_following = false; }
    void reset(); ///< usual scale, live edge

    /// In by a factor > 1. About a pixel of the plot; while following, about the live edge.
    void zoom(double factor, double pixel);
    /// Towards older times if positive. Reaching the live edge again follows it.
    void pan(qint64 pixels);
    void showOldest();
    void showRange(qint64 fromNs, qint64 toNs);

    qint64 fromNs() const;
    qint64 toNs() const { return m_toNs; }

private:
    int m_pixels = 600;
    qint64 m_usual = 1'000'000'000;
    qint64 m_least = 1'000;
    qint64 m_nsPerPixel = 1'000'000'000;
    qint64 m_toNs = 0;
    bool m_following = true;

    bool m_hasData = false;
    qint64 m_oldestNs = 0;
    qint64 m_newestNs = 0;
    qint64 m_edgeNs = 0;
    qint64 m_skewNs = 0; // our clock minus the source's, least seen

    qint64 liveToNs() const;
    qint64 most() const;
    void setNsPerPixel(double ns);
    void place(qint64 toNs);
};

} // namespace feedscope::ui
