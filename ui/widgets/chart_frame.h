// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/candle.h"
#include "series/decimator.h"
#include "ui/widgets/chart_mark.h"
#include "ui/widgets/time_ticks.h"
#include "ui/widgets/value_ticks.h"

#include <QRect>

#include <optional>
#include <vector>

namespace feedscope::ui {

/// Everything that one picture of a chart shows, already chosen, decimated and put into words: what ChartInk draws and nothing else. Two frames
/// that are alike give the same picture, so a display tick that ends in such a frame need not repaint. Plain value.
struct ChartFrame {
    enum class Direction : quint8 { Flat, Up, Down };

    struct Last {
        double value = 0;
        QString label;
        Direction direction = Direction::Flat;
        bool operator==(const Last &) const = default;
    };
    struct Crosshair {
        QPoint at; ///< in the plot
        QString timeLabel;
        QString valueLabel;
        bool operator==(const Crosshair &) const = default;
    };
    struct Field { ///< of the read-out
        QString label;
        QString value;
        QString widest; ///< as wide as the value may become, so that the next field stands still
        Direction direction = Direction::Flat;
        bool operator==(const Field &) const = default;
    };

    QSize size; ///< of the whole chart
    QRect plot;
    qint64 fromNs = 0;
    qint64 nsPerPixel = 1;
    double low = 0;
    double high = 1;

    // One of the three holds ink.
    std::vector<series::Candle> candles;
    std::vector<series::Column> columns; ///< one per pixel of the plot
    std::vector<series::Sample> points; ///< as they are, where there are few; one outside at each end
    qint64 intervalNs = 0; ///< of the candles shown
    double volumeTop = 0; ///< what the volume's full height stands for; 0: no volume
    std::optional<double> leftValue; ///< of the line where it enters the plot (columns only)

    std::vector<TimeTick> timeTicks;
    std::vector<ValueTick> valueTicks;
    std::optional<Last> last;
    std::vector<ChartMark> marks;
    std::optional<Crosshair> crosshair;
    std::vector<Field> readout;
    QString note; ///< under the read-out
    int readoutRight = 0; ///< where it has to end
    QString empty; ///< instead of ink
    bool focused = false;

    double xOf(qint64 timeNs) const;
    double yOf(double value) const;
    qint64 timeAt(double x) const;
    double valueAt(double y) const;
    qint64 toNs() const { return fromNs + nsPerPixel * plot.width(); }

    bool looksLike(const ChartFrame &other) const;
};

} // namespace feedscope::ui
