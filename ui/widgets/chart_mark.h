// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

namespace feedscope::ui {

/// A mark on the chart's time axis: a gap, a reconnect, an alert.
struct ChartMark {
    qint64 fromNs = 0;
    qint64 toNs = 0; ///< == fromNs: a moment
    QColor color;
    QString text;
    bool operator==(const ChartMark &) const = default;
};

} // namespace feedscope::ui
