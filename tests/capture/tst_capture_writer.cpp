// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_fixture.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTest>

#include <array>
#include <cerrno>
#include <csignal>
#include <limits>

#include <sys/resource.h>

using namespace feedscope;
using namespace feedscope::tests;
using capture::CaptureReader;
using capture::CaptureWriter;
using capture::Record;
using capture::RecordKind;
using wire::Opcode;
using wire::Role;

class TestCaptureWriter : public QObject {
    Q_OBJECT

private slots:
    void everyFieldOfAFrameComesBack();
    void handshakeAndEndingComeBack();
    void eventsAreNotNumbered();
    void longPausesAndClockJumpsAreKept();
    void sharedPayloadIsStoredOnce();
    void sharedAddressIsNotReusedInsideAChunk();
    void memoryOfSomebodyElseIsNotShared();
    void continuationKnowsItsMessage();
    void fullQueueDropsAndTheFileSaysHowMany();
    void pausedRecordingCountsAsDropped();
    void hugeFrameIsRecordedWhole();
    void limitOfTheFileStopsVisibly();
    void fullDiskStopsVisiblyAndGoesOnByItself();
    void unwritablePathIsAnError();
    void oldFileStaysWithItsReader();
    void flushesWithoutAnotherFrame();
    void readerFollowsALiveWriter();
};

void TestCaptureWriter::everyFieldOfAFrameComesBack()
{
    SmallCapture capture;
    std::vector<Seen> frames;
    for (quint8 opcode = 0; opcode < 16; ++opcode) {
        Seen seen(opcode % 2 ? Role::Client : Role::Server, static_cast<Opcode>(opcode), QByteArray(opcode * 10, char('a' + opcode)));
        seen.header.fin = opcode & 1;
        seen.header.rsv1 = opcode & 2;
        seen.header.rsv2 = opcode & 4;
        seen.header.rsv3 = opcode & 8;
        if (opcode & 4)
            seen.masked({1, 2, 3, opcode});
        seen.header.extendedLengthBytes = opcode % 3 == 0 ? 0 : opcode % 3 == 1 ? 2 : 8;
        seen.wireOffset = 0x1'0000'0000 + opcode;
        seen.violations = 1u << opcode | 1u << 31;
        seen.message = 0xffff'ffff'ffff'0000 + opcode;
        if (opcode == 10) {
            seen.rttNs = -5;
            seen.message = 0;
        }
        seen.complete = opcode != 7;
        if (opcode == 7)
            seen.header.length = 0x8000'0000'0000'0001;
        frames.push_back(seen);
    }
    for (size_t i = 0; i < frames.size(); ++i)
        capture.frame(static_cast<wire::ConnectionId>(0xffff'fff0 + i), frames[i], {kStart.wallNs + qint64(i) * 7, kStart.monoNs + qint64(i) * 5});
    capture.finish();

    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(frames.size()));
    QCOMPARE(reader->frameCount(), quint64(frames.size()));
    QCOMPARE(reader->damagedBytes(), quint64(0));
    for (size_t i = 0; i < frames.size(); ++i) {
        const Record record = reader->record(i, true);
        QVERIFY(record.kind == RecordKind::Frame);
        QCOMPARE(record.row, quint64(i));
        QCOMPARE(record.no, quint64(i + 1));
        QCOMPARE(record.connection, wire::ConnectionId(0xffff'fff0 + i));
        QCOMPARE(record.time.wallNs, kStart.wallNs + qint64(i) * 7);
        QCOMPARE(record.time.monoNs, kStart.monoNs + qint64(i) * 5);
        QVERIFY(record.from == frames[i].from);
        QVERIFY(record.header == frames[i].header);
        QCOMPARE(record.wireOffset, frames[i].wireOffset);
        QCOMPARE(record.violations.bits(), frames[i].violations);
        QCOMPARE(record.message, frames[i].message);
        QCOMPARE(record.rttNs, frames[i].rttNs);
        QCOMPARE(record.complete, frames[i].complete);
        QCOMPARE(record.storedLength, quint32(frames[i].payload.size()));
        QCOMPARE(record.payload, frames[i].payload);
        QVERIFY(!record.damaged);
        QVERIFY(reader->record(i).payload.isEmpty());
    }
}

void TestCaptureWriter::handshakeAndEndingComeBack()
{
    SmallCapture capture;
    wire::HandshakeSeen handshake = someHandshake();
    handshake.violations = {{wire::Rule::BadKey, QStringLiteral("key of 3 bytes")}, {wire::Rule::ForbiddenOrigin, {}}};
    handshake.requestBytes += QByteArray("\xff\x00 not text", 11);
    const wire::Ending ending = someEnding();
    capture.writer().handshakeSeen(5, handshake, after(10));
    capture.frame(5, Seen(Role::Client, Opcode::Text, "x").masked(), after(20));
    capture.frame(5, Seen(Role::Client, Opcode::Pong, "hb").masked().answeredIn(812'000), after(30));
    capture.writer().ended(5, ending, after(40));
    capture.finish();

    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(4));
    QVERIFY(reader->record(0).kind == RecordKind::Handshake);
    QVERIFY(reader->record(3).kind == RecordKind::End);
    const wire::HandshakeSeen seen = reader->handshake(0);
    QVERIFY(seen.localRole == handshake.localRole);
    QCOMPARE(seen.local, handshake.local);
    QCOMPARE(seen.peer, handshake.peer);
    QCOMPARE(seen.tls, handshake.tls);
    QCOMPARE(seen.url, handshake.url);
    QCOMPARE(seen.requestBytes, handshake.requestBytes);
    QCOMPARE(seen.responseBytes, handshake.responseBytes);
    QCOMPARE(seen.accepted, handshake.accepted);
    QCOMPARE(seen.acceptOk, handshake.acceptOk);
    QCOMPARE(seen.subprotocol, handshake.subprotocol);
    QCOMPARE(seen.extensions, handshake.extensions);
    QVERIFY(seen.violations == handshake.violations);
    QCOMPARE(seen.requestMonoNs, handshake.requestMonoNs);

    const wire::Ending end = reader->ending(3);
    QCOMPARE(end.code, ending.code);
    QCOMPARE(end.reason, ending.reason);
    QCOMPARE(end.sentCode, ending.sentCode);
    QCOMPARE(end.receivedCode, ending.receivedCode);
    QCOMPARE(end.closeSent, ending.closeSent);
    QCOMPARE(end.closeReceived, ending.closeReceived);
    QCOMPARE(end.clean, ending.clean);
    QVERIFY(end.startedBy == ending.startedBy);
    QVERIFY(end.transport == ending.transport);
    QCOMPARE(end.bytesReceived, ending.bytesReceived);
    QCOMPARE(end.detail, ending.detail);

    QCOMPARE(reader->connections().size(), size_t(1));
    const capture::ConnectionSummary *summary = reader->connection(5);
    QVERIFY(summary);
    QCOMPARE(summary->handshake.url, handshake.url);
    QCOMPARE(summary->opened.monoNs, after(10).monoNs);
    QVERIFY(summary->ending);
    QCOMPARE(summary->ending->detail, ending.detail);
    QCOMPARE(summary->ended.wallNs, after(40).wallNs);
    QCOMPARE(summary->framesFromClient, quint64(2));
    QCOMPARE(summary->framesFromServer, quint64(0));
    QCOMPARE(summary->bytesFromClient, quint64(7 + 8));
    QCOMPARE(summary->lastRttNs, std::optional<qint64>(812'000));
    QCOMPARE(summary->lastFrame.monoNs, after(30).monoNs);
    QCOMPARE(reader->handshakeRow(5), std::optional<quint64>(0));
    QCOMPARE(reader->endRow(5), std::optional<quint64>(3));
    QVERIFY(!reader->connection(6));
}

void TestCaptureWriter::eventsAreNotNumbered()
{
    SmallCapture capture;
    for (wire::ConnectionId connection = 1; connection <= 3; ++connection) {
        capture.writer().handshakeSeen(connection, someHandshake(), kStart);
        capture.frame(connection, Seen(Role::Server, Opcode::Ping));
        capture.frame(connection, Seen(Role::Server, Opcode::Ping));
        capture.writer().ended(connection, {}, kStart);
    }
    capture.finish();
    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(12));
    QCOMPARE(reader->frameCount(), quint64(6));
    const std::vector<quint64> numbers {0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0};
    for (quint64 row = 0; row < 12; ++row) {
        QCOMPARE(reader->record(row).no, numbers[row]);
        if (numbers[row])
            QCOMPARE(reader->rowOfFrame(numbers[row]), std::optional<quint64>(row));
    }
    QVERIFY(!reader->rowOfFrame(0));
    QVERIFY(!reader->rowOfFrame(7));
}

void TestCaptureWriter::longPausesAndClockJumpsAreKept()
{
    SmallCapture capture;
    std::vector<base::Timestamp> times {kStart, after(3 * base::kNsPerSecond), after(86'400 * base::kNsPerSecond)};
    times.push_back({0, times.back().monoNs}); // somebody set the clock
    times.push_back({std::numeric_limits<qint64>::max(), times.back().monoNs + 1});
    times.push_back({-base::kNsPerSecond, times.back().monoNs - 100}); // another thread was faster
    for (const base::Timestamp time : times)
        capture.frame(1, Seen(Role::Server, Opcode::Text, "x"), time);
    capture.finish();
    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(times.size()));
    for (size_t i = 0; i < times.size(); ++i) {
        QCOMPARE(reader->record(i).time.wallNs, times[i].wallNs);
        QCOMPARE(reader->record(i).time.monoNs, times[i].monoNs);
    }
}

void TestCaptureWriter::sharedPayloadIsStoredOnce()
{
    constexpr int kConnections = 1000;
    const QByteArray wireBytes(50'000, 'w');
    SmallCapture capture;
    Seen seen(Role::Server, Opcode::Text, wireBytes.mid(4));
    for (int i = 1; i <= kConnections; ++i)
        capture.frame(static_cast<wire::ConnectionId>(i), seen, kStart, &wireBytes);
    capture.finish();
    QVERIFY2(contentsOf(capture.path()).size() < 50'000 + kConnections * (64 + 24) + 1000,
        qPrintable(QString::number(contentsOf(capture.path()).size())));
    const auto reader = capture.read();
    QCOMPARE(reader->frameCount(), quint64(kConnections));
    for (quint64 row = 0; row < kConnections; row += 99) {
        QCOMPARE(reader->record(row, true).payload, seen.payload);
        QVERIFY(reader->verify(row));
    }
    QVERIFY(reader->verify(kConnections - 1));
}

void TestCaptureWriter::sharedAddressIsNotReusedInsideAChunk()
{
    SmallCapture capture;
    std::vector<QByteArray> payloads;
    for (int i = 0; i < 500; ++i) {
        // Freed at the end of each round: the allocator would give the same address again.
        QByteArray wireBytes = "\x81\x05" + QByteArray::number(10'000 + i);
        Seen seen(Role::Server, Opcode::Text, wireBytes.mid(2));
        capture.frame(1, seen, kStart, &wireBytes);
        capture.frame(2, seen, kStart, &wireBytes);
        payloads.push_back(seen.payload);
    }
    capture.finish();
    const auto reader = capture.read();
    for (size_t i = 0; i < payloads.size(); ++i) {
        QCOMPARE(reader->record(2 * i, true).payload, payloads[i]);
        QCOMPARE(reader->record(2 * i + 1, true).payload, payloads[i]);
    }
}

void TestCaptureWriter::memoryOfSomebodyElseIsNotShared()
{
    SmallCapture capture;
    std::array<char, 5> memory {};
    for (char c = 'a'; c < 'f'; ++c) {
        memory.fill(c);
        const QByteArray raw = QByteArray::fromRawData(memory.data(), 5);
        Seen seen(Role::Server, Opcode::Text, QByteArray(5, c));
        capture.frame(1, seen, kStart, &raw);
    }
    capture.finish();
    const auto reader = capture.read();
    for (quint64 row = 0; row < 5; ++row)
        QCOMPARE(reader->record(row, true).payload, QByteArray(5, static_cast<char>('a' + row)));
}

void TestCaptureWriter::continuationKnowsItsMessage()
{
    SmallCapture capture;
    capture.frame(1, Seen(Role::Client, Opcode::Text, "a").fragment(false));
    capture.frame(1, Seen(Role::Server, Opcode::Binary, "b").fragment(false)); // the other sender's message is another one
    capture.frame(1, Seen(Role::Client, Opcode::Ping));
    capture.frame(1, Seen(Role::Client, Opcode::Continuation, "c").fragment(false));
    capture.frame(1, Seen(Role::Server, Opcode::Continuation, "d").fragment(true));
    capture.frame(1, Seen(Role::Client, Opcode::Continuation, "e").fragment(true));
    capture.frame(1, Seen(Role::Client, Opcode::Continuation, "orphan").fragment(true));
    capture.finish();
    const auto reader = capture.read();
    const std::vector<bool> text {true, false, false, true, false, true, false};
    for (size_t row = 0; row < text.size(); ++row)
        QCOMPARE(reader->record(row).textMessage, bool(text[row]));
}

void TestCaptureWriter::fullQueueDropsAndTheFileSaysHowMany()
{
    constexpr quint64 kFrames = 10'000;
    CaptureWriter::Options options;
    options.queueBytes = 64 * 1024;
    SmallCapture capture(options);
    for (quint64 i = 0; i < kFrames; ++i)
        capture.frame(1, Seen(Role::Server, Opcode::Text, QByteArray(100, 'x')));
    capture.writer().ended(1, {}, kStart);
    const quint64 dropped = capture.writer().status().framesDropped;
    QVERIFY(dropped > kFrames / 2);
    QVERIFY(capture.writer().status().bytesQueued <= 2 * options.queueBytes);
    QCOMPARE(capture.writer().status().recordsDropped, dropped + 1);
    capture.finish();
    QCOMPARE(capture.writer().status().framesRecorded, kFrames - dropped);

    const auto reader = capture.read();
    QCOMPARE(reader->frameCount(), kFrames - dropped);
    QCOMPARE(reader->droppedFrames(), dropped);
    QCOMPARE(reader->droppedRecords(), dropped + 1);
    QCOMPARE(reader->record(reader->size() - 1).no, kFrames - dropped);
}

void TestCaptureWriter::pausedRecordingCountsAsDropped()
{
    SmallCapture capture;
    capture.frame(1, Seen(Role::Server, Opcode::Ping));
    capture.writer().setRecording(false);
    QVERIFY(!capture.writer().status().recording);
    capture.frame(1, Seen(Role::Server, Opcode::Ping));
    capture.writer().setRecording(true);
    capture.frame(1, Seen(Role::Server, Opcode::Ping));
    QCOMPARE(capture.writer().status().framesDropped, quint64(1));
    capture.finish();
    QCOMPARE(capture.writer().status().framesRecorded, quint64(2));
    QCOMPARE(capture.read()->droppedFrames(), quint64(1));
}

void TestCaptureWriter::hugeFrameIsRecordedWhole()
{
    CaptureWriter::Options options;
    options.queueBytes = 16 * 1024 * 1024;
    SmallCapture capture(options);
    const QByteArray payload(9 * 1024 * 1024, 'h');
    capture.frame(1, Seen(Role::Client, Opcode::Text, "before"));
    capture.frame(1, Seen(Role::Client, Opcode::Binary, payload));
    capture.frame(1, Seen(Role::Client, Opcode::Text, "after"));
    capture.frame(1, Seen(Role::Client, Opcode::Binary, QByteArray(17 * 1024 * 1024, 'x'))); // more than the queue may ever hold
    capture.finish();
    const auto reader = capture.read();
    QCOMPARE(reader->frameCount(), quint64(3));
    QCOMPARE(reader->record(1, true).payload, payload);
    QVERIFY(reader->verify(1));
    QCOMPARE(reader->record(2, true).payload, QByteArray("after"));
    QCOMPARE(reader->droppedFrames(), quint64(1));
}

void TestCaptureWriter::limitOfTheFileStopsVisibly()
{
    CaptureWriter::Options options;
    options.maxFileBytes = 40'000;
    options.queueBytes = 64 * 1024; // chunks of 16 KiB
    SmallCapture capture(options);
    DiskThread disk(capture.writer());
    quint64 seen = 0;
    const QDeadlineTimer deadline(20'000);
    while (capture.writer().status().problem.isEmpty() && !deadline.hasExpired()) {
        capture.frame(1, Seen(Role::Server, Opcode::Text, QByteArray(100, 'x')));
        ++seen;
    }
    disk.stop();
    const capture::RecorderStatus status = capture.writer().status();
    QVERIFY2(status.problem.contains(QStringLiteral("small.fscap")) && status.problem.contains(QStringLiteral("limit")), qPrintable(status.problem));
    QVERIFY(!status.recording);
    QVERIFY(status.framesRecorded > 0);
    QCOMPARE(status.framesRecorded + status.framesDropped, seen);
    QVERIFY(contentsOf(capture.path()).size() <= 40'000);
    const auto reader = capture.read();
    QCOMPARE(reader->frameCount(), status.framesRecorded);
    QCOMPARE(reader->droppedFrames(), status.framesDropped);
    QCOMPARE(reader->damagedBytes(), quint64(0));
}

void TestCaptureWriter::fullDiskStopsVisiblyAndGoesOnByItself()
{
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    CaptureWriter::Options options;
    options.queueBytes = 256 * 1024;
    options.flushIntervalMs = 5;
    SmallCapture capture(options);
    DiskThread disk(capture.writer());
    rlimit small = before;
    small.rlim_cur = 300'000;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);

    quint64 seen = 0;
    const auto feedUntil = [&](auto &&condition) {
        const QDeadlineTimer deadline(20'000);
        for (; !condition(capture.writer().status()) && !deadline.hasExpired(); ++seen)
            capture.frame(1, Seen(Role::Server, Opcode::Text, QByteArray::number(seen)), after(qint64(seen) * 1000));
    };
    feedUntil([](const capture::RecorderStatus &status) { return !status.problem.isEmpty(); });
    feedUntil([](const capture::RecorderStatus &status) { return status.framesDropped > 0; });
    const capture::RecorderStatus stopped = capture.writer().status();
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY2(stopped.problem.contains(capture.path()), qPrintable(stopped.problem));
    QVERIFY2(stopped.problem.contains(QStringLiteral("errno %1").arg(EFBIG)), qPrintable(stopped.problem));
    QVERIFY(!stopped.recording);
    QVERIFY(stopped.bytesWritten <= 300'000);
    QVERIFY(stopped.framesDropped > 0);

    feedUntil([](const capture::RecorderStatus &status) { return status.problem.isEmpty(); });
    QVERIFY(capture.writer().status().recording);
    disk.stop();
    const capture::RecorderStatus status = capture.writer().status();
    QCOMPARE(status.framesRecorded + status.framesDropped, seen);
    QVERIFY(status.framesRecorded > stopped.framesRecorded);
    const auto reader = capture.read();
    QCOMPARE(reader->damagedBytes(), quint64(0)); // what was written by half is gone
    QCOMPARE(reader->frameCount(), status.framesRecorded);
    QCOMPARE(reader->droppedFrames(), status.framesDropped);
    for (quint64 row = 0; row < reader->size(); ++row)
        QVERIFY(reader->verify(row));
}

void TestCaptureWriter::unwritablePathIsAnError()
{
    CaptureWriter::Options options;
    options.path = QStringLiteral("/nowhere/at all.fscap");
    const auto writer = CaptureWriter::create(options);
    QVERIFY(!writer);
    QVERIFY2(writer.error().what.contains(options.path), qPrintable(writer.error().what));

    options.path = QStringLiteral("/dev/full");
    if (QFile::exists(options.path)) {
        const auto full = CaptureWriter::create(options);
        QVERIFY(!full);
        QVERIFY(full.error().code == base::ErrorCode::Io);
    }
}

void TestCaptureWriter::oldFileStaysWithItsReader()
{
    SmallCapture capture;
    capture.frame(1, Seen(Role::Server, Opcode::Text, "old"));
    capture.finish();
    const auto reader = capture.read();
    CaptureWriter::Options options;
    options.path = capture.path();
    const auto writer = CaptureWriter::create(options);
    QVERIFY(writer);
    QCOMPARE(reader->refresh(), quint64(0));
    QCOMPARE(reader->record(0, true).payload, QByteArray("old"));
    QCOMPARE(capture.read()->size(), quint64(0));
}

void TestCaptureWriter::flushesWithoutAnotherFrame()
{
    CaptureWriter::Options options;
    options.flushIntervalMs = 1;
    SmallCapture capture(options);
    DiskThread disk(capture.writer());
    const auto reader = capture.read();
    capture.frame(1, Seen(Role::Server, Opcode::Text, "alone"));
    QTRY_COMPARE(reader->refresh() + reader->size() > 0, true);
    QCOMPARE(reader->record(0, true).payload, QByteArray("alone"));
}

void TestCaptureWriter::readerFollowsALiveWriter()
{
    constexpr quint64 kFrames = 200'000;
    CaptureWriter::Options options;
    options.flushIntervalMs = 1;
    SmallCapture capture(options);
    const auto reader = capture.read();
    QCOMPARE(reader->size(), quint64(0));
    DiskThread disk(capture.writer());
    std::thread net([&capture] {
        for (quint64 i = 1; i <= kFrames; ++i) {
            Seen seen(Role::Server, Opcode::Text, QByteArray::number(i));
            capture.frame(static_cast<wire::ConnectionId>(i % 7 + 1), seen, after(qint64(i) * 1000));
        }
    });
    quint64 row = 0;
    quint64 wrong = 0;
    int growths = 0;
    const QDeadlineTimer deadline(40'000);
    while (row < kFrames && !deadline.hasExpired()) {
        growths += reader->refresh() > 0 ? 1 : 0;
        for (; row < reader->size(); ++row) {
            const Record record = reader->record(row, true);
            wrong += record.damaged || record.no != row + 1 || record.payload != QByteArray::number(row + 1) ? 1 : 0;
        }
    }
    net.join();
    QCOMPARE(capture.writer().status().framesDropped, quint64(0));
    QCOMPARE(row, kFrames);
    QCOMPARE(wrong, quint64(0));
    QVERIFY(growths > 1);
    QCOMPARE(reader->connections().size(), size_t(7));
    quint64 summed = 0;
    for (const capture::ConnectionSummary &summary : reader->connections())
        summed += summary.framesFromServer;
    QCOMPARE(summed, kFrames);
}

QTEST_APPLESS_MAIN(TestCaptureWriter)
#include "tst_capture_writer.moc"
