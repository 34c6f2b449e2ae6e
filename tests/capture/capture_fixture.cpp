// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_fixture.h"

#include <QFile>

namespace feedscope::tests {

Seen::Seen(wire::Role sender, wire::Opcode opcode, const QByteArray &bytes)
    : from(sender)
    , payload(bytes)
{
    header.opcode = opcode;
    header.length = static_cast<quint64>(bytes.size());
    header.extendedLengthBytes = bytes.size() > 65535 ? 8 : bytes.size() > 125 ? 2 : 0;
}

Seen &Seen::masked(wire::MaskingKey key)
{
    header.masked = true;
    header.maskingKey = key;
    return *this;
}

Seen &Seen::fragment(bool last)
{
    header.fin = last;
    return *this;
}

Seen &Seen::inMessage(quint64 number)
{
    message = number;
    return *this;
}

Seen &Seen::breaking(wire::Rule rule)
{
    auto set = wire::ViolationSet::fromBits(violations);
    set.insert(rule);
    violations = set.bits();
    return *this;
}

Seen &Seen::answeredIn(qint64 ns)
{
    rttNs = ns;
    return *this;
}

wire::ConnectionEvents::FrameSeen Seen::view(const QByteArray *shared) const
{
    wire::FrameView frame;
    frame.header = header;
    frame.payload = payload;
    frame.wireOffset = wireOffset;
    frame.violations = wire::ViolationSet::fromBits(violations);
    frame.complete = complete;
    return {from, frame, message, rttNs, shared};
}

wire::HandshakeSeen someHandshake()
{
    wire::HandshakeSeen handshake;
    handshake.localRole = wire::Role::Server;
    handshake.local = "127.0.0.1:8765";
    handshake.peer = "127.0.0.1:53112";
    handshake.tls = false;
    handshake.url = "ws://127.0.0.1:8765/feed?x=1";
    handshake.requestBytes = "GET /feed?x=1 HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nOrigin: https://app.example\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    handshake.responseBytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: feedscope.v1\r\n\r\n";
    handshake.accepted = true;
    handshake.acceptOk = true;
    handshake.subprotocol = "feedscope.v1";
    handshake.extensions = "permessage-deflate; client_max_window_bits";
    handshake.requestMonoNs = kStart.monoNs - 1500;
    return handshake;
}

wire::Ending someEnding()
{
    wire::Ending ending;
    ending.code = 1006;
    ending.reason = "bye";
    ending.sentCode = 1000;
    ending.receivedCode = 999;
    ending.closeSent = true;
    ending.closeReceived = true;
    ending.clean = false;
    ending.startedBy = wire::Role::Server;
    ending.transport = wire::TransportEnd::PeerReset;
    ending.bytesReceived = 0x8000'0000'0000'0001;
    ending.detail = QStringLiteral("connection reset by peer “quoted”");
    return ending;
}

SmallCapture::SmallCapture(capture::CaptureWriter::Options options)
    : m_options(std::move(options))
{
    m_options.path = m_folder.filePath(QStringLiteral("small.fscap"));
    auto writer = capture::CaptureWriter::create(m_options);
    if (!writer)
        qFatal("%s", qPrintable(writer.error().what));
    m_writer = std::move(*writer);
}

void SmallCapture::frame(wire::ConnectionId connection, const Seen &seen, base::Timestamp now, const QByteArray *shared)
{
    m_writer->frameSeen(connection, seen.view(shared), now);
}

void SmallCapture::finish()
{
    m_writer->stop();
    m_writer->run();
}

std::unique_ptr<capture::CaptureReader> SmallCapture::read() const
{
    auto reader = capture::CaptureReader::open(path());
    if (!reader)
        qFatal("%s", qPrintable(reader.error().what));
    return std::move(*reader);
}

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.errorString()));
    return file.readAll();
}

void overwrite(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        qFatal("%s", qPrintable(file.errorString()));
}

} // namespace feedscope::tests
