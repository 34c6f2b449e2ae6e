// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/reactor.h"
#include "net/send_queue.h"
#include "wire/connection.h"

#include <asio/error_code.hpp>
#include <asio/ip/tcp.hpp>

#include <memory>

namespace feedscope::net {

/// The byte stream of one connection, the same for both roles: writes at once and queues what the kernel does not take,
/// reads into the reactor's buffer when there is something, and ends without cutting off what is still on its way. No
/// WebSocket in here, and no timer: a subclass bounds the time. Shared with the handlers in flight; reactor's thread
/// only.
class Stream : public std::enable_shared_from_this<Stream> {
public:
    enum class Phase : quint8 {
        Open,
        Leaving, ///< nothing new is written; what is queued is, then our half ends, and the peer's end is awaited
        Gone, ///< the socket is closed
    };

    virtual ~Stream();
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    Phase phase() const { return m_phase; }
    qint64 queuedBytes() const { return m_queue.bytes(); }

protected:
    Stream(Reactor &reactor, asio::ip::tcp::socket socket);

    /// After construction, once shared.
    void startReading();
    void write(const QByteArray &bytes);
    /// Sends what is queued as far as the kernel takes it; only needed inside bytesReceived(), whose writes are held
    /// back and joined.
    void flush();
    /// Ends the stream as a well-behaved peer does. Both ends may still be sending; the subclass calls cut() when it
    /// has waited enough.
    void leave();
    /// Ends the stream now, whatever is queued.
    void cut();

    Reactor &reactor() { return m_reactor; }
    const asio::ip::tcp::socket &socket() const { return m_socket; }
    quint64 bytesSent() const { return m_bytesSent; }
    /// How long the kernel waits for a peer to acknowledge what was sent before it gives the connection up.
    void setAcknowledgeTimeout(qint64 ns);

    // Not called after cut(), nor for the first two after leave():
    virtual void bytesReceived(std::span<char> bytes, base::Timestamp now) = 0;
    virtual void streamEnded(wire::TransportEnd end, const QString &detail, base::Timestamp now) = 0;
    /// The socket was closed by the end of leaving. Not after cut() from outside.
    virtual void left() = 0;

private:
    void armRead();
    void armWrite();
    void readReady();
    void readEnded(const asio::error_code &error);
    void writeFailed(const asio::error_code &error);
    void continueLeaving();
    void finishLeaving();

    Reactor &m_reactor;
    asio::ip::tcp::socket m_socket;
    SendQueue m_queue;
    asio::error_code m_writeError;
    quint64 m_bytesSent = 0;
    qint64 m_discarded = 0; // read while leaving
    Phase m_phase = Phase::Open;
    bool m_reading = false; // wait for reading in flight
    bool m_writing = false; // wait for writing in flight
    bool m_paused = false; // the peer does not read what its own bytes cause
    bool m_corked = false; // inside bytesReceived()
    bool m_halfClosed = false;
    bool m_peerEnded = false;
};

} // namespace feedscope::net
