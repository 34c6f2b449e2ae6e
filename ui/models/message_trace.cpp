// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/message_trace.h"

#include <algorithm>

namespace feedscope::ui {

MessageTrace traceMessage(const capture::CaptureReader &reader, quint64 row, quint64 bound)
{
    using wire::Opcode;
    MessageTrace trace;
    const capture::Record start = reader.record(row);
    Q_ASSERT(start.kind == capture::RecordKind::Frame);
    const auto isFragment = [&](const capture::Record &record) {
        return record.kind == capture::RecordKind::Frame && record.connection == start.connection && record.from == start.from
            && !wire::isControl(record.header.opcode) && record.message == start.message;
    };
    const auto isBetween = [&](const capture::Record &record) {
        return record.kind == capture::RecordKind::Frame && record.connection == start.connection
            && wire::isControl(record.header.opcode);
    };
    trace.parts.push_back({row, true});
    trace.fragments = 1;
    const bool alone = wire::isControl(start.header.opcode) || start.message == 0;
    trace.hasStart = alone || start.header.opcode != Opcode::Continuation;
    trace.hasEnd = alone || start.header.fin;

    for (quint64 at = row, looked = 0; !trace.hasStart && at > 0; ++looked) {
        if (looked == bound) {
            trace.boundHit = true;
            break;
        }
        --at;
        ++trace.looked;
        const capture::Record record = reader.record(at);
        if (isFragment(record)) {
            trace.parts.push_back({at, true});
            ++trace.fragments;
            trace.hasStart = record.header.opcode != Opcode::Continuation;
        } else if (isBetween(record)) {
            trace.parts.push_back({at, false});
        }
    }
    std::reverse(trace.parts.begin(), trace.parts.end());
    for (quint64 at = row + 1, looked = 0; !trace.hasEnd && at < reader.size(); ++at, ++looked) {
        if (looked == bound) {
            trace.boundHit = true;
            break;
        }
        ++trace.looked;
        const capture::Record record = reader.record(at);
        if (isFragment(record)) {
            trace.parts.push_back({at, true});
            ++trace.fragments;
            trace.hasEnd = record.header.fin;
        } else if (isBetween(record)) {
            trace.parts.push_back({at, false});
        }
    }
    // Control frames seen before the first or after the last fragment that was found are not in between.
    const auto fragment = [](const MessageTrace::Part &part) { return part.isFragment; };
    trace.parts.erase(trace.parts.begin(), std::find_if(trace.parts.begin(), trace.parts.end(), fragment));
    trace.parts.erase(std::find_if(trace.parts.rbegin(), trace.parts.rend(), fragment).base(), trace.parts.end());

    trace.isText = start.textMessage || start.header.opcode == Opcode::Text;
    for (const MessageTrace::Part &part : trace.parts) {
        if (!part.isFragment)
            continue;
        const QByteArray payload = reader.record(part.row, true).payload;
        const qsizetype room = MessageTrace::kMostPayload - trace.payload.size();
        trace.payload.append(payload.constData(), qMin(room, payload.size()));
        trace.payloadCut = trace.payloadCut || payload.size() > room;
    }
    return trace;
}

} // namespace feedscope::ui
