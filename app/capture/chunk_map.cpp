// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/chunk_map.h"

#include "capture/checksum.h"

#include <algorithm>
#include <cstring>

namespace feedscope::capture {

base::Result<std::unique_ptr<ChunkMap>> ChunkMap::open(const QString &path)
{
    auto file = MappedFile::open(path);
    if (!file)
        return tl::unexpected(file.error());
    std::unique_ptr<ChunkMap> map(new ChunkMap);
    map->m_file = std::move(*file);
    FileHeader &header = map->m_header;
    if (!map->m_file->read(0, &header, sizeof header) || header.magic != kFileMagic)
        return base::failure(base::ErrorCode::BadInput, QStringLiteral("%1 is not a Feedscope capture.").arg(path));
    if (header.versionMajor > 1) {
        return base::failure(base::ErrorCode::Unsupported,
            QStringLiteral("%1 is a capture of format %2; this version reads format 1.").arg(path).arg(header.versionMajor));
    }
    if (!isWhole(header))
        return base::failure(base::ErrorCode::BadInput, QStringLiteral("%1 is a capture, but its file header is damaged.").arg(path));
    map->m_fileId = fileIdOf(header);
    map->m_next = header.headerBytes;
    map->refresh();
    return map;
}

size_t ChunkMap::refresh()
{
    const size_t firstNew = m_chunks.size();
    const quint64 sizeBefore = m_file->size();
    if (!m_file->refresh() || (m_file->size() == sizeBefore && m_searched > 0))
        return firstNew;
    const quint64 end = m_file->size();
    while (m_next + sizeof(ChunkHeader) <= end) {
        if (takeChunkAt(m_next))
            continue;
        ChunkHeader header;
        if (m_file->read(m_next, &header, sizeof header) && isWhole(header, m_fileId))
            break; // a chunk that is not all there yet, or never will be
        const std::optional<quint64> found = findHeader(qMax(m_next + kChunkAlignment, m_searched), end);
        if (!found) {
            m_searched = end / kChunkAlignment * kChunkAlignment;
            m_searched -= qMin<quint64>(m_searched, sizeof(ChunkHeader));
            break;
        }
        m_skippedBytes += *found - m_next;
        m_next = *found;
    }
    m_searched = qMax<quint64>(m_searched, 1);
    return firstNew;
}

bool ChunkMap::takeChunkAt(quint64 offset)
{
    ChunkHeader header;
    if (!m_file->read(offset, &header, sizeof header) || !isWhole(header, m_fileId) || header.chunkBytes > m_file->size() - offset)
        return false;
    Chunk chunk;
    chunk.offset = offset;
    chunk.bytes = header.chunkBytes;
    chunk.firstRow = m_rows;
    chunk.firstNo = header.firstFrame;
    chunk.anchor = {header.anchorWallNs, header.anchorMonoNs};
    chunk.payloadBytes = header.payloadBytes;
    chunk.records = header.recordCount;
    chunk.events = header.eventCount;
    chunk.connectionBytes = header.connectionBytes;

    const QByteArrayView tables(m_file->data() + chunk.eventsOffset(), static_cast<qsizetype>(chunk.payloadOffset() - chunk.eventsOffset()));
    const std::span<const quint32> events(reinterpret_cast<const quint32 *>(tables.data()), chunk.events);
    chunk.tablesWhole = checksum(tables) == header.tablesCrc && std::ranges::is_sorted(events)
        && (events.empty() || events.back() < chunk.records);
    quint64 frames = chunk.records - chunk.events;
    if (!chunk.tablesWhole) {
        std::vector<quint32> rebuilt;
        const auto records = recordsOf(chunk);
        for (size_t i = 0; i < records.size(); ++i) {
            if (records[i].kind() != RecordKind::Frame)
                rebuilt.push_back(static_cast<quint32>(i));
        }
        frames = chunk.records - rebuilt.size();
        m_rebuiltEvents.emplace_back(offset, std::move(rebuilt));
    }
    m_chunks.push_back(chunk);
    m_rows += chunk.records;
    m_frames += frames;
    m_droppedFrames = header.droppedFrames;
    m_droppedEvents = header.droppedEvents;
    m_next = offset + chunk.bytes;
    return true;
}

std::optional<quint64> ChunkMap::findHeader(quint64 from, quint64 end) const
{
    for (quint64 at = from / kChunkAlignment * kChunkAlignment; at + sizeof(ChunkHeader) <= end; at += kChunkAlignment) {
        ChunkHeader header;
        if (std::memcmp(m_file->data() + at, kChunkMagic.data(), kChunkMagic.size()) != 0)
            continue;
        if (m_file->read(at, &header, sizeof header) && isWhole(header, m_fileId))
            return at;
    }
    return std::nullopt;
}

const ChunkMap::Chunk &ChunkMap::chunkOf(quint64 row) const
{
    Q_ASSERT(row < m_rows);
    const auto holds = [row](const Chunk &chunk) { return row >= chunk.firstRow && row - chunk.firstRow < chunk.records; };
    if (m_lastChunk >= m_chunks.size() || !holds(m_chunks[m_lastChunk])) {
        const auto after = std::ranges::upper_bound(m_chunks, row, {}, &Chunk::firstRow);
        auto found = static_cast<size_t>(after - m_chunks.begin()) - 1;
        while (!holds(m_chunks[found])) // chunks without records share a first row
            --found;
        m_lastChunk = found;
    }
    return m_chunks[m_lastChunk];
}

std::span<const IndexRecord> ChunkMap::recordsOf(const Chunk &chunk) const
{
    return {reinterpret_cast<const IndexRecord *>(m_file->data() + chunk.offset + sizeof(ChunkHeader)), chunk.records};
}

std::span<const quint32> ChunkMap::eventRowsOf(const Chunk &chunk) const
{
    if (!chunk.tablesWhole) {
        const auto found = std::ranges::lower_bound(m_rebuiltEvents, chunk.offset, {}, [](const auto &entry) { return entry.first; });
        return found->second;
    }
    return {reinterpret_cast<const quint32 *>(m_file->data() + chunk.eventsOffset()), chunk.events};
}

QByteArrayView ChunkMap::payloadOf(const Chunk &chunk) const
{
    return {m_file->data() + chunk.payloadOffset(), static_cast<qsizetype>(chunk.payloadBytes)};
}

std::vector<ConnectionDelta> ChunkMap::connectionsOf(const Chunk &chunk) const
{
    const auto events = quint64(chunk.events) * sizeof(quint32);
    const QByteArrayView table(m_file->data() + chunk.eventsOffset() + events, static_cast<qsizetype>(chunk.connectionBytes));
    if (chunk.tablesWhole) {
        ChunkHeader header;
        if (m_file->read(chunk.offset, &header, sizeof header)) {
            if (auto deltas = decodeConnections(table, header.connectionCount))
                return *deltas;
        }
    }
    return tallyConnections(recordsOf(chunk));
}

} // namespace feedscope::capture
