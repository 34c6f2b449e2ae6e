// SPDX-License-Identifier: GPL-3.0-or-later
// What the inspector costs the GUI thread while a capture grows: one display tick on a small capture and on one of a million records, a filter, a
// repaint. Prints "name value unit"; fails where a budget does not hold. The file is made in the temporary folder and removed.
#include "capture/capture_writer.h"
#include "ui/inspector/frame_detail.h"
#include "ui/inspector/frame_table.h"
#include "ui/inspector/inspector_page.h"
#include "ui/inspector/timeline_strip.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QScrollBar>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr quint64 kSmall = 10'000;
constexpr quint64 kLarge = 1'000'000;
constexpr quint64 kPerTick = 1'667; // 100 000 frames a second at 60 Hz
constexpr int kTicks = 60;

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

/// CPU of this thread alone, in milliseconds: other people's load is not ours.
double ownCpuMs()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}
template <class Work> double msOf(const Work &work)
{
    const double begin = ownCpuMs();
    work();
    return ownCpuMs() - begin;
}
double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A capture that grows: market events on four connections with a ping and a pong now and then.
class Growing {
public:
    explicit Growing(const QString &path)
    {
        auto writer = capture::CaptureWriter::create({path, 1, 256 * 1024 * 1024, 0});
        if (!writer) {
            std::fprintf(stderr, "%s\n", qPrintable(writer.error().what));
            std::exit(2);
        }
        m_writer = std::move(*writer);
        m_disk = std::thread([this] { m_writer->run(); });
        wire::HandshakeSeen handshake;
        handshake.accepted = true;
        handshake.requestBytes = "GET /feed HTTP/1.1\r\nHost: 127.0.0.1:8765\r\n\r\n";
        handshake.responseBytes = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
        for (wire::ConnectionId id = 1; id <= 4; ++id)
            m_writer->handshakeSeen(id, handshake, m_now);
        m_made = 4;
    }
    ~Growing()
    {
        m_writer->stop();
        m_disk.join();
    }
    void grow(quint64 frames, capture::CaptureReader *reader)
    {
        for (quint64 i = 0; i < frames; ++i, ++m_made) {
            if (m_writer->status().bytesQueued > 128 * 1024 * 1024)
                std::this_thread::yield();
            const auto id = static_cast<wire::ConnectionId>(m_made % 4 + 1);
            wire::ConnectionEvents::FrameSeen seen{wire::Role::Server, {}, m_made, {}, nullptr};
            QByteArray payload = R"({"type":"event","topic":"market.AAPL","offset":)" + QByteArray::number(m_made)
                + R"(,"data":{"symbol":"AAPL","price":189.12}})";
            if (m_made % 500 < 8) {
                const bool isPing = m_made % 500 < 4;
                seen.frame.header.opcode = isPing ? wire::Opcode::Ping : wire::Opcode::Pong;
                seen.from = isPing ? wire::Role::Server : wire::Role::Client;
                payload = QByteArray::number(m_made / 500);
                if (!isPing)
                    seen.rttNs = 800'000 + static_cast<qint64>(m_made % 77) * 1'000;
            }
            seen.frame.header.length = static_cast<quint64>(payload.size());
            seen.frame.payload = payload;
            m_now.monoNs += 10'000;
            m_now.wallNs += 10'000;
            m_writer->frameSeen(id, seen, m_now);
        }
        if (!reader)
            return;
        while (reader->refresh(), reader->size() < m_made)
            std::this_thread::yield();
    }
    quint64 made() const { return m_made; }

private:
    std::unique_ptr<capture::CaptureWriter> m_writer;
    std::thread m_disk;
    base::Timestamp m_now{1'700'000'000 * base::kNsPerSecond, 1'000 * base::kNsPerSecond};
    quint64 m_made = 0;
};

struct Costs {
    double tick = 0; ///< median of displayTick() with kPerTick new records
    double repaint = 0; ///< median of what the tick asks to be painted
};

Costs ticksOn(quint64 records, bool filtered)
{
    QTemporaryDir folder;
    Growing growing(folder.filePath(QStringLiteral("bench.fscap")));
    growing.grow(records, nullptr);
    auto reader = capture::CaptureReader::open(folder.filePath(QStringLiteral("bench.fscap")));
    if (!reader)
        std::exit(2);
    growing.grow(0, reader->get());

    InspectorPage page;
    page.resize(1280, 800);
    page.show();
    page.setReader(reader->get());
    qint64 now = 0;
    const auto settle = [&] {
        double spent = 0;
        do {
            now += 16 * base::kNsPerMs;
            spent += msOf([&] { page.displayTick(now); });
        } while (!page.model()->rows().isComplete());
        return spent;
    };
    const double opened = settle();
    if (records == kLarge && !filtered) {
        print("inspector_open_1M_timeline_and_heartbeats", opened, "ms");
        std::vector<double> jumps;
        for (int i = 0; i < 20; ++i) {
            page.table()->setFollowing(false);
            page.table()->verticalScrollBar()->setValue(static_cast<int>(records) / 20 * i);
            jumps.push_back(msOf([&] { page.table()->grab(); }));
        }
        print("inspector_jump_and_repaint_list", medianOf(jumps), "ms");
        page.setFilter(QStringLiteral("opcode == ping"));
        print("inspector_filter_header_1M", settle(), "ms");
        page.setFilter(QStringLiteral("payload contains \"189.1\""));
        print("inspector_filter_payload_1M", settle(), "ms");
        page.setFilter({});
        settle();
        print("inspector_select_and_show_bits", msOf([&] { page.showRow(records / 2); page.detail()->grab(); }), "ms");
        page.table()->clearCurrent();
        page.setFollowing(true);
    }
    if (filtered)
        page.setFilter(QStringLiteral("opcode == text"));
    settle();

    std::vector<double> ticks;
    std::vector<double> repaints;
    for (int i = 0; i < kTicks; ++i) {
        growing.grow(kPerTick, reader->get());
        now += 16 * base::kNsPerMs;
        ticks.push_back(msOf([&] { page.displayTick(now); }));
        repaints.push_back(msOf([&] { QCoreApplication::processEvents(); }));
    }
    return {medianOf(ticks), medianOf(repaints)};
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(darkPalette());
    QApplication::setFont(wordFont(11));

    ticksOn(kSmall, false); // fonts and glyphs are loaded once
    const Costs small = ticksOn(kSmall, false);
    const Costs large = ticksOn(kLarge, false);
    const Costs filtered = ticksOn(kLarge, true);
    print("inspector_tick_10k", small.tick, "ms");
    printWithin("inspector_tick_1M", large.tick, "ms", 1.0);
    printWithin("inspector_tick_1M_filtered", filtered.tick, "ms", 1.5);
    print("inspector_repaint_1M", large.repaint, "ms");
    printWithin("inspector_tick_ratio_1M_to_10k", large.tick / small.tick, "x", 2.0);
    return failed ? 1 : 0;
}
