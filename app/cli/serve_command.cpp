// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include "capture/record_printer.h"
#include "cli/arguments.h"
#include "cli/signals.h"
#include "engine/reactor_thread.h"
#include "engine/recorder.h"
#include "engine/server_host.h"
#include "engine/traffic_meter.h"

#include <QCoreApplication>

#include <atomic>

namespace feedscope::cli {

namespace {

constexpr qint64 kDrainNs = 9 * base::kNsPerSecond; // the contract: gone within 10 s
const QString kCommand = QStringLiteral("serve");

base::Result<engine::ServeOptions> readOptions(const Arguments &arguments)
{
    engine::ServeOptions options;
    options.host = arguments.bytes("host");
    options.feeds.clear();
    for (const QByteArray &name : arguments.bytes("feed").split(','))
        options.feeds.push_back(name.trimmed());
    for (const QString &origin : arguments.values("allow-origin"))
        options.allowedOrigins.push_back(origin.toUtf8());
    for (const QString &host : arguments.values("allow-host"))
        options.allowedHosts.push_back(host.toUtf8());

    const auto take = [&](const char *name, double least, double most, auto &&use) -> base::Result<void> {
        const auto number = arguments.number(name, least, most);
        if (!number)
            return tl::unexpected(number.error());
        use(*number);
        return {};
    };
    const auto seconds = [](double value) { return static_cast<qint64>(value * static_cast<double>(base::kNsPerSecond)); };
    base::Result<void> result;
    for (auto &&taken : {
             take("port", 0, 65535, [&](double n) { options.port = static_cast<quint16>(n); }),
             take("seed", 0, 9e15, [&](double n) { options.seed = static_cast<quint64>(n); }),
             take("rate", 0.1, 1e6, [&](double n) { options.eventsPerSecond = n; }),
             take("symbols", 1, 2000, [&](double n) { options.symbols = static_cast<int>(n); }),
             take("max-message", 1, 1e9, [&](double n) { options.limits.messageBytes = static_cast<quint64>(n); }),
             take("ping-interval", 0, 86400, [&](double n) { options.limits.pingIntervalNs = seconds(n); }),
             take("ping-timeout", 0.1, 86400, [&](double n) { options.limits.pongTimeoutNs = seconds(n); }),
         }) {
        if (!taken && result)
            result = taken;
    }
    if (!result)
        return tl::unexpected(result.error());
    return options;
}

} // namespace

int runServe(const QStringList &commandLine)
{
    Arguments arguments(kCommand, QStringLiteral("Serves the built-in feeds over WebSocket until SIGTERM or SIGINT, then drains."),
        {
            {"host", "address", "Address to listen on.", "127.0.0.1"},
            {"port", "number", "Port to listen on; 0: any free one.", "8765"},
            {"feed", "names", "Feeds to publish, separated by commas: market, system.", "market,system"},
            {"seed", "number", "Seed of the synthetic market; the same seed gives the same market.", "1"},
            {"rate", "hz", "Market events per second over all symbols.", "230"},
            {"symbols", "number", "Symbols of the synthetic market, 1 to 2000.", "50"},
            {"allow-origin", "origin", "A web origin that may connect, such as https://app.example; may be repeated."},
            {"allow-host", "host", "A Host header to answer beside this computer's own names; may be repeated."},
            {"max-message", "bytes", "Largest message taken from a client.", "1048576"},
            {"ping-interval", "seconds", "Time between pings to each client; 0: none.", "20"},
            {"ping-timeout", "seconds", "Time to wait for a pong.", "10"},
            {"capture", "file", "Record every frame into this file (.fscap)."},
            {"frames", nullptr, "Print one JSON record per frame to standard output, after the first line."},
        });
    if (const auto exitCode = arguments.parse(commandLine))
        return *exitCode;
    if (arguments.positionals().size() > 1) {
        complain(kCommand, QStringLiteral("'%1' is not understood: serve takes options only.").arg(arguments.positionals().at(1)));
        return BadUsage;
    }
    const auto options = readOptions(arguments);
    if (!options) {
        complain(kCommand, options.error().what);
        return BadUsage;
    }

    std::unique_ptr<engine::Recorder> recorder;
    engine::ObserverTee observer;
    if (arguments.has("capture")) {
        capture::CaptureWriter::Options capture;
        capture.path = arguments.value("capture");
        auto started = engine::Recorder::start(capture);
        if (!started) {
            complain(kCommand, started.error().what);
            return BadUsage;
        }
        recorder = std::move(*started);
        observer.add(recorder->observer());
    }
    capture::RecordPrinter printer(printLine);
    if (arguments.has("frames"))
        observer.add(printer);

    std::atomic<wire::ConnectionId> lastId{0};
    engine::ReactorThread net;
    engine::ServerHost host(net.reactor(), observer, [&lastId] { return ++lastId; });
    const TerminationSignals signalsOfTheSystem;
    const auto port = host.start(*options);
    if (!port) {
        complain(kCommand, port.error().what);
        return port.error().code == base::ErrorCode::BadInput ? BadUsage : RemoteFailed;
    }
    printLine("{\"event\":\"listening\",\"url\":\"" + host.url() + "\",\"port\":" + QByteArray::number(*port)
        + ",\"tls\":false,\"pid\":" + QByteArray::number(QCoreApplication::applicationPid()) + '}');

    QObject::connect(&signalsOfTheSystem, &TerminationSignals::asked, qApp, [&host] {
        host.drain(wire::GoingAway, "server is going away", kDrainNs,
            [] { QMetaObject::invokeMethod(qApp, [] { QCoreApplication::exit(Done); }, Qt::QueuedConnection); });
    });
    return QCoreApplication::exec();
}

} // namespace feedscope::cli
