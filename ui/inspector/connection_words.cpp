// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/connection_words.h"

#include "base/bytes.h"
#include "ui/models/connection_list_model.h"
#include "ui/models/frame_anatomy.h"
#include "ui/models/frame_fields.h"
#include "ui/models/header_words.h"
#include "ui/widgets/format.h"
#include "wire/close_code.h"
#include "wire/extension.h"
#include "wire/handshake.h"

namespace feedscope::ui {

namespace {

constexpr qsizetype kMostHeaderValue = 2000;

QString escapedBytes(QByteArrayView bytes)
{
    return QString::fromLatin1(base::escaped(bytes, kMostHeaderValue)).toHtmlEscaped();
}

QString mono(const QString &html)
{
    return QStringLiteral("<span style=\"font-family:'DejaVu Sans Mono','monospace';\">%1</span>").arg(html);
}

QString colored(const QColor &color, const QString &html)
{
    return QStringLiteral("<span style=\"color:%1;\">%2</span>").arg(color.name(), html);
}

QString paragraph(const QString &html, int above = 0)
{
    return QStringLiteral("<p style=\"margin-top:%1px;margin-bottom:2px;\">%2</p>").arg(above).arg(html);
}

QString heading(const QString &text, const Colors &colors)
{
    return paragraph(colored(colors.muted, text.toHtmlEscaped()), 8);
}

QString verdict(bool good, const Colors &colors)
{
    return good ? colored(colors.good, QStringLiteral("✔")) : colored(colors.error, QStringLiteral("✘"));
}

QString row(const QString &name, const QString &html, const Colors &colors)
{
    return paragraph(colored(colors.muted, name.toHtmlEscaped() + QStringLiteral(" ")) + html);
}

QString fieldsHtml(const wire::HttpHeaders &headers, wire::HttpHeadParser::Kind kind, const Colors &colors)
{
    QString html;
    for (const auto &[name, value] : headers.fields()) {
        html += paragraph(mono(colored(colors.accent, escapedBytes(name) + QLatin1Char(':')) + QLatin1Char(' ') + escapedBytes(value)), 4);
        if (const QString purpose = headerPurpose(name, kind); !purpose.isEmpty())
            html += paragraph(colored(colors.muted, purpose.toHtmlEscaped()));
    }
    return html;
}

QString acceptHtml(const QByteArray &key, const std::optional<QByteArray> &answered, const Colors &colors)
{
    const wire::AcceptComputation steps = wire::computeAccept(key);
    QString html = heading(QStringLiteral("Sec-WebSocket-Accept, step by step"), colors);
    html += row(QStringLiteral("key"), mono(escapedBytes(steps.key)), colors);
    html += row(QStringLiteral("+ GUID"), mono(QLatin1String(wire::kWebSocketGuid)), colors);
    html += row(QStringLiteral("SHA-1"), mono(QString::fromLatin1(base::toHex(steps.sha1, ' '))), colors);
    html += row(QStringLiteral("base64"), mono(escapedBytes(steps.accept)), colors);
    if (!answered)
        return html + paragraph(verdict(false, colors) + QStringLiteral(" the server sent none"));
    const bool good = *answered == steps.accept;
    return html
        + paragraph(verdict(good, colors)
            + (good ? QStringLiteral(" the server sent the same")
                    : QStringLiteral(" the server sent ") + mono(escapedBytes(*answered))));
}

QString offerHtml(const wire::HttpRequest &request, const capture::ConnectionSummary &connection, const Colors &colors)
{
    const auto list = [](const std::vector<QByteArray> &values, const QString &none) {
        QStringList words;
        for (const QByteArray &value : values)
            words << mono(escapedBytes(value));
        return words.isEmpty() ? none : words.join(QStringLiteral(", "));
    };
    const auto taken = [&](const QByteArray &value) {
        return value.isEmpty() ? QStringLiteral("none") : mono(escapedBytes(value));
    };
    QString html = heading(QStringLiteral("Offered → taken"), colors);
    html += row(QStringLiteral("subprotocol"),
        list(request.headers.tokens("Sec-WebSocket-Protocol"), QStringLiteral("none")) + QStringLiteral(" → ")
            + taken(connection.handshake.subprotocol),
        colors);
    html += row(QStringLiteral("extensions"),
        list(request.headers.values("Sec-WebSocket-Extensions"), QStringLiteral("none")) + QStringLiteral(" → ")
            + taken(connection.handshake.extensions),
        colors);
    return html;
}

} // namespace

QString connectionHtml(const capture::ConnectionSummary &connection, const Colors &colors)
{
    using State = ConnectionListModel::State;
    const State state = ConnectionListModel::stateOf(connection);
    const QColor color = state == State::Open ? colors.good : state == State::Closed ? colors.flat : colors.error;
    QString html = paragraph(colored(color, stateName(state)) + QStringLiteral(" · we are the ")
        + roleName(connection.handshake.localRole) + (connection.handshake.tls ? QStringLiteral(" · TLS") : QString()));
    if (!connection.handshake.url.isEmpty())
        html += row(QStringLiteral("url"), mono(escapedBytes(connection.handshake.url)), colors);
    html += row(QStringLiteral("peer"), mono(escapedBytes(connection.handshake.peer)), colors);
    html += row(QStringLiteral("opened"), formatTime(connection.opened.wallNs), colors);
    const auto side = [&](quint64 frames, quint64 bytes) {
        return QStringLiteral("%1 frames, %2").arg(formatCount(frames), formatBytes(static_cast<double>(bytes)));
    };
    html += row(QStringLiteral("client →"), side(connection.framesFromClient, connection.bytesFromClient), colors);
    html += row(QStringLiteral("← server"), side(connection.framesFromServer, connection.bytesFromServer), colors);
    return html;
}

QString handshakeHtml(const capture::ConnectionSummary &connection, const Colors &colors)
{
    const wire::HandshakeSeen &handshake = connection.handshake;
    if (handshake.requestBytes.isEmpty())
        return paragraph(colored(colors.muted, QStringLiteral("The handshake is not in this capture.")));
    wire::HttpHeadParser request(wire::HttpHeadParser::Kind::Request);
    request.feed(handshake.requestBytes);
    wire::HttpHeadParser response(wire::HttpHeadParser::Kind::Response);
    response.feed(handshake.responseBytes);
    const bool isRequest = request.state() == wire::HttpHeadParser::State::Complete;
    const bool isResponse = response.state() == wire::HttpHeadParser::State::Complete;

    QString html = paragraph(verdict(handshake.accepted, colors)
        + (handshake.accepted ? QStringLiteral(" accepted") : QStringLiteral(" not accepted"))
        + (connection.opened.monoNs > handshake.requestMonoNs && handshake.requestMonoNs > 0
                ? QStringLiteral(" in %1").arg(formatDuration(connection.opened.monoNs - handshake.requestMonoNs))
                : QString()));
    html += violationsHtml(handshake.violations, colors);
    if (isRequest) {
        if (const auto key = request.request().headers.value("Sec-WebSocket-Key"))
            html += acceptHtml(*key, isResponse ? response.response().headers.value("Sec-WebSocket-Accept") : std::nullopt, colors);
        html += offerHtml(request.request(), connection, colors);
    }
    html += heading(QStringLiteral("Request, by the client"), colors);
    if (isRequest) {
        const wire::HttpRequest &head = request.request();
        html += paragraph(mono(QStringLiteral("<b>%1</b>").arg(escapedBytes(head.method + ' ' + head.target + ' ' + head.version))));
        html += fieldsHtml(head.headers, wire::HttpHeadParser::Kind::Request, colors);
    } else {
        html += paragraph(mono(escapedBytes(handshake.requestBytes)));
    }
    html += heading(QStringLiteral("Response, by the server"), colors);
    if (isResponse) {
        const wire::HttpResponse &head = response.response();
        html += paragraph(mono(
            QStringLiteral("<b>%1 %2 %3</b>").arg(escapedBytes(head.version), QString::number(head.status), escapedBytes(head.reason))));
        html += paragraph(colored(colors.muted, statusPurpose(head.status)));
        html += fieldsHtml(head.headers, wire::HttpHeadParser::Kind::Response, colors);
    } else {
        html += paragraph(handshake.responseBytes.isEmpty() ? colored(colors.muted, QStringLiteral("There was no answer."))
                                                            : mono(escapedBytes(handshake.responseBytes)));
    }
    return html;
}

std::vector<Heartbeats::Rtt> shownRtts(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats)
{
    if (!heartbeats)
        return {};
    std::vector<Heartbeats::Rtt> ours;
    for (const Heartbeats::Rtt &rtt : heartbeats->rtts) {
        if (rtt.pinger == connection.handshake.localRole)
            ours.push_back(rtt);
    }
    return ours.empty() ? heartbeats->rtts : ours;
}

QString heartbeatsHtml(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats, const Colors &colors)
{
    if (!heartbeats || heartbeats->pings == 0) {
        QString text = QStringLiteral("No pings yet.");
        if (heartbeats && heartbeats->unsolicited)
            text += QStringLiteral(" %1 pongs that nobody asked for.").arg(formatCount(heartbeats->unsolicited));
        return paragraph(colored(colors.muted, text));
    }
    const std::vector<Heartbeats::Rtt> rtts = shownRtts(connection, heartbeats);
    QString html;
    if (!rtts.empty()) {
        const RttSummary summary = summarise(rtts);
        const bool ours = rtts.front().pinger == connection.handshake.localRole;
        // A ping and the pong that answers it within one read carry the same time: there is nothing to take a quantile of.
        html += paragraph(summary.max == 0 && !ours
                ? QStringLiteral("answered <b>in the same read</b>")
                : QStringLiteral("p50 <b>%1</b> · p95 <b>%2</b> · max <b>%3</b>")
                      .arg(formatDuration(summary.p50), formatDuration(summary.p95), formatDuration(summary.max)));
        html += paragraph(colored(colors.muted,
            ours ? QStringLiteral("our pings, last %1 of them").arg(summary.count)
                 : QStringLiteral("the peer's pings: how fast we answer, last %1").arg(summary.count)));
    }
    html += paragraph(QStringLiteral("%1 pings, %2 answered").arg(formatCount(heartbeats->pings), formatCount(heartbeats->answered)));
    const auto missing = static_cast<quint64>(heartbeats->open.size());
    if (missing > 0)
        html += paragraph(colored(colors.error, QStringLiteral("⚠ %1 without a pong").arg(formatCount(missing))));
    if (heartbeats->skipped > 0)
        html += paragraph(colored(colors.muted,
            QStringLiteral("%1 skipped for a newer one (RFC 6455 5.5.3 allows that)").arg(formatCount(heartbeats->skipped))));
    if (heartbeats->unsolicited > 0)
        html += paragraph(colored(colors.muted,
            QStringLiteral("%1 pongs that nobody asked for (allowed)").arg(formatCount(heartbeats->unsolicited))));
    return html;
}

QString endingHtml(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats, const Colors &colors)
{
    if (!connection.ending)
        return paragraph(colored(colors.muted, QStringLiteral("Still open: code, reason, and who ended it appear here.")));
    const wire::Ending &ending = *connection.ending;
    QString html = paragraph(colored(ending.clean ? colors.flat : colors.error,
                                 QStringLiteral("<b>%1</b> %2").arg(ending.code).arg(wire::closeCodeName(ending.code).toHtmlEscaped()))
        + QStringLiteral(" by the %1, %2")
              .arg(roleName(ending.startedBy), ending.clean ? QStringLiteral("clean") : QStringLiteral("not clean")));
    html += paragraph(colored(colors.muted, wire::closeCodeMeaning(ending.code).toHtmlEscaped()));
    if (!ending.reason.isEmpty())
        html += row(QStringLiteral("reason"), QStringLiteral("“%1”").arg(inert(QString::fromUtf8(ending.reason)).toHtmlEscaped()), colors);
    const auto code = [](bool seen, const std::optional<quint16> &value) {
        return !seen ? QStringLiteral("none") : value ? QString::number(*value) : QStringLiteral("without a code");
    };
    html += row(QStringLiteral("close frames"),
        QStringLiteral("sent %1, received %2")
            .arg(code(ending.closeSent, ending.sentCode), code(ending.closeReceived, ending.receivedCode)),
        colors);
    if (ending.transport != wire::TransportEnd::None)
        html += row(QStringLiteral("byte stream"), mono(QString::fromLatin1(wire::transportEndName(ending.transport))), colors);
    if (heartbeats && heartbeats->firstCloseNs)
        html += row(QStringLiteral("close handshake"),
            formatDuration(heartbeats->secondCloseNs.value_or(connection.ended.monoNs) - *heartbeats->firstCloseNs), colors);
    if (!ending.detail.isEmpty())
        html += paragraph(inert(ending.detail).toHtmlEscaped());
    return html;
}

QString violationsHtml(const std::vector<wire::Violation> &violations, const Colors &colors)
{
    QString html;
    for (const wire::Violation &violation : violations) {
        const wire::RuleInfo &info = wire::ruleInfo(violation.rule);
        const bool broken = isBroken(violation.rule);
        html += paragraph(colored(broken ? colors.error : colors.warning,
                              QStringLiteral("%1 <b>%2</b>").arg(broken ? QStringLiteral("⚠") : QStringLiteral("△"), QLatin1String(info.name)))
                + QStringLiteral(" · %1").arg(QLatin1String(info.section)),
            6);
        html += paragraph(QString::fromUtf8(info.text).toHtmlEscaped());
        if (!violation.detail.isEmpty())
            html += paragraph(mono(inert(violation.detail).toHtmlEscaped()));
        if (info.closeCode != 0)
            html += paragraph(colored(colors.muted,
                QStringLiteral("An endpoint answers with close %1, %2.")
                    .arg(info.closeCode)
                    .arg(wire::closeCodeName(info.closeCode).toHtmlEscaped())));
    }
    return html;
}

} // namespace feedscope::ui
