// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/chart_composer.h"
#include "ui/widgets/chart_ink.h"
#include "ui/widgets/live_chart.h"
#include "ui/widgets/view_pill.h"

#include <QPoint>

namespace feedscope::ui {

struct LiveChart::Private {
    enum class Drag : quint8 { None, Plot, ValueAxis, TimeAxis };

    explicit Private(LiveChart *chart);

    LiveChart *q;
    ChartInk *ink; // owned by the chart
    ViewPill *pill; // owned by the viewport
    ChartComposer composer;
    LiveChart::Style style = LiveChart::Style::Candles;
    QString title;

    bool crosshairEnabled = true;
    std::optional<QPoint> cursor;
    Drag drag = Drag::None;
    QPoint dragFrom;
    bool dragged = false; // far enough to be meant
    bool keyboardFocus = false;

    bool following = true; // as last told to others
    quint64 pausedAt = 0; // what had been taken in then
    quint64 toldNew = 0;
    qint64 toldFrom = 0;
    qint64 toldTo = 0;
    bool ticked = false;
    qint64 lastNowNs = 0;
    qint64 describedNs = 0;
    bool lookChanged = true;
    int repaints = 0;

    void applyLook();
    ChartMetrics metrics() const;
    void restart();
    void advance();
    void layOutChart(const ChartFrame &frame);
    bool refresh(bool tick); ///< whether a repaint was asked for
    void tellFollowing();
    void placePill();
    void describe();
    void setCursor(std::optional<QPoint> position);
    void askForFrames(std::optional<QPoint> at);
    void paintInto(QPainter *painter, const QRectF &target);
};

} // namespace feedscope::ui
