// SPDX-License-Identifier: GPL-3.0-or-later

// The whole application under load: the window repaints a live market while its own server feeds 1 000 subscribers of another process. Prints
// `name value unit` lines; exits 3 where a floor of the window is missed.

#include "engine/engine.h"
#include "net/client.h"
#include "ui/shell/frame_meter.h"
#include "ui/shell/main_window.h"
#include "ui/shell/theme.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <atomic>
#include <cstdio>
#include <memory>

#include <sys/resource.h>

using namespace feedscope;

namespace {

constexpr int kSubscribers = 1000;
constexpr double kEventsPerSecond = 10;
constexpr int kMeasureSeconds = 15;

// Floors of the issue.
constexpr double kLeastFramesPerSecond = 30;
constexpr double kLongestStallMs = 50;

/// Does not look at what it sees.
class NoObserver final : public wire::WireObserver {
public:
    void handshakeSeen(wire::ConnectionId, const wire::HandshakeSeen &, base::Timestamp) override { }
    void frameSeen(wire::ConnectionId, const wire::ConnectionEvents::FrameSeen &, base::Timestamp) override { }
    void ended(wire::ConnectionId, const wire::Ending &, base::Timestamp) override { }
};

/// One of the many: subscribes, and counts events.
class Subscriber final : public net::ClientEvents {
public:
    Subscriber(net::Reactor &reactor, const net::ClientOptions &options, wire::ConnectionId id, QByteArray request, NoObserver &observer,
        std::atomic<quint64> &events, std::atomic<int> &open)
        : m_client(reactor, options, id, *this, observer)
        , m_request(std::move(request))
        , m_events(events)
        , m_open(open)
    {
        m_client.start();
    }
    void opened(wire::ConnectionId, const QByteArray &) override
    {
        ++m_open;
        m_client.send(wire::Opcode::Text, m_request);
    }
    void messageReceived(const wire::MessageView &message, base::Timestamp) override
    {
        if (message.payload.startsWith("{\"type\":\"event\""))
            m_events.fetch_add(1, std::memory_order_relaxed);
    }
    void pongReceived(qint64) override { }
    void closed(const wire::Ending &) override { --m_open; }
    void failed(const base::Error &error) override { std::fprintf(stderr, "subscriber: %s\n", qPrintable(error.what)); }

private:
    net::Client m_client;
    QByteArray m_request;
    std::atomic<quint64> &m_events;
    std::atomic<int> &m_open;
};

/// The other process: prints "open events" whenever it is sent a line.
int runSubscribers(const QByteArray &url, const QByteArray &topics)
{
    const auto parsed = net::parseWsUrl(url);
    if (!parsed)
        return 2;
    net::ClientOptions options;
    options.url = *parsed;
    const QByteArray request = "{\"type\":\"subscribe\",\"id\":1,\"topics\":[" + topics + "]}";
    NoObserver observer;
    std::atomic<quint64> events{0};
    std::atomic<int> open{0};
    engine::ReactorThread net;
    std::vector<std::unique_ptr<Subscriber>> subscribers;
    net.reactor().runSync([&] {
        for (int i = 0; i < kSubscribers; ++i)
            subscribers.push_back(std::make_unique<Subscriber>(
                net.reactor(), options, static_cast<wire::ConnectionId>(i + 1), request, observer, events, open));
    });
    char line[64];
    while (std::fgets(line, sizeof line, stdin)) {
        std::printf("%d %llu\n", open.load(), static_cast<unsigned long long>(events.load()));
        std::fflush(stdout);
    }
    net.reactor().runSync([&] { subscribers.clear(); });
    return 0;
}

struct Count {
    int open = 0;
    quint64 events = 0;
};

Count askFor(QProcess &process)
{
    process.write("?\n");
    while (!process.canReadLine()) {
        if (!process.waitForReadyRead(10'000))
            return {};
    }
    const QList<QByteArray> parts = process.readLine().trimmed().split(' ');
    return parts.size() == 2 ? Count{parts[0].toInt(), parts[1].toULongLong()} : Count{};
}

/// The busiest symbols that together bring at least the wanted rate.
QByteArray topicsOfRate(const engine::ServerSnapshot &snapshot, double perSecond, double &reached)
{
    std::vector<feed::TopicStatus> topics = snapshot.topics;
    std::erase_if(topics, [](const feed::TopicStatus &topic) { return !topic.topic.startsWith("market."); });
    std::sort(topics.begin(), topics.end(), [](const auto &a, const auto &b) { return a.eventsPerSecond > b.eventsPerSecond; });
    QByteArray list;
    for (const feed::TopicStatus &topic : topics) {
        if (reached >= perSecond)
            break;
        reached += topic.eventsPerSecond;
        list += (list.isEmpty() ? "\"" : ",\"") + topic.topic + '"';
    }
    return list;
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void print(const char *name, double value, const char *unit)
{
    std::printf("%-34s %12.3f %s\n", name, value, unit);
}

void spin(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 4 && qstrcmp(argv[1], "--subscribers") == 0)
        return runSubscribers(argv[2], argv[3]);

    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("Feedscope-bench"));
    QCoreApplication::setApplicationName(QStringLiteral("bench_window"));
    ui::Application application(argc, argv);
    QSettings().clear();
    ui::prepareTheme();

    engine::EngineOptions options;
    options.server.port = 0;
    engine::Engine engine(options);
    for (const base::Error &problem : engine.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(problem.what));
        return 1;
    }
    ui::MainWindow window(engine, application.meter());
    window.resize(1280, 800);
    window.connectToOwnServer();
    window.show();
    spin(4000); // the rates of the topics are known by then

    double wantedRate = 0;
    const QByteArray topics = topicsOfRate(engine.serverSnapshot(), kEventsPerSecond, wantedRate);
    QProcess subscribers;
    subscribers.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    subscribers.start(QCoreApplication::applicationFilePath(),
        {QStringLiteral("--subscribers"), QString::fromUtf8(engine.serverUrl() + "feed"), QString::fromUtf8(topics)});
    Count before;
    for (int i = 0; i < 60 && before.open < kSubscribers; ++i) {
        spin(500);
        before = askFor(subscribers);
    }
    if (before.open != kSubscribers) {
        std::fprintf(stderr, "only %d of %d subscribers are open\n", before.open, kSubscribers);
        return 1;
    }
    spin(1000);

    int worst = 0;
    for (const ui::Page page : {ui::Page::Dashboard, ui::Page::Inspector}) {
        window.showPage(page);
        spin(500);
        const QByteArray prefix = page == ui::Page::Dashboard ? "dashboard_" : "inspector_";
        const Count start = askFor(subscribers);
        application.meter().reset();
        const double cpu = cpuSeconds();
        QElapsedTimer timer;
        timer.start();
        spin(kMeasureSeconds * 1000);
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        const double used = cpuSeconds() - cpu;
        const double fps = static_cast<double>(application.meter().repaints()) / seconds;
        const double stall = application.meter().longestStallMs();
        const Count end = askFor(subscribers);
        const auto delivered = static_cast<double>(end.events - start.events);
        print((prefix + "subscribers").constData(), end.open, "connections");
        print((prefix + "events_per_subscriber").constData(), delivered / seconds / kSubscribers, "1/s");
        print((prefix + "repaints_per_second").constData(), fps, "1/s");
        print((prefix + "repaint_p50").constData(), application.meter().repaintMs(0.5), "ms");
        print((prefix + "repaint_p99").constData(), application.meter().repaintMs(0.99), "ms");
        print((prefix + "busy_p99").constData(), application.meter().stallMs(0.99), "ms");
        print((prefix + "longest_stall").constData(), stall, "ms");
        print((prefix + "process_cpu").constData(), used / seconds * 100, "%");
        print((prefix + "frames_dropped").constData(), static_cast<double>(engine.recorderStatus().framesDropped), "frames");
        if (fps < kLeastFramesPerSecond || stall > kLongestStallMs || end.open != kSubscribers || delivered / seconds / kSubscribers < 0.8 * kEventsPerSecond
            || engine.recorderStatus().framesDropped > 0)
            worst = 3;
    }
    subscribers.closeWriteChannel();
    subscribers.waitForFinished(10'000);
    return worst;
}
