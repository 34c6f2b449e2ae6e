// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/traffic_timeline.h"

#include <QWidget>

#include <optional>

namespace feedscope::ui {

/// Frames over time for the current filter: bars, round-trip times as dots, handshakes, closes and violations as marks. Dragging limits the list to a
/// stretch of time, Esc or a click outside of it lets go. Draws from the timeline's buckets, never from records.
class TimelineStrip final : public QWidget {
    Q_OBJECT
public:
    explicit TimelineStrip(QWidget *parent = nullptr);

    void setTimeline(const TrafficTimeline *timeline); ///< outlives this
    void displayTick(); ///< repaints if the timeline has grown

    std::optional<std::pair<qint64, qint64>> brush() const { return m_brush; } ///< monotonic ns, both ends included
    void clearBrush();
    qint64 timeAt(int x) const; ///< monotonic ns
    int xOf(qint64 monoNs) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void brushChanged();
    void timePicked(qint64 monoNs); ///< a click without dragging

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect plot() const;
    qint64 spanNs() const;
    int axisHeight() const;
    void paintBars(QPainter &painter, const QRect &area) const;
    void paintAxis(QPainter &painter, const QRect &area) const;
    void paintLegend(QPainter &painter, const QRect &area) const;

    const TrafficTimeline *m_timeline = nullptr;
    quint64 m_paintedRecords = 0;
    std::optional<std::pair<qint64, qint64>> m_brush;
    std::optional<int> m_pressX;
    bool m_dragging = false;
    int m_hoverX = -1;
};

} // namespace feedscope::ui
