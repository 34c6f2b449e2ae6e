// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/tick.h"
#include "ui/widgets/colors.h"

#include <QPainter>

#include <span>

namespace feedscope::ui {

/// The course of one value as a small line in a cell, evenly spaced, oldest left; a NaN interrupts it. It fills the height; a dot marks the newest
/// value. With a baseline (yesterday's close, a limit; NaN: none), that is drawn dashed and kept in view, and the line is `up` where it ends above and `down` where
/// below; without, the first value stands for it unseen. For delegates: no widget, nothing kept.
void paintSparkline(QPainter &painter, const QRectF &rect, std::span<const double> values, const Colors &colors,
    double baseline = series::kMissing);

} // namespace feedscope::ui
