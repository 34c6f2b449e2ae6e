// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/event_cbor.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>

namespace feedscope::capture {

namespace {

using Key = QLatin1String;

QCborMap mapOf(const QByteArray &bytes)
{
    QCborParserError error;
    const QCborValue value = QCborValue::fromCbor(bytes, &error);
    return error.error == QCborError::NoError ? value.toMap() : QCborMap();
}

QCborValue optionalCode(const std::optional<quint16> &code)
{
    return code ? QCborValue(int(*code)) : QCborValue(nullptr);
}
std::optional<quint16> codeOf(const QCborValue &value)
{
    if (!value.isInteger())
        return std::nullopt;
    return static_cast<quint16>(value.toInteger());
}

// CBOR integers are signed here; the bits of an unsigned one go through unchanged.
QCborValue unsignedValue(quint64 value)
{
    return QCborValue(static_cast<qint64>(value));
}

} // namespace

QByteArray handshakeToCbor(const wire::HandshakeSeen &handshake)
{
    QCborMap map;
    map[Key("role")] = int(handshake.localRole);
    map[Key("local")] = handshake.local;
    map[Key("peer")] = handshake.peer;
    map[Key("tls")] = handshake.tls;
    map[Key("url")] = handshake.url;
    map[Key("request")] = handshake.requestBytes;
    map[Key("response")] = handshake.responseBytes;
    map[Key("accepted")] = handshake.accepted;
    map[Key("acceptOk")] = handshake.acceptOk;
    map[Key("subprotocol")] = handshake.subprotocol;
    map[Key("extensions")] = handshake.extensions;
    map[Key("requestMonoNs")] = handshake.requestMonoNs;
    QCborArray violations;
    for (const wire::Violation &violation : handshake.violations)
        violations.append(QCborArray {int(violation.rule), violation.detail});
    map[Key("violations")] = violations;
    return map.toCborValue().toCbor();
}

std::optional<wire::HandshakeSeen> handshakeFromCbor(const QByteArray &bytes)
{
    const QCborMap map = mapOf(bytes);
    if (map.isEmpty())
        return std::nullopt;
    wire::HandshakeSeen handshake;
    handshake.localRole = map[Key("role")].toInteger() == int(wire::Role::Client) ? wire::Role::Client : wire::Role::Server;
    handshake.local = map[Key("local")].toByteArray();
    handshake.peer = map[Key("peer")].toByteArray();
    handshake.tls = map[Key("tls")].toBool();
    handshake.url = map[Key("url")].toByteArray();
    handshake.requestBytes = map[Key("request")].toByteArray();
    handshake.responseBytes = map[Key("response")].toByteArray();
    handshake.accepted = map[Key("accepted")].toBool();
    handshake.acceptOk = map[Key("acceptOk")].toBool();
    handshake.subprotocol = map[Key("subprotocol")].toByteArray();
    handshake.extensions = map[Key("extensions")].toByteArray();
    handshake.requestMonoNs = map[Key("requestMonoNs")].toInteger();
    const QCborArray violations = map[Key("violations")].toArray();
    for (const QCborValue &value : violations) {
        const QCborArray pair = value.toArray();
        const qint64 number = pair.at(0).toInteger(-1);
        for (const wire::RuleInfo &info : wire::allRules()) { // a number that this version does not know names nothing
            if (number == qint64(info.rule))
                handshake.violations.push_back({info.rule, pair.at(1).toString()});
        }
    }
    return handshake;
}

QByteArray endingToCbor(const wire::Ending &ending)
{
    QCborMap map;
    map[Key("code")] = int(ending.code);
    map[Key("reason")] = ending.reason;
    map[Key("sentCode")] = optionalCode(ending.sentCode);
    map[Key("receivedCode")] = optionalCode(ending.receivedCode);
    map[Key("closeSent")] = ending.closeSent;
    map[Key("closeReceived")] = ending.closeReceived;
    map[Key("clean")] = ending.clean;
    map[Key("startedBy")] = int(ending.startedBy);
    map[Key("transport")] = int(ending.transport);
    map[Key("bytesReceived")] = unsignedValue(ending.bytesReceived);
    map[Key("detail")] = ending.detail;
    return map.toCborValue().toCbor();
}

std::optional<wire::Ending> endingFromCbor(const QByteArray &bytes)
{
    const QCborMap map = mapOf(bytes);
    if (map.isEmpty())
        return std::nullopt;
    wire::Ending ending;
    ending.code = static_cast<quint16>(map[Key("code")].toInteger(wire::AbnormalClosure));
    ending.reason = map[Key("reason")].toByteArray();
    ending.sentCode = codeOf(map[Key("sentCode")]);
    ending.receivedCode = codeOf(map[Key("receivedCode")]);
    ending.closeSent = map[Key("closeSent")].toBool();
    ending.closeReceived = map[Key("closeReceived")].toBool();
    ending.clean = map[Key("clean")].toBool();
    ending.startedBy = map[Key("startedBy")].toInteger() == int(wire::Role::Server) ? wire::Role::Server : wire::Role::Client;
    const qint64 transport = map[Key("transport")].toInteger();
    ending.transport = transport >= 0 && transport <= qint64(wire::TransportEnd::Failed) ? static_cast<wire::TransportEnd>(transport)
                                                                                        : wire::TransportEnd::Failed;
    ending.bytesReceived = static_cast<quint64>(map[Key("bytesReceived")].toInteger());
    ending.detail = map[Key("detail")].toString();
    return ending;
}

} // namespace feedscope::capture
