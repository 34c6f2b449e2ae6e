// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_writer.h"

#include <thread>

namespace feedscope::engine {

/// A capture being written: the writer and the disk thread under it. Owned by the engine or the command line; the destructor writes what is queued
/// and joins the thread.
class Recorder {
public:
    static base::Result<std::unique_ptr<Recorder>> start(const capture::CaptureWriter::Options &options);
    ~Recorder();

    wire::WireObserver &observer() { return *m_writer; }
    capture::RecorderStatus status() const { return m_writer->status(); }
    void setRecording(bool on) { m_writer->setRecording(on); }
    QString path() const { return m_writer->path(); }

private:
    explicit Recorder(std::unique_ptr<capture::CaptureWriter> writer);
    std::unique_ptr<capture::CaptureWriter> m_writer;
    std::thread m_disk; // last: it uses the writer
};

} // namespace feedscope::engine
