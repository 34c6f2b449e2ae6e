// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/candle.h"
#include "series/series.h"

#include <QtCharts/QChartView>

#include <memory>

namespace feedscope::ui {

/// A mark on the chart's time axis: a gap, a reconnect, an alert.
struct ChartMark {
    qint64 fromNs = 0;
    qint64 toNs = 0; ///< == fromNs: a moment
    QColor color;
    QString text;
};

/// One live chart: axes, grid and title by Qt Charts, the ink by an item of our own (DECISIONS D5). Shows candles with volume, or one line; follows
/// the live edge until someone zooms or pans, and says how much is new until End is pressed. Data never repaints it: displayTick() does, and only when
/// something it shows has changed. GUI thread. The series belong to the caller and outlive their use here.
class LiveChart : public QChartView {
    Q_OBJECT
public:
    enum class Style : quint8 { Candles, Line };

    explicit LiveChart(QWidget *parent = nullptr);
    ~LiveChart() override;

    void setCandles(const series::CandleSeries *candles); ///< nullptr: none
    void setLine(const series::Series *line);
    void setStyle(Style style); ///< with candles given, Line draws their closes
    void setIntervalNs(qint64 intervalNs); ///< candles are merged to this
    void setTitle(const QString &title, int decimals, const QString &unit = {});
    void setCrosshairEnabled(bool on);
    void setMarks(std::vector<ChartMark> marks);

    /// Once per display frame. `nowNs`: wall time, for the live edge. Returns whether a repaint was asked for.
    bool displayTick(qint64 nowNs);

    bool isFollowing() const;
    void followLive(); ///< End
    void pauseView(); ///< Space; intake goes on
    quint64 newSincePaused() const;
    qint64 visibleFromNs() const;
    qint64 visibleToNs() const;
    void setVisibleRange(qint64 fromNs, qint64 toNs); ///< leaves the live edge
    int repaints() const;

    /// What a screen reader says: last, lowest, highest, trend.
    QString description() const;

signals:
    void followingChanged(bool following);
    void visibleRangeChanged(qint64 fromNs, qint64 toNs);
    void newSincePausedChanged(quint64 count);
    void crosshairMoved(qint64 timeNs, double value);
    void framesRequested(qint64 fromNs, qint64 toNs); ///< "show frames" from the context menu or Enter

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::ui
