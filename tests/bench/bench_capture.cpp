// SPDX-License-Identifier: GPL-3.0-or-later
// What recording costs the net thread, how fast a capture opens, and how fast it is filtered. Prints "name value unit"; fails where a budget
// does not hold. The file is made in the temporary folder and removed.
#include "capture/capture_writer.h"
#include "capture/filter_scan.h"

#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

using namespace feedscope;
using capture::CaptureReader;
using capture::CaptureWriter;

namespace {

constexpr quint64 kFrames = 5'000'000;
constexpr quint64 kConnections = 10'000;
const base::SystemClock kClock;

bool failed = false;

void print(const char *name, double value, const char *unit)
{
    std::printf("%s %.4g %s\n", name, value, unit);
    std::fflush(stdout);
}
void printWithin(const char *name, double value, const char *unit, double most)
{
    print(name, value, unit);
    if (value > most) {
        std::printf("%s: over its budget of %.4g %s\n", name, most, unit);
        failed = true;
    }
}

template <class Work> double secondsOf(const Work &work)
{
    const qint64 start = kClock.now().monoNs;
    work();
    return double(kClock.now().monoNs - start) / 1e9;
}

/// CPU of this thread alone: what the call costs whoever makes it.
double ownCpuSeconds()
{
    timespec now {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}
/// CPU of the whole process, so that the disk thread counts too.
double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

struct Recorded {
    double callNs = 0;
    double cpuNs = 0;
    quint64 dropped = 0;
};

/// Fan-out: each payload goes to all connections (shared), or every frame has its own. `perSecond` 0: as fast as it goes.
Recorded record(const QString &path, quint64 frames, bool shared, qsizetype payloadBytes, double perSecond = 0)
{
    auto writer = CaptureWriter::create({path, 50, 64 * 1024 * 1024, 0});
    if (!writer) {
        std::fprintf(stderr, "%s\n", qPrintable(writer.error().what));
        std::exit(2);
    }
    std::thread disk([&writer] { (*writer)->run(); });
    wire::ConnectionEvents::FrameSeen seen {wire::Role::Server, {}, 1, {}, nullptr};
    seen.frame.header.length = static_cast<quint64>(payloadBytes);
    seen.frame.header.extendedLengthBytes = 2;
    QByteArray wireBytes;
    base::Timestamp now = kClock.now();
    Recorded result;
    const qint64 begin = now.monoNs;
    const double cpuBefore = cpuSeconds();
    wire::HandshakeSeen handshake;
    handshake.requestBytes = "GET /feed HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    handshake.responseBytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    for (quint64 i = 1; i <= kConnections; ++i)
        (*writer)->handshakeSeen(static_cast<wire::ConnectionId>(i), handshake, now);
    const double ownBefore = ownCpuSeconds();
    {
        for (quint64 i = 0; i < frames; ++i) {
            if (i % kConnections == 0) {
                const qint64 due = perSecond > 0 ? begin + static_cast<qint64>(double(i) / perSecond * 1e9) : 0;
                while (kClock.now().monoNs < due)
                    std::this_thread::sleep_for(std::chrono::microseconds(200));
                wireBytes = QByteArray(payloadBytes + 4, static_cast<char>('a' + i / kConnections % 26));
                seen.frame.payload = QByteArrayView(wireBytes).sliced(4);
                seen.shared = shared ? &wireBytes : nullptr;
            }
            seen.frame.header.opcode = i % 1000 == 999 ? wire::Opcode::Ping : wire::Opcode::Text;
            seen.frame.wireOffset = i;
            now.monoNs += 1000;
            now.wallNs += 1000;
            (*writer)->frameSeen(static_cast<wire::ConnectionId>(i % kConnections + 1), seen, now);
        }
    }
    const double ownSeconds = ownCpuSeconds() - ownBefore;
    (*writer)->stop();
    disk.join();
    result.callNs = ownSeconds * 1e9 / double(frames);
    result.cpuNs = (cpuSeconds() - cpuBefore) * 1e9 / double(frames);
    result.dropped = (*writer)->status().framesDropped;
    return result;
}

void filterFor(const CaptureReader &reader, const char *name, const char *text, double mostPerTenMillion)
{
    double best = 1e9;
    quint64 matches = 0;
    for (int round = 0; round < 3; ++round) {
        capture::FilterScan scan(*capture::Filter::compile(QString::fromLatin1(text)), reader);
        best = std::min(best, secondsOf([&scan] { while (scan.step(base::kNsPerSecond)) { } }));
        matches = scan.matchCount();
    }
    print((QByteArray(name) + "_matches").constData(), double(matches), "records");
    const double perTenMillion = best * 1e7 / double(reader.size());
    if (mostPerTenMillion > 0)
        printWithin(name, perTenMillion, "s/10M", mostPerTenMillion);
    else
        print(name, perTenMillion, "s/10M");
}

} // namespace

int main()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("bench.fscap"));

    // What the call costs the net thread, while the queue has room.
    const Recorded ownCall = record(path, 200'000, false, 150);
    printWithin("record_own_150_bytes", ownCall.callNs, "ns/frame", 1000);
    const Recorded sharedCall = record(path, 800'000, true, 150);
    printWithin("record_shared_150_bytes", sharedCall.callNs, "ns/frame", 500);

    // A million frames per second, all of them in the file, both threads counted.
    const Recorded own = record(path, 1'000'000, false, 150, 1e6);
    print("record_own_at_1M_per_s_cpu", own.cpuNs, "ns/frame");
    print("record_own_at_1M_per_s_dropped", double(own.dropped), "frames");
    const Recorded shared = record(path, kFrames, true, 150, 1e6);
    printWithin("record_shared_at_1M_per_s_cpu", shared.cpuNs, "ns/frame", 1000);
    printWithin("record_shared_at_1M_per_s_dropped", double(shared.dropped), "frames", 0);
    const double frames = double(kFrames - shared.dropped);
    print("file_bytes", double(QFileInfo(path).size()) / frames, "bytes/frame");

    std::unique_ptr<CaptureReader> reader;
    const double seconds = secondsOf([&] { reader = std::move(*CaptureReader::open(path)); });
    printWithin("open", seconds * 1e7 / frames, "s/10M", 1);
    print("open_connections", double(reader->connections().size()), "connections");
    printWithin("refresh_without_news", secondsOf([&] {
        for (int i = 0; i < 1000; ++i)
            reader->refresh();
    }) * 1e6, "ns", 20'000);
    quint64 damaged = 0;
    print("record_by_row", secondsOf([&] {
        for (quint64 row = 0; row < reader->size(); row += 7)
            damaged += reader->record(row).damaged ? 1 : 0;
    }) * 1e9 / double(reader->size() / 7), "ns");
    if (damaged)
        failed = true;

    filterFor(*reader, "filter_one_header_field", "opcode == ping", 0.2);
    filterFor(*reader, "filter_three_header_fields", "opcode == text and len > 1k and from == server", 0);
    filterFor(*reader, "filter_time_of_day", "time > 00:00:01 and no > 5", 0);
    filterFor(*reader, "filter_connection_field", "http.path == \"/x\" or conn == 77", 0);
    filterFor(*reader, "filter_payload", "payload contains \"zzzzy\"", 0);
    return failed ? 1 : 0;
}
