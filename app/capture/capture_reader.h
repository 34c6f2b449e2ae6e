// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "capture/record.h"

#include <memory>
#include <vector>

namespace feedscope::capture {

/// A capture file read in place through memory mapping, also while a CaptureWriter of this or another process appends to it. Resident memory does not
/// depend on its size. Any one thread at a time.
class CaptureReader {
public:
    static base::Result<std::unique_ptr<CaptureReader>> open(const QString &path);
    ~CaptureReader();

    /// Looks for chunks written since; returns how many records are new. Cheap where there are none.
    quint64 refresh();
    quint64 size() const; ///< records of all kinds
    quint64 frameCount() const;
    /// Bytes after the last whole chunk that could not be read (a torn tail, or damage), and what is wrong with them; 0 if none.
    quint64 damagedBytes() const;

    /// Row < size(). Without payload it touches the index only.
    Record record(quint64 row, bool withPayload = false) const;
    wire::HandshakeSeen handshake(quint64 row) const; ///< of a Handshake record
    wire::Ending ending(quint64 row) const; ///< of an End record

    /// In the order they opened; kept up to date by refresh().
    const std::vector<ConnectionSummary> &connections() const;
    const ConnectionSummary *connection(wire::ConnectionId id) const;
    /// Row of the handshake or end record of a connection, if seen.
    std::optional<quint64> handshakeRow(wire::ConnectionId id) const;

private:
    struct Private;
    explicit CaptureReader(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

} // namespace feedscope::capture
