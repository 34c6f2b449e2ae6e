// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "capture/capture_writer.h"

#include <QTemporaryDir>

#include <thread>

namespace feedscope::tests {

constexpr base::Timestamp kStart {1'700'000'000 * base::kNsPerSecond, 1'000 * base::kNsPerSecond}; // 2023-11-14 22:13:20 UTC

constexpr base::Timestamp after(qint64 ns)
{
    return {kStart.wallNs + ns, kStart.monoNs + ns};
}

/// A frame to be seen, with its payload in one place. Lengths follow the payload unless they are set.
struct Seen {
    wire::Role from = wire::Role::Server;
    wire::FrameHeader header;
    QByteArray payload;
    quint64 wireOffset = 0;
    quint32 violations = 0;
    quint64 message = 0;
    std::optional<qint64> rttNs;
    bool complete = true;

    explicit Seen(wire::Role sender, wire::Opcode opcode, const QByteArray &bytes = {});
    Seen &masked(wire::MaskingKey key = {0x37, 0xfa, 0x21, 0x3d});
    Seen &fragment(bool last);
    Seen &inMessage(quint64 number);
    Seen &breaking(wire::Rule rule);
    Seen &answeredIn(qint64 ns);
    wire::ConnectionEvents::FrameSeen view(const QByteArray *shared = nullptr) const;
};

wire::HandshakeSeen someHandshake();
wire::Ending someEnding();

/// A writer without a thread: what is handed in is written by finish(), on the caller's thread.
class SmallCapture {
public:
    explicit SmallCapture(capture::CaptureWriter::Options options = {});
    capture::CaptureWriter &writer() { return *m_writer; }
    void frame(wire::ConnectionId connection, const Seen &seen, base::Timestamp now = kStart, const QByteArray *shared = nullptr);
    void finish();
    /// Fails the test (and stops the program) where it cannot be opened.
    std::unique_ptr<capture::CaptureReader> read() const;
    QString path() const { return m_options.path; }

private:
    QTemporaryDir m_folder;
    capture::CaptureWriter::Options m_options;
    std::unique_ptr<capture::CaptureWriter> m_writer;
};

/// A disk thread under a writer.
class DiskThread {
public:
    explicit DiskThread(capture::CaptureWriter &writer)
        : m_writer(writer)
        , m_thread([&writer] { writer.run(); })
    {
    }
    ~DiskThread() { stop(); }
    void stop()
    {
        m_writer.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    capture::CaptureWriter &m_writer;
    std::thread m_thread;
};

QByteArray contentsOf(const QString &path);
void overwrite(const QString &path, const QByteArray &bytes);

} // namespace feedscope::tests
