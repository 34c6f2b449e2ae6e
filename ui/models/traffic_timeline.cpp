// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/traffic_timeline.h"

#include "ui/models/frame_anatomy.h"

namespace feedscope::ui {

namespace {

constexpr qint64 kFirstBucketNs = 10 * base::kNsPerMs;

void merge(TrafficTimeline::Bucket &into, const TrafficTimeline::Bucket &from)
{
    into.data += from.data;
    into.control += from.control;
    into.closes += from.closes;
    into.handshakes += from.handshakes;
    into.violations += from.violations;
    into.worstRttNs = qMax(into.worstRttNs, from.worstRttNs);
}

} // namespace

void TrafficTimeline::clear()
{
    *this = {};
}

void TrafficTimeline::widen()
{
    const size_t half = (m_buckets.size() + 1) / 2;
    for (size_t i = 0; i < half; ++i) {
        Bucket sum = m_buckets[2 * i];
        if (2 * i + 1 < m_buckets.size())
            merge(sum, m_buckets[2 * i + 1]);
        m_buckets[i] = sum;
    }
    m_buckets.resize(half);
    m_bucketNs *= 2;
}

TrafficTimeline::Moment TrafficTimeline::momentOf(const capture::Record &record)
{
    const bool broken = !record.violations.isEmpty() && isBroken(record.violations);
    return {record.time, record.kind, record.header.opcode, broken, record.rttNs.value_or(0)};
}

TrafficTimeline::Moment TrafficTimeline::momentOf(const capture::IndexRun &run, const capture::IndexRecord &record)
{
    const bool isFrame = record.kind() == capture::RecordKind::Frame;
    const bool broken = isFrame && record.violations != 0 && isBroken(wire::ViolationSet::fromBits(record.violations));
    const bool hasRtt = isFrame && record.flags & capture::IndexRecord::HasRtt;
    return {run.timeOf(record), record.kind(), record.opcode(), broken, hasRtt ? static_cast<qint64>(record.messageOrRtt) : 0};
}

void TrafficTimeline::add(const Moment &moment)
{
    const qint64 at = moment.time.monoNs;
    if (m_buckets.empty()) {
        m_origin = moment.time;
        m_firstNs = at;
        m_lastNs = at;
        m_bucketNs = kFirstBucketNs;
    }
    // Connections of several loops may be a little out of order at the very beginning: they count as the first moment.
    const qint64 offset = qMax<qint64>(0, at - m_firstNs);
    while (static_cast<quint64>(offset / m_bucketNs) >= kMostBuckets)
        widen();
    const auto index = static_cast<size_t>(offset / m_bucketNs);
    if (index >= m_buckets.size())
        m_buckets.resize(index + 1);
    m_lastNs = qMax(m_lastNs, at);
    ++m_records;

    Bucket &bucket = m_buckets[index];
    switch (moment.kind) {
    case capture::RecordKind::Handshake:
        ++bucket.handshakes;
        return;
    case capture::RecordKind::End:
        ++bucket.closes;
        return;
    case capture::RecordKind::Frame:
        break;
    }
    if (moment.opcode == wire::Opcode::Close)
        ++bucket.closes;
    else if (wire::isControl(moment.opcode))
        ++bucket.control;
    else
        ++bucket.data;
    if (moment.broken)
        ++bucket.violations;
    bucket.worstRttNs = qMax(bucket.worstRttNs, moment.rttNs);
}

} // namespace feedscope::ui
