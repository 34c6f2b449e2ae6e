// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "capture/record.h"

#include <QString>

#include <memory>

namespace feedscope::capture {

struct RecorderStatus {
    quint64 framesRecorded = 0; ///< handed to the disk thread's file, all of them readable
    quint64 framesDropped = 0; ///< seen but not recorded, for any reason
    quint64 recordsDropped = 0; ///< of all kinds, frames included
    quint64 bytesWritten = 0;
    quint64 bytesQueued = 0;
    bool recording = true;
    QString problem; ///< "disk full: recording stopped at 412 MB; it resumes when 16 MB are free"; empty: none
};

/// Everything that goes over the wire into one capture file. observer() is called on the net thread(s) and never blocks: records are packed
/// into chunks in memory (payloads that many connections share are stored once), a bounded queue takes them to the disk thread, and what does
/// not fit is counted. A written chunk is checksummed and survives `kill -9`; at most `flushIntervalMs` of records are in memory.
///
/// The thread that writes is the caller's: run() is the disk thread's loop, stop() ends it after everything queued is written.
class CaptureWriter final : public wire::WireObserver {
public:
    struct Options {
        QString path;
        int flushIntervalMs = 50;
        quint64 queueBytes = 64 * 1024 * 1024;
        quint64 maxFileBytes = 0; ///< 0: until the disk is full; past it recording stops visibly
    };
    /// Creates the file (truncating an old one).
    static base::Result<std::unique_ptr<CaptureWriter>> create(const Options &options);
    ~CaptureWriter() override;

    // Net thread(s):
    void handshakeSeen(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp now) override;
    void frameSeen(wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp now) override;
    void ended(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp now) override;

    // Any thread:
    RecorderStatus status() const;
    void setRecording(bool on); ///< off: frames are counted as dropped, visibly
    QString path() const;

    // Disk thread:
    void run();
    void stop(); ///< any thread; run() returns when all is written

private:
    struct Private;
    explicit CaptureWriter(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

} // namespace feedscope::capture
