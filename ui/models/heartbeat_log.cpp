// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/heartbeat_log.h"

#include <QElapsedTimer>

#include <algorithm>

namespace feedscope::ui {

RttSummary summarise(const std::vector<Heartbeats::Rtt> &rtts)
{
    RttSummary summary;
    if (rtts.empty())
        return summary;
    std::vector<qint64> sorted;
    sorted.reserve(rtts.size());
    for (const Heartbeats::Rtt &rtt : rtts)
        sorted.push_back(rtt.ns);
    summary.last = sorted.back();
    std::sort(sorted.begin(), sorted.end());
    const auto quantile = [&](size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
    summary.count = static_cast<qsizetype>(sorted.size());
    summary.p50 = quantile(50);
    summary.p95 = quantile(95);
    summary.max = sorted.back();
    return summary;
}

void HeartbeatLog::setReader(const capture::CaptureReader *reader)
{
    m_reader = reader;
    m_scanned = 0;
    m_connections.clear();
}

bool HeartbeatLog::isComplete() const
{
    return !m_reader || m_scanned >= m_reader->size();
}

bool HeartbeatLog::step(qint64 budgetNs)
{
    if (isComplete())
        return false;
    QElapsedTimer timer;
    timer.start();
    bool changed = false;
    const quint64 total = m_reader->size();
    constexpr quint64 kBetweenLooks = 1024;
    while (m_scanned < total) {
        const quint64 end = qMin(total, m_scanned + kBetweenLooks);
        m_reader->forEachIndex(m_scanned, end, [&](const capture::IndexRun &run) {
            for (size_t i = 0; i < run.records.size(); ++i) {
                const wire::Opcode opcode = run.records[i].opcode();
                if (run.records[i].kind() != capture::RecordKind::Frame || !wire::isControl(opcode) || wire::isReserved(opcode))
                    continue;
                take(m_reader->record(run.firstRow + i, true));
                changed = true;
            }
        });
        m_scanned = end;
        if (timer.nsecsElapsed() >= budgetNs)
            break;
    }
    return changed;
}

void HeartbeatLog::take(const capture::Record &record)
{
    Heartbeats &log = m_connections[record.connection];
    if (record.header.opcode == wire::Opcode::Close) {
        if (!log.firstCloseNs) {
            log.firstCloseNs = record.time.monoNs;
            log.firstCloser = record.from;
        } else if (!log.secondCloseNs && record.from != log.firstCloser) {
            log.secondCloseNs = record.time.monoNs;
        }
        return;
    }
    if (record.header.opcode == wire::Opcode::Ping) {
        ++log.pings;
        if (log.open.size() >= Heartbeats::kMostOpen)
            log.open.erase(log.open.begin());
        QByteArray payload(record.payload.constData(), record.payload.size()); // deep: outlives the mapping
        log.open.push_back({std::move(payload), record.time.monoNs, record.row, record.from});
        return;
    }
    const wire::Role pinger = wire::otherRole(record.from);
    const auto match = std::find_if(log.open.rbegin(), log.open.rend(), [&](const Heartbeats::Open &open) {
        return open.pinger == pinger && open.payload == record.payload;
    });
    if (match == log.open.rend()) {
        ++log.unsolicited;
        return;
    }
    const Heartbeats::Open ping = *match;
    ++log.answered;
    log.skipped += static_cast<quint64>(std::count_if(log.open.begin(), log.open.end(),
        [&](const Heartbeats::Open &open) { return open.pinger == pinger && open.row < ping.row; }));
    std::erase_if(
        log.open, [&](const Heartbeats::Open &open) { return open.pinger == pinger && open.row <= ping.row; });
    if (log.rtts.size() >= 2 * Heartbeats::kMostRtts)
        log.rtts.erase(log.rtts.begin(), log.rtts.begin() + Heartbeats::kMostRtts);
    const qint64 ns = record.rttNs.value_or(record.time.monoNs - ping.monoNs);
    log.rtts.push_back({record.time.monoNs, ns, ping.row, record.row, pinger});
}

const Heartbeats *HeartbeatLog::of(wire::ConnectionId connection) const
{
    const auto found = m_connections.find(connection);
    return found == m_connections.end() ? nullptr : &found->second;
}

const Heartbeats::Rtt *HeartbeatLog::pairOf(wire::ConnectionId connection, quint64 row) const
{
    const Heartbeats *log = of(connection);
    if (!log)
        return nullptr;
    const auto found = std::find_if(log->rtts.rbegin(), log->rtts.rend(),
        [&](const Heartbeats::Rtt &rtt) { return rtt.pingRow == row || rtt.pongRow == row; });
    return found == log->rtts.rend() ? nullptr : &*found;
}

} // namespace feedscope::ui
