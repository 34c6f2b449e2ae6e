// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "capture/index_record.h"

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
    /// Records of all kinds that the writer saw but had no room for, as far as the file knows; and how many of them were frames.
    quint64 droppedRecords() const;
    quint64 droppedFrames() const;
    /// When recording began.
    base::Timestamp started() const;
    QString path() const;

    /// Row < size(). Without payload it touches the index only.
    Record record(quint64 row, bool withPayload = false) const;
    /// The same without checksums (`damaged` says only what bounds tell): for scans, which look again at what they find.
    Record uncheckedRecord(quint64 row, bool withPayload = false) const;
    /// Index record and payload are as they were written.
    bool verify(quint64 row) const;
    /// The row of the frame with that number; empty where it was lost or is yet to come.
    std::optional<quint64> rowOfFrame(quint64 no) const;
    wire::HandshakeSeen handshake(quint64 row) const; ///< of a Handshake record
    wire::Ending ending(quint64 row) const; ///< of an End record

    /// In the order they opened; kept up to date by refresh().
    const std::vector<ConnectionSummary> &connections() const;
    const ConnectionSummary *connection(wire::ConnectionId id) const;
    /// Row of the handshake or end record of a connection, if seen.
    std::optional<quint64> handshakeRow(wire::ConnectionId id) const;
    std::optional<quint64> endRow(wire::ConnectionId id) const;
    /// Position in connections(), 0-based.
    std::optional<size_t> connectionIndex(wire::ConnectionId id) const;

    /// The raw index records from `row` to the end of its chunk; empty where there are none (past the end, or cut off behind our back).
    IndexRun indexRun(quint64 row) const;
    /// Calls fn(IndexRun) over all rows in [first, last), in order.
    template <class Fn> void forEachIndex(quint64 first, quint64 last, Fn &&fn) const
    {
        while (first < last) {
            IndexRun run = indexRun(first);
            if (run.records.empty())
                return;
            run.records = run.records.first(static_cast<size_t>(qMin<quint64>(run.records.size(), last - first)));
            first += run.records.size();
            fn(run);
        }
    }

private:
    struct Private;
    explicit CaptureReader(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

} // namespace feedscope::capture
