// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/index_record.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace feedscope::capture {

/// The chunk that records are packed into. Filled on the net thread (no allocation per record once its buffers have grown), sealed on the disk
/// thread; never both at once. Keeps its buffers when cleared.
class ChunkBuilder {
public:
    /// Timestamps are stored as 32-bit distances from the first record: false where this one is too far away for this chunk.
    bool reaches(base::Timestamp now) const;
    /// The payload is stored at most once per chunk where `seen.shared` says that others have it too.
    void addFrame(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, bool ofTextMessage, base::Timestamp now);
    struct Event {
        RecordKind kind = RecordKind::End;
        wire::Role from = wire::Role::Client;
        QByteArrayView cbor;
        quint32 violations = 0; ///< how many
    };
    void addEvent(wire::ConnectionId connection, const Event &event, base::Timestamp now);

    bool isEmpty() const { return m_records.empty(); }
    size_t records() const { return m_records.size(); }
    size_t events() const { return m_eventRows.size(); }
    size_t frames() const { return records() - events(); }
    size_t payloadBytes() const { return m_payload.size(); }
    /// What it will take in memory and, nearly, in the file.
    size_t bytes() const { return records() * sizeof(IndexRecord) + payloadBytes(); }

    /// What had been dropped before the first record.
    quint64 droppedFrames = 0;
    quint64 droppedEvents = 0;

    /// Checksums and tables; once, and no record can be added after it. The caller fills in sequence, firstRow, firstFrame and the header's crc.
    ChunkHeader seal(quint64 fileId);
    /// After seal(): everything but the header, in the order of the file.
    std::array<std::span<const char>, 4> parts() const;

    void clear();

private:
    struct SharedPayload {
        QByteArray held; // so that the address stays its own until the chunk is sealed
        quint32 offset = 0;
        quint32 length = 0;
        quint32 crc = 0;
    };
    IndexRecord &append(wire::ConnectionId connection, base::Timestamp now);
    void store(IndexRecord &record, QByteArrayView payload);
    void storeShared(IndexRecord &record, QByteArrayView payload, const QByteArray &shared);

    std::vector<IndexRecord> m_records;
    std::vector<char> m_payload;
    std::vector<quint32> m_eventRows;
    std::vector<SharedPayload> m_shared;
    std::unordered_map<const char *, quint32> m_sharedByAddress;
    quint32 m_lastShared = 0;
    base::Timestamp m_anchor;
    std::vector<char> m_tables;
};

} // namespace feedscope::capture
