// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include "base/log.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <algorithm>

namespace feedscope::engine {

Engine::Engine(EngineOptions options, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_server(m_net.reactor(), m_serverObserver, [this] { return ++m_lastId; })
{
}

Engine::~Engine()
{
    m_connections.clear();
    if (m_removeCapture && m_recorder)
        QFile::remove(m_recorder->path()); // the open file lives on until it is closed
}

base::Result<void> Engine::startCapture()
{
    capture::CaptureWriter::Options options;
    options.path = m_options.capturePath;
    if (options.path.isEmpty()) {
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
        if (!QDir().mkpath(folder)) {
            return base::failure(base::ErrorCode::Io,
                QStringLiteral("Nothing is recorded: the folder %1 could not be made. Start with --capture FILE to record elsewhere.").arg(folder));
        }
        options.path = QStringLiteral("%1/live-%2-%3.fscap")
                           .arg(folder, QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss")))
                           .arg(QCoreApplication::applicationPid());
        m_removeCapture = true;
    }
    auto recorder = Recorder::start(options);
    if (!recorder)
        return tl::unexpected(recorder.error());
    m_recorder = std::move(*recorder);
    auto reader = capture::CaptureReader::open(options.path);
    if (!reader)
        return tl::unexpected(reader.error());
    m_reader = std::move(*reader);
    return {};
}

std::vector<base::Error> Engine::start()
{
    std::vector<base::Error> problems;
    if (const auto capture = startCapture(); !capture)
        problems.push_back(capture.error());
    if (m_recorder) {
        m_serverObserver.add(m_recorder->observer());
        m_clientObserver.add(m_recorder->observer());
    }
    m_clientObserver.add(m_clientMeter);

    if (m_options.serve) {
        auto port = m_server.start(m_options.server);
        if (!port && port.error().code == base::ErrorCode::AddressInUse && m_options.nextFreePort) {
            m_portInUse = m_options.server.port;
            ServeOptions elsewhere = m_options.server;
            elsewhere.port = port.error().detail.toUShort();
            qCInfo(base::logEngine).noquote() << port.error().what;
            port = m_server.start(elsewhere);
        }
        if (!port)
            problems.push_back(port.error());
    }
    return problems;
}

bool Engine::isServing() const
{
    return m_server.isListening();
}

QByteArray Engine::serverUrl() const
{
    return m_server.url();
}

ServerSnapshot Engine::serverSnapshot() const
{
    return m_server.snapshot();
}

base::Result<int> Engine::connectTo(QByteArrayView url)
{
    auto parsed = net::parseWsUrl(url);
    if (!parsed)
        return tl::unexpected(parsed.error());
    FeedConnection::Options options;
    options.key = ++m_lastKey;
    options.url = std::move(*parsed);
    m_connections.emplace_back(options.key,
        std::make_unique<FeedConnection>(m_net.reactor(), options, m_clientObserver, [this] { return ++m_lastId; }));
    emit connectionsChanged();
    return options.key;
}

FeedConnection *Engine::find(int key) const
{
    const auto found = std::find_if(m_connections.begin(), m_connections.end(), [key](const auto &entry) { return entry.first == key; });
    return found == m_connections.end() ? nullptr : found->second.get();
}

void Engine::setTopics(int key, std::vector<QByteArray> topics)
{
    if (auto *connection = find(key))
        connection->setTopics(std::move(topics));
}

void Engine::retryNow(int key)
{
    if (auto *connection = find(key))
        connection->retryNow();
}

void Engine::stopConnection(int key)
{
    if (auto *connection = find(key))
        connection->stop();
}

void Engine::removeConnection(int key)
{
    std::erase_if(m_connections, [key](const auto &entry) { return entry.first == key; });
    emit connectionsChanged();
}

std::vector<LinkStatus> Engine::connections() const
{
    std::vector<LinkStatus> all;
    all.reserve(m_connections.size());
    for (const auto &[key, connection] : m_connections)
        all.push_back(connection->status());
    return all;
}

feed::FeedBatch Engine::take(int key)
{
    auto *connection = find(key);
    return connection ? connection->take() : feed::FeedBatch{};
}

capture::RecorderStatus Engine::recorderStatus() const
{
    if (m_recorder)
        return m_recorder->status();
    capture::RecorderStatus none;
    none.recording = false;
    return none;
}

void Engine::setRecording(bool on)
{
    if (m_recorder)
        m_recorder->setRecording(on);
}

qint64 Engine::monoNowNs() const
{
    return base::SystemClock().now().monoNs;
}

} // namespace feedscope::engine
