// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/connection_table.h"
#include "capture/mapped_file.h"

namespace feedscope::capture {

/// Where the whole chunks of a capture lie and which rows they hold. Knows headers and tables, no records. Damage between chunks is stepped
/// over: the next valid chunk header of the same file is looked for.
class ChunkMap {
public:
    struct Chunk {
        quint64 offset = 0; ///< in the file
        quint64 bytes = 0;
        quint64 firstRow = 0; ///< rows are counted without gaps, whatever was lost
        quint64 firstNo = 0; ///< frame numbers are the writer's, so a loss shows as a jump
        base::Timestamp anchor;
        quint64 payloadBytes = 0;
        quint32 records = 0;
        quint32 events = 0;
        quint32 connectionBytes = 0;
        bool tablesWhole = true; ///< false: eventRowsOf() says which records are no frames instead of the file

        quint64 eventsOffset() const { return offset + sizeof(ChunkHeader) + quint64(records) * sizeof(IndexRecord); }
        quint64 payloadOffset() const { return eventsOffset() + quint64(events) * sizeof(quint32) + connectionBytes; }
    };

    static base::Result<std::unique_ptr<ChunkMap>> open(const QString &path);

    /// Looks for chunks that were written since. Returns the position of the first new one.
    size_t refresh();

    const std::vector<Chunk> &chunks() const { return m_chunks; }
    quint64 rows() const { return m_rows; }
    quint64 frames() const { return m_frames; }
    quint64 damagedBytes() const { return m_skippedBytes + (m_file->size() > m_next ? m_file->size() - m_next : 0); }
    quint64 droppedFrames() const { return m_droppedFrames; }
    quint64 droppedEvents() const { return m_droppedEvents; }
    const FileHeader &fileHeader() const { return m_header; }

    /// The chunk that holds `row`; row < rows().
    const Chunk &chunkOf(quint64 row) const;
    /// False: the file was cut behind our back, and touching it would end the program.
    bool isThere(const Chunk &chunk) const { return chunk.offset + chunk.bytes <= m_file->size(); }

    // Of a chunk that isThere():
    std::span<const IndexRecord> recordsOf(const Chunk &chunk) const;
    std::span<const quint32> eventRowsOf(const Chunk &chunk) const; ///< ascending
    QByteArrayView payloadOf(const Chunk &chunk) const;
    std::vector<ConnectionDelta> connectionsOf(const Chunk &chunk) const;

private:
    ChunkMap() = default;
    bool takeChunkAt(quint64 offset);
    std::optional<quint64> findHeader(quint64 from, quint64 end) const;

    std::unique_ptr<MappedFile> m_file;
    FileHeader m_header;
    quint64 m_fileId = 0;
    std::vector<Chunk> m_chunks;
    std::vector<std::pair<quint64, std::vector<quint32>>> m_rebuiltEvents; // by chunk offset; of chunks with damaged tables
    quint64 m_next = 0; // where the next chunk is expected
    quint64 m_searched = 0; // up to here no header was found
    quint64 m_rows = 0;
    quint64 m_frames = 0;
    quint64 m_skippedBytes = 0;
    quint64 m_droppedFrames = 0;
    quint64 m_droppedEvents = 0;
    mutable size_t m_lastChunk = 0;
};

} // namespace feedscope::capture
