// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/stream.h"

#include "net/address.h"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <array>
#include <limits>

#ifdef __linux__
#include <netinet/tcp.h>
#endif

namespace feedscope::net {

namespace {

using asio::ip::tcp;

constexpr int kReadsInARow = 4; // then the others get their turn
constexpr size_t kMostPieces = 16; // in one system call
/// A peer that sends faster than it reads what that causes (pings, echoes) is not read from while this much is queued.
constexpr qint64 kPauseReadingAbove = 256 * 1024;
/// What a peer may still send after we have left before it is cut off.
constexpr qint64 kMostDiscarded = 16 * 1024 * 1024;

struct Pieces {
    std::array<asio::const_buffer, kMostPieces> buffers;
    size_t count = 0;
    const asio::const_buffer *begin() const { return buffers.data(); }
    const asio::const_buffer *end() const { return buffers.data() + count; }
};

bool isNotNow(const asio::error_code &error)
{
    return error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted;
}

wire::TransportEnd endOf(const asio::error_code &error)
{
    if (error == asio::error::eof || error == asio::error::broken_pipe || error == asio::error::shut_down)
        return wire::TransportEnd::PeerFin;
    if (error == asio::error::connection_reset || error == asio::error::connection_aborted)
        return wire::TransportEnd::PeerReset;
    if (error == asio::error::timed_out)
        return wire::TransportEnd::Timeout;
    return wire::TransportEnd::Failed;
}

} // namespace

Stream::Stream(Reactor &reactor, tcp::socket socket)
    : m_reactor(reactor)
    , m_socket(std::move(socket))
{
    asio::error_code ignored;
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(tcp::no_delay(true), ignored);
}

Stream::~Stream() = default;

void Stream::setAcknowledgeTimeout(qint64 ns)
{
#ifdef TCP_USER_TIMEOUT
    using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    asio::error_code ignored;
    m_socket.set_option(
        UserTimeout(static_cast<int>(std::min<qint64>(ns / base::kNsPerMs, std::numeric_limits<int>::max()))), ignored);
#else
    Q_UNUSED(ns)
#endif
}

void Stream::startReading()
{
    armRead();
}

void Stream::write(const QByteArray &bytes)
{
    if (m_phase != Phase::Open || m_writeError)
        return;
    if (m_corked || !m_queue.isEmpty()) {
        m_queue.append(bytes);
        return;
    }
    asio::error_code error;
    size_t sent = m_socket.write_some(asio::buffer(bytes.constData(), static_cast<size_t>(bytes.size())), error);
    if (error) {
        sent = 0;
        if (!isNotNow(error)) {
            writeFailed(error);
            return;
        }
    }
    m_bytesSent += sent;
    if (static_cast<qsizetype>(sent) < bytes.size()) {
        m_queue.append(bytes, static_cast<qsizetype>(sent));
        armWrite();
    }
}

void Stream::flush()
{
    while (!m_queue.isEmpty()) {
        std::array<QByteArrayView, kMostPieces> views;
        Pieces pieces;
        pieces.count = m_queue.peek(views);
        for (size_t i = 0; i < pieces.count; ++i)
            pieces.buffers[i] = asio::buffer(views[i].data(), static_cast<size_t>(views[i].size()));
        asio::error_code error;
        const size_t sent = m_socket.write_some(pieces, error);
        if (error) {
            if (isNotNow(error))
                armWrite();
            else
                writeFailed(error);
            return;
        }
        m_bytesSent += sent;
        m_queue.consume(static_cast<qint64>(sent));
    }
}

void Stream::armWrite()
{
    if (m_writing || m_phase == Phase::Gone)
        return;
    m_writing = true;
    m_socket.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const asio::error_code &error) {
        self->m_writing = false;
        if (error || self->m_phase == Phase::Gone)
            return;
        self->flush();
        if (self->m_phase == Phase::Leaving) {
            self->continueLeaving();
        } else if (self->m_paused && self->m_queue.bytes() <= kPauseReadingAbove / 2) {
            self->m_paused = false;
            self->armRead();
        }
    });
}

void Stream::armRead()
{
    if (m_reading || m_paused || m_peerEnded || m_phase == Phase::Gone)
        return;
    m_reading = true;
    m_socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const asio::error_code &error) {
        self->m_reading = false;
        if (!error)
            self->readReady();
    });
}

void Stream::readReady()
{
    for (int round = 0; round < kReadsInARow; ++round) {
        if (m_phase == Phase::Gone || m_peerEnded)
            return;
        const std::span<char> buffer = m_reactor.readBuffer();
        asio::error_code error;
        const size_t count = m_socket.read_some(asio::buffer(buffer.data(), buffer.size()), error);
        if (error) {
            if (!isNotNow(error)) {
                readEnded(error);
                return;
            }
            if (m_writeError) {
                readEnded(m_writeError);
                return;
            }
            break;
        }
        if (m_phase == Phase::Leaving) {
            m_discarded += static_cast<qint64>(count);
            if (m_discarded > kMostDiscarded) {
                finishLeaving();
                return;
            }
            continue;
        }

        const qint64 before = m_queue.bytes();
        m_corked = true;
        bytesReceived(buffer.first(count), m_reactor.clock().now());
        m_corked = false;
        if (m_phase == Phase::Gone)
            return;
        flush();
        if (m_phase == Phase::Leaving) {
            continueLeaving();
        } else {
            // Only what the peer's own bytes have caused: one that is merely slow to read broadcasts must get its pongs
            // through.
            m_paused = m_queue.bytes() > before && m_queue.bytes() > kPauseReadingAbove;
            if (m_paused)
                return;
        }
        if (count < buffer.size())
            break;
    }
    armRead();
}

void Stream::readEnded(const asio::error_code &error)
{
    m_peerEnded = true;
    if (m_phase == Phase::Leaving) {
        // An end of the peer's half does not end ours: what is queued is still wanted.
        if (error == asio::error::eof && !m_writeError)
            continueLeaving();
        else
            finishLeaving();
        return;
    }
    // A failed write knows more than the end of the stream that is read after it.
    const asio::error_code cause = m_writeError && error == asio::error::eof ? m_writeError : error;
    const wire::TransportEnd end = endOf(cause);
    const bool named = end == wire::TransportEnd::PeerFin || end == wire::TransportEnd::PeerReset;
    streamEnded(end, named ? QString() : inWords(cause), m_reactor.clock().now());
}

void Stream::writeFailed(const asio::error_code &error)
{
    m_writeError = error;
    m_queue.clear();
    if (m_phase != Phase::Open)
        return; // continueLeaving() is on its way
    // Not from inside whoever writes. What the peer sent before it went, its close frame perhaps, is still to be read.
    asio::post(m_socket.get_executor(), [self = shared_from_this()] {
        self->m_paused = false;
        self->readReady();
    });
}

void Stream::leave()
{
    if (m_phase != Phase::Open)
        return;
    m_phase = Phase::Leaving;
    m_paused = false;
    if (m_corked)
        return; // readReady() goes on
    flush();
    continueLeaving();
}

void Stream::continueLeaving()
{
    if (m_phase != Phase::Leaving)
        return;
    if (m_writeError) {
        finishLeaving();
        return;
    }
    if (m_queue.isEmpty() && !m_halfClosed) {
        m_halfClosed = true;
        asio::error_code ignored;
        m_socket.shutdown(tcp::socket::shutdown_send, ignored);
    }
    if (m_halfClosed && m_peerEnded)
        finishLeaving();
    else
        armRead();
}

void Stream::finishLeaving()
{
    if (m_phase == Phase::Gone)
        return;
    cut();
    left();
}

void Stream::cut()
{
    m_phase = Phase::Gone;
    m_queue.clear();
    asio::error_code ignored;
    m_socket.close(ignored);
}

} // namespace feedscope::net
