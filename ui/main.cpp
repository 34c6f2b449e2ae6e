// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"
#include "ui/dashboard/dashboard_page.h"
#include "ui/inspector/inspector_page.h"
#include "ui/shell/frame_meter.h"
#include "ui/shell/main_window.h"
#include "ui/shell/theme.h"

#include <QCommandLineParser>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace {

using namespace feedscope;

constexpr int kBadUsage = 2;

struct Options {
    engine::EngineOptions engine;
    QStringList open;
    QStringList connect;
    QString page;
    QString screenshot;
    double afterSeconds = 5;
    std::optional<double> exitAfterSeconds;
    QString stats;
    QString theme;
    QSize size;
};

/// When the first candles were on screen: the first repaint after the chart had them. Wall time, so that who started the program can subtract.
class FirstCandle {
public:
    FirstCandle(const ui::MainWindow &window, const ui::FrameMeter &meter)
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this, &window, &meter] {
            if (!m_repaintsBefore && window.dashboard().hasCandles())
                m_repaintsBefore = meter.repaints();
            if (!m_repaintsBefore || meter.repaints() == *m_repaintsBefore)
                return;
            m_wallNs = base::SystemClock().now().wallNs;
            m_timer.stop();
        });
        m_timer.start(2);
    }
    std::optional<qint64> wallNs() const { return m_wallNs; }

private:
    QTimer m_timer;
    std::optional<quint64> m_repaintsBefore;
    std::optional<qint64> m_wallNs;
};

/// Ends the program on --help, --version and on bad usage.
Options readOptions(QCommandLineParser &parser, const QStringList &arguments)
{
    parser.setApplicationDescription(QCoreApplication::translate("main", "Live feeds on screen, and every byte of them underneath."));
    parser.addHelpOption();
    parser.addVersionOption();
    const auto add = [&parser](const char *name, const char *value, const QString &text) {
        QCommandLineOption option(QString::fromLatin1(name), text);
        if (value)
            option.setValueName(QString::fromLatin1(value));
        parser.addOption(option);
    };
    add("open", "file", QStringLiteral("Open this capture in the inspector; may be repeated."));
    add("connect", "url", QStringLiteral("Connect to this ws:// address; may be repeated."));
    add("serve", "port", QStringLiteral("Port of the embedded server; 0: any free one (default: 8765, or the next free one)."));
    add("no-server", nullptr, QStringLiteral("Do not start the embedded server."));
    add("capture", "file", QStringLiteral("Record into this file and keep it (default: a file that is removed at exit)."));
    add("page", "name", QStringLiteral("Page to show first: dashboard or inspector."));
    add("theme", "name", QStringLiteral("dark, light or system."));
    add("size", "WxH", QStringLiteral("Size of the window, such as 1920x1080."));
    add("screenshot", "file", QStringLiteral("Save a picture of the window (PNG)."));
    add("after", "seconds", QStringLiteral("When to take the picture (default: 5)."));
    add("exit-after", "seconds", QStringLiteral("End the program after this time."));
    add("stats", "file", QStringLiteral("Write what was drawn and recorded as one JSON object at exit."));
    parser.process(arguments);

    const auto fail = [](const QString &text) {
        std::fprintf(stderr, "feedscope: %s See feedscope --help.\n", qPrintable(text));
        std::exit(kBadUsage);
    };
    const auto number = [&](const char *name, double least, double most) {
        const QString text = parser.value(QLatin1String(name));
        bool ok = false;
        const double value = text.toDouble(&ok);
        if (!ok || value < least || value > most)
            fail(QStringLiteral("--%1 wants a number from %2 to %3, not '%4'.").arg(QLatin1String(name)).arg(least).arg(most).arg(text));
        return value;
    };
    Options options;
    options.open = parser.values(QStringLiteral("open"));
    options.connect = parser.values(QStringLiteral("connect"));
    options.page = parser.value(QStringLiteral("page"));
    options.theme = parser.value(QStringLiteral("theme"));
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    options.stats = parser.value(QStringLiteral("stats"));
    options.engine.capturePath = parser.value(QStringLiteral("capture"));
    options.engine.serve = !parser.isSet(QStringLiteral("no-server"));
    if (parser.isSet(QStringLiteral("serve")))
        options.engine.server.port = static_cast<quint16>(number("serve", 0, 65535));
    if (parser.isSet(QStringLiteral("after")))
        options.afterSeconds = number("after", 0, 1e6);
    if (parser.isSet(QStringLiteral("exit-after")))
        options.exitAfterSeconds = number("exit-after", 0, 1e6);
    if (!QStringList{QString(), QStringLiteral("dashboard"), QStringLiteral("inspector")}.contains(options.page))
        fail(QStringLiteral("--page wants dashboard or inspector, not '%1'.").arg(options.page));
    if (!QStringList{QString(), QStringLiteral("dark"), QStringLiteral("light"), QStringLiteral("system")}.contains(options.theme))
        fail(QStringLiteral("--theme wants dark, light or system, not '%1'.").arg(options.theme));
    if (const QString size = parser.value(QStringLiteral("size")); !size.isEmpty()) {
        const QStringList parts = size.split(QLatin1Char('x'));
        options.size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
        if (options.size.width() < 960 || options.size.height() < 600 || options.size.width() > 8192 || options.size.height() > 8192)
            fail(QStringLiteral("--size wants WIDTHxHEIGHT from 960x600 to 8192x8192, not '%1'.").arg(size));
    }
    if (!parser.positionalArguments().isEmpty())
        fail(QStringLiteral("'%1' is not understood.").arg(parser.positionalArguments().constFirst()));
    return options;
}

bool writeStats(const QString &path, const ui::MainWindow &window, const engine::Engine &engine, const ui::FrameMeter &meter,
    const FirstCandle &firstCandle)
{
    const capture::RecorderStatus recorder = engine.recorderStatus();
    QJsonObject stats{
        {QStringLiteral("ticks"), static_cast<double>(window.ticks())},
        {QStringLiteral("frames_recorded"), static_cast<double>(recorder.framesRecorded)},
        {QStringLiteral("frames_dropped"), static_cast<double>(recorder.framesDropped)},
        {QStringLiteral("repaints"), static_cast<double>(meter.repaints())},
        {QStringLiteral("repaint_ms_p50"), meter.repaintMs(0.5)},
        {QStringLiteral("repaint_ms_p99"), meter.repaintMs(0.99)},
        {QStringLiteral("longest_stall_ms"), meter.longestStallMs()},
    };
    if (firstCandle.wallNs())
        stats.insert(QStringLiteral("first_candle_time"), static_cast<double>(*firstCandle.wallNs()) / 1e9);
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(stats).toJson(QJsonDocument::Compact) + '\n') > 0;
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication::setOrganizationName(QStringLiteral("Feedscope"));
    QCoreApplication::setApplicationName(QStringLiteral("feedscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FEEDSCOPE_VERSION));
    ui::Application application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Feedscope"));
    QCommandLineParser parser;
    const Options options = readOptions(parser, QCoreApplication::arguments());

    ui::prepareTheme();
    engine::Engine engine(options.engine);
    const std::vector<base::Error> problems = engine.start();
    ui::MainWindow window(engine, application.meter());
    if (!options.theme.isEmpty())
        window.setTheme(ui::themeFromName(options.theme));
    if (options.size.isValid())
        window.resize(options.size);
    window.showProblems(problems);
    window.connectToOwnServer();
    for (const QString &url : options.connect)
        window.connectTo(url);
    for (const QString &path : options.open)
        window.openCapture(path);
    if (!options.page.isEmpty())
        window.showPage(options.page == QLatin1String("inspector") ? ui::Page::Inspector : ui::Page::Dashboard);
    window.show();
    QTimer::singleShot(0, &application, [&application] { application.meter().reset(); }); // what start-up cost is not a stall

    const FirstCandle firstCandle(window, application.meter());
    std::atomic<bool> saved{true};
    const auto milliseconds = [](double seconds) { return std::chrono::milliseconds(static_cast<qint64>(seconds * 1000)); };
    if (!options.screenshot.isEmpty()) {
        QTimer::singleShot(milliseconds(options.afterSeconds), &window, [&] {
            // Compressing takes longer than a frame may: not on this thread.
            QThreadPool::globalInstance()->start([&saved, picture = window.grab().toImage(), path = options.screenshot] {
                if (picture.save(path))
                    return;
                saved = false;
                std::fprintf(stderr, "feedscope: the picture could not be written to %s.\n", qPrintable(path));
            });
        });
    }
    if (options.exitAfterSeconds)
        QTimer::singleShot(milliseconds(*options.exitAfterSeconds), &window, &QWidget::close);

    const int exitCode = QApplication::exec();
    QThreadPool::globalInstance()->waitForDone();
    if (!options.stats.isEmpty() && !writeStats(options.stats, window, engine, application.meter(), firstCandle)) {
        std::fprintf(stderr, "feedscope: the numbers could not be written to %s.\n", qPrintable(options.stats));
        saved = false;
    }
    return saved ? exitCode : kBadUsage;
}
