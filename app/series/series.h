// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/tick.h"

#include <vector>

namespace feedscope::series {

/// Smallest and largest value of a stretch of samples; NaN where it has no finite value.
struct Extent {
    double min = kMissing;
    double max = kMissing;
    bool gap = false; ///< a value that was not finite lies in it

    void add(double value);
    void add(const Extent &other);
};

/// The newest `capacity` samples in time order, with a min/max pyramid over them, so that what it costs to draw depends on pixels and not on
/// history. <= 24 bytes per sample with the pyramid. A sample that is not finite is kept as a gap; one older than the last is refused and counted.
class Series {
public:
    explicit Series(qsizetype capacity);

    bool append(Sample sample); ///< false: out of order, not taken in
    qsizetype size() const { return static_cast<qsizetype>(m_samples.size()); }
    qsizetype capacity() const { return m_capacity; }
    bool isEmpty() const { return m_samples.empty(); }
    Sample operator[](qsizetype index) const ///< 0 is the oldest
    {
        Q_ASSERT(index >= 0 && index < size());
        const qsizetype slot = m_head + index;
        return m_samples[static_cast<size_t>(slot < size() ? slot : slot - size())];
    }
    Sample back() const { return (*this)[size() - 1]; }
    quint64 appended() const { return m_appended; } ///< ever
    quint64 refused() const { return m_refused; } ///< out of order, ever
    qsizetype lowerBound(qint64 timeNs) const { return lowerBound(timeNs, 0); }
    /// The same where it is known not to be before an index; the nearer to it, the cheaper.
    qsizetype lowerBound(qint64 timeNs, qsizetype notBefore) const;
    /// Over [first, last); O(log n).
    Extent extent(qsizetype first, qsizetype last) const;
    void clear();
    /// What is allocated for samples and pyramid.
    qsizetype memoryBytes() const;

private:
    static constexpr qsizetype kFan = 16;

    qsizetype m_capacity;
    std::vector<Sample> m_samples; // a ring once it is full; the oldest is at m_head then
    qsizetype m_head = 0;
    // m_levels[l][i] sums up the kFan^(l+1) slots from i × kFan^(l+1) on. It is written when the last of these slots is, so a node that holds the
    // seam between newest and oldest is stale; extent() never uses it, because no stretch of samples covers such a node in one piece.
    std::vector<std::vector<Extent>> m_levels;
    quint64 m_appended = 0;
    quint64 m_refused = 0;

    void summarise(qsizetype slot);
    void addSlots(Extent &extent, qsizetype first, qsizetype last) const;
};

} // namespace feedscope::series
