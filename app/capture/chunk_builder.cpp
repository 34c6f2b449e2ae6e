// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/chunk_builder.h"

#include "capture/checksum.h"
#include "capture/connection_table.h"

#include <cstring>
#include <limits>

namespace feedscope::capture {

namespace {

constexpr size_t kKeptPayloadBytes = 4 * 1024 * 1024; // a buffer that one huge frame has blown up is given back

// Subtraction of any two moments, without overflow: what does not fit is far away, whatever it is.
qint64 distance(qint64 a, qint64 b)
{
    return static_cast<qint64>(static_cast<quint64>(a) - static_cast<quint64>(b));
}
bool fits32(qint64 value)
{
    return value >= std::numeric_limits<qint32>::min() && value <= std::numeric_limits<qint32>::max();
}
qint64 monoDelta(base::Timestamp now, base::Timestamp anchor)
{
    return distance(now.monoNs, anchor.monoNs);
}
qint64 wallDrift(base::Timestamp now, base::Timestamp anchor)
{
    return distance(distance(now.wallNs, anchor.wallNs), monoDelta(now, anchor));
}

template <class T> QByteArrayView bytesOf(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), static_cast<qsizetype>(values.size() * sizeof(T))};
}
std::span<const char> spanOf(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

} // namespace

bool ChunkBuilder::reaches(base::Timestamp now) const
{
    return isEmpty() || (fits32(monoDelta(now, m_anchor)) && fits32(wallDrift(now, m_anchor)));
}

IndexRecord &ChunkBuilder::append(wire::ConnectionId connection, base::Timestamp now)
{
    if (isEmpty())
        m_anchor = now;
    Q_ASSERT(reaches(now));
    IndexRecord &record = m_records.emplace_back();
    record.connection = connection;
    record.monoDelta = static_cast<qint32>(monoDelta(now, m_anchor));
    record.wallDrift = static_cast<qint32>(wallDrift(now, m_anchor));
    return record;
}

void ChunkBuilder::store(IndexRecord &record, QByteArrayView payload)
{
    record.payloadOffset = static_cast<quint32>(m_payload.size());
    record.storedLength = static_cast<quint32>(payload.size());
    m_payload.insert(m_payload.end(), payload.begin(), payload.end());
}

void ChunkBuilder::storeShared(IndexRecord &record, QByteArrayView payload, const QByteArray &shared)
{
    const char *address = shared.constData();
    const auto matches = [&](quint32 slot) { return static_cast<qsizetype>(m_shared[slot].length) == payload.size(); };
    quint32 slot = m_lastShared;
    if (m_shared.empty() || m_shared[slot].held.constData() != address) {
        const auto found = m_sharedByAddress.find(address);
        if (found != m_sharedByAddress.end()) {
            slot = found->second;
        } else {
            QByteArray held = shared;
            if (!held.data_ptr().d_ptr()) // somebody else's memory: holding it would not keep its address from being used again
                return store(record, payload);
            store(record, payload);
            slot = static_cast<quint32>(m_shared.size());
            m_shared.push_back({std::move(held), record.payloadOffset, record.storedLength, 0});
            m_sharedByAddress.emplace(address, slot);
        }
    }
    if (!matches(slot)) // not the same payload after all
        return store(record, payload);
    m_lastShared = slot;
    record.payloadOffset = m_shared[slot].offset;
    record.storedLength = m_shared[slot].length;
    record.recordCrc = slot + 1; // until seal(): which shared payload, so that its checksum is computed once
}

void ChunkBuilder::addFrame(
    wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, bool ofTextMessage, base::Timestamp now)
{
    const wire::FrameView &frame = seen.frame;
    const wire::FrameHeader &header = frame.header;
    IndexRecord &record = append(connection, now);
    const auto flag = [](bool on, quint32 value) { return on ? value : 0u; };
    record.flags = (static_cast<quint32>(header.opcode) & IndexRecord::OpcodeMask) | flag(header.fin, IndexRecord::Fin)
        | flag(header.rsv1, IndexRecord::Rsv1) | flag(header.rsv2, IndexRecord::Rsv2) | flag(header.rsv3, IndexRecord::Rsv3)
        | flag(header.masked, IndexRecord::Masked) | flag(seen.from == wire::Role::Server, IndexRecord::FromServer)
        | flag(!frame.complete, IndexRecord::Incomplete) | flag(seen.rttNs.has_value(), IndexRecord::HasRtt)
        | flag(ofTextMessage, IndexRecord::TextMessage)
        | (header.extendedLengthBytes == 8 ? 2u : header.extendedLengthBytes == 2 ? 1u : 0u) << IndexRecord::ExtendedShift;
    record.length = header.length;
    record.wireOffset = frame.wireOffset;
    record.messageOrRtt = seen.rttNs ? static_cast<quint64>(*seen.rttNs) : seen.message;
    record.violations = frame.violations.bits();
    record.maskingKey = header.maskingKey;
    if (seen.shared && !frame.payload.isEmpty())
        storeShared(record, frame.payload, *seen.shared);
    else
        store(record, frame.payload);
}

void ChunkBuilder::addEvent(wire::ConnectionId connection, const Event &event, base::Timestamp now)
{
    m_eventRows.push_back(static_cast<quint32>(m_records.size()));
    IndexRecord &record = append(connection, now);
    record.flags = static_cast<quint32>(event.kind) << IndexRecord::KindShift | (event.from == wire::Role::Server ? IndexRecord::FromServer : 0u);
    record.violations = event.violations;
    store(record, event.cbor);
}

ChunkHeader ChunkBuilder::seal(quint64 fileId)
{
    const QByteArrayView payload = bytesOf(m_payload);
    const auto crcAt = [payload](quint32 offset, quint32 length) { return checksum(payload.sliced(offset, length)); };
    for (SharedPayload &shared : m_shared)
        shared.crc = crcAt(shared.offset, shared.length);
    quint32 contentCrc = 0;
    for (IndexRecord &record : m_records) {
        record.payloadCrc
            = record.recordCrc ? m_shared[record.recordCrc - 1].crc : crcAt(record.payloadOffset, record.storedLength);
        record.recordCrc = checksumOf(record);
        contentCrc = checksum(QByteArrayView(reinterpret_cast<const char *>(&record.recordCrc), sizeof record.recordCrc), contentCrc);
    }

    const std::vector<ConnectionDelta> connections = tallyConnections(m_records);
    const QByteArray table = encodeConnections(connections);
    const QByteArrayView events = bytesOf(m_eventRows);
    m_tables.assign(events.begin(), events.end());
    m_tables.insert(m_tables.end(), table.begin(), table.end());

    ChunkHeader header;
    header.magic = kChunkMagic;
    header.fileId = fileId;
    header.anchorMonoNs = m_anchor.monoNs;
    header.anchorWallNs = m_anchor.wallNs;
    header.recordCount = static_cast<quint32>(m_records.size());
    header.eventCount = static_cast<quint32>(m_eventRows.size());
    header.payloadBytes = m_payload.size();
    header.connectionBytes = static_cast<quint32>(table.size());
    header.connectionCount = static_cast<quint32>(connections.size());
    header.droppedFrames = droppedFrames;
    header.droppedEvents = droppedEvents;
    header.contentCrc = contentCrc;
    header.tablesCrc = checksum(bytesOf(m_tables));
    header.chunkBytes = (header.bytesUsed() + kChunkAlignment - 1) / kChunkAlignment * kChunkAlignment;
    return header;
}

std::array<std::span<const char>, 4> ChunkBuilder::parts() const
{
    static constexpr std::array<char, kChunkAlignment> kZeros {};
    const size_t used = sizeof(ChunkHeader) + m_records.size() * sizeof(IndexRecord) + m_tables.size() + m_payload.size();
    const size_t padding = (kChunkAlignment - used % kChunkAlignment) % kChunkAlignment;
    return {spanOf(bytesOf(m_records)), m_tables, m_payload, std::span(kZeros).first(padding)};
}

void ChunkBuilder::clear()
{
    m_records.clear();
    m_payload.clear();
    if (m_payload.capacity() > kKeptPayloadBytes)
        m_payload.shrink_to_fit();
    m_eventRows.clear();
    m_shared.clear();
    m_sharedByAddress.clear();
    m_lastShared = 0;
    m_anchor = {};
    m_tables.clear();
    droppedFrames = 0;
    droppedEvents = 0;
}

} // namespace feedscope::capture
