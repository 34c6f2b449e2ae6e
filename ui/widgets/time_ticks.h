// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/format.h"

#include <QString>

#include <vector>

namespace feedscope::ui {

struct TimeTick {
    qint64 timeNs = 0; ///< Unix nanoseconds
    QString label;
    bool isDate = false; ///< midnight on an axis of hours or less: the label says the day
    bool operator==(const TimeTick &) const = default;
};

/// Distance of the ticks of a time axis. Months and years are not all equally long, hence the unit.
struct TimeStep {
    enum class Unit : quint8 { Nanoseconds, Months };
    Unit unit = Unit::Nanoseconds;
    qint64 count = 1;

    qint64 aboutNs() const; ///< a month as 30 days
    bool operator==(const TimeStep &) const = default;
};

/// The finest of 1/2/5 … ms, 1/2/5/10/15/30 s and min, 1/2/3/6/12 h, days, months, years that is at least as long.
TimeStep timeStepAtLeast(qint64 ns);

/// How a label of that step looks; the same for all ticks of an axis except midnight's.
QString timeTickLabel(qint64 timeNs, TimeStep step, TimeZone zone = TimeZone::Local);
/// The widest label of that step, for measuring.
QString widestTimeTickLabel(TimeStep step);

/// The round times in [fromNs, toNs]: round on the clock of the zone, also where it is put forward or back between them.
std::vector<TimeTick> timeTicks(qint64 fromNs, qint64 toNs, TimeStep step, TimeZone zone = TimeZone::Local);

} // namespace feedscope::ui
