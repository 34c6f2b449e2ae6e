// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/server_session.h"

#include "net/address.h"

#include <limits>

namespace feedscope::net {

namespace {

constexpr qint64 kNever = std::numeric_limits<qint64>::max();
/// How long a peer that was refused or failed may take to read why.
constexpr qint64 kLingerNs = 2 * base::kNsPerSecond;
const QString kStopping = QStringLiteral("the server is about to stop");

} // namespace

ServerSession::ServerSession(SessionHost &host, asio::ip::tcp::socket socket, SessionId id, bool overLimit)
    : Stream(host.reactor, std::move(socket))
    , m_host(&host)
    , m_id(id)
    , m_handshake(std::make_unique<ServerHandshake>())
    , m_overLimit(overLimit)
{
}

ServerSession::~ServerSession() = default;

void ServerSession::start(base::Timestamp now)
{
    const wire::Limits &limits = m_host->options.limits;
    if (limits.pingIntervalNs > 0 && limits.pongTimeoutNs > 0)
        setAcknowledgeTimeout(limits.pingIntervalNs + limits.pongTimeoutNs);
    m_peer = peerText(socket());
    m_opened = now;
    m_deadlineNs = now.monoNs + m_host->options.handshakeTimeoutNs;
    startReading();
}

void ServerSession::detach()
{
    if (!m_host)
        return;
    m_detaching = true;
    if (isOpen())
        m_connection->abort(
            wire::TransportEnd::LocalAbort, QStringLiteral("the server was stopped"), m_host->reactor.clock().now());
    m_host = nullptr;
    cut();
}

bool ServerSession::isOpen() const
{
    return m_connection && m_connection->state() != wire::Connection::State::Closed;
}

SessionStatus ServerSession::status() const
{
    SessionStatus status;
    status.id = m_id;
    status.peer = m_peer;
    status.path = m_path;
    status.rttNs = m_connection ? m_connection->lastRttNs() : std::nullopt;
    status.queuedBytes = queuedBytes();
    status.messagesSent = m_messagesSent;
    status.opened = m_opened;
    return status;
}

bool ServerSession::send(wire::Opcode opcode, QByteArrayView payload, base::Timestamp now)
{
    if (!isOpen() || !hasRoom(now) || !m_connection->sendMessage(opcode, payload, now))
        return false;
    ++m_messagesSent;
    ++m_host->status.messagesSent;
    return true;
}

bool ServerSession::sendShared(const wire::FrameView &frame, const QByteArray &wireBytes, base::Timestamp now)
{
    if (!isOpen() || !hasRoom(now) || !m_connection->sendShared(frame, wireBytes, now))
        return false;
    ++m_messagesSent;
    ++m_host->status.messagesSent;
    return true;
}

bool ServerSession::hasRoom(base::Timestamp now)
{
    const qint64 bound = m_host->options.sendQueueBytes;
    if (queuedBytes() <= bound)
        return true;
    flush(); // it may only have been held back
    if (queuedBytes() <= bound)
        return true;
    // What is queued still goes out, the close frame behind it; nothing more is added.
    if (!std::exchange(m_slow, true) && m_connection->state() == wire::Connection::State::Open) {
        ++m_host->status.slowClientsClosed;
        m_connection->close(
            wire::TryAgainLater, "too slow: " + QByteArray::number(queuedBytes()) + " bytes unread", now);
        followDeadline();
    }
    return false;
}

void ServerSession::ping(QByteArrayView payload, base::Timestamp now)
{
    if (!isOpen())
        return;
    m_connection->ping(payload, now);
    followDeadline();
}

void ServerSession::close(quint16 code, const QByteArray &reason, base::Timestamp now)
{
    if (!isOpen())
        return;
    m_connection->close(code, reason, now);
    followDeadline();
}

void ServerSession::drain(quint16 code, const QByteArray &reason, base::Timestamp now)
{
    if (!m_handshake)
        close(code, reason, now);
    else if (m_handshake->hasBytes())
        refuse(wire::Rule::TooManyConnections, kStopping, now);
    else
        end();
}

void ServerSession::abort(const QString &why, base::Timestamp now)
{
    if (isOpen())
        m_connection->abort(wire::TransportEnd::LocalAbort, why, now);
    end();
}

void ServerSession::deadlineReached(base::Timestamp now)
{
    if (now.monoNs < m_deadlineNs)
        return; // it has moved
    if (m_handshake) {
        // Absolute: a byte now and then does not buy time.
        if (m_handshake->hasBytes()) {
            const double seconds = static_cast<double>(m_host->options.handshakeTimeoutNs) / base::kNsPerSecond;
            refuse(wire::Rule::HandshakeTimeout, QStringLiteral("not complete after %1 s").arg(seconds), now);
        } else {
            end();
        }
    } else if (isOpen()) {
        m_connection->deadlineReached(now);
        followDeadline();
    } else {
        end();
    }
}

void ServerSession::followDeadline()
{
    if (isOpen())
        setDeadline(m_connection->nextDeadlineNs().value_or(kNever));
}

void ServerSession::setDeadline(qint64 deadlineNs)
{
    const bool earlier = deadlineNs < m_deadlineNs;
    m_deadlineNs = deadlineNs;
    if (earlier && m_host)
        m_host->deadlineMoved(*this);
}

void ServerSession::bytesReceived(std::span<char> bytes, base::Timestamp now)
{
    if (!m_host)
        return;
    m_host->status.bytesReceived += bytes.size();
    if (m_handshake) {
        const qsizetype taken = m_handshake->feed(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
        if (!m_handshake->isComplete())
            return;
        answer(now);
        bytes = bytes.subspan(static_cast<size_t>(taken));
    }
    if (m_connection && m_host && !bytes.empty())
        m_connection->receive(bytes, now);
    if (m_host)
        followDeadline();
}

void ServerSession::answer(base::Timestamp now)
{
    const auto handshake = std::move(m_handshake);
    ServerHandshake::Answer answer = handshake->answer(m_host->options.handshake);
    if (answer.outcome == ServerHandshake::Outcome::Upgrade && (m_overLimit || m_host->draining)) {
        const QString why =
            m_host->draining ? kStopping : QStringLiteral("%1 connections").arg(m_host->options.maxConnections);
        answer = handshake->refuse(wire::Rule::TooManyConnections, why);
    }
    if (answer.outcome == ServerHandshake::Outcome::Upgrade)
        open(*handshake, answer, now);
    else
        respond(*handshake, std::move(answer), now);
}

void ServerSession::open(const ServerHandshake &handshake, const ServerHandshake::Answer &answer, base::Timestamp now)
{
    SessionHost &host = *m_host;
    m_path = handshake.request().path();
    m_opened = now;
    const QByteArray bytes = answer.response.toBytes();
    Stream::write(bytes);
    wire::ConnectionEvents &events = *this;
    m_connection.emplace(wire::Role::Server, host.options.limits, events, nullptr, now);
    ++host.status.accepted;
    ++host.status.connections;
    reportHandshake(handshake, answer, bytes, now);
    // RFC 6455 4.2.2: the server may send from here on; frames that came with the request wait until this returns.
    host.application.opened(m_id, handshake.request(), answer.subprotocol);
    if (m_host)
        setDeadline(isOpen() ? m_connection->nextDeadlineNs().value_or(kNever) : m_deadlineNs);
}

void ServerSession::respond(const ServerHandshake &handshake, ServerHandshake::Answer answer, base::Timestamp now)
{
    const bool refused = answer.outcome == ServerHandshake::Outcome::Refuse;
    if (refused)
        ++m_host->status.refused;
    else
        answer.response = m_host->application.answer(handshake.request());
    if (!m_host)
        return;
    const wire::HttpResponse response = finished(std::move(answer.response), handshake.request());
    Stream::write(response.toBytes());
    reportHandshake(handshake, answer, headBytes(response), now);
    leaveWithin(kLingerNs, now);
}

void ServerSession::refuse(wire::Rule rule, const QString &detail, base::Timestamp now)
{
    const auto handshake = std::move(m_handshake);
    respond(*handshake, handshake->refuse(rule, detail), now);
}

void ServerSession::reportHandshake(const ServerHandshake &handshake, const ServerHandshake::Answer &answer,
    const QByteArray &head, base::Timestamp now)
{
    wire::HandshakeSeen seen = handshake.seen(answer, head);
    seen.local = localText(socket());
    seen.peer = m_peer;
    seen.requestMonoNs = now.monoNs;
    m_host->observer.handshakeSeen(m_id, seen, now);
}

void ServerSession::streamEnded(wire::TransportEnd end, const QString &detail, base::Timestamp now)
{
    if (!m_host)
        return;
    if (const auto handshake = std::move(m_handshake)) {
        if (handshake->hasBytes())
            reportHandshake(*handshake, {}, {}, now);
        leaveWithin(kLingerNs, now);
    } else if (m_connection) {
        m_connection->transportEnded(end, detail, now);
    }
}

void ServerSession::frameSeen(const FrameSeen &seen, base::Timestamp now)
{
    if (m_host)
        m_host->observer.frameSeen(m_id, seen, now);
}

void ServerSession::messageReceived(const wire::MessageView &message, base::Timestamp now)
{
    if (!m_host)
        return;
    ++m_host->status.messagesReceived;
    m_host->application.messageReceived(m_id, message, now);
}

void ServerSession::write(const QByteArray &bytes)
{
    Stream::write(bytes);
}

void ServerSession::ended(const wire::Ending &ending, bool abort, base::Timestamp now)
{
    if (!m_host)
        return;
    --m_host->status.connections;
    if (m_detaching) {
        m_host->observer.ended(m_id, ending, now);
        return;
    }
    // RFC 6455 7.1.1: the server ends the stream first and then waits for the peer's end. A peer that broke a rule gets
    // the time to read which one; with one that is not there any more nothing is waited for.
    const bool silent = ending.transport == wire::TransportEnd::Timeout;
    if (silent)
        setDeadline(now.monoNs);
    else
        leaveWithin(abort ? kLingerNs : m_host->options.limits.closeTimeoutNs, now);
    if (m_host)
        m_host->observer.ended(m_id, ending, now);
    if (m_host)
        m_host->application.closed(m_id, ending);
}

void ServerSession::leaveWithin(qint64 ns, base::Timestamp now)
{
    setDeadline(now.monoNs + ns);
    leave();
}

void ServerSession::left()
{
    if (m_host)
        m_host->sessionGone(*this);
}

void ServerSession::end()
{
    if (phase() == Phase::Gone)
        return;
    cut();
    left();
}

} // namespace feedscope::net
