// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include "base/bytes.h"
#include "capture/record_printer.h"
#include "cli/arguments.h"
#include "cli/signals.h"
#include "dissect/json.h"
#include "engine/reactor_thread.h"
#include "engine/recorder.h"
#include "engine/traffic_meter.h"
#include "feed/feed_reader.h"
#include "net/client.h"

#include <QCoreApplication>
#include <QTimer>

#include <functional>

namespace feedscope::cli {

namespace {

const QString kCommand = QStringLiteral("connect");

struct ConnectOptions {
    net::ClientOptions client;
    std::vector<QByteArray> topics;
    std::vector<std::pair<wire::Opcode, QByteArray>> messages; ///< sent after the handshake, in order
    std::optional<quint64> count; ///< data messages to take, then close
    std::optional<double> forSeconds;
    bool frames = false;
    bool json = false;
};

base::Result<ConnectOptions> readOptions(const Arguments &arguments)
{
    using base::ErrorCode;
    ConnectOptions options;
    if (arguments.positionals().size() != 2)
        return base::failure(ErrorCode::BadInput, QStringLiteral("Exactly one URL is wanted, such as ws://127.0.0.1:8765/feed."));
    auto url = net::parseWsUrl(arguments.positionals().at(1).toUtf8());
    if (!url)
        return tl::unexpected(url.error());
    options.client.url = std::move(*url);
    options.client.origin = arguments.bytes("origin");
    options.client.limits.answerPings = !arguments.has("no-pong");
    for (const QString &name : arguments.values("subprotocol"))
        options.client.subprotocols.push_back(name.toUtf8());
    for (const QString &header : arguments.values("header")) {
        const qsizetype colon = header.indexOf(QLatin1Char(':'));
        if (colon <= 0 || header.contains(QLatin1Char('\n')) || header.contains(QLatin1Char('\r')))
            return base::failure(ErrorCode::BadInput, QStringLiteral("--header wants 'Name: value', not '%1'.").arg(header));
        options.client.headers.emplace_back(header.first(colon).trimmed().toUtf8(), header.sliced(colon + 1).trimmed().toUtf8());
    }
    for (const QString &topic : arguments.values("subscribe"))
        options.topics.push_back(topic.toUtf8());
    for (const QString &text : arguments.values("send"))
        options.messages.emplace_back(wire::Opcode::Text, text.toUtf8());
    for (const QString &hex : arguments.values("send-binary")) {
        const auto bytes = base::fromHex(hex.toLatin1());
        if (!bytes)
            return base::failure(ErrorCode::BadInput, QStringLiteral("--send-binary wants hexadecimal bytes, not '%1'.").arg(hex));
        options.messages.emplace_back(wire::Opcode::Binary, *bytes);
    }
    if (arguments.has("count")) {
        const auto count = arguments.number("count", 1, 1e15);
        if (!count)
            return tl::unexpected(count.error());
        options.count = static_cast<quint64>(*count);
    }
    if (arguments.has("for")) {
        const auto seconds = arguments.number("for", 0.001, 1e9);
        if (!seconds)
            return tl::unexpected(seconds.error());
        options.forSeconds = *seconds;
    }
    options.frames = arguments.has("frames");
    options.json = arguments.has("json");
    return options;
}

/// What was asked to be counted: with subscriptions the events of the feed protocol, otherwise every message.
bool isCounted(const ConnectOptions &options, const wire::MessageView &message)
{
    if (options.topics.empty())
        return true;
    const dissect::JsonResult json = dissect::parseJson(message.payload);
    const dissect::JsonValue *type = json.value ? json.value->find("type") : nullptr;
    return type && type->text == "event";
}

QByteArray messageAsJson(const wire::MessageView &message, base::Timestamp now)
{
    const bool text = message.opcode == wire::Opcode::Text;
    QByteArray line = "{\"kind\":\"message\",\"time\":" + QByteArray::number(now.wallNs / base::kNsPerSecond) + '.'
        + QByteArray::number(now.wallNs % base::kNsPerSecond).rightJustified(9, '0') + ",\"opcode\":\""
        + wire::opcodeName(message.opcode) + "\",\"len\":" + QByteArray::number(message.payload.size());
    if (text)
        line += ",\"text\":" + dissect::quoteJson(message.payload);
    else
        line += ",\"payload_hex\":\"" + base::toHex(message.payload) + '"';
    return line + '}';
}

/// The command's own end of the connection. Its events come on the net thread; the program ends on the main thread.
class Session final : public net::ClientEvents {
public:
    explicit Session(const ConnectOptions &options)
        : m_options(options)
    {
    }
    net::Client *client = nullptr; // set before start()

    void opened(wire::ConnectionId, const QByteArray &) override
    {
        if (!m_options.topics.empty())
            client->send(wire::Opcode::Text, m_reader.subscribe(m_options.topics));
        for (const auto &[opcode, payload] : m_options.messages)
            client->send(opcode, payload);
        m_open = true;
        for (const QByteArray &line : std::exchange(m_waiting, {}))
            client->send(wire::Opcode::Text, line);
        if (m_closeWhenOpen)
            client->close(wire::NormalClosure, {});
    }
    void messageReceived(const wire::MessageView &message, base::Timestamp now) override
    {
        if (m_counted && *m_counted == m_options.count)
            return; // what comes before the peer's close frame is not asked for any more
        if (!m_options.frames)
            printLine(m_options.json ? messageAsJson(message, now) : printable(message));
        if (!isCounted(m_options, message))
            return;
        m_counted = m_counted.value_or(0) + 1;
        if (m_counted == m_options.count)
            client->close(wire::NormalClosure, {});
    }
    void pongReceived(qint64) override { }
    void closed(const wire::Ending &ending) override
    {
        const bool enough = !m_options.count || m_counted.value_or(0) >= *m_options.count;
        if (ending.clean && enough) {
            finish(Done);
            return;
        }
        QString why = QStringLiteral("connection ended: %1 %2").arg(ending.code).arg(wire::closeCodeName(ending.code));
        if (!ending.reason.isEmpty())
            why += QStringLiteral(" \"%1\"").arg(QString::fromUtf8(ending.reason));
        if (!ending.detail.isEmpty())
            why += QStringLiteral(" (%1)").arg(ending.detail);
        if (!enough)
            why += QStringLiteral("; %1 of %2 messages had come").arg(m_counted.value_or(0)).arg(*m_options.count);
        complain(kCommand, why);
        finish(ending.code == wire::NormalClosure && enough ? Done : RemoteFailed);
    }
    void failed(const base::Error &error) override
    {
        complain(kCommand, error.what);
        finish(RemoteFailed);
    }

    // Net thread, like the above:
    void sendLine(const QByteArray &line)
    {
        if (m_open)
            client->send(wire::Opcode::Text, line);
        else
            m_waiting.push_back(line);
    }
    void close()
    {
        if (m_open)
            client->close(wire::NormalClosure, {});
        else
            m_closeWhenOpen = true;
    }

private:
    static QByteArray printable(const wire::MessageView &message)
    {
        return message.opcode == wire::Opcode::Text ? message.payload.toByteArray() : base::toHex(message.payload);
    }
    static void finish(int exitCode)
    {
        QMetaObject::invokeMethod(qApp, [exitCode] { QCoreApplication::exit(exitCode); }, Qt::QueuedConnection);
    }

    const ConnectOptions &m_options;
    feed::FeedReader m_reader;
    std::optional<quint64> m_counted;
    std::vector<QByteArray> m_waiting;
    bool m_open = false;
    bool m_closeWhenOpen = false;
};

} // namespace

int runConnect(const QStringList &commandLine)
{
    Arguments arguments(kCommand, QStringLiteral("Connects to a WebSocket and prints each message; sends each line of standard input."),
        {
            {"subscribe", "topic", "Subscribe with the feed protocol; may be repeated. --count then counts events."},
            {"send", "text", "Send a text message after the handshake; may be repeated."},
            {"send-binary", "hex", "Send a binary message after the handshake; may be repeated."},
            {"header", "name: value", "Add a header field to the handshake; may be repeated."},
            {"subprotocol", "name", "Offer a subprotocol; may be repeated."},
            {"origin", "origin", "Send this Origin."},
            {"count", "number", "Close after this many messages."},
            {"for", "seconds", "Close after this time."},
            {"frames", nullptr, "Print one JSON record per frame, the handshake first, instead of messages."},
            {"json", nullptr, "Print each message as one JSON object with its time and opcode."},
            {"capture", "file", "Record every frame into this file (.fscap)."},
            {"no-pong", nullptr, "Do not answer pings."},
        },
        QStringLiteral("URL"));
    if (const auto exitCode = arguments.parse(commandLine))
        return *exitCode;
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
    if (options->frames)
        observer.add(printer);

    engine::ReactorThread net;
    Session session(*options);
    std::unique_ptr<net::Client> client;
    net.reactor().runSync([&] {
        client = std::make_unique<net::Client>(net.reactor(), options->client, 1, session, observer);
        session.client = client.get();
        client->start();
    });
    const auto onNet = [&net](auto work) { net.reactor().post(std::move(work)); };
    const TerminationSignals signalsOfTheSystem;
    QObject::connect(&signalsOfTheSystem, &TerminationSignals::asked, qApp, [&] { onNet([&session] { session.close(); }); });
    const InputLines input;
    QObject::connect(&input, &InputLines::line, qApp, [&](const QByteArray &line) { onNet([&session, line] { session.sendLine(line); }); });
    QObject::connect(&input, &InputLines::ended, qApp, [&](bool anythingRead) {
        // `echo hello | feedscope-cli connect …` ends with its input; the close frame follows what was sent, and the answers come before its echo.
        if (anythingRead && !options->count && !options->forSeconds)
            onNet([&session] { session.close(); });
    });
    QTimer deadline;
    deadline.setSingleShot(true);
    QObject::connect(&deadline, &QTimer::timeout, qApp, [&] { onNet([&session] { session.close(); }); });
    if (options->forSeconds)
        deadline.start(std::chrono::milliseconds(static_cast<qint64>(*options->forSeconds * 1000)));

    const int exitCode = QCoreApplication::exec();
    net.reactor().runSync([&client] { client.reset(); });
    return exitCode;
}

} // namespace feedscope::cli
