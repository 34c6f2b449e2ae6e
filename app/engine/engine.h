// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "engine/feed_connection.h"
#include "engine/reactor_thread.h"
#include "engine/recorder.h"
#include "engine/server_host.h"
#include "engine/traffic_meter.h"

#include <QObject>

#include <atomic>

namespace feedscope::engine {

struct EngineOptions {
    bool serve = true;
    bool nextFreePort = true; ///< where the port is in use: take the next free one and say so
    ServeOptions server;
    QString capturePath; ///< empty: a file in the cache folder that is removed at exit
};

/// Composition without widgets: owns the net thread, the disk thread, the server, the connections and the capture. GUI thread; nothing here blocks
/// on a socket or a file that may be slow. Two signals say that a list is worth reading again; values are polled on the display tick.
class Engine : public QObject {
    Q_OBJECT
public:
    explicit Engine(EngineOptions options, QObject *parent = nullptr);
    ~Engine() override;

    /// Starts the capture and the server. Empty: all is well; otherwise what is wrong, each for a banner. Call once.
    std::vector<base::Error> start();

    bool isServing() const;
    QByteArray serverUrl() const; ///< ws://…/
    ServerSnapshot serverSnapshot() const;
    /// Where the wanted port was in use: that port, and the one taken instead is in serverSnapshot().
    std::optional<quint16> portInUse() const { return m_portInUse; }

    /// Returns the connection's key.
    base::Result<int> connectTo(QByteArrayView url);
    void setTopics(int key, std::vector<QByteArray> topics);
    void retryNow(int key);
    void stopConnection(int key); ///< closes; it stays in the list
    void removeConnection(int key);
    std::vector<LinkStatus> connections() const;
    feed::FeedBatch take(int key);

    /// The capture being written, read in place; nullptr where it could not be created.
    capture::CaptureReader *reader() { return m_reader.get(); }
    QString capturePath() const { return m_recorder ? m_recorder->path() : QString(); }
    capture::RecorderStatus recorderStatus() const;
    void setRecording(bool on);
    /// Client-role traffic of this process: what the connections above bring and send.
    TrafficMeter::Totals clientTraffic() const { return m_clientMeter.totals(); }

    qint64 monoNowNs() const;

signals:
    void connectionsChanged();
    void failed(const feedscope::base::Error &error);

private:
    base::Result<void> startCapture();
    FeedConnection *find(int key) const;

    EngineOptions m_options;
    std::atomic<wire::ConnectionId> m_lastId{0};
    int m_lastKey = 0;
    std::optional<quint16> m_portInUse;
    TrafficMeter m_clientMeter;
    ObserverTee m_serverObserver;
    ObserverTee m_clientObserver;
    bool m_removeCapture = false;
    std::unique_ptr<Recorder> m_recorder; // outlives everything that reports to it
    std::unique_ptr<capture::CaptureReader> m_reader;
    ReactorThread m_net; // outlives what lives on its reactor
    ServerHost m_server;
    std::vector<std::pair<int, std::unique_ptr<FeedConnection>>> m_connections;
};

} // namespace feedscope::engine
