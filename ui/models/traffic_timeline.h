// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/index_record.h"

#include <vector>

namespace feedscope::ui {

/// Frames over time, in a bounded number of buckets: where the capture grows out of them, two become one. Adding a record costs the same however
/// many there are. Time is monotonic; origin() says what wall time it was. A value.
class TrafficTimeline {
public:
    struct Bucket {
        quint32 data = 0; ///< text, binary, continuation
        quint32 control = 0; ///< ping, pong
        quint32 closes = 0; ///< close frames and ends
        quint32 handshakes = 0;
        quint32 violations = 0; ///< frames that break a rule
        qint64 worstRttNs = 0; ///< 0: none
    };
    static constexpr size_t kMostBuckets = 2048;

    /// What the timeline takes of a record.
    struct Moment {
        base::Timestamp time;
        capture::RecordKind kind = capture::RecordKind::Frame;
        wire::Opcode opcode = wire::Opcode::Text;
        bool broken = false;
        qint64 rttNs = 0;
    };
    static Moment momentOf(const capture::Record &record);
    static Moment momentOf(const capture::IndexRun &run, const capture::IndexRecord &record);

    void clear();
    void add(const Moment &moment);

    bool isEmpty() const { return m_buckets.empty(); }
    base::Timestamp origin() const { return m_origin; }
    qint64 firstMonoNs() const { return m_firstNs; } ///< where bucket 0 begins
    qint64 lastMonoNs() const { return m_lastNs; } ///< of the newest record
    qint64 bucketNs() const { return m_bucketNs; }
    const std::vector<Bucket> &buckets() const { return m_buckets; }
    quint64 recordCount() const { return m_records; }
    qint64 wallNs(qint64 monoNs) const { return m_origin.wallNs + (monoNs - m_origin.monoNs); }

private:
    void widen();

    base::Timestamp m_origin;
    qint64 m_firstNs = 0;
    qint64 m_lastNs = 0;
    qint64 m_bucketNs = 0;
    quint64 m_records = 0;
    std::vector<Bucket> m_buckets;
};

} // namespace feedscope::ui
