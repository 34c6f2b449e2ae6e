// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/record_json.h"

#include "base/bytes.h"
#include "capture/head_lines.h"
#include "dissect/json.h"
#include "wire/close_code.h"
#include "wire/utf8.h"

#include <limits>

namespace feedscope::capture {

namespace {

QByteArray number(quint64 value)
{
    return QByteArray::number(value);
}
const char *boolean(bool value)
{
    return value ? "true" : "false";
}
const char *roleName(wire::Role role)
{
    return role == wire::Role::Client ? "client" : "server";
}

/// Unix seconds with nanoseconds, written as a decimal: a double has no room for them.
QByteArray timeToJson(base::Timestamp time)
{
    const bool negative = time.wallNs < 0;
    const quint64 ns = negative ? 0 - static_cast<quint64>(time.wallNs) : static_cast<quint64>(time.wallNs);
    return (negative ? "-" : "") + number(ns / base::kNsPerSecond) + '.' + number(ns % base::kNsPerSecond).rightJustified(9, '0');
}

/// Bytes that should be text. Where they are not UTF-8, each byte is shown as the Latin-1 character of its value.
QByteArray quoted(const QByteArray &bytes)
{
    return dissect::quoteJson(wire::isValidUtf8(bytes) ? bytes : QString::fromLatin1(bytes).toUtf8());
}

QByteArray violationsToJson(const std::vector<wire::Violation> &violations)
{
    QByteArray json = "[";
    for (const wire::Violation &violation : violations) {
        const wire::RuleInfo &info = wire::ruleInfo(violation.rule);
        json += (json.size() > 1 ? ",{\"rule\":\"" : "{\"rule\":\"") + QByteArray(info.section) + "\",\"name\":\"" + info.name
            + "\",\"detail\":" + dissect::quoteJson(violation.detail.toUtf8()) + '}';
    }
    return json + ']';
}

QByteArray headersToJson(const HeadLines &head)
{
    QByteArray json = "[";
    for (const auto &[name, value] : head.headers)
        json += (json.size() > 1 ? ",[" : "[") + quoted(name) + ',' + quoted(value) + ']';
    return json + ']';
}

QByteArray responseToJson(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return "null";
    const HeadLines head = splitHead(bytes);
    const int status = statusOf(head);
    return "{\"status\":" + (status ? QByteArray::number(status) : QByteArray("null")) + ",\"headers\":" + headersToJson(head) + '}';
}

/// RSV1 without a violation: an extension defined it, and the payload is compressed.
bool isCompressed(const Record &record)
{
    return record.header.rsv1 && !record.violations.contains(wire::Rule::ReservedBit1);
}

QByteArray causeOf(const wire::Ending &ending)
{
    if (ending.transport == wire::TransportEnd::None && (ending.closeSent || ending.closeReceived))
        return "close-frame";
    return wire::transportEndName(ending.transport);
}

} // namespace

QByteArray handshakeToJson(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp time)
{
    const HeadLines request = splitHead(handshake.requestBytes);
    QByteArray json = "{\"kind\":\"handshake\",\"conn\":" + number(connection) + ",\"time\":" + timeToJson(time) + ",\"role\":\""
        + roleName(handshake.localRole) + "\",\"peer\":" + quoted(handshake.peer) + ",\"tls\":" + boolean(handshake.tls)
        + ",\"request\":{\"line\":" + quoted(request.line) + ",\"headers\":" + headersToJson(request)
        + "},\"response\":" + responseToJson(handshake.responseBytes) + ",\"accept_ok\":" + boolean(handshake.acceptOk)
        + ",\"subprotocol\":" + quoted(handshake.subprotocol) + ",\"extensions\":" + quoted(handshake.extensions);
    if (!handshake.violations.empty())
        json += ",\"violations\":" + violationsToJson(handshake.violations);
    return json + '}';
}

QByteArray frameToJson(const Record &record)
{
    const wire::FrameHeader &header = record.header;
    const QByteArray &payload = record.payload;
    const quint64 onWire = record.complete ? header.length : static_cast<quint64>(payload.size());
    QByteArray json;
    json.reserve(400 + 3 * payload.size());
    json += "{\"kind\":\"frame\",\"no\":" + number(record.no) + ",\"conn\":" + number(record.connection) + ",\"time\":"
        + timeToJson(record.time) + ",\"from\":\"" + roleName(record.from) + "\",\"opcode\":\"" + wire::opcodeName(header.opcode)
        + "\",\"opcode_value\":" + number(static_cast<quint64>(header.opcode)) + ",\"fin\":" + boolean(header.fin) + ",\"rsv1\":"
        + boolean(header.rsv1) + ",\"rsv2\":" + boolean(header.rsv2) + ",\"rsv3\":" + boolean(header.rsv3) + ",\"masked\":"
        + boolean(header.masked);
    if (header.masked) {
        const auto *key = reinterpret_cast<const char *>(header.maskingKey.data());
        json += ",\"mask\":\"" + base::toHex(QByteArrayView(key, 4)) + '"';
    }
    json += ",\"len\":" + number(header.length) + ",\"header_len\":" + number(header.size()) + ",\"wire_len\":" + number(header.size() + onWire)
        + ",\"payload_hex\":\"" + base::toHex(payload) + '"';
    if (record.textMessage && !isCompressed(record) && wire::isValidUtf8(payload))
        json += ",\"text\":" + dissect::quoteJson(payload);
    if (header.opcode == wire::Opcode::Close) {
        const wire::ClosePayload close = wire::parseClosePayload(payload);
        json += ",\"close\":{\"code\":" + (close.code ? number(*close.code) : QByteArray("null")) + ",\"reason\":" + quoted(close.reason) + '}';
    }
    if (record.rttNs)
        json += ",\"rtt_us\":" + QByteArray::number(*record.rttNs / base::kNsPerUs);
    json += ",\"message\":" + number(record.message) + ",\"violations\":"
        + violationsToJson(wire::describe(record.violations, header, payload));
    if (!record.complete)
        json += ",\"complete\":false";
    if (record.damaged)
        json += ",\"damaged\":true";
    return json + '}';
}

QByteArray endToJson(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp time)
{
    return "{\"kind\":\"end\",\"conn\":" + number(connection) + ",\"time\":" + timeToJson(time) + ",\"code\":" + number(ending.code)
        + ",\"clean\":" + boolean(ending.clean) + ",\"by\":\"" + roleName(ending.startedBy) + "\",\"cause\":\"" + causeOf(ending)
        + "\",\"detail\":" + dissect::quoteJson(ending.detail.toUtf8()) + '}';
}

Record toRecord(quint64 no, wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp time)
{
    Record record;
    record.no = no;
    record.connection = connection;
    record.time = time;
    record.from = seen.from;
    record.header = seen.frame.header;
    record.wireOffset = seen.frame.wireOffset;
    record.violations = seen.frame.violations;
    record.message = seen.message;
    record.rttNs = seen.rttNs;
    record.complete = seen.frame.complete;
    record.payload = seen.frame.payload.toByteArray();
    record.storedLength = static_cast<quint32>(qMin<qint64>(record.payload.size(), std::numeric_limits<quint32>::max()));
    record.textMessage = seen.frame.header.opcode == wire::Opcode::Text;
    return record;
}

} // namespace feedscope::capture
