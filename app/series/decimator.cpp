// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/decimator.h"

#include <cmath>

namespace feedscope::series {

namespace {

bool hasValue(const Series &series, qsizetype first, qsizetype last)
{
    return std::isfinite(series.extent(first, last).min);
}

/// The first finite value of [first, last), which holds one. A run of gaps is halved and not walked.
double firstValue(const Series &series, qsizetype first, qsizetype last)
{
    while (!std::isfinite(series[first].value)) {
        const qsizetype middle = first + (last - first) / 2;
        if (hasValue(series, first, middle))
            last = middle;
        else
            first = middle;
    }
    return series[first].value;
}

double lastValue(const Series &series, qsizetype first, qsizetype last)
{
    while (!std::isfinite(series[last - 1].value)) {
        const qsizetype middle = last - (last - first) / 2;
        if (hasValue(series, middle, last))
            first = middle;
        else
            last = middle;
    }
    return series[last - 1].value;
}

} // namespace

std::vector<Column> decimate(const Series &series, qint64 fromNs, qint64 toNs, int columns)
{
    std::vector<Column> result;
    if (columns <= 0 || toNs <= fromNs)
        return result;
    result.resize(static_cast<size_t>(columns));

    // The remainder is kept apart: span × columns may leave 64 bits.
    const qint64 span = toNs - fromNs;
    const qint64 whole = span / columns;
    const qint64 rest = span % columns;
    qsizetype first = series.lowerBound(fromNs);
    for (int i = 0; i < columns; ++i) {
        const qint64 end = fromNs + whole * (i + 1) + rest * (i + 1) / columns;
        const qsizetype last = series.lowerBound(i + 1 == columns ? toNs : end, first);
        Column &column = result[static_cast<size_t>(i)];
        column.samples = last - first;
        if (column.samples > 0) {
            const Extent extent = series.extent(first, last);
            column.gap = extent.gap;
            column.min = extent.min;
            column.max = extent.max;
            if (std::isfinite(extent.min)) {
                column.first = firstValue(series, first, last);
                column.last = lastValue(series, first, last);
            }
        }
        first = last;
    }
    return result;
}

} // namespace feedscope::series
