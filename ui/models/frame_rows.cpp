// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_rows.h"

#include <QElapsedTimer>
#include <QStringList>

#include <algorithm>
#include <limits>

namespace feedscope::ui {

QString RowCriteria::filterText() const
{
    QStringList terms;
    if (filter)
        terms << QStringLiteral("(%1)").arg(filter->text());
    if (connection != 0)
        terms << QStringLiteral("conn == %1").arg(connection);
    if (hideHeartbeats)
        terms << QStringLiteral("not (opcode in {ping pong})");
    return terms.join(QStringLiteral(" and "));
}

void FrameRows::setReader(const capture::CaptureReader *reader)
{
    m_reader = reader;
    m_total = reader ? reader->size() : 0;
    m_timeline.clear();
    m_timelineScanned = 0;
    startScan();
}

void FrameRows::setCriteria(RowCriteria criteria)
{
    const bool sameBase = m_criteria.filterText() == criteria.filterText();
    m_criteria = std::move(criteria);
    m_everything = m_criteria.isEverything();
    m_total = m_reader ? m_reader->size() : 0;
    if (!sameBase) {
        m_timeline.clear();
        m_timelineScanned = 0;
    }
    startScan();
}

void FrameRows::startScan()
{
    m_rows.clear();
    m_rows.shrink_to_fit();
    m_scanNs = 0;
    m_wasComplete = false;
    // Without a table to fill, only the timeline has to be counted on.
    m_scanned = m_everything ? m_timelineScanned : 0;
    m_scan.reset();
    const QString text = m_criteria.filterText();
    if (!m_reader || text.isEmpty())
        return;
    auto filter = capture::Filter::compile(text);
    Q_ASSERT(filter); // made of a filter that compiled and of terms of ours
    if (filter)
        m_scan = std::make_unique<capture::FilterScan>(std::move(*filter), *m_reader);
}

void FrameRows::takeMatch(quint64 row)
{
    const capture::Record record = m_reader->uncheckedRecord(row);
    if (row >= m_timelineScanned)
        m_timeline.add(TrafficTimeline::momentOf(record));
    const qint64 at = record.time.monoNs;
    if (m_criteria.monoRange && (at < m_criteria.monoRange->first || at > m_criteria.monoRange->second))
        return;
    Q_ASSERT(row <= std::numeric_limits<quint32>::max());
    m_rows.push_back(static_cast<quint32>(row));
}

/// Everything is shown, so there is nothing to look for: what is left is to count.
void FrameRows::countTimeline(quint64 end)
{
    m_reader->forEachIndex(m_scanned, end, [this](const capture::IndexRun &run) {
        for (const capture::IndexRecord &record : run.records)
            m_timeline.add(TrafficTimeline::momentOf(run, record));
    });
    m_scanned = end;
}

bool FrameRows::step(qint64 budgetNs)
{
    if (!m_reader)
        return false;
    m_total = m_reader->size();
    if (m_scanned >= m_total) {
        m_wasComplete = true;
        return false;
    }
    QElapsedTimer timer;
    timer.start();
    if (m_scan) {
        // In short slices, so that hits become rows within the budget as well.
        const qint64 slice = qMax<qint64>(budgetNs / 4, 1);
        bool more = true;
        do {
            more = m_scan->step(slice);
            for (const quint64 row : m_scan->takeMatches())
                takeMatch(row);
            m_scanned = qMin(m_scan->nextRow(), m_total);
            m_timelineScanned = qMax(m_timelineScanned, m_scanned);
        } while (more && timer.nsecsElapsed() < budgetNs);
    } else {
        constexpr quint64 kBetweenLooks = 1024; // asking the clock costs as much as a few records
        do {
            const quint64 end = qMin(m_total, m_scanned + kBetweenLooks);
            if (m_everything) {
                countTimeline(end);
            } else { // the brush alone
                for (; m_scanned < end; ++m_scanned)
                    takeMatch(m_scanned);
            }
            m_timelineScanned = qMax(m_timelineScanned, m_scanned);
        } while (m_scanned < m_total && timer.nsecsElapsed() < budgetNs);
    }
    if (!m_wasComplete)
        m_scanNs += timer.nsecsElapsed();
    return true;
}

quint64 FrameRows::size() const
{
    return m_everything ? m_total : m_rows.size();
}

quint64 FrameRows::recordRow(quint64 index) const
{
    Q_ASSERT(index < size());
    return m_everything ? index : m_rows[static_cast<size_t>(index)];
}

quint64 FrameRows::lowerBound(quint64 recordRow) const
{
    if (m_everything)
        return qMin(recordRow, m_total);
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), recordRow);
    return static_cast<quint64>(at - m_rows.begin());
}

std::optional<quint64> FrameRows::indexOf(quint64 recordRow) const
{
    const quint64 index = lowerBound(recordRow);
    if (index < size() && this->recordRow(index) == recordRow)
        return index;
    return {};
}

} // namespace feedscope::ui
