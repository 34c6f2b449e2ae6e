// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recorder.h"

namespace feedscope::engine {

base::Result<std::unique_ptr<Recorder>> Recorder::start(const capture::CaptureWriter::Options &options)
{
    auto writer = capture::CaptureWriter::create(options);
    if (!writer)
        return tl::unexpected(writer.error());
    return std::unique_ptr<Recorder>(new Recorder(std::move(*writer)));
}

Recorder::Recorder(std::unique_ptr<capture::CaptureWriter> writer)
    : m_writer(std::move(writer))
    , m_disk([this] { m_writer->run(); })
{
}

Recorder::~Recorder()
{
    m_writer->stop();
    m_disk.join();
}

} // namespace feedscope::engine
