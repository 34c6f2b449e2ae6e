// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/chart_frame.h"
#include "ui/widgets/time_window.h"
#include "ui/widgets/value_ticks.h"

#include <functional>
#include <optional>

namespace feedscope::ui {

/// How large the things around the plot are; by whoever draws them.
struct ChartMetrics {
    int titleHeight = 0;
    int timeAxisHeight = 24;
    int lineHeight = 16;
    std::function<int(const QString &)> labelWidth; ///< pixels, with its room at both sides
};

/// Chooses what a live chart shows — which stretch of time, which range of values, merged or decimated to what the pixels can tell — and puts it into words.
/// Knows no widget. Copied to make a picture of another size without disturbing the one on the screen. The series belong to somebody else.
class ChartComposer {
public:
    const series::CandleSeries *candles = nullptr;
    const series::Series *line = nullptr;
    bool asLine = false; ///< closes where there is no line
    qint64 requestedIntervalNs = 0;
    int decimals = 2;
    QString unit;
    QString emptyText;
    std::vector<ChartMark> marks;
    TimeWindow window;

    /// Another series, style or interval: usual scale, everything anew.
    void restart();
    /// Compares clocks and moves the live edge.
    void advance(qint64 nowNs);
    /// `cursor` in the plot. `tick`: the value range may go one step on its way.
    ChartFrame compose(QSize size, const ChartMetrics &metrics, std::optional<QPoint> cursor, bool tick);

    bool showsCandles() const { return candles && !(asLine || (line && !candles)); }
    bool hasData() const;
    quint64 taken() const; ///< grows with everything that came in
    qint64 intervalNs() const; ///< of the candles shown: at least as asked for, and wide enough to be told apart
    std::optional<double> lastValue() const;

    bool isAutoValue() const { return m_autoValue; }
    void zoomValue(double factor, double shareFromTop); ///< by hand from now on
    void panValue(double share);
    void resetValue() { m_autoValue = true; m_range.reset(); }
    void settle() { m_range.settle(); }

private:
    SteadyRange m_range;
    bool m_autoValue = true;
    double m_volumeTop = 0;
    int m_axisWidth = 0;

    // What was chosen last: chosen again only where it may have become something else.
    struct Source {
        const void *series = nullptr;
        quint64 taken = 0;
        qsizetype size = 0;
        qint64 fromNs = 0;
        qint64 nsPerPixel = 0;
        int pixels = 0;
        qint64 intervalNs = 0;
        bool asLine = false;
        bool operator==(const Source &) const = default;
    };
    Source m_source;
    quint64 m_pastRevision = 0;
    ChartFrame m_ink;
    series::Extent m_extent;
    TimeStep m_tickStep;
    qint64 m_ticksFrom = 0;
    qint64 m_ticksTo = 0;
    std::vector<TimeTick> m_ticks;

    Source source(const ChartFrame &frame) const;
    void chooseInk(ChartFrame &frame, series::Extent &extent);
    void chooseFrom(ChartFrame &frame, series::Extent &extent);
    void chooseCandles(ChartFrame &frame) const;
    void chooseCloses(ChartFrame &frame, series::Extent &extent) const;
    void chooseLine(ChartFrame &frame, series::Extent &extent) const;
    void chooseVolume(ChartFrame &frame);
    void chooseTicks(ChartFrame &frame, const ChartMetrics &metrics);
    void chooseLast(ChartFrame &frame) const;
    void chooseCrosshair(ChartFrame &frame, QPoint cursor) const;
    void chooseReadout(ChartFrame &frame, const series::Extent &extent) const;
    QString withUnit(double value) const;
};

/// "500 ms", "5 s", "1 min", "4 h", "1 d".
QString intervalLabel(qint64 intervalNs);

} // namespace feedscope::ui
