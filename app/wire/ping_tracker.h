// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace feedscope::wire {

/// Pairs the pongs of one end with the pings of the other by payload and order: RFC 6455 5.5.3 lets a pong answer the
/// newest of several pings, so older ones count as answered with it. Knows no clock; used by Connection for its own
/// pings, by taps and importers for both ends.
class PingTracker {
public:
    static constexpr size_t kMostOutstanding = 64;

    /// Where it is full the oldest ping is forgotten, and counted; a later pong to it is unsolicited.
    void pingSeen(QByteArrayView payload, qint64 monoNs);
    /// The round-trip time. Empty: no ping is waiting for this pong.
    std::optional<qint64> pongSeen(QByteArrayView payload, qint64 monoNs);

    /// When the oldest unanswered ping was sent.
    std::optional<qint64> oldestNs() const;
    size_t outstanding() const { return m_pings.size(); }
    bool isFull() const { return m_pings.size() >= kMostOutstanding; }
    quint64 forgotten() const { return m_forgotten; }

private:
    struct Ping {
        QByteArray payload;
        qint64 sentNs;
    };
    std::vector<Ping> m_pings; // oldest first
    quint64 m_forgotten = 0;
};

} // namespace feedscope::wire
