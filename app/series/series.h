// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/tick.h"

#include <vector>

namespace feedscope::series {

/// Smallest and largest value of a stretch of samples.
struct Extent {
    double min = kMissing;
    double max = kMissing;
};

/// The newest `capacity` samples in time order, with a min/max pyramid over them, so that what it costs to draw depends on pixels and not on
/// history. <= 24 bytes per sample with the pyramid. A sample that is not finite is kept as a gap; one older than the last is refused and counted.
class Series {
public:
    explicit Series(qsizetype capacity);

    bool append(Sample sample); ///< false: out of order, not taken in
    qsizetype size() const;
    bool isEmpty() const { return size() == 0; }
    Sample operator[](qsizetype index) const; ///< 0 is the oldest
    Sample back() const { return (*this)[size() - 1]; }
    quint64 appended() const; ///< ever
    quint64 refused() const; ///< out of order, ever
    qsizetype lowerBound(qint64 timeNs) const;
    /// Over [first, last); O(log n).
    Extent extent(qsizetype first, qsizetype last) const;
    void clear();

private:
    qsizetype m_capacity;
};

} // namespace feedscope::series
