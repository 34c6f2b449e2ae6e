// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/observer.h"

#include <atomic>
#include <vector>

namespace feedscope::engine {

/// Hands everything seen to several observers, in their order. Set up before the first connection, then read only.
class ObserverTee final : public wire::WireObserver {
public:
    /// `observer` outlives the tee.
    void add(wire::WireObserver &observer) { m_observers.push_back(&observer); }

    void handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now) override;
    void frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now) override;
    void ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now) override;

private:
    std::vector<wire::WireObserver *> m_observers;
};

/// Counts what goes over the wire. Written on the net thread, read on any.
class TrafficMeter final : public wire::WireObserver {
public:
    struct Totals {
        quint64 frames = 0;
        quint64 dataFrames = 0; ///< text, binary and continuation
        quint64 bytes = 0; ///< on the wire, headers included
    };
    Totals totals() const;

    void handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now) override;
    void frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now) override;
    void ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now) override;

private:
    std::atomic<quint64> m_frames{0};
    std::atomic<quint64> m_dataFrames{0};
    std::atomic<quint64> m_bytes{0};
};

} // namespace feedscope::engine
