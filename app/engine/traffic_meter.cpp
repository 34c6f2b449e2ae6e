// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic_meter.h"

namespace feedscope::engine {

void ObserverTee::handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now)
{
    for (auto *observer : m_observers)
        observer->handshakeSeen(connection, handshake, now);
}

void ObserverTee::frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now)
{
    for (auto *observer : m_observers)
        observer->frameSeen(connection, seen, now);
}

void ObserverTee::ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now)
{
    for (auto *observer : m_observers)
        observer->ended(connection, ending, now);
}

TrafficMeter::Totals TrafficMeter::totals() const
{
    constexpr auto order = std::memory_order_relaxed;
    return {m_frames.load(order), m_dataFrames.load(order), m_bytes.load(order)};
}

void TrafficMeter::handshakeSeen(wire::ConnectionId, const wire::HandshakeSeen &handshake, base::Timestamp)
{
    const auto bytes = handshake.requestBytes.size() + handshake.responseBytes.size();
    m_bytes.fetch_add(static_cast<quint64>(bytes), std::memory_order_relaxed);
}

void TrafficMeter::frameSeen(wire::ConnectionId, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp)
{
    constexpr auto order = std::memory_order_relaxed;
    m_frames.fetch_add(1, order);
    if (!wire::isControl(seen.frame.header.opcode))
        m_dataFrames.fetch_add(1, order);
    m_bytes.fetch_add(seen.frame.header.size() + static_cast<quint64>(seen.frame.payload.size()), order);
}

void TrafficMeter::ended(wire::ConnectionId, const wire::Ending &, base::Timestamp) { }

} // namespace feedscope::engine
