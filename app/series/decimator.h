// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/series.h"

namespace feedscope::series {

/// One pixel column of a line: first, min, max and last (M4, Jugel et al., VLDB 2014). `samples` 0: nothing in this column.
struct Column {
    double first = kMissing;
    double min = kMissing;
    double max = kMissing;
    double last = kMissing;
    qsizetype samples = 0;
    bool gap = false; ///< a value that was not finite lies in it
};

/// The samples between two times as `columns` pixel columns. Cost: columns × log(samples).
std::vector<Column> decimate(const Series &series, qint64 fromNs, qint64 toNs, int columns);

} // namespace feedscope::series
