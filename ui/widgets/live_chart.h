// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/candle.h"
#include "series/series.h"
#include "ui/widgets/chart_mark.h"

#include <QtCharts/QChartView>

#include <memory>

namespace feedscope::ui {

/// One live chart: layout, title and background by Qt Charts, axes and ink by an item of our own (DECISIONS D5). Shows candles with volume, or one
/// line; follows the live edge until someone pans away from it, and says how much is new until End is pressed. Data never repaints it: displayTick()
/// does, and only when something it shows has changed. GUI thread. The series belong to the caller and outlive their use here.
///
/// Mouse: wheel zooms time about the cursor (about the live edge while following), Ctrl+wheel or a drag on the value axis zooms values, a drag pans, a
/// double click goes back to the usual view. Keys: Left/Right and PageUp/PageDown pan, +/- zoom time, Up/Down values, 0 usual view, Home oldest,
/// End live, Space pauses and goes on, Enter shows frames.
class LiveChart : public QChartView {
    Q_OBJECT
public:
    enum class Style : quint8 { Candles, Line };

    explicit LiveChart(QWidget *parent = nullptr);
    ~LiveChart() override;

    void setCandles(const series::CandleSeries *candles); ///< nullptr: none
    void setLine(const series::Series *line);
    void setStyle(Style style); ///< Line without a line given draws the candles' closes
    void setIntervalNs(qint64 intervalNs); ///< candles are merged to this
    void setTitle(const QString &title, int decimals, const QString &unit = {});
    void setCrosshairEnabled(bool on);
    void setMarks(std::vector<ChartMark> marks);
    void setEmptyText(const QString &text); ///< what will appear here, until there is something

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

    /// The picture at any size and resolution, without crosshair: for PNG, SVG, print.
    void renderTo(QPainter *painter, const QRectF &target);
    bool savePng(const QString &path, QSize size);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void followingChanged(bool following);
    void visibleRangeChanged(qint64 fromNs, qint64 toNs);
    void newSincePausedChanged(quint64 count);
    void crosshairMoved(qint64 timeNs, double value);
    void framesRequested(qint64 fromNs, qint64 toNs); ///< "show frames" from the context menu or Enter

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::ui
