// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/connection.h"

#include "wire/frame_encoder.h"
#include "wire/ping_tracker.h"
#include "wire/utf8.h"

#include <QtEndian>

#include <algorithm>

namespace feedscope::wire {

namespace {

QString inSeconds(qint64 ns)
{
    return QString::number(static_cast<double>(ns) / base::kNsPerSecond, 'f', 1) + QStringLiteral(" s");
}

QLatin1String roleName(Role role)
{
    return QLatin1String(role == Role::Client ? "client" : "server");
}

/// The rule that decides how the connection fails: the first one that has a close code.
std::optional<Rule> firstFatal(ViolationSet violations)
{
    for (const Rule rule : violations.rules()) {
        if (ruleInfo(rule).closeCode != 0)
            return rule;
    }
    return std::nullopt;
}

/// Proxies and load balancers cut what is silent for a round time; anything near one is worth a word.
bool looksLikeProxyTimeout(qint64 idleNs)
{
    constexpr int kUsualSeconds[] = {30, 50, 55, 60, 75, 90, 100, 120, 180, 240, 300, 350, 600, 900, 3600};
    return std::any_of(std::begin(kUsualSeconds), std::end(kUsualSeconds),
        [idleNs](int seconds) { return std::abs(idleNs - seconds * base::kNsPerSecond) <= base::kNsPerSecond / 2; });
}

QString sentence(TransportEnd end, Role peer)
{
    switch (end) {
    case TransportEnd::PeerFin:
        return QStringLiteral("the %1 ended the stream without a close frame").arg(roleName(peer));
    case TransportEnd::PeerReset:
        return QStringLiteral("the %1 reset the stream").arg(roleName(peer));
    case TransportEnd::Failed:
        return QStringLiteral("the socket failed");
    case TransportEnd::Timeout:
        return QStringLiteral("a deadline passed");
    case TransportEnd::LocalAbort:
        return QStringLiteral("cut by this end");
    case TransportEnd::None:
        break;
    }
    return {};
}

} // namespace

QByteArray transportEndName(TransportEnd end)
{
    switch (end) {
    case TransportEnd::PeerFin:
        return "tcp-fin";
    case TransportEnd::PeerReset:
        return "tcp-reset";
    case TransportEnd::Timeout:
        return "timeout";
    case TransportEnd::LocalAbort:
        return "local-abort";
    case TransportEnd::Failed:
        return "failed";
    case TransportEnd::None:
        break;
    }
    return "none";
}

struct Connection::Private {
    Private(Role ownRole, const Limits &ownLimits, ConnectionEvents &ownEvents, MaskSource *maskSource, qint64 nowNs)
        : limits(ownLimits)
        , events(ownEvents)
        , masks(maskSource)
        , decoder(FrameDecoder::Options{otherRole(ownRole), false})
        , assembler(MessageAssembler::Limits{ownLimits.messageBytes, ownLimits.fragments})
        , role(ownRole)
        , lastReceivedNs(nowNs)
        , lastSentNs(nowNs)
        , nextPingNs(nowNs + ownLimits.pingIntervalNs)
    {
        Q_ASSERT_X(role == Role::Server || masks, "Connection", "a client masks its frames");
    }

    Role peer() const { return otherRole(role); }

    void take(FrameView &frame, base::Timestamp now);
    void takeClose(QByteArrayView payload, base::Timestamp now);
    void judgePending(base::Timestamp now);
    void report(const ConnectionEvents::FrameSeen &seen, base::Timestamp now);
    void reportUnfinished(base::Timestamp now);

    bool maySend() const { return state == State::Open && !reporting; }
    void send(Opcode opcode, QByteArrayView payload, quint64 message, base::Timestamp now);
    void sendClose(std::optional<quint16> code, const QByteArray &payload, base::Timestamp now);
    void sendPing(QByteArrayView payload, base::Timestamp now);
    void fail(Rule rule, const FrameHeader &header, QByteArrayView payload, base::Timestamp now);
    void startedBy(Role who);
    void finish(TransportEnd end, bool abort, const QString &detail, base::Timestamp now);

    const Limits limits;
    ConnectionEvents &events;
    MaskSource *const masks;
    FrameDecoder decoder;
    MessageAssembler assembler;
    PingTracker pings;
    Ending ending;

    const Role role;
    State state = State::Open;
    bool started = false; // ending.startedBy is decided
    bool reporting = false;
    bool receiving = false;

    quint64 sentOffset = 0;
    quint64 sentMessages = 0;
    quint64 automaticPings = 0;
    qint64 lastReceivedNs;
    qint64 lastSentNs;
    qint64 nextPingNs;
    qint64 closeDeadlineNs = 0; // while Closing
    std::optional<qint64> lastRttNs;
};

void Connection::Private::report(const ConnectionEvents::FrameSeen &seen, base::Timestamp now)
{
    reporting = true;
    events.frameSeen(seen, now);
    reporting = false;
}

void Connection::Private::reportUnfinished(base::Timestamp now)
{
    const std::optional<Frame> frame = decoder.takeUnfinished();
    if (!frame)
        return;
    FrameView view{frame->header, frame->payload, frame->wireOffset, frame->violations, false};
    if (ending.closeReceived)
        view.violations.insert(Rule::DataAfterClose);
    report({peer(), view, 0, std::nullopt, nullptr}, now);
}

void Connection::Private::take(FrameView &frame, base::Timestamp now)
{
    if (ending.closeReceived) {
        // RFC 6455 5.5.1: nothing follows a close frame. Shown, never delivered, never answered.
        frame.violations.insert(Rule::DataAfterClose);
        report({peer(), frame, 0, std::nullopt, nullptr}, now);
        return;
    }

    const std::optional<MessageView> message = assembler.add(frame);
    const Opcode opcode = frame.header.opcode;
    std::optional<qint64> rttNs;
    if (opcode == Opcode::Pong && frame.violations.isEmpty()) {
        rttNs = pings.pongSeen(frame.payload, now.monoNs);
        if (rttNs)
            lastRttNs = rttNs;
        else
            frame.violations.insert(Rule::UnsolicitedPong);
    }
    report({peer(), frame, assembler.messageNumber(), rttNs, nullptr}, now);

    if (opcode == Opcode::Close && frame.complete) {
        const ClosePayload close = parseClosePayload(frame.payload);
        ending.closeReceived = true;
        ending.receivedCode = close.code;
        ending.reason = close.reason;
        startedBy(peer());
    }
    if (const std::optional<Rule> rule = firstFatal(frame.violations)) {
        fail(*rule, frame.header, frame.payload, now);
        return;
    }
    if (opcode == Opcode::Close) {
        takeClose(frame.payload, now);
    } else if (opcode == Opcode::Ping) {
        // RFC 6455 5.5.2: answered at once, also inside a fragmented message. Not after our own close frame: nothing
        // follows it.
        if (state == State::Open && limits.answerPings)
            send(Opcode::Pong, frame.payload, 0, now);
    } else if (message) {
        events.messageReceived(*message, now);
        assembler.release();
    }
}

void Connection::Private::takeClose(QByteArrayView payload, base::Timestamp now)
{
    ending.code = ending.receivedCode.value_or(NoStatusReceived);
    // RFC 6455 5.5.1: the answer carries the code that was received, and nothing where there was none.
    if (state == State::Open)
        sendClose(ending.receivedCode, payload.toByteArray(), now);
    if (state == State::Closed)
        return;
    ending.clean = true;
    // RFC 6455 7.1.1: the server ends the stream first. The client waits for that, but not for ever.
    closeDeadlineNs = now.monoNs + limits.closeTimeoutNs;
}

void Connection::Private::judgePending(base::Timestamp now)
{
    const FrameHeader *pending = decoder.pendingHeader();
    if (ending.closeReceived) {
        // What follows the close frame is thrown away, so it must not cost memory either.
        if (pending && pending->length > limits.messageBytes)
            finish(TransportEnd::LocalAbort, true, QStringLiteral("an endless frame after the close frame"), now);
        return;
    }
    ViolationSet violations = decoder.pendingViolations();
    if (pending)
        violations = ViolationSet::fromBits(violations.bits() | assembler.judge(*pending).bits());
    const std::optional<Rule> rule = firstFatal(violations);
    if (!rule)
        return;
    // refused on the bytes of its header, without waiting for what was announced.
    std::optional<Frame> frame = decoder.takeUnfinished();
    frame->violations = violations;
    report({peer(), {frame->header, frame->payload, frame->wireOffset, frame->violations, false}, 0, std::nullopt,
               nullptr},
        now);
    fail(*rule, frame->header, frame->payload, now);
}

void Connection::Private::send(Opcode opcode, QByteArrayView payload, quint64 message, base::Timestamp now)
{
    FrameView frame;
    frame.header = makeHeader(opcode, static_cast<quint64>(payload.size()));
    if (role == Role::Client) {
        frame.header.masked = true;
        frame.header.maskingKey = masks->next();
    }
    frame.payload = payload;
    frame.wireOffset = sentOffset;
    const QByteArray bytes = encodeFrame(frame.header, payload);
    sentOffset += static_cast<quint64>(bytes.size());
    lastSentNs = now.monoNs;
    report({role, frame, message, std::nullopt, nullptr}, now);
    events.write(bytes);
}

void Connection::Private::sendClose(std::optional<quint16> code, const QByteArray &payload, base::Timestamp now)
{
    Q_ASSERT(state == State::Open);
    startedBy(role);
    state = State::Closing;
    ending.closeSent = true;
    ending.sentCode = code;
    closeDeadlineNs = now.monoNs + limits.closeTimeoutNs;
    send(Opcode::Close, payload, 0, now);
}

void Connection::Private::sendPing(QByteArrayView payload, base::Timestamp now)
{
    pings.pingSeen(payload, now.monoNs);
    send(Opcode::Ping, payload, 0, now);
}

void Connection::Private::fail(Rule rule, const FrameHeader &header, QByteArrayView payload, base::Timestamp now)
{
    const RuleInfo &info = ruleInfo(rule);
    ViolationSet one;
    one.insert(rule);
    QString detail = QStringLiteral("%1 (%2): %3")
                         .arg(QLatin1String(info.name), QLatin1String(info.section), QString::fromUtf8(info.text));
    if (const QString seen = describe(one, header, payload).front().detail; !seen.isEmpty())
        detail += QStringLiteral(" Seen: ") + seen;

    // What cannot be trusted is not what an application is told; receivedCode keeps it.
    ending.code = AbnormalClosure;
    startedBy(role);
    if (state == State::Open) {
        const QByteArray reason = QByteArray(info.name) + " (" + info.section + ")";
        sendClose(info.closeCode, makeClosePayload(info.closeCode, reason), now);
    }
    finish(TransportEnd::LocalAbort, true, detail, now);
}

void Connection::Private::startedBy(Role who)
{
    if (started)
        return;
    started = true;
    ending.startedBy = who;
}

void Connection::Private::finish(TransportEnd end, bool abort, const QString &detail, base::Timestamp now)
{
    if (state == State::Closed)
        return;
    state = State::Closed;
    reportUnfinished(now);
    ending.transport = end;
    ending.bytesReceived = decoder.bytesSeen();
    ending.detail = detail;
    events.ended(ending, abort, now);
}

Connection::Connection(
    Role role, const Limits &limits, ConnectionEvents &events, MaskSource *masks, base::Timestamp now)
    : d(std::make_unique<Private>(role, limits, events, masks, now.monoNs))
{
}

Connection::~Connection() = default;

Connection::State Connection::state() const
{
    return d->state;
}

Role Connection::role() const
{
    return d->role;
}

void Connection::receive(std::span<char> bytes, base::Timestamp now)
{
    Q_ASSERT_X(!d->receiving && !d->reporting, "Connection::receive", "called from inside an event");
    if (d->state == State::Closed || d->receiving || bytes.empty())
        return;
    d->receiving = true;
    d->lastReceivedNs = now.monoNs;
    d->decoder.feed(bytes);
    while (d->state != State::Closed) {
        std::optional<FrameView> frame = d->decoder.next();
        if (!frame)
            break;
        d->take(*frame, now);
    }
    if (d->state != State::Closed)
        d->judgePending(now);
    // After the whole chunk, so that what stands behind the close frame is shown as well.
    if (d->state != State::Closed && d->ending.clean && d->role == Role::Server)
        d->finish(TransportEnd::None, false, {}, now);
    d->receiving = false;
}

void Connection::transportEnded(TransportEnd end, const QString &detail, base::Timestamp now)
{
    if (d->state == State::Closed)
        return;
    if (d->ending.clean) {
        d->finish(end, false, detail, now);
        return;
    }
    d->startedBy(end == TransportEnd::Timeout || end == TransportEnd::LocalAbort ? d->role : d->peer());
    const qint64 idleNs = now.monoNs - std::max(d->lastReceivedNs, d->lastSentNs);
    QString text = sentence(end, d->peer()) + QStringLiteral(", %1 after the last byte").arg(inSeconds(idleNs));
    if ((end == TransportEnd::PeerFin || end == TransportEnd::PeerReset) && looksLikeProxyTimeout(idleNs))
        text += QStringLiteral("; proxies cut idle connections after such a time");
    if (!detail.isEmpty())
        text += QStringLiteral(" (%1)").arg(detail);
    d->finish(end, true, text, now);
}

bool Connection::sendMessage(Opcode opcode, QByteArrayView payload, base::Timestamp now)
{
    Q_ASSERT(opcode == Opcode::Text || opcode == Opcode::Binary);
    Q_ASSERT_X(
        opcode != Opcode::Text || isValidUtf8(payload), "Connection::sendMessage", "RFC 6455 8.1: text is UTF-8");
    Q_ASSERT_X(!d->reporting, "Connection::sendMessage", "called from frameSeen()");
    if (!d->maySend())
        return false;
    d->send(opcode, payload, ++d->sentMessages, now);
    return true;
}

bool Connection::sendShared(const FrameView &frame, const QByteArray &wireBytes, base::Timestamp now)
{
    Q_ASSERT(d->role == Role::Server && !frame.header.masked);
    Q_ASSERT(wireBytes.size() == frame.header.size() + frame.payload.size());
    Q_ASSERT_X(!d->reporting, "Connection::sendShared", "called from frameSeen()");
    if (!d->maySend())
        return false;
    ConnectionEvents::FrameSeen seen{d->role, frame, 0, std::nullopt, &wireBytes};
    if (!isControl(frame.header.opcode)) {
        if (frame.header.opcode != Opcode::Continuation)
            ++d->sentMessages;
        seen.message = d->sentMessages;
    }
    seen.frame.wireOffset = d->sentOffset;
    d->sentOffset += static_cast<quint64>(wireBytes.size());
    d->lastSentNs = now.monoNs;
    d->report(seen, now);
    d->events.write(wireBytes);
    return true;
}

bool Connection::ping(QByteArrayView payload, base::Timestamp now)
{
    Q_ASSERT_X(payload.size() <= 125, "Connection::ping", "RFC 6455 5.5: at most 125 bytes");
    Q_ASSERT_X(!d->reporting, "Connection::ping", "called from frameSeen()");
    if (!d->maySend() || payload.size() > 125 || d->pings.isFull())
        return false;
    d->sendPing(payload, now);
    return true;
}

void Connection::close(std::optional<quint16> code, QByteArrayView reason, base::Timestamp now)
{
    Q_ASSERT_X(!code || isValidOnWire(*code), "Connection::close", "RFC 6455 7.4: this code is not for the wire");
    Q_ASSERT_X(!d->reporting, "Connection::close", "called from frameSeen()");
    if (!d->maySend() || (code && !isValidOnWire(*code)))
        return;
    d->sendClose(code, makeClosePayload(code, reason), now);
}

void Connection::abort(TransportEnd why, const QString &detail, base::Timestamp now)
{
    Q_ASSERT_X(!d->reporting, "Connection::abort", "called from frameSeen()");
    if (d->state == State::Closed || d->reporting)
        return;
    d->startedBy(why == TransportEnd::PeerFin || why == TransportEnd::PeerReset ? d->peer() : d->role);
    d->finish(why, true, detail, now);
}

std::optional<qint64> Connection::nextDeadlineNs() const
{
    if (d->state == State::Closed)
        return std::nullopt;
    if (d->state == State::Closing)
        return d->closeDeadlineNs;
    std::optional<qint64> deadline;
    if (d->limits.pingIntervalNs > 0)
        deadline = d->nextPingNs;
    if (const auto oldest = d->pings.oldestNs(); oldest && d->limits.pongTimeoutNs > 0) {
        const qint64 pong = *oldest + d->limits.pongTimeoutNs;
        deadline = deadline ? std::min(*deadline, pong) : pong;
    }
    return deadline;
}

void Connection::deadlineReached(base::Timestamp now)
{
    if (d->state == State::Closing && now.monoNs >= d->closeDeadlineNs) {
        const QString timeout = inSeconds(d->limits.closeTimeoutNs);
        d->finish(TransportEnd::Timeout, true,
            d->ending.clean
                ? QStringLiteral("the server did not end the stream within %1 of the close handshake").arg(timeout)
                : QStringLiteral("the %1 did not answer the close frame within %2").arg(roleName(d->peer()), timeout),
            now);
    }
    if (d->state != State::Open)
        return;
    const std::optional<qint64> oldest = d->pings.oldestNs();
    if (oldest && d->limits.pongTimeoutNs > 0 && now.monoNs - *oldest >= d->limits.pongTimeoutNs) {
        abort(TransportEnd::Timeout,
            QStringLiteral("no pong within %1 of a ping; the last byte from the %2 came %3 before")
                .arg(inSeconds(now.monoNs - *oldest), roleName(d->peer()), inSeconds(now.monoNs - d->lastReceivedNs)),
            now);
        return;
    }
    if (d->limits.pingIntervalNs > 0 && now.monoNs >= d->nextPingNs) {
        d->nextPingNs = now.monoNs + d->limits.pingIntervalNs;
        std::array<char, 8> payload;
        qToBigEndian(++d->automaticPings, payload.data());
        if (!d->pings.isFull())
            d->sendPing(QByteArrayView(payload.data(), payload.size()), now);
    }
}

std::optional<qint64> Connection::lastRttNs() const
{
    return d->lastRttNs;
}

} // namespace feedscope::wire
