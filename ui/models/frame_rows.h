// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter_scan.h"
#include "ui/models/traffic_timeline.h"

#include <optional>
#include <utility>
#include <vector>

namespace feedscope::ui {

/// What narrows the list. An empty one shows every record.
struct RowCriteria {
    std::optional<capture::Filter> filter;
    wire::ConnectionId connection = 0; ///< 0: all
    bool hideHeartbeats = false; ///< pings and pongs
    std::optional<std::pair<qint64, qint64>> monoRange; ///< brush on the timeline, both ends included

    bool isEverything() const { return !filter && connection == 0 && !hideHeartbeats && !monoRange; }
    /// What a scan has to look for, the brush aside, as one line of the filter language; empty: everything.
    QString filterText() const;
};

/// Which records of a capture are shown, in which order: all of them without a table, or the list of those that match. Looks at records in slices
/// of time, from the first to the newest, and only once each; the timeline of what matches (but for the brush) is counted on the way. The capture's own
/// FilterScan judges them. GUI thread.
class FrameRows {
public:
    void setReader(const capture::CaptureReader *reader); ///< starts over
    void setCriteria(RowCriteria criteria); ///< starts over; a change of nothing but the brush keeps the timeline
    const RowCriteria &criteria() const { return m_criteria; }

    /// Takes in what the reader has, for at most about `budgetNs`. Returns whether it looked at anything.
    bool step(qint64 budgetNs);

    quint64 size() const;
    quint64 recordRow(quint64 index) const; ///< index < size()
    /// Index of the first shown record at or after `recordRow`; size() if there is none yet.
    quint64 lowerBound(quint64 recordRow) const;
    std::optional<quint64> indexOf(quint64 recordRow) const;

    quint64 scanned() const { return m_scanned; }
    quint64 total() const { return m_total; }
    bool isComplete() const { return m_scanned >= m_total; }
    qint64 scanNs() const { return m_scanNs; } ///< time spent until the first completion since the criteria changed
    const TrafficTimeline &timeline() const { return m_timeline; }

private:
    void startScan();
    void takeMatch(quint64 row);
    void countTimeline(quint64 end);

    const capture::CaptureReader *m_reader = nullptr;
    RowCriteria m_criteria;
    bool m_everything = true;
    std::unique_ptr<capture::FilterScan> m_scan; // nullptr: everything but for the brush
    std::vector<quint32> m_rows; // 4 bytes per hit; a capture is far below 2^32 records (64 bytes of index each)
    quint64 m_total = 0;
    quint64 m_scanned = 0;
    quint64 m_timelineScanned = 0;
    qint64 m_scanNs = 0;
    bool m_wasComplete = false;
    TrafficTimeline m_timeline;
};

} // namespace feedscope::ui
