// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_writer.h"

#include "base/log.h"
#include "capture/append_file.h"
#include "capture/chunk_builder.h"
#include "capture/event_cbor.h"
#include "capture/message_kinds.h"

#include <QRandomGenerator>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>

namespace feedscope::capture {

namespace {

constexpr size_t kChunkPayloadBytes = 1024 * 1024;
constexpr size_t kChunkRecords = 64 * 1024;
constexpr size_t kSpareChunks = 2;
constexpr qint64 kRetryNs = base::kNsPerSecond;

QString megabytes(quint64 bytes)
{
    return QStringLiteral("%1 MB").arg(double(bytes) / 1e6, 0, 'f', bytes < 10'000'000 ? 2 : 0);
}

FileHeader makeFileHeader()
{
    FileHeader header;
    header.magic = kFileMagic;
    std::array<quint32, 4> random {};
    QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
    static_assert(sizeof random == sizeof header.id);
    std::memcpy(header.id.data(), random.data(), sizeof random);
    const base::Timestamp now = base::SystemClock().now();
    header.startWallNs = now.wallNs;
    header.startMonoNs = now.monoNs;
    header.crc = checksumOf(header);
    return header;
}

} // namespace

struct CaptureWriter::Private {
    using Chunk = std::unique_ptr<ChunkBuilder>;
    enum class Outcome : quint8 { Written, Failed, Full };

    Options options;
    size_t chunkPayloadBytes = kChunkPayloadBytes;
    size_t chunkRecords = kChunkRecords;

    // Disk thread only:
    std::unique_ptr<AppendFile> file;
    quint64 fileId = 0;
    quint64 nextSequence = 0;
    quint64 nextRow = 0;
    quint64 nextFrame = 1;

    mutable std::mutex mutex; // guards what follows; held for the packing of one record, or to hand over a chunk
    std::condition_variable wake;
    Chunk open = std::make_unique<ChunkBuilder>();
    std::deque<Chunk> queue;
    std::vector<Chunk> spares;
    quint64 queuedBytes = 0; // in `queue` and in the chunk that is being written
    MessageKinds kinds;
    RecorderStatus status; // without bytesQueued and recording
    quint64 droppedEvents = 0;
    quint64 droppedInLastChunk = 0; // as told by the newest chunk that was handed over
    bool on = true;
    bool failing = false; // the disk refuses
    bool full = false; // maxFileBytes
    bool stopping = false;
    bool finished = false;

    // All with the mutex held:
    bool makeRoom(size_t payloadBytes, base::Timestamp now);
    bool sealOpen(bool always);
    void drop(RecordKind kind, quint64 count = 1);
    void dropChunk(const ChunkBuilder &chunk);
    void recycle(Chunk chunk);
    template <class Pack> void record(RecordKind kind, size_t payloadBytes, base::Timestamp now, const Pack &pack);

    // Disk thread, without the mutex:
    Outcome write(const ChunkBuilder &chunk, ChunkHeader &header, int &error);
    void writeOrRetry(std::unique_lock<std::mutex> &lock, Chunk chunk);
    void writeLastDrops();
};

// --- net threads -----------------------------------------------------------------------------------------------------------------------

void CaptureWriter::Private::drop(RecordKind kind, quint64 count)
{
    status.recordsDropped += count;
    (kind == RecordKind::Frame ? status.framesDropped : droppedEvents) += count;
}

void CaptureWriter::Private::dropChunk(const ChunkBuilder &chunk)
{
    drop(RecordKind::Frame, chunk.frames());
    drop(RecordKind::End, chunk.events());
}

/// Hands the open chunk to the disk thread, unless the queue is full. `always`: full or not.
bool CaptureWriter::Private::sealOpen(bool always)
{
    const quint64 bytes = open->bytes();
    if (!always && !queue.empty() && queuedBytes + bytes > options.queueBytes)
        return false;
    if (open->isEmpty()) {
        open->droppedFrames = status.framesDropped;
        open->droppedEvents = droppedEvents;
    }
    droppedInLastChunk = open->droppedFrames + open->droppedEvents;
    queuedBytes += bytes;
    queue.push_back(std::move(open));
    if (spares.empty()) {
        open = std::make_unique<ChunkBuilder>();
    } else {
        open = std::move(spares.back());
        spares.pop_back();
    }
    wake.notify_one();
    return true;
}

bool CaptureWriter::Private::makeRoom(size_t payloadBytes, base::Timestamp now)
{
    if (payloadBytes > options.queueBytes || payloadBytes > std::numeric_limits<quint32>::max() - chunkPayloadBytes)
        return false;
    const bool isFull = open->records() >= chunkRecords || (!open->isEmpty() && open->payloadBytes() + payloadBytes > chunkPayloadBytes);
    return (!isFull && open->reaches(now)) || sealOpen(false);
}

template <class Pack>
void CaptureWriter::Private::record(RecordKind kind, size_t payloadBytes, base::Timestamp now, const Pack &pack)
{
    if (!on || full || finished || !makeRoom(payloadBytes, now))
        return drop(kind);
    if (open->isEmpty()) {
        open->droppedFrames = status.framesDropped;
        open->droppedEvents = droppedEvents;
    }
    pack(*open);
}

void CaptureWriter::handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now)
{
    const QByteArray cbor = handshakeToCbor(handshake);
    const std::lock_guard lock(d->mutex);
    const auto violations = static_cast<quint32>(handshake.violations.size());
    d->record(RecordKind::Handshake, static_cast<size_t>(cbor.size()), now, [&](ChunkBuilder &chunk) {
        chunk.addEvent(connection, {RecordKind::Handshake, handshake.localRole, cbor, violations}, now);
    });
}

void CaptureWriter::frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now)
{
    const std::lock_guard lock(d->mutex);
    const bool ofText = d->kinds.isOfTextMessage(connection, seen.from, seen.frame.header);
    d->record(RecordKind::Frame, static_cast<size_t>(seen.frame.payload.size()), now,
        [&](ChunkBuilder &chunk) { chunk.addFrame(connection, seen, ofText, now); });
}

void CaptureWriter::ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now)
{
    const QByteArray cbor = endingToCbor(ending);
    const std::lock_guard lock(d->mutex);
    d->kinds.forget(connection);
    d->record(RecordKind::End, static_cast<size_t>(cbor.size()), now,
        [&](ChunkBuilder &chunk) { chunk.addEvent(connection, {RecordKind::End, ending.startedBy, cbor}, now); });
}

// --- any thread ------------------------------------------------------------------------------------------------------------------------

RecorderStatus CaptureWriter::status() const
{
    const std::lock_guard lock(d->mutex);
    RecorderStatus status = d->status;
    status.bytesQueued = d->queuedBytes + d->open->bytes();
    status.recording = d->on && !d->failing && !d->full && !d->finished;
    return status;
}

void CaptureWriter::setRecording(bool on)
{
    const std::lock_guard lock(d->mutex);
    d->on = on;
}

QString CaptureWriter::path() const
{
    return d->options.path;
}

void CaptureWriter::stop()
{
    const std::lock_guard lock(d->mutex);
    d->stopping = true;
    d->wake.notify_all();
}

// --- disk thread -----------------------------------------------------------------------------------------------------------------------

void CaptureWriter::run()
{
    const base::SystemClock clock;
    const qint64 intervalNs = qMax(1, d->options.flushIntervalMs) * base::kNsPerMs;
    qint64 flushAt = clock.now().monoNs + intervalNs;

    std::unique_lock lock(d->mutex);
    for (;;) {
        const qint64 waitNs = flushAt - clock.now().monoNs;
        if (waitNs > 0)
            d->wake.wait_for(lock, std::chrono::nanoseconds(waitNs), [this] { return d->stopping || !d->queue.empty(); });
        if (d->stopping || clock.now().monoNs >= flushAt) {
            const bool newDrops = d->status.framesDropped + d->droppedEvents != d->droppedInLastChunk;
            if (!d->full && (!d->open->isEmpty() || newDrops))
                d->sealOpen(d->stopping);
            flushAt = clock.now().monoNs + intervalNs;
        }
        if (!d->queue.empty()) {
            Private::Chunk chunk = std::move(d->queue.front());
            d->queue.pop_front();
            d->writeOrRetry(lock, std::move(chunk));
        } else if (d->stopping && (d->open->isEmpty() || d->full)) {
            break;
        }
    }
    d->finished = true;
    lock.unlock();
    if (d->full)
        d->writeLastDrops();
}

void CaptureWriter::Private::recycle(Chunk chunk)
{
    if (spares.size() < kSpareChunks)
        spares.push_back(std::move(chunk));
}

CaptureWriter::Private::Outcome CaptureWriter::Private::write(const ChunkBuilder &chunk, ChunkHeader &header, int &error)
{
    // Room is kept for one empty chunk, so that a reader can be told what is missing.
    const quint64 reserve = chunk.isEmpty() ? 0 : sizeof(ChunkHeader);
    if (options.maxFileBytes && file->size() + header.chunkBytes + reserve > options.maxFileBytes)
        return Outcome::Full;
    header.sequence = nextSequence;
    header.firstRow = nextRow;
    header.firstFrame = nextFrame;
    header.crc = checksumOf(header);

    const auto parts = chunk.parts();
    const std::array<std::span<const char>, 5> all {
        std::span(reinterpret_cast<const char *>(&header), sizeof header), parts[0], parts[1], parts[2], parts[3]};
    error = file->append(all);
    if (error)
        return Outcome::Failed;
    ++nextSequence;
    nextRow += chunk.records();
    nextFrame += chunk.frames();
    return Outcome::Written;
}

/// Leaves with the chunk written, or given up and counted. The mutex is free while the disk works.
void CaptureWriter::Private::writeOrRetry(std::unique_lock<std::mutex> &lock, Chunk chunk)
{
    const quint64 bytes = chunk->bytes();
    lock.unlock();
    ChunkHeader header = chunk->seal(fileId);
    lock.lock();
    for (;;) {
        lock.unlock();
        int error = 0;
        const Outcome outcome = write(*chunk, header, error);
        const quint64 size = file->size();
        const quint64 frames = chunk->frames();
        if (outcome == Outcome::Written)
            chunk->clear();
        lock.lock();
        status.bytesWritten = size;

        if (outcome == Outcome::Written) {
            if (std::exchange(failing, false)) {
                qCInfo(base::logCapture) << "Recording goes on:" << options.path;
                status.problem.clear();
            }
            status.framesRecorded += frames;
            queuedBytes -= bytes;
            return recycle(std::move(chunk));
        }
        if (outcome == Outcome::Full) {
            full = true;
            status.problem = QStringLiteral("%1 has reached its limit of %2: recording stopped; what follows is counted as dropped.")
                                 .arg(options.path, megabytes(options.maxFileBytes));
            qCWarning(base::logCapture).noquote() << status.problem;
            dropChunk(*chunk);
            for (const Chunk &waiting : queue)
                dropChunk(*waiting);
            dropChunk(*open);
            queue.clear();
            open->clear();
            queuedBytes = 0;
            return;
        }
        if (!std::exchange(failing, true)) {
            status.problem = QStringLiteral("Recording stopped at %1: %2 cannot be written: %3 (errno %4). It is tried again every second and "
                                            "goes on by itself; frames that no longer fit in memory are counted as dropped.")
                                 .arg(megabytes(size), options.path, systemErrorText(error), QString::number(error));
            qCWarning(base::logCapture).noquote() << status.problem;
        }
        if (stopping) { // nobody waits for a disk that may never come back
            dropChunk(*chunk);
            queuedBytes -= bytes;
            return;
        }
        wake.wait_for(lock, std::chrono::nanoseconds(kRetryNs), [this] { return stopping; });
    }
}

/// The file is full, but a reader is to know what it does not hold.
void CaptureWriter::Private::writeLastDrops()
{
    ChunkBuilder empty;
    empty.droppedFrames = status.framesDropped;
    empty.droppedEvents = droppedEvents;
    ChunkHeader header = empty.seal(fileId);
    int error = 0;
    if (write(empty, header, error) == Outcome::Failed)
        qCWarning(base::logCapture).noquote() << "The number of dropped records could not be written:" << systemErrorText(error);
}

base::Result<std::unique_ptr<CaptureWriter>> CaptureWriter::create(const Options &options)
{
    auto file = AppendFile::create(options.path);
    if (!file)
        return tl::unexpected(file.error());
    const FileHeader header = makeFileHeader();
    const std::span<const char> bytes(reinterpret_cast<const char *>(&header), sizeof header);
    if (const int error = (*file)->append(std::span(&bytes, 1))) {
        return base::failure(base::ErrorCode::Io,
            QStringLiteral("The capture %1 cannot be written: %2.").arg(options.path, systemErrorText(error)),
            QStringLiteral("pwritev: errno %1").arg(error));
    }
    auto priv = std::make_unique<Private>();
    priv->options = options;
    // A small queue is made of small chunks, or it would hold none.
    priv->chunkPayloadBytes = qBound<size_t>(4096, options.queueBytes / 4, kChunkPayloadBytes);
    priv->chunkRecords = qBound<size_t>(64, options.queueBytes / 4 / sizeof(IndexRecord), kChunkRecords);
    priv->file = std::move(*file);
    priv->fileId = fileIdOf(header);
    priv->status.bytesWritten = sizeof header;
    return std::unique_ptr<CaptureWriter>(new CaptureWriter(std::move(priv)));
}

CaptureWriter::CaptureWriter(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

CaptureWriter::~CaptureWriter() = default;

} // namespace feedscope::capture
