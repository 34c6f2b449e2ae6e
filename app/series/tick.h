// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <limits>

namespace feedscope::series {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

enum class Side : quint8 { None, Buy, Sell };

/// One trade or quote of one symbol. A value that the feed did not give is NaN.
struct Tick {
    qint64 timeNs = 0; ///< the source's time, Unix nanoseconds
    double price = kMissing;
    double size = kMissing;
    Side side = Side::None;
    double bid = kMissing;
    double ask = kMissing;
    double change = kMissing; ///< since the session's open, in price units
    double changePercent = kMissing;
    double volume = kMissing; ///< of the session
};

/// One value of a plain metric.
struct Sample {
    qint64 timeNs = 0;
    double value = kMissing;
};

} // namespace feedscope::series
