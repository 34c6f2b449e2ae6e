// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/violation.h"

#include "base/bytes.h"
#include "wire/close_code.h"
#include "wire/frame.h"

namespace feedscope::wire {

namespace {

constexpr int kFirstHandshakeRule = 32;

using enum Rule;

const std::vector<RuleInfo> &table()
{
    // clang-format off
    static const std::vector<RuleInfo> rows = {
        {ReservedBit1, "reserved-bit-1", "RFC 6455 5.2", "RSV1 must be 0 unless a negotiated extension defines it for this frame.", 1002},
        {ReservedBit2, "reserved-bit-2", "RFC 6455 5.2", "RSV2 must be 0 unless a negotiated extension defines it.", 1002},
        {ReservedBit3, "reserved-bit-3", "RFC 6455 5.2", "RSV3 must be 0 unless a negotiated extension defines it.", 1002},
        {ReservedOpcode, "reserved-opcode", "RFC 6455 5.2", "Opcodes 0x3 to 0x7 and 0xB to 0xF are reserved.", 1002},
        {FragmentedControl, "fragmented-control", "RFC 6455 5.5", "Control frames must not be fragmented.", 1002},
        {OversizeControl, "oversize-control", "RFC 6455 5.5", "Control frames carry at most 125 bytes.", 1002},
        {UnmaskedClientFrame, "unmasked-client-frame", "RFC 6455 5.1", "A client must mask every frame that it sends.", 1002},
        {MaskedServerFrame, "masked-server-frame", "RFC 6455 5.1", "A server must not mask any frame.", 1002},
        {NonMinimalLength, "non-minimal-length", "RFC 6455 5.2", "The length must be written in as few bytes as it fits.", 1002},
        {LengthTopBit, "length-top-bit", "RFC 6455 5.2", "The most significant bit of a 64-bit length must be 0.", 1002},
        {OrphanContinuation, "orphan-continuation", "RFC 6455 5.4", "A continuation frame needs a message that it continues.", 1002},
        {InterleavedData, "interleaved-data", "RFC 6455 5.4", "A new message must not begin inside an unfinished one.", 1002},
        {InvalidUtf8, "invalid-utf8", "RFC 6455 8.1", "Text messages must be valid UTF-8.", 1007},
        {ClosePayloadTooShort, "close-payload-too-short", "RFC 6455 5.5.1", "A close payload is empty or begins with a two-byte code.", 1002},
        {InvalidCloseCode, "invalid-close-code", "RFC 6455 7.4", "This close code must not stand in a close frame.", 1002},
        {InvalidCloseReason, "invalid-close-reason", "RFC 6455 5.5.1", "The reason in a close frame must be valid UTF-8.", 1007},
        {DataAfterClose, "data-after-close", "RFC 6455 5.5.1", "Nothing follows a close frame; what does is discarded.", 0},
        {MessageTooBig, "message-too-big", "limit", "The message is larger than this endpoint accepts.", 1009},
        {TooManyFragments, "too-many-fragments", "limit", "The message has more fragments than this endpoint accepts.", 1008},
        {TruncatedFrame, "truncated-frame", "RFC 6455 7.1.7", "The stream ended inside a frame.", 0},
        {UnsolicitedPong, "unsolicited-pong", "RFC 6455 5.5.3", "A pong that answers no ping; it is allowed and needs no answer.", 0},
        {InflateFailed, "inflate-failed", "RFC 7692 7.2.2", "The compressed payload cannot be decompressed.", 1007},

        {NotHttp, "not-http", "RFC 9112 3", "The first bytes are not an HTTP message.", 0},
        {BadRequestLine, "bad-request-line", "RFC 9112 3", "The first line is method, target and version, or version and status.", 0},
        {UnsupportedHttpVersion, "unsupported-http-version", "RFC 6455 4.1", "The handshake is HTTP/1.1 or a later HTTP/1.", 0},
        {MethodNotGet, "method-not-get", "RFC 6455 4.1", "The method of the handshake is GET.", 0},
        {RequestLineTooLong, "request-line-too-long", "limit", "The first line is longer than this endpoint accepts.", 0},
        {HeaderTooLong, "header-too-long", "limit", "A header line is longer than this endpoint accepts.", 0},
        {HeadersTooLarge, "headers-too-large", "limit", "The headers together are larger than this endpoint accepts.", 0},
        {TooManyHeaders, "too-many-headers", "limit", "There are more headers than this endpoint accepts.", 0},
        {BadHeader, "bad-header", "RFC 9112 5", "A header is a name, a colon and printable text, ended by CR LF.", 0},
        {FoldedHeader, "folded-header", "RFC 9112 5.2", "Header lines must not be folded.", 0},
        {BadHost, "bad-host", "RFC 9112 3.2", "There is exactly one Host header, with a host and at most a port.", 0},
        {RequestHasBody, "request-has-body", "RFC 6455 4.1", "The handshake has no body; its bytes would be taken for frames.", 0},
        {MissingUpgrade, "missing-upgrade", "RFC 6455 4.2.1", "The Upgrade header names websocket.", 0},
        {MissingConnectionUpgrade, "missing-connection-upgrade", "RFC 6455 4.2.1", "The Connection header names Upgrade.", 0},
        {UnsupportedVersion, "unsupported-version", "RFC 6455 4.4", "Sec-WebSocket-Version is 13.", 0},
        {BadKey, "bad-key", "RFC 6455 4.2.1", "There is exactly one Sec-WebSocket-Key: 16 bytes as base64.", 0},
        {BadSubprotocol, "bad-subprotocol", "RFC 6455 4.1", "Sec-WebSocket-Protocol is a list of distinct tokens.", 0},
        {BadExtensions, "bad-extensions", "RFC 6455 9.1", "Sec-WebSocket-Extensions follows the grammar of extension lists.", 0},
        {UnknownPath, "unknown-path", "RFC 6455 4.2.2", "No WebSocket is served at this path.", 0},
        {BadPath, "bad-path", "RFC 3986 3.3", "The path has valid percent-encoding and neither empty nor dot segments.", 0},
        {ForbiddenHost, "forbidden-host", "RFC 6455 4.2.1", "The Host header names a server that this is not.", 0},
        {ForbiddenOrigin, "forbidden-origin", "RFC 6455 10.2", "Pages from this origin may not connect here.", 0},
        {HandshakeTimeout, "handshake-timeout", "limit", "The handshake took longer than this endpoint waits.", 0},
        {BadStatus, "bad-status", "RFC 6455 4.1", "The server answers 101 Switching Protocols.", 0},
        {BadAccept, "bad-accept", "RFC 6455 4.1", "Sec-WebSocket-Accept is computed from the key that was sent.", 0},
        {UnofferedSubprotocol, "unoffered-subprotocol", "RFC 6455 4.1", "The server chooses at most one subprotocol, and one that was offered.", 0},
        {UnofferedExtension, "unoffered-extension", "RFC 6455 4.1", "The server uses only extensions that were offered.", 0},
        {TooManyConnections, "too-many-connections", "limit", "The server holds as many connections as it accepts.", 0},
    };
    // clang-format on
    return rows;
}

QString detailOf(Rule rule, const FrameHeader &header, QByteArrayView payload)
{
    switch (rule) {
    case ReservedBit1:
    case ReservedBit2:
    case ReservedBit3:
    case OrphanContinuation:
    case InterleavedData:
    case FragmentedControl:
    case DataAfterClose:
        return QStringLiteral("opcode %1").arg(QLatin1String(opcodeName(header.opcode)));
    case ReservedOpcode:
        return QStringLiteral("opcode 0x%1").arg(static_cast<int>(header.opcode), 0, 16);
    case MaskedServerFrame:
        return QStringLiteral("masking key %1")
            .arg(QLatin1String(
                base::toHex(QByteArrayView(reinterpret_cast<const char *>(header.maskingKey.data()), 4))));
    case NonMinimalLength:
        return QStringLiteral("length %1 written in %2 bits").arg(header.length).arg(header.extendedLengthBytes * 8);
    case LengthTopBit:
        return QStringLiteral("length 0x%1").arg(header.length, 16, 16, QLatin1Char('0'));
    case OversizeControl:
    case MessageTooBig:
    case UnmaskedClientFrame:
    case TooManyFragments:
        return QStringLiteral("%1 frame of %2 bytes").arg(QLatin1String(opcodeName(header.opcode))).arg(header.length);
    case InvalidUtf8:
    case InvalidCloseReason: {
        const QByteArrayView text = rule == InvalidCloseReason && payload.size() >= 2 ? payload.sliced(2) : payload;
        return QString::fromUtf8(base::escaped(text, 32));
    }
    case ClosePayloadTooShort:
        return QStringLiteral("payload %1").arg(QLatin1String(base::toHex(payload)));
    case InvalidCloseCode:
        if (const auto code = parseClosePayload(payload).code)
            return QStringLiteral("code %1").arg(*code);
        return {};
    case TruncatedFrame:
        return QStringLiteral("%1 of %2 payload bytes").arg(payload.size()).arg(header.length);
    case UnsolicitedPong:
        return QStringLiteral("payload %1")
            .arg(QLatin1String(base::toHex(payload.first(qMin<qsizetype>(payload.size(), 32)))));
    default:
        return {};
    }
}

} // namespace

const std::vector<RuleInfo> &allRules()
{
    return table();
}

const RuleInfo &ruleInfo(Rule rule)
{
    constexpr int kFrameRules = static_cast<int>(InflateFailed) + 1;
    const int value = static_cast<int>(rule);
    const int index = value < kFirstHandshakeRule ? value : value - kFirstHandshakeRule + kFrameRules;
    const std::vector<RuleInfo> &rows = table();
    Q_ASSERT(index < static_cast<int>(rows.size()) && rows[static_cast<size_t>(index)].rule == rule);
    return rows[static_cast<size_t>(index)];
}

std::vector<Rule> ViolationSet::rules() const
{
    std::vector<Rule> rules;
    for (quint32 bits = m_bits; bits; bits &= bits - 1)
        rules.push_back(static_cast<Rule>(std::countr_zero(bits)));
    return rules;
}

std::vector<Violation> describe(ViolationSet set, const FrameHeader &header, QByteArrayView payload)
{
    std::vector<Violation> violations;
    for (const Rule rule : set.rules())
        violations.push_back({rule, detailOf(rule, header, payload)});
    return violations;
}

} // namespace feedscope::wire
