// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_fixture.h"

#include "base/crc32.h"
#include "capture/connection_table.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTest>

#include <csignal>
#include <cstring>

#include <sys/wait.h>
#include <unistd.h>

using namespace feedscope;
using namespace feedscope::tests;
using capture::CaptureReader;
using capture::CaptureWriter;
using capture::ChunkHeader;
using capture::Record;
using wire::Opcode;
using wire::Role;

namespace {

/// A capture of `chunks` chunks, `frames` frames each: "0", "1", "2", …; a handshake first in each chunk.
class ManyChunks {
public:
    ManyChunks(int chunks, int frames)
    {
        // A jump of the clock begins a new chunk.
        int number = 0;
        for (int chunk = 0; chunk < chunks; ++chunk) {
            const auto at = [&](int i) { return after(chunk * 100 * base::kNsPerSecond + i * 1000); };
            m_capture.writer().handshakeSeen(static_cast<wire::ConnectionId>(chunk + 1), someHandshake(), at(0));
            for (int i = 1; i <= frames; ++i, ++number)
                m_capture.frame(static_cast<wire::ConnectionId>(chunk + 1), Seen(Role::Server, Opcode::Text, QByteArray::number(number)), at(i));
        }
        m_capture.finish();
        m_bytes = contentsOf(m_capture.path());
        for (qsizetype at = sizeof(capture::FileHeader); at < m_bytes.size();) {
            ChunkHeader header;
            std::memcpy(&header, m_bytes.constData() + at, sizeof header);
            m_headers.push_back(header);
            m_offsets.push_back(at);
            at += static_cast<qsizetype>(header.chunkBytes);
        }
    }
    QByteArray bytes() const { return m_bytes; }
    size_t chunks() const { return m_offsets.size(); }
    qsizetype offset(size_t chunk) const { return m_offsets[chunk]; }
    const ChunkHeader &header(size_t chunk) const { return m_headers[chunk]; }
    std::unique_ptr<CaptureReader> readAs(const QByteArray &bytes) const
    {
        overwrite(m_capture.path(), bytes);
        return m_capture.read();
    }
    QByteArray flipped(qsizetype offset) const
    {
        QByteArray bytes = m_bytes;
        bytes[offset] = static_cast<char>(bytes[offset] ^ 0x40);
        return bytes;
    }

private:
    SmallCapture m_capture;
    QByteArray m_bytes;
    std::vector<ChunkHeader> m_headers;
    std::vector<qsizetype> m_offsets;
};

} // namespace

class TestCaptureReader : public QObject {
    Q_OBJECT

private slots:
    void survivesKill();
    void tornTailOpensAtEveryLength();
    void damagedHeaderSkipsOneChunk();
    void damagedRecordIsMarked();
    void damagedPayloadIsMarked();
    void damagedTablesAreRebuilt();
    void anyFlippedBitIsNoticedOrHarmless();
    void captureInsideAPayloadIsNoChunk();
    void cutFileIsNotTouched();
    void otherFilesAreRefused();
    void runsCoverAllRows();
    void connectionTableComesBack();
    void emptyCaptureOpens();
};

// The child writes as fast as it can; the parent kills it once the file has grown past a random size.
void TestCaptureReader::survivesKill()
{
    constexpr int kRounds = 20;
    QRandomGenerator random(20240501);
    QTemporaryDir folder;
    quint64 most = 0;
    for (int round = 0; round < kRounds; ++round) {
        const QString path = folder.filePath(QStringLiteral("killed-%1.fscap").arg(round));
        const qint64 enough = random.bounded(1, 3'000'000);
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            CaptureWriter::Options options;
            options.path = path;
            options.flushIntervalMs = 1;
            auto writer = CaptureWriter::create(options);
            if (!writer)
                ::_exit(1);
            DiskThread disk(**writer);
            (*writer)->handshakeSeen(1, someHandshake(), kStart);
            for (quint64 i = 1;; ++i) {
                while ((*writer)->status().bytesQueued > options.queueBytes / 2)
                    std::this_thread::yield();
                const Seen seen(Role::Server, Opcode::Text, "frame " + QByteArray::number(i));
                (*writer)->frameSeen(1, seen.view(), after(qint64(i) * 1000));
            }
        }
        const QDeadlineTimer deadline(20'000);
        while (QFileInfo(path).size() < enough && !deadline.hasExpired())
            std::this_thread::yield();
        ::kill(child, SIGKILL);
        int state = 0;
        QCOMPARE(::waitpid(child, &state, 0), child);
        QVERIFY(WIFSIGNALED(state));

        const auto opened = CaptureReader::open(path);
        QVERIFY2(opened, "the file does not open");
        const CaptureReader &reader = **opened;
        QVERIFY(reader.size() > 0 || reader.damagedBytes() > 0); // inside the first chunk
        QCOMPARE(reader.droppedRecords(), quint64(0));
        if (reader.size() > 0)
            QCOMPARE(reader.handshake(0).url, someHandshake().url);
        for (quint64 row = 1; row < reader.size(); ++row) {
            const Record record = reader.record(row, true);
            if (record.damaged || record.no != row || record.payload != "frame " + QByteArray::number(row))
                QFAIL(qPrintable(QStringLiteral("round %1, row %2").arg(round).arg(row)));
        }
        most = qMax(most, reader.size());
        QFile::remove(path);
    }
    QVERIFY(most > 10'000);
}

void TestCaptureReader::tornTailOpensAtEveryLength()
{
    const ManyChunks many(3, 4);
    const auto wholeBefore = [&](qsizetype length) {
        size_t whole = 0;
        while (whole < many.chunks() && many.offset(whole) + qsizetype(many.header(whole).chunkBytes) <= length)
            ++whole;
        return whole;
    };
    for (qsizetype length = sizeof(capture::FileHeader); length < many.bytes().size(); length += 7) {
        const auto reader = many.readAs(many.bytes().first(length));
        const size_t whole = wholeBefore(length);
        QCOMPARE(reader->size(), quint64(whole * 5));
        const qsizetype end = whole < many.chunks() ? many.offset(whole) : many.bytes().size();
        QCOMPARE(reader->damagedBytes(), quint64(length - end));
        for (quint64 row = 0; row < reader->size(); ++row)
            QVERIFY(reader->verify(row));
    }
}

void TestCaptureReader::damagedHeaderSkipsOneChunk()
{
    const ManyChunks many(4, 10);
    QCOMPARE(many.chunks(), size_t(4));
    for (const qsizetype byte : {0, 20, 60, 100, 127}) {
        const auto reader = many.readAs(many.flipped(many.offset(1) + byte));
        QCOMPARE(reader->size(), quint64(33));
        QCOMPARE(reader->frameCount(), quint64(30));
        QCOMPARE(reader->damagedBytes(), many.header(1).chunkBytes);
        QCOMPARE(reader->record(10, true).payload, QByteArray("9"));
        QCOMPARE(reader->record(12, true).payload, QByteArray("20")); // rows go on…
        QCOMPARE(reader->record(12).no, quint64(21)); // …and numbers show the loss
        QVERIFY(!reader->rowOfFrame(15));
        QCOMPARE(reader->rowOfFrame(21), std::optional<quint64>(12));
        QCOMPARE(reader->connections().size(), size_t(3));
    }
    // The last one: nothing follows that could be found.
    const auto reader = many.readAs(many.flipped(many.offset(3)));
    QCOMPARE(reader->size(), quint64(33));
    QCOMPARE(reader->damagedBytes(), many.header(3).chunkBytes);
    QCOMPARE(reader->refresh(), quint64(0));
}

void TestCaptureReader::damagedRecordIsMarked()
{
    const ManyChunks many(2, 10);
    const qsizetype record = many.offset(0) + qsizetype(sizeof(ChunkHeader)) + 3 * 64; // row 3
    for (qsizetype byte = 0; byte < 64; ++byte) {
        const auto reader = many.readAs(many.flipped(record + byte));
        QCOMPARE(reader->size(), quint64(22));
        QVERIFY2(reader->record(3).damaged, qPrintable(QString::number(byte)));
        QVERIFY(!reader->verify(3));
        QVERIFY(!reader->record(2, true).damaged);
        QVERIFY(!reader->record(4, true).damaged);
        reader->uncheckedRecord(3, true); // nowhere outside of the chunk
    }
}

void TestCaptureReader::damagedPayloadIsMarked()
{
    const ManyChunks many(1, 10);
    const ChunkHeader &header = many.header(0);
    const auto area = many.offset(0) + qsizetype(header.payloadOffset());
    const auto reader = many.readAs(many.flipped(area + qsizetype(header.payloadBytes) - 1)); // of the last frame
    QCOMPARE(reader->size(), quint64(11));
    QVERIFY(!reader->record(10).damaged); // not asked for, not looked at
    QVERIFY(reader->record(10, true).damaged);
    QVERIFY(!reader->verify(10));
    QVERIFY(reader->verify(9));
    // A handshake that cannot be trusted is not shown as one.
    const auto other = many.readAs(many.flipped(area + 20));
    QVERIFY(other->handshake(0).url.isEmpty());
    QVERIFY(other->record(0, true).damaged);
}

void TestCaptureReader::damagedTablesAreRebuilt()
{
    const ManyChunks many(2, 10);
    const ChunkHeader &header = many.header(0);
    for (quint64 at = header.eventsOffset(); at < header.payloadOffset(); ++at) {
        const auto reader = many.readAs(many.flipped(many.offset(0) + qsizetype(at)));
        QCOMPARE(reader->frameCount(), quint64(20));
        QVERIFY(reader->record(0).kind == capture::RecordKind::Handshake);
        QCOMPARE(reader->record(1).no, quint64(1));
        QVERIFY(!reader->record(1).damaged);
        QCOMPARE(reader->connections().size(), size_t(2));
        QCOMPARE(reader->connection(1)->framesFromServer, quint64(10));
        QCOMPARE(reader->connection(1)->handshake.url, someHandshake().url);
    }
}

void TestCaptureReader::anyFlippedBitIsNoticedOrHarmless()
{
    const ManyChunks many(2, 6);
    std::vector<QByteArray> expected;
    {
        const auto reader = many.readAs(many.bytes());
        for (quint64 row = 0; row < reader->size(); ++row)
            expected.push_back(reader->record(row, true).payload.toHex());
    }
    quint64 harmless = 0;
    for (qsizetype at = sizeof(capture::FileHeader); at < many.bytes().size(); ++at) {
        const auto reader = many.readAs(many.flipped(at));
        bool noticed = reader->damagedBytes() > 0;
        for (quint64 row = 0; row < reader->size(); ++row) {
            const Record record = reader->record(row, true);
            if (record.damaged)
                noticed = true;
            else if (!noticed)
                QCOMPARE(record.payload.toHex(), expected[row]);
        }
        harmless += noticed ? 0 : 1;
    }
    // What remains are the tables, which are rebuilt, and padding.
    quint64 tables = 0;
    for (size_t chunk = 0; chunk < many.chunks(); ++chunk) {
        const ChunkHeader &header = many.header(chunk);
        tables += header.chunkBytes - header.bytesUsed() + header.payloadOffset() - header.eventsOffset();
    }
    QCOMPARE(harmless, tables);
}

void TestCaptureReader::captureInsideAPayloadIsNoChunk()
{
    const ManyChunks inner(2, 10);
    SmallCapture capture;
    for (int i = 0; i < 64; ++i) // at every alignment
        capture.frame(1, Seen(Role::Server, Opcode::Binary, QByteArray(i, 'x') + inner.bytes()));
    capture.frame(1, Seen(Role::Server, Opcode::Text, "end"), after(100 * base::kNsPerSecond));
    capture.finish();
    QByteArray bytes = contentsOf(capture.path());
    bytes[qsizetype(sizeof(capture::FileHeader)) + 9] ^= 1; // the first chunk's header: now its payload is searched for chunks
    overwrite(capture.path(), bytes);
    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(1));
    QCOMPARE(reader->record(0, true).payload, QByteArray("end"));
}

void TestCaptureReader::cutFileIsNotTouched()
{
    SmallCapture capture;
    for (int i = 0; i < 20'000; ++i)
        capture.frame(1, Seen(Role::Server, Opcode::Text, QByteArray(100, 'x')));
    capture.finish();
    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(20'000));
    QVERIFY(QFile::resize(capture.path(), 64));
    reader->refresh();
    QVERIFY(reader->record(19'999, true).damaged);
    QVERIFY(reader->indexRun(0).records.empty());
    QVERIFY(reader->ending(5).detail.isEmpty());
}

void TestCaptureReader::otherFilesAreRefused()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("other"));
    const auto openError = [&](const QByteArray &bytes) {
        overwrite(path, bytes);
        const auto reader = CaptureReader::open(path);
        return reader ? QString() : reader.error().what;
    };
    QVERIFY(openError("").contains(QStringLiteral("not a Feedscope capture")));
    QVERIFY(openError(QByteArray(1000, 'x')).contains(QStringLiteral("not a Feedscope capture")));
    QVERIFY(!CaptureReader::open(folder.path()));
    QVERIFY(!CaptureReader::open(folder.filePath(QStringLiteral("missing"))));
    const QByteArray bytes = ManyChunks(1, 1).bytes();
    QVERIFY(openError(bytes).isEmpty());
    QByteArray newer = bytes;
    newer[8] = 2;
    QVERIFY(openError(newer).contains(QStringLiteral("format 2")));
    QByteArray damaged = bytes;
    damaged[20] ^= 1;
    QVERIFY(openError(damaged).contains(QStringLiteral("damaged")));
}

void TestCaptureReader::runsCoverAllRows()
{
    const ManyChunks many(3, 5);
    const auto reader = many.readAs(many.bytes());
    for (quint64 first = 0; first <= reader->size(); ++first) {
        for (quint64 last = first; last <= reader->size(); ++last) {
            quint64 row = first;
            reader->forEachIndex(first, last, [&](const capture::IndexRun &run) {
                QCOMPARE(run.firstRow, row);
                quint64 no = run.firstNo;
                for (const capture::IndexRecord &raw : run.records) {
                    const Record record = reader->record(row++);
                    QCOMPARE(raw.connection, record.connection);
                    QCOMPARE(run.timeOf(raw).monoNs, record.time.monoNs);
                    if (record.no)
                        QCOMPARE(no++, record.no);
                }
            });
            QCOMPARE(row, last);
        }
    }
}

void TestCaptureReader::connectionTableComesBack()
{
    std::vector<capture::ConnectionDelta> deltas(4);
    deltas[0].id = 0xffff'ffff;
    deltas[0].handshakeIndex = 0;
    deltas[0].lastRttNs = -1;
    deltas[1].id = 1;
    deltas[1].firstIndex = 0xffff'ffff;
    deltas[1].framesFromServer = 1;
    deltas[1].bytesFromServer = std::numeric_limits<quint64>::max();
    deltas[1].lastMonoDelta = std::numeric_limits<qint32>::min();
    deltas[1].lastWallDrift = std::numeric_limits<qint32>::max();
    deltas[2].id = 0x8000'0000;
    deltas[2].endIndex = 77;
    deltas[3].id = 2;
    const QByteArray bytes = capture::encodeConnections(deltas);
    const auto decoded = capture::decodeConnections(bytes, 4);
    QVERIFY(decoded);
    QVERIFY(*decoded == deltas);
    for (qsizetype length = 0; length < bytes.size(); ++length)
        QVERIFY(!capture::decodeConnections(bytes.first(length), 4));
    QVERIFY(!capture::decodeConnections(bytes, 0xffff'ffff));
}

void TestCaptureReader::emptyCaptureOpens()
{
    SmallCapture capture;
    auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(0));
    QCOMPARE(reader->damagedBytes(), quint64(0));
    QVERIFY(reader->connections().empty());
    QVERIFY(reader->indexRun(0).records.empty());
    capture.frame(1, Seen(Role::Server, Opcode::Ping));
    capture.finish();
    QCOMPARE(reader->refresh(), quint64(1));
    QCOMPARE(reader->refresh(), quint64(0));
}

QTEST_APPLESS_MAIN(TestCaptureReader)
#include "tst_capture_reader.moc"
