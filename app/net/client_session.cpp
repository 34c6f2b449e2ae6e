// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/client_session.h"

#include "base/bytes.h"
#include "net/address.h"

#include <asio/io_context.hpp>

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <limits>

namespace feedscope::net {

namespace {

constexpr qint64 kNever = std::numeric_limits<qint64>::max();
constexpr qint64 kLingerNs = 2 * base::kNsPerSecond;
constexpr qint64 kRefusalBodyNs = 2 * base::kNsPerSecond;
constexpr qsizetype kMostRefusalBytes = 4 * 1024;
constexpr qsizetype kShownRefusalBytes = 200;
constexpr int kMostInterimAnswers = 8;

QByteArray randomKey()
{
    std::array<unsigned char, 16> bytes;
    // RFC 6455 4.1: 16 bytes, chosen at random for each connection.
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        qFatal("the system gives no random bytes");
    return QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())).toBase64();
}

/// RFC 9112 7.1, as far as it goes: for showing.
QByteArray withoutChunks(QByteArrayView body)
{
    QByteArray plain;
    while (!body.isEmpty()) {
        const qsizetype lineEnd = body.indexOf("\r\n");
        if (lineEnd < 0)
            break;
        bool ok = false;
        const QByteArray size = body.first(lineEnd).toByteArray();
        const qlonglong length =
            size.left(size.contains(';') ? size.indexOf(';') : size.size()).trimmed().toLongLong(&ok, 16);
        if (!ok || length <= 0)
            break;
        const QByteArrayView rest = body.sliced(lineEnd + 2);
        const QByteArrayView chunk = rest.first(qMin<qsizetype>(rest.size(), static_cast<qsizetype>(length)));
        plain += chunk;
        body = rest.sliced(qMin(rest.size(), chunk.size() + 2));
    }
    return plain;
}

} // namespace

ClientSession::ClientSession(Reactor &reactor, asio::ip::tcp::socket socket, const ClientOptions &options,
    wire::ConnectionId id, ClientEvents &events, wire::WireObserver &observer)
    : Stream(reactor, std::move(socket))
    , m_options(options)
    , m_id(id)
    , m_events(&events)
    , m_observer(&observer)
    , m_timer(reactor.context())
    , m_parser(std::make_unique<wire::HttpHeadParser>(wire::HttpHeadParser::Kind::Response))
{
}

ClientSession::~ClientSession() = default;

void ClientSession::start(qint64 deadlineNs)
{
    const wire::Limits &limits = m_options.limits;
    if (limits.pingIntervalNs > 0 && limits.pongTimeoutNs > 0)
        setAcknowledgeTimeout(limits.pingIntervalNs + limits.pongTimeoutNs);
    m_request = wire::makeHandshakeRequest({m_options.url.hostHeader(), m_options.url.target, randomKey(),
        m_options.origin, m_options.subprotocols, m_options.headers});
    m_requestNs = reactor().clock().now().monoNs;
    m_deadlineNs = deadlineNs;
    wakeAt(m_deadlineNs);
    Stream::write(m_request.toBytes());
    startReading();
}

void ClientSession::detach()
{
    m_events = nullptr;
    if (isOpen())
        m_connection->abort(
            wire::TransportEnd::LocalAbort, QStringLiteral("the client was stopped"), reactor().clock().now());
    else if (m_stage == Stage::Handshake)
        reportHandshake(false, {}, reactor().clock().now());
    m_observer = nullptr;
    if (m_stage != Stage::Over) {
        m_stage = Stage::Over;
        cut();
        m_timer.cancel();
    }
}

bool ClientSession::isOpen() const
{
    return m_connection && m_connection->state() != wire::Connection::State::Closed;
}

void ClientSession::giveUp()
{
    if (m_stage == Stage::Handshake)
        failUnanswered(base::ErrorCode::Io, QStringLiteral("The connection was given up during the handshake."),
            reactor().clock().now());
    else if (m_stage == Stage::Refusal)
        refused();
}

bool ClientSession::send(wire::Opcode opcode, QByteArrayView payload)
{
    if (!isOpen())
        return false;
    if (queuedBytes() > m_options.sendQueueBytes)
        flush();
    return queuedBytes() <= m_options.sendQueueBytes
        && m_connection->sendMessage(opcode, payload, reactor().clock().now());
}

void ClientSession::ping(QByteArrayView payload)
{
    if (!isOpen())
        return;
    m_connection->ping(payload, reactor().clock().now());
    followDeadline();
}

void ClientSession::close(quint16 code, const QByteArray &reason)
{
    if (!isOpen())
        return;
    m_connection->close(code, reason, reactor().clock().now());
    followDeadline();
}

void ClientSession::bytesReceived(std::span<char> bytes, base::Timestamp now)
{
    if (m_stage == Stage::Handshake) {
        const qsizetype taken = takeHead(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
        if (m_parser->state() == wire::HttpHeadParser::State::Incomplete)
            return;
        judgeHead(now);
        bytes = bytes.subspan(static_cast<size_t>(taken));
    }
    if (m_stage == Stage::Refusal)
        takeRefusal(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    if (m_stage == Stage::WebSocket && isOpen()) {
        if (!bytes.empty())
            m_connection->receive(bytes, now);
        deliverRoundTrips();
        followDeadline();
    }
}

qsizetype ClientSession::takeHead(QByteArrayView bytes)
{
    qsizetype taken = m_parser->feed(bytes);
    // RFC 9110 15.2: any number of interim answers may come before the final one.
    while (m_parser->state() == wire::HttpHeadParser::State::Complete && m_parser->response().status / 100 == 1
        && m_parser->response().status != 101 && ++m_interimAnswers < kMostInterimAnswers) {
        m_parser = std::make_unique<wire::HttpHeadParser>(wire::HttpHeadParser::Kind::Response);
        taken += m_parser->feed(bytes.sliced(taken));
    }
    return taken;
}

void ClientSession::judgeHead(base::Timestamp now)
{
    if (m_parser->state() == wire::HttpHeadParser::State::Refused) {
        const wire::Violation violation = m_parser->violation();
        reportHandshake(false, {violation}, now);
        fail(base::ErrorCode::Refused,
            QStringLiteral("What answered is not a WebSocket server: %1")
                .arg(QString::fromUtf8(wire::refusalText(violation))));
        return;
    }
    const wire::HttpResponse &response = m_parser->response();
    std::vector<wire::Violation> violations = wire::checkHandshakeResponse(m_request, response);
    if (violations.empty()) {
        open(now);
        return;
    }
    reportHandshake(false, violations, now);
    if (response.status != 101) {
        m_stage = Stage::Refusal;
        m_deadlineNs = qMin(m_deadlineNs, now.monoNs + kRefusalBodyNs);
        wakeAt(m_deadlineNs);
        return;
    }
    fail(base::ErrorCode::Refused,
        QStringLiteral("The server's answer to the handshake cannot be accepted: %1")
            .arg(QString::fromUtf8(wire::refusalText(violations.front()))));
}

void ClientSession::takeRefusal(QByteArrayView bytes)
{
    m_refusalBody += bytes.first(qMin(bytes.size(), kMostRefusalBytes - m_refusalBody.size()));
    const wire::HttpHeaders &headers = m_parser->response().headers;
    bool known = false;
    const qlonglong length = headers.value("Content-Length").value_or(QByteArray()).toLongLong(&known);
    const bool whole = (known && m_refusalBody.size() >= length)
        || (headers.hasToken("Transfer-Encoding", "chunked") && m_refusalBody.endsWith("\r\n0\r\n\r\n"));
    if (whole || m_refusalBody.size() >= kMostRefusalBytes)
        refused();
}

void ClientSession::refused()
{
    const wire::HttpResponse &response = m_parser->response();
    const wire::HttpHeaders &headers = response.headers;
    const QByteArray reason = response.reason.isEmpty() ? wire::httpReason(response.status) : response.reason;
    QString what = QStringLiteral("The server answered %1 %2 instead of 101 Switching Protocols")
                       .arg(response.status)
                       .arg(QString::fromUtf8(base::escaped(reason)));
    if (const auto location = headers.value("Location"))
        what += QStringLiteral(" (it points to %1)").arg(QString::fromUtf8(base::escaped(*location)));
    if (const auto retry = headers.value("Retry-After"))
        what += QStringLiteral(" (retry after %1)").arg(QString::fromUtf8(base::escaped(*retry, 40)));
    const QByteArray body =
        headers.hasToken("Transfer-Encoding", "chunked") ? withoutChunks(m_refusalBody) : m_refusalBody;
    // A page is for a browser; its bytes are in the detail.
    const bool page = headers.value("Content-Type").value_or(QByteArray()).toLower().startsWith("text/html");
    const QByteArray text = body.trimmed();
    if (!page && !text.isEmpty())
        what += QStringLiteral(": ") + QString::fromUtf8(base::escaped(text, kShownRefusalBytes));
    if (!what.endsWith(QLatin1Char('.')))
        what += QLatin1Char('.');
    fail(base::ErrorCode::Refused, what, QString::fromUtf8(base::escaped(body, kMostRefusalBytes)));
}

void ClientSession::open(base::Timestamp now)
{
    m_stage = Stage::WebSocket;
    const QByteArray subprotocol = m_parser->response().headers.value("Sec-WebSocket-Protocol").value_or(QByteArray());
    wire::ConnectionEvents &connectionEvents = *this;
    m_connection.emplace(wire::Role::Client, m_options.limits, connectionEvents, &reactor().masks(), now);
    reportHandshake(true, {}, now);
    m_parser.reset();
    m_request = {};
    if (m_events)
        m_events->opened(m_id, subprotocol);
}

void ClientSession::fail(base::ErrorCode code, const QString &what, const QString &detail)
{
    m_stage = Stage::Over;
    m_deadlineNs = reactor().clock().now().monoNs + kLingerNs;
    wakeAt(m_deadlineNs);
    leave();
    m_observer = nullptr;
    if (ClientEvents *const events = std::exchange(m_events, nullptr))
        events->failed({code, what, detail});
}

void ClientSession::failUnanswered(base::ErrorCode code, const QString &what, base::Timestamp now)
{
    std::vector<wire::Violation> violations;
    if (code == base::ErrorCode::TimedOut)
        violations.push_back({wire::Rule::HandshakeTimeout, QStringLiteral("no complete answer")});
    reportHandshake(false, std::move(violations), now);
    fail(code, what, QString::fromUtf8(base::escaped(m_parser->rawBytes())));
}

void ClientSession::reportHandshake(bool accepted, std::vector<wire::Violation> violations, base::Timestamp now)
{
    if (!m_observer)
        return;
    const wire::HttpHeaders &headers = m_parser->response().headers;
    wire::HandshakeSeen seen;
    seen.localRole = wire::Role::Client;
    seen.local = localText(socket());
    seen.peer = peerText(socket());
    seen.url = m_options.url.toBytes();
    seen.requestBytes = m_request.toBytes();
    seen.responseBytes = m_parser->rawBytes();
    seen.accepted = accepted;
    const auto key = m_request.headers.value("Sec-WebSocket-Key");
    seen.acceptOk = key && headers.value("Sec-WebSocket-Accept") == wire::computeAccept(*key).accept;
    seen.subprotocol = headers.value("Sec-WebSocket-Protocol").value_or(QByteArray());
    seen.extensions = headers.joined("Sec-WebSocket-Extensions");
    seen.violations = std::move(violations);
    seen.requestMonoNs = m_requestNs;
    m_observer->handshakeSeen(m_id, seen, now);
}

void ClientSession::streamEnded(wire::TransportEnd end, const QString &detail, base::Timestamp now)
{
    switch (m_stage) {
    case Stage::Handshake: {
        const QString how = end == wire::TransportEnd::PeerFin ? QStringLiteral("ended the connection")
            : end == wire::TransportEnd::PeerReset             ? QStringLiteral("reset the connection")
                                                   : QStringLiteral("could not be reached any more (%1)").arg(detail);
        const QString when = m_parser->rawBytes().isEmpty() ? QStringLiteral("before it answered the handshake.")
                                                            : QStringLiteral("inside its answer to the handshake.");
        failUnanswered(base::ErrorCode::Refused, QStringLiteral("The server %1 %2").arg(how, when), now);
        break;
    }
    case Stage::Refusal:
        refused();
        break;
    case Stage::WebSocket:
        m_connection->transportEnded(end, detail, now);
        break;
    case Stage::Over:
        break;
    }
}

void ClientSession::frameSeen(const FrameSeen &seen, base::Timestamp now)
{
    if (m_observer)
        m_observer->frameSeen(m_id, seen, now);
    if (seen.rttNs)
        m_roundTrips.push_back(*seen.rttNs); // whoever is told may send, which is not allowed in here
}

void ClientSession::deliverRoundTrips()
{
    for (const qint64 rttNs : std::exchange(m_roundTrips, {})) {
        if (m_events)
            m_events->pongReceived(rttNs);
    }
}

void ClientSession::messageReceived(const wire::MessageView &message, base::Timestamp now)
{
    if (m_events)
        m_events->messageReceived(message, now);
}

void ClientSession::write(const QByteArray &bytes)
{
    Stream::write(bytes);
}

void ClientSession::ended(const wire::Ending &ending, bool abort, base::Timestamp now)
{
    m_stage = Stage::Over;
    if (ending.transport == wire::TransportEnd::Timeout
        || (ending.transport == wire::TransportEnd::LocalAbort && !m_events)) {
        cut();
        m_timer.cancel();
    } else {
        m_deadlineNs = now.monoNs + (abort ? kLingerNs : m_options.limits.closeTimeoutNs);
        wakeAt(m_deadlineNs);
        leave();
    }
    if (m_observer)
        m_observer->ended(m_id, ending, now);
    m_observer = nullptr;
    deliverRoundTrips();
    if (ClientEvents *const events = std::exchange(m_events, nullptr))
        events->closed(ending);
}

void ClientSession::left()
{
    m_timer.cancel();
}

void ClientSession::followDeadline()
{
    if (isOpen())
        wakeAt(m_connection->nextDeadlineNs().value_or(kNever));
}

void ClientSession::wakeAt(qint64 monoNs)
{
    // Set again only where it would be too late; too early costs a look at the clock.
    if (m_wakeNs != 0 && m_wakeNs <= monoNs)
        return;
    if (monoNs == kNever || phase() == Phase::Gone)
        return;
    m_wakeNs = monoNs;
    m_timer.expires_after(std::chrono::nanoseconds(qMax<qint64>(0, monoNs - reactor().clock().now().monoNs)));
    m_timer.async_wait([weak = weak_from_this()](const asio::error_code &error) {
        const auto self = std::static_pointer_cast<ClientSession>(weak.lock());
        if (self && !error)
            self->deadlineReached();
    });
}

void ClientSession::deadlineReached()
{
    m_wakeNs = 0;
    const base::Timestamp now = reactor().clock().now();
    if (m_stage == Stage::WebSocket) {
        if (isOpen())
            m_connection->deadlineReached(now);
        followDeadline();
        return;
    }
    if (now.monoNs < m_deadlineNs) {
        wakeAt(m_deadlineNs);
        return;
    }
    switch (m_stage) {
    case Stage::Handshake: {
        const double seconds = static_cast<double>(m_options.connectTimeoutNs) / base::kNsPerSecond;
        failUnanswered(base::ErrorCode::TimedOut,
            QStringLiteral("The server at %1 took the connection but did not answer the handshake within %2 s.")
                .arg(QString::fromUtf8(hostAndPort(m_options.url.host, m_options.url.port)), QString::number(seconds)),
            now);
        break;
    }
    case Stage::Refusal:
        refused();
        break;
    case Stage::Over:
        cut();
        break;
    case Stage::WebSocket:
        break;
    }
}

} // namespace feedscope::net
