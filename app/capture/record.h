// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/observer.h"

#include <QByteArray>

#include <optional>

namespace feedscope::capture {

enum class RecordKind : quint8 { Frame, Handshake, End };

/// One thing that was seen, as read back from a capture. Frames carry their number; handshakes and ends stand between them in time order.
struct Record {
    RecordKind kind = RecordKind::Frame;
    quint64 row = 0; ///< position in the capture, 0-based, over all kinds
    quint64 no = 0; ///< frames: 1-based number; 0 for the other kinds
    wire::ConnectionId connection = 0;
    base::Timestamp time; ///< monoNs relative to other records of the same capture only
    wire::Role from = wire::Role::Client;

    // Frames:
    wire::FrameHeader header;
    quint64 wireOffset = 0;
    wire::ViolationSet violations;
    quint64 message = 0;
    std::optional<qint64> rttNs;
    bool complete = true;
    quint32 storedLength = 0; ///< bytes of payload in the capture
    bool textMessage = false; ///< of a text message, continuations included

    /// Its bytes in the file have changed since they were written: the index record, or (where it was asked for) the payload.
    bool damaged = false;

    QByteArray payload; ///< only where it was asked for; may point into the mapped file: do not outlive the reader
};

/// A connection as far as the capture has seen it.
struct ConnectionSummary {
    wire::ConnectionId id = 0;
    wire::HandshakeSeen handshake; ///< its time is `opened`
    base::Timestamp opened;
    std::optional<wire::Ending> ending;
    base::Timestamp ended; ///< where `ending`
    quint64 framesFromClient = 0;
    quint64 framesFromServer = 0;
    quint64 bytesFromClient = 0; ///< on the wire, header included
    quint64 bytesFromServer = 0;
    std::optional<qint64> lastRttNs;
    base::Timestamp lastFrame;
};

} // namespace feedscope::capture
