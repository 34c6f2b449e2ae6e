// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/record_printer.h"

#include "capture/record_json.h"

namespace feedscope::capture {

void RecordPrinter::handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now)
{
    const QByteArray line = handshakeToJson(connection, handshake, now);
    const std::lock_guard lock(m_mutex);
    m_sink(line);
}

void RecordPrinter::frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now)
{
    const std::lock_guard lock(m_mutex);
    Record record = toRecord(++m_frames, connection, seen, now);
    record.textMessage = m_kinds.isOfTextMessage(connection, seen.from, seen.frame.header);
    m_sink(frameToJson(record));
}

void RecordPrinter::ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now)
{
    const QByteArray line = endToJson(connection, ending, now);
    const std::lock_guard lock(m_mutex);
    m_kinds.forget(connection);
    m_sink(line);
}

} // namespace feedscope::capture
