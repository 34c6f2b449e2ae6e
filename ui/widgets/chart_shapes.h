// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/chart_frame.h"
#include "ui/widgets/colors.h"

#include <QPainter>

namespace feedscope::ui {

// The dense part of a chart, in one batch per kind of shape. The painter is clipped to the plot already.

/// Below this many pixels from one candle to the next, body and wick of an up candle cannot be told from those of a down candle any more:
/// candles are merged to a coarser interval then.
constexpr int kNarrowestCandle = 4;

/// Up hollow, down filled: shape before colour.
void paintCandles(QPainter &painter, const ChartFrame &frame, const Colors &colors, const QColor &base);
void paintVolume(QPainter &painter, const ChartFrame &frame, const Colors &colors);
/// Broken where values are missing; a value between two gaps is a dot.
void paintLine(QPainter &painter, const ChartFrame &frame, const QColor &color);

} // namespace feedscope::ui
