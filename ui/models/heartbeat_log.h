// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace feedscope::ui {

/// Pings and the pongs that answered them, of one connection; and when its close frames were seen.
struct Heartbeats {
    struct Rtt {
        qint64 monoNs = 0; ///< of the pong
        qint64 ns = 0;
        quint64 pingRow = 0;
        quint64 pongRow = 0;
        wire::Role pinger = wire::Role::Client;
    };
    struct Open {
        QByteArray payload;
        qint64 monoNs = 0;
        quint64 row = 0;
        wire::Role pinger = wire::Role::Client;
    };
    static constexpr size_t kMostRtts = 1024; ///< the newest are kept
    static constexpr size_t kMostOpen = 256;

    std::vector<Rtt> rtts; ///< oldest first
    std::vector<Open> open; ///< pings without a pong so far, oldest first
    quint64 pings = 0;
    quint64 answered = 0;
    quint64 skipped = 0; ///< older than an answered one: RFC 6455 5.5.3 allows to answer only the newest
    quint64 unsolicited = 0; ///< pongs that nobody asked for
    std::optional<qint64> firstCloseNs; ///< monotonic
    std::optional<qint64> secondCloseNs; ///< of the other sender's close frame
    wire::Role firstCloser = wire::Role::Client;
};

struct RttSummary {
    qsizetype count = 0;
    qint64 p50 = 0;
    qint64 p95 = 0;
    qint64 max = 0;
    qint64 last = 0;
};
RttSummary summarise(const std::vector<Heartbeats::Rtt> &rtts);

/// Reads a capture once, in slices, and pairs pings with pongs by payload per connection and sender. GUI thread.
class HeartbeatLog {
public:
    void setReader(const capture::CaptureReader *reader);
    /// Returns whether anything was found that changes a connection's heartbeats.
    bool step(qint64 budgetNs);
    bool isComplete() const;
    const Heartbeats *of(wire::ConnectionId connection) const;
    /// The other half of a ping or pong, among those still remembered.
    const Heartbeats::Rtt *pairOf(wire::ConnectionId connection, quint64 row) const;

private:
    void take(const capture::Record &record);

    const capture::CaptureReader *m_reader = nullptr;
    quint64 m_scanned = 0;
    std::unordered_map<wire::ConnectionId, Heartbeats> m_connections;
};

} // namespace feedscope::ui
