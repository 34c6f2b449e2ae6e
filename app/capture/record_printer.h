// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/message_kinds.h"

#include <functional>
#include <mutex>

namespace feedscope::capture {

/// Everything that goes over the wire as lines of JSON (contract, section 5), as it happens: handshake first, frames numbered from 1.
/// Keeps nothing. The sink is called on the net thread(s), one call at a time, with a line without its line break; it must not call back.
class RecordPrinter final : public wire::WireObserver {
public:
    using Sink = std::function<void(const QByteArray &line)>;
    explicit RecordPrinter(Sink sink)
        : m_sink(std::move(sink))
    {
    }

    void handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now) override;
    void frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now) override;
    void ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now) override;

private:
    std::mutex m_mutex; // numbers and lines in one order
    Sink m_sink;
    MessageKinds m_kinds;
    quint64 m_frames = 0;
};

} // namespace feedscope::capture
