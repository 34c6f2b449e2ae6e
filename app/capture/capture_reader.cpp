// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_reader.h"

#include "capture/checksum.h"
#include "capture/chunk_map.h"
#include "capture/event_cbor.h"

#include <algorithm>
#include <unordered_map>

namespace feedscope::capture {

namespace {

struct ConnectionRows {
    std::optional<quint64> handshake;
    std::optional<quint64> end;
};

} // namespace

struct CaptureReader::Private {
    QString path;
    std::unique_ptr<ChunkMap> map;
    std::vector<ConnectionSummary> connections;
    std::vector<ConnectionRows> rows; // beside `connections`
    std::unordered_map<wire::ConnectionId, size_t> places;

    Record read(quint64 row, bool withPayload, bool check) const;
    QByteArray payload(quint64 row) const;
    void summarise(const ChunkMap::Chunk &chunk);
    ConnectionSummary &summaryOf(const ConnectionDelta &delta, const IndexRun &run);
    IndexRun runOf(const ChunkMap::Chunk &chunk) const;
};

base::Result<std::unique_ptr<CaptureReader>> CaptureReader::open(const QString &path)
{
    auto map = ChunkMap::open(path);
    if (!map)
        return tl::unexpected(map.error());
    auto priv = std::make_unique<Private>();
    priv->path = path;
    priv->map = std::move(*map);
    for (const ChunkMap::Chunk &chunk : priv->map->chunks())
        priv->summarise(chunk);
    return std::unique_ptr<CaptureReader>(new CaptureReader(std::move(priv)));
}

CaptureReader::CaptureReader(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

CaptureReader::~CaptureReader() = default;

quint64 CaptureReader::refresh()
{
    const quint64 before = size();
    for (size_t i = d->map->refresh(); i < d->map->chunks().size(); ++i)
        d->summarise(d->map->chunks()[i]);
    return size() - before;
}

quint64 CaptureReader::size() const
{
    return d->map->rows();
}

quint64 CaptureReader::frameCount() const
{
    return d->map->frames();
}

quint64 CaptureReader::damagedBytes() const
{
    return d->map->damagedBytes();
}

quint64 CaptureReader::droppedRecords() const
{
    return d->map->droppedFrames() + d->map->droppedEvents();
}

quint64 CaptureReader::droppedFrames() const
{
    return d->map->droppedFrames();
}

base::Timestamp CaptureReader::started() const
{
    return {d->map->fileHeader().startWallNs, d->map->fileHeader().startMonoNs};
}

QString CaptureReader::path() const
{
    return d->path;
}

// --- records ---------------------------------------------------------------------------------------------------------------------------

Record CaptureReader::Private::read(quint64 row, bool withPayload, bool check) const
{
    const ChunkMap::Chunk &chunk = map->chunkOf(row);
    Record record;
    record.row = row;
    if (!map->isThere(chunk)) {
        record.damaged = true;
        return record;
    }
    const auto index = static_cast<quint32>(row - chunk.firstRow);
    const IndexRecord &raw = map->recordsOf(chunk)[index];
    const auto events = map->eventRowsOf(chunk);
    const auto event = std::ranges::lower_bound(events, index);
    const bool isEvent = event != events.end() && *event == index;

    record.damaged = check && checksumOf(raw) != raw.recordCrc;
    record.kind = raw.kind();
    if (isEvent != (record.kind != RecordKind::Frame) || record.kind > RecordKind::End) {
        record.kind = isEvent ? RecordKind::End : RecordKind::Frame;
        record.damaged = true;
    }
    record.connection = raw.connection;
    const IndexRun run = runOf(chunk);
    record.time = run.timeOf(raw);
    record.from = raw.from();
    record.storedLength = raw.storedLength;
    if (record.kind == RecordKind::Frame) {
        record.no = chunk.firstNo + index - static_cast<quint64>(event - events.begin());
        wire::FrameHeader &header = record.header;
        header.fin = raw.flags & IndexRecord::Fin;
        header.rsv1 = raw.flags & IndexRecord::Rsv1;
        header.rsv2 = raw.flags & IndexRecord::Rsv2;
        header.rsv3 = raw.flags & IndexRecord::Rsv3;
        header.opcode = raw.opcode();
        header.masked = raw.flags & IndexRecord::Masked;
        header.maskingKey = raw.maskingKey;
        header.length = raw.length;
        header.extendedLengthBytes = raw.extendedLengthBytes();
        record.wireOffset = raw.wireOffset;
        record.violations = wire::ViolationSet::fromBits(raw.violations);
        if (raw.flags & IndexRecord::HasRtt)
            record.rttNs = static_cast<qint64>(raw.messageOrRtt);
        else
            record.message = raw.messageOrRtt;
        record.complete = !(raw.flags & IndexRecord::Incomplete);
        record.textMessage = raw.flags & IndexRecord::TextMessage;
    }
    const std::optional<QByteArrayView> payload = run.payloadOf(raw);
    if (!payload) {
        record.damaged = true;
        record.storedLength = 0;
    } else if (withPayload) {
        record.payload = QByteArray::fromRawData(payload->data(), payload->size());
        record.damaged = record.damaged || (check && checksum(*payload) != raw.payloadCrc);
    }
    return record;
}

Record CaptureReader::record(quint64 row, bool withPayload) const
{
    return d->read(row, withPayload, true);
}

Record CaptureReader::uncheckedRecord(quint64 row, bool withPayload) const
{
    return d->read(row, withPayload, false);
}

bool CaptureReader::verify(quint64 row) const
{
    return !d->read(row, true, true).damaged;
}

std::optional<quint64> CaptureReader::rowOfFrame(quint64 no) const
{
    const auto &chunks = d->map->chunks();
    auto after = std::ranges::upper_bound(chunks, no, {}, &ChunkMap::Chunk::firstNo);
    while (after != chunks.begin()) { // more than one step only over chunks without frames
        const ChunkMap::Chunk &chunk = *--after;
        if (!d->map->isThere(chunk))
            return std::nullopt;
        const auto events = d->map->eventRowsOf(chunk);
        const quint64 frames = chunk.records - events.size();
        if (frames == 0)
            continue;
        if (no < chunk.firstNo || no - chunk.firstNo >= frames)
            return std::nullopt;
        quint64 index = no - chunk.firstNo;
        for (const quint32 event : events) {
            if (event > index)
                break;
            ++index;
        }
        return chunk.firstRow + index;
    }
    return std::nullopt;
}

IndexRun CaptureReader::Private::runOf(const ChunkMap::Chunk &chunk) const
{
    return {map->recordsOf(chunk), chunk.firstRow, chunk.firstNo, chunk.anchor, map->payloadOf(chunk)};
}

IndexRun CaptureReader::indexRun(quint64 row) const
{
    if (row >= size())
        return {};
    const ChunkMap::Chunk &chunk = d->map->chunkOf(row);
    if (!d->map->isThere(chunk))
        return {};
    IndexRun run = d->runOf(chunk);
    const auto skipped = static_cast<quint32>(row - chunk.firstRow);
    const auto events = d->map->eventRowsOf(chunk);
    const auto eventsBefore = std::ranges::lower_bound(events, skipped) - events.begin();
    run.records = run.records.subspan(skipped);
    run.firstRow = row;
    run.firstNo = chunk.firstNo + skipped - static_cast<quint64>(eventsBefore);
    return run;
}

// --- handshakes, endings, connections --------------------------------------------------------------------------------------------------

QByteArray CaptureReader::Private::payload(quint64 row) const
{
    const Record record = read(row, true, true);
    return record.damaged || record.kind == RecordKind::Frame ? QByteArray() : record.payload;
}

wire::HandshakeSeen CaptureReader::handshake(quint64 row) const
{
    return handshakeFromCbor(d->payload(row)).value_or(wire::HandshakeSeen());
}

wire::Ending CaptureReader::ending(quint64 row) const
{
    return endingFromCbor(d->payload(row)).value_or(wire::Ending());
}

ConnectionSummary &CaptureReader::Private::summaryOf(const ConnectionDelta &delta, const IndexRun &run)
{
    const auto [place, isNew] = places.try_emplace(delta.id, connections.size());
    if (isNew) {
        ConnectionSummary summary;
        summary.id = delta.id;
        if (delta.firstIndex < run.records.size())
            summary.opened = run.timeOf(run.records[delta.firstIndex]);
        connections.push_back(std::move(summary));
        rows.emplace_back();
    }
    return connections[place->second];
}

void CaptureReader::Private::summarise(const ChunkMap::Chunk &chunk)
{
    if (chunk.records == 0 || !map->isThere(chunk))
        return;
    const IndexRun run = runOf(chunk);
    for (const ConnectionDelta &delta : map->connectionsOf(chunk)) {
        ConnectionSummary &summary = summaryOf(delta, run);
        ConnectionRows &places = rows[static_cast<size_t>(&summary - connections.data())];
        if (delta.handshakeIndex && *delta.handshakeIndex < chunk.records) {
            places.handshake = chunk.firstRow + *delta.handshakeIndex;
            if (auto handshake = handshakeFromCbor(payload(*places.handshake))) {
                summary.handshake = std::move(*handshake);
                summary.opened = run.timeOf(run.records[*delta.handshakeIndex]);
            }
        }
        if (delta.endIndex && *delta.endIndex < chunk.records) {
            places.end = chunk.firstRow + *delta.endIndex;
            summary.ending = endingFromCbor(payload(*places.end));
            summary.ended = run.timeOf(run.records[*delta.endIndex]);
        }
        summary.framesFromClient += delta.framesFromClient;
        summary.framesFromServer += delta.framesFromServer;
        summary.bytesFromClient += delta.bytesFromClient;
        summary.bytesFromServer += delta.bytesFromServer;
        if (delta.lastRttNs)
            summary.lastRttNs = delta.lastRttNs;
        if (delta.framesFromClient || delta.framesFromServer) {
            IndexRecord last;
            last.monoDelta = delta.lastMonoDelta;
            last.wallDrift = delta.lastWallDrift;
            summary.lastFrame = run.timeOf(last);
        }
    }
}

const std::vector<ConnectionSummary> &CaptureReader::connections() const
{
    return d->connections;
}

std::optional<size_t> CaptureReader::connectionIndex(wire::ConnectionId id) const
{
    const auto found = d->places.find(id);
    return found == d->places.end() ? std::nullopt : std::optional(found->second);
}

const ConnectionSummary *CaptureReader::connection(wire::ConnectionId id) const
{
    const auto index = connectionIndex(id);
    return index ? &d->connections[*index] : nullptr;
}

std::optional<quint64> CaptureReader::handshakeRow(wire::ConnectionId id) const
{
    const auto index = connectionIndex(id);
    return index ? d->rows[*index].handshake : std::nullopt;
}

std::optional<quint64> CaptureReader::endRow(wire::ConnectionId id) const
{
    const auto index = connectionIndex(id);
    return index ? d->rows[*index].end : std::nullopt;
}

} // namespace feedscope::capture
