// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/raw_peer.h"

#include <QDeadlineTimer>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace feedscope::tests {

namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

QByteArray head(int first, qsizetype length, int maskBit)
{
    QByteArray bytes;
    bytes += static_cast<char>(first);
    if (length < 126) {
        bytes += static_cast<char>(maskBit | static_cast<int>(length));
    } else if (length < 65536) {
        bytes += static_cast<char>(maskBit | 126);
        bytes += static_cast<char>(length >> 8);
        bytes += static_cast<char>(length & 0xff);
    } else {
        bytes += static_cast<char>(maskBit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>((static_cast<quint64>(length) >> shift) & 0xff);
    }
    return bytes;
}

bool waitFor(int descriptor, short events, int patienceMs)
{
    pollfd entry{descriptor, events, 0};
    const QDeadlineTimer deadline(patienceMs);
    for (;;) {
        const int ready = ::poll(&entry, 1, static_cast<int>(deadline.remainingTime()));
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

} // namespace

int RawFrame::closeCode() const
{
    if (payload.size() < 2)
        return -1;
    return static_cast<quint8>(payload[0]) << 8 | static_cast<quint8>(payload[1]);
}

QByteArray masked(int first, const QByteArray &payload, quint32 key)
{
    QByteArray bytes = head(first, payload.size(), 0x80);
    const quint8 octets[] = {static_cast<quint8>(key >> 24), static_cast<quint8>(key >> 16),
        static_cast<quint8>(key >> 8), static_cast<quint8>(key)};
    for (const quint8 octet : octets)
        bytes += static_cast<char>(octet);
    for (qsizetype i = 0; i < payload.size(); ++i)
        bytes += static_cast<char>(static_cast<quint8>(payload[i]) ^ octets[i % 4]);
    return bytes;
}

QByteArray unmasked(int first, const QByteArray &payload)
{
    return head(first, payload.size(), 0) + payload;
}

QByteArray handshakeRequest(const QByteArray &target, const QByteArray &extraHeaders)
{
    return "GET " + target
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + extraHeaders + "\r\n";
}

RawPeer::RawPeer(quint16 port, int receiveBufferBytes)
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (m_descriptor < 0)
        return;
    if (receiveBufferBytes > 0)
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const sockaddr_in address = loopback(port);
    if (::connect(m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        close();
}

RawPeer RawPeer::adopt(int descriptor)
{
    RawPeer peer;
    peer.m_descriptor = descriptor;
    return peer;
}

RawPeer::RawPeer(RawPeer &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_error(other.m_error)
    , m_ended(other.m_ended)
    , m_buffer(std::move(other.m_buffer))
{
}

RawPeer::~RawPeer()
{
    close();
}

bool RawPeer::write(const QByteArray &bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        if (!waitFor(m_descriptor, POLLOUT, kPatienceMs))
            return false;
        const ssize_t count = ::send(m_descriptor, bytes.constData() + sent, static_cast<size_t>(bytes.size() - sent),
            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN)
            return false;
        sent += qMax<qsizetype>(0, count);
    }
    return true;
}

qint64 RawPeer::writeWhatFits(const QByteArray &bytes)
{
    return ::send(m_descriptor, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool RawPeer::fill(int patienceMs)
{
    if (m_ended || m_descriptor < 0 || !waitFor(m_descriptor, POLLIN, patienceMs))
        return false;
    char bytes[64 * 1024];
    const ssize_t count = ::recv(m_descriptor, bytes, sizeof bytes, 0);
    if (count > 0) {
        m_buffer.append(bytes, count);
        return true;
    }
    m_error = count < 0 ? errno : 0;
    m_ended = true;
    return false;
}

QByteArray RawPeer::read(qsizetype count)
{
    while (m_buffer.size() < count && fill()) { }
    const QByteArray bytes = m_buffer.left(count);
    m_buffer.remove(0, bytes.size());
    return bytes;
}

QByteArray RawPeer::readHead()
{
    while (!m_buffer.contains("\r\n\r\n") && fill()) { }
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    return read(end < 0 ? m_buffer.size() : end + 4);
}

std::optional<RawFrame> RawPeer::readFrame()
{
    const QByteArray start = read(2);
    if (start.size() < 2 || (start[1] & 0x80))
        return std::nullopt;
    quint64 length = static_cast<quint8>(start[1]) & 0x7f;
    if (length >= 126) {
        const QByteArray extended = read(length == 126 ? 2 : 8);
        length = 0;
        for (const char byte : extended)
            length = length << 8 | static_cast<quint8>(byte);
    }
    RawFrame frame{static_cast<quint8>(start[0]), read(static_cast<qsizetype>(length))};
    if (static_cast<quint64>(frame.payload.size()) != length)
        return std::nullopt;
    return frame;
}

RawPeer::End RawPeer::readToEnd(QByteArray *bytes, int patienceMs)
{
    while (fill(patienceMs)) { }
    if (bytes)
        *bytes = std::exchange(m_buffer, {});
    if (!m_ended)
        return End::StillOpen;
    return m_error == 0 ? End::Fin : End::Reset;
}

void RawPeer::finish()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void RawPeer::reset()
{
    const linger option{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &option, sizeof option);
    close();
}

void RawPeer::close()
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

bool RawPeer::upgrade(const QByteArray &target)
{
    return write(handshakeRequest(target)) && readHead().startsWith("HTTP/1.1 101 ");
}

RawListener::RawListener()
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(m_descriptor, reinterpret_cast<const sockaddr *>(&address), size) == 0 && ::listen(m_descriptor, 16) == 0
        && ::getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&address), &size) == 0)
        m_port = ntohs(address.sin_port);
}

RawListener::~RawListener()
{
    ::close(m_descriptor);
}

RawPeer RawListener::accept()
{
    if (!waitFor(m_descriptor, POLLIN, kPatienceMs))
        return RawPeer::adopt(-1);
    return RawPeer::adopt(::accept(m_descriptor, nullptr, nullptr));
}

} // namespace feedscope::tests
