// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_scan.h"

#include "capture/compiled_filter.h"
#include "capture/filter_evaluator.h"

namespace feedscope::capture {

namespace {

constexpr size_t kHeadersPerLook = 16 * 1024; // between two looks at the clock
constexpr size_t kRecordsPerLook = 64; // where payloads may have to be parsed

} // namespace

struct FilterScan::Private {
    FilterEvaluator evaluator;
    LocalTimeOfDay local;
    bool begun = false;
    qint64 firstMonoNs = 0;
    qint64 previousMonoNs = 0;
};

FilterScan::FilterScan(Filter filter, const CaptureReader &reader, quint64 firstRow)
    : m_filter(std::move(filter))
    , m_reader(reader)
    , d(new Private {FilterEvaluator(m_filter.m_program->nodes, reader), {}})
    , m_first(firstRow)
    , m_next(firstRow)
{
}

FilterScan::~FilterScan() = default;

bool FilterScan::step(qint64 budgetNs)
{
    const base::SystemClock clock;
    const qint64 end = clock.now().monoNs + budgetNs;
    const size_t most = m_filter.m_program->header.isExact() ? kHeadersPerLook : kRecordsPerLook;
    while (!isCancelled() && m_next < m_reader.size()) {
        IndexRun run = m_reader.indexRun(m_next);
        if (run.records.empty()) // cut off behind our back
            return false;
        while (!run.records.empty() && !isCancelled()) {
            IndexRun part = run;
            part.records = run.records.first(qMin(most, run.records.size()));
            const quint64 taken = part.records.size();
            run.firstNo = scan(part);
            run.records = run.records.subspan(taken);
            run.firstRow += taken;
            m_next = run.firstRow;
            if (clock.now().monoNs >= end)
                return !isCancelled() && m_next < m_reader.size();
        }
    }
    return false;
}

/// Returns the number of the first frame behind the run.
quint64 FilterScan::scan(const IndexRun &run)
{
    const Filter::Program &program = *m_filter.m_program;
    if (!d->begun) {
        const auto monoOf = [this](quint64 row) {
            const IndexRun at = m_reader.indexRun(row);
            return at.records.empty() ? 0 : at.timeOf(at.records.front()).monoNs;
        };
        d->firstMonoNs = monoOf(0);
        d->previousMonoNs = monoOf(run.firstRow > 0 ? run.firstRow - 1 : 0);
        d->begun = true;
    }
    HeaderView view {nullptr, run.firstNo, run.anchor, d->firstMonoNs, d->previousMonoNs, &d->local, 0, {}};
    const bool isExact = program.header.isExact();
    for (size_t i = 0; i < run.records.size(); ++i) {
        view.record = &run.records[i];
        if (program.header.matches(view)) {
            view.row = run.firstRow + i;
            if (!isExact && program.needsPayload)
                view.payload = run.payloadOf(*view.record).value_or(QByteArrayView());
            if (isExact || d->evaluator.matches(view)) {
                m_matches.push_back(view.row);
                ++m_matchCount;
            }
        }
        view.no += view.record->flags >> IndexRecord::KindShift & 3 ? 0 : 1;
        view.previousMonoNs = run.anchor.monoNs + view.record->monoDelta;
    }
    d->previousMonoNs = view.previousMonoNs;
    return view.no;
}

double FilterScan::progress() const
{
    const quint64 size = m_reader.size();
    return size <= m_first ? 1.0 : double(m_next - m_first) / double(size - m_first);
}

std::vector<quint64> FilterScan::takeMatches()
{
    return std::exchange(m_matches, {});
}

} // namespace feedscope::capture
