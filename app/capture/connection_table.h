// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/index_record.h"

#include <vector>

namespace feedscope::capture {

/// What one chunk adds to one connection: with it, summaries need not touch every record.
struct ConnectionDelta {
    wire::ConnectionId id = 0;
    quint32 firstIndex = 0; ///< its first record, counted in the chunk
    std::optional<quint32> handshakeIndex;
    std::optional<quint32> endIndex;
    quint64 framesFromClient = 0;
    quint64 framesFromServer = 0;
    quint64 bytesFromClient = 0;
    quint64 bytesFromServer = 0;
    std::optional<qint64> lastRttNs;
    qint32 lastMonoDelta = 0; ///< of its last frame, if it has any
    qint32 lastWallDrift = 0;

    bool operator==(const ConnectionDelta &) const = default;
};

/// Counts the records of a chunk, in the order of their connections' first appearance.
std::vector<ConnectionDelta> tallyConnections(std::span<const IndexRecord> records);

/// FORMAT.md, connection table: variable-length numbers, about 16 bytes for a connection that saw one frame.
QByteArray encodeConnections(const std::vector<ConnectionDelta> &deltas);
/// Empty optional: not a table of `count` connections.
std::optional<std::vector<ConnectionDelta>> decodeConnections(QByteArrayView bytes, quint32 count);

} // namespace feedscope::capture
