// SPDX-License-Identifier: GPL-3.0-or-later
// What recording costs the net thread, how fast a capture opens, and how fast it is filtered. Prints "name value unit"; fails where a budget
// does not hold. The file is made in the temporary folder and removed.
#include "capture/capture_writer.h"
#include "capture/filter_scan.h"

#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
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

/// CPU of the whole process, so that the disk thread counts too.
double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

struct Recorded {
    double wallNs = 0;
    double cpuNs = 0;
    quint64 dropped = 0;
};

/// Fan-out: each payload goes to all connections (shared), or every frame has its own.
Recorded record(const QString &path, quint64 frames, bool shared, qsizetype payloadBytes)
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
    const double cpuBefore = cpuSeconds();
    const double seconds = secondsOf([&] {
        for (quint64 i = 0; i < frames; ++i) {
            if (i % kConnections == 0) {
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
    });
    (*writer)->stop();
    disk.join();
    result.wallNs = seconds * 1e9 / double(frames);
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

    const Recorded own = record(path, 1'000'000, false, 150);
    printWithin("record_own_150_bytes", own.wallNs, "ns/frame", 1000);
    print("record_own_150_bytes_cpu_all_threads", own.cpuNs, "ns/frame");
    print("record_own_150_bytes_dropped", double(own.dropped), "frames");

    const Recorded shared = record(path, kFrames, true, 150);
    printWithin("record_shared_150_bytes", shared.wallNs, "ns/frame", 500);
    printWithin("record_shared_150_bytes_cpu_all_threads", shared.cpuNs, "ns/frame", 1000);
    print("record_shared_150_bytes_dropped", double(shared.dropped), "frames");
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
    filterFor(*reader, "filter_three_header_fields", "opcode == text and len > 1k and from == server", 0.2);
    filterFor(*reader, "filter_time_of_day", "time > 00:00:01 and no > 5", 0);
    filterFor(*reader, "filter_connection_field", "http.path == \"/x\" or conn == 77", 0);
    filterFor(*reader, "filter_payload", "payload contains \"zzzzy\"", 0);
    return failed ? 1 : 0;
}
