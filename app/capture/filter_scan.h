// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter.h"

#include <atomic>

namespace feedscope::capture {

/// Runs a filter over the rows of a capture in slices of time. Owns no thread: whoever runs it (a worker, with a reader of its own) calls step()
/// until it says that nothing is left; after reader.refresh() there may be more. Headers are judged in place, without building records.
class FilterScan {
public:
    /// `reader` outlives the scan and is used by nobody else meanwhile.
    FilterScan(Filter filter, const CaptureReader &reader, quint64 firstRow = 0);
    ~FilterScan();

    /// Works for about `budgetNs` (one record may take longer). True: there is more to do.
    bool step(qint64 budgetNs);
    /// Any thread: the running step() ends soon, the following do nothing.
    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }
    bool isCancelled() const { return m_cancelled.load(std::memory_order_relaxed); }

    quint64 nextRow() const { return m_next; } ///< all rows before it (from firstRow) were judged
    double progress() const; ///< 0 to 1 of what the reader knows
    quint64 matchCount() const { return m_matchCount; }
    /// Rows that were found since the last call, ascending.
    std::vector<quint64> takeMatches();
    const Filter &filter() const { return m_filter; }

private:
    struct Private;
    quint64 scan(const IndexRun &run);
    Filter m_filter;
    const CaptureReader &m_reader;
    std::unique_ptr<Private> d;
    quint64 m_first = 0;
    quint64 m_next = 0;
    quint64 m_matchCount = 0;
    std::vector<quint64> m_matches;
    std::atomic<bool> m_cancelled = false;
};

} // namespace feedscope::capture
