// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_fields.h"

#include <QStringList>

#include <algorithm>

namespace feedscope::capture {

const std::vector<FieldInfo> &allFields()
{
    using F = FieldId;
    using T = FieldType;
    static const std::vector<FieldInfo> fields = {
        {"no", F::No, T::Number, "number of the frame in the capture, from 1"},
        {"time", F::Time, T::Time, "when: 12:00:05 (local time of day), \"2024-05-01T12:00:05\", or Unix seconds"},
        {"delta", F::Delta, T::Duration, "time since the record before, of any connection"},
        {"conn", F::Conn, T::Number, "number of the connection"},
        {"node", F::Never, T::Never, "node of a cluster; a capture of one process has none: always absent"},
        {"from", F::From, T::Sender, "who sent the frame: client or server"},
        {"opcode", F::Opcode, T::Opcode, "continuation text binary close ping pong, or a number"},
        {"fin", F::Fin, T::Boolean, "last frame of its message"},
        {"rsv1", F::Rsv1, T::Boolean, "reserved bit 1"},
        {"rsv2", F::Rsv2, T::Boolean, "reserved bit 2"},
        {"rsv3", F::Rsv3, T::Boolean, "reserved bit 3"},
        {"masked", F::Masked, T::Boolean, "the mask bit"},
        {"mask", F::Mask, T::Bytes, "the masking key, where the frame is masked"},
        {"len", F::Len, T::Number, "payload bytes, as the frame header says"},
        {"wire_len", F::WireLen, T::Number, "bytes on the wire, header included"},
        {"header_len", F::HeaderLen, T::Number, "bytes of the frame header"},
        {"payload", F::Payload, T::Bytes, "the unmasked payload; payload[0:2] is two bytes from offset 0"},
        {"text", F::Text, T::Text, "the payload of a frame of a text message, where it is valid UTF-8"},
        {"message.len", F::MessageLen, T::Number, "payload bytes of the whole message"},
        {"message.frames", F::MessageFrames, T::Number, "frames of the whole message"},
        {"close.code", F::CloseCode, T::Number, "code in a close frame"},
        {"close.reason", F::CloseReason, T::Text, "reason in a close frame"},
        {"rtt", F::Rtt, T::Duration, "round-trip time, on the pong that answers our ping"},
        {"compressed", F::Never, T::Never, "compressed message; never negotiated by this version: always absent"},
        {"ratio", F::Never, T::Never, "compression ratio; never negotiated by this version: always absent"},
        {"topic", F::Topic, T::Text, "json.topic, or the first of json.topics"},
        {"violation", F::HasViolation, T::Boolean, "a rule is broken"},
        {"violation.rule", F::ViolationRule, T::Text, "name (\"unmasked-client-frame\") or section (\"RFC 6455 5.1\") of a broken rule"},
        {"http.status", F::HttpStatus, T::Number, "status of the handshake's answer"},
        {"http.path", F::HttpPath, T::Text, "path of the handshake's request, without query"},
        {"http.header.", F::HttpHeader, T::Text, "header of the handshake, of the request or the answer: http.header.origin"},
        {"http.subprotocol", F::HttpSubprotocol, T::Text, "subprotocol that was agreed on"},
        {"tls", F::Tls, T::Boolean, "the connection is encrypted"},
        {"peer", F::Peer, T::Text, "address of the other end: \"127.0.0.1:53112\""},
        {"json.", F::Json, T::Json, "value in a JSON text frame: json.symbol, json.data.bids.0.price"},

        {"websocket.opcode", F::Opcode, T::Opcode, "", true},
        {"websocket.fin", F::Fin, T::Boolean, "", true},
        {"websocket.rsv", F::Rsv, T::Number, "", true},
        {"websocket.mask", F::Masked, T::Boolean, "", true},
        {"websocket.masking_key", F::Mask, T::Bytes, "", true},
        {"websocket.payload_length", F::LengthCode, T::Number, "", true},
        {"websocket.payload_length_ext_16", F::ExtendedLength16, T::Number, "", true},
        {"websocket.payload_length_ext_64", F::ExtendedLength64, T::Number, "", true},
        {"websocket.payload", F::Payload, T::Bytes, "", true},
        {"websocket.payload.text", F::Text, T::Text, "", true},
        {"websocket.payload.close.status_code", F::CloseCode, T::Number, "", true},
        {"websocket.payload.close.reason", F::CloseReason, T::Text, "", true},
        {"frame.number", F::No, T::Number, "", true},
        {"frame.time_relative", F::RelativeTime, T::Duration, "", true},
        {"tcp.stream", F::Stream, T::Number, "", true},
    };
    return fields;
}

std::optional<FieldMatch> findField(const QString &name)
{
    for (const FieldInfo &info : allFields()) {
        const QLatin1String own(info.name);
        if (!own.endsWith(QLatin1Char('.'))) {
            if (name == own)
                return FieldMatch {&info, {}};
        } else if (name.size() > own.size() && name.startsWith(own) && !name.endsWith(QLatin1Char('.'))) {
            return FieldMatch {&info, name.mid(own.size()).toUtf8()};
        }
    }
    return std::nullopt;
}

QStringList fieldNames()
{
    QStringList names;
    for (const FieldInfo &info : allFields())
        names << QLatin1String(info.name);
    return names;
}

namespace {

/// Levenshtein's distance, with a swap of neighbours as one step.
int editDistance(const QString &a, const QString &b)
{
    std::vector<std::vector<int>> cost(static_cast<size_t>(a.size()) + 1, std::vector<int>(static_cast<size_t>(b.size()) + 1));
    for (size_t i = 0; i < cost.size(); ++i) {
        for (size_t j = 0; j < cost[i].size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = static_cast<int>(i + j);
                continue;
            }
            const auto at = [](const QString &text, size_t index) { return text[static_cast<qsizetype>(index)]; };
            const bool same = at(a, i - 1) == at(b, j - 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && at(a, i - 1) == at(b, j - 2) && at(a, i - 2) == at(b, j - 1))
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost.back().back();
}

} // namespace

QString nearestName(const QString &written, const QStringList &candidates)
{
    constexpr qsizetype kLongestName = 64;
    if (written.size() > kLongestName)
        return {};
    QString best;
    int bestDistance = static_cast<int>(qMin<qsizetype>(3, (written.size() + 2) / 3)) + 1;
    for (const QString &candidate : candidates) {
        const int distance = editDistance(written.toLower(), candidate);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace feedscope::capture
