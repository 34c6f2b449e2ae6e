// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace feedscope::capture {

// Private to the filter: what can stand left of an operator.

enum class FieldId : quint8 {
    // Of the index record alone:
    No, Time, TimeOfDay, Delta, RelativeTime, Conn, From, Opcode, Fin, Rsv1, Rsv2, Rsv3, Rsv, Masked, Len, WireLen, HeaderLen, LengthCode,
    ExtendedLength16, ExtendedLength64, Rtt, HasPayload, HasViolation, IsTextMessage,
    // Of the record, its connection or its message:
    Mask, ViolationRule, MessageLen, MessageFrames, HttpStatus, HttpPath, HttpHeader, HttpSubprotocol, Tls, Peer, Stream,
    // Of the payload:
    Payload, Text, CloseCode, CloseReason, Topic, Json,
    // Of nothing that a capture holds:
    Never,
};

enum class FieldType : quint8 {
    Number, Boolean, Duration, Time, Opcode, Sender, ///< compared as numbers
    Bytes, Text, Json, ///< compared as what they are
    Never, ///< never present, whatever it is compared with
};

struct FieldInfo {
    const char *name; ///< ends with '.' where an argument follows
    FieldId id;
    FieldType type;
    const char *description; ///< empty for Wireshark's names
    bool isWireshark = false;
};

/// A field by the name that was written, with its argument. Empty optional: there is none.
struct FieldMatch {
    const FieldInfo *info = nullptr;
    QByteArray argument;
};
std::optional<FieldMatch> findField(const QString &name);
const std::vector<FieldInfo> &allFields();
/// The candidate that is nearest to what was written; empty: none is near.
QString nearestName(const QString &written, const QStringList &candidates);
QStringList fieldNames();

constexpr bool isOfHeader(FieldId id)
{
    return id <= FieldId::IsTextMessage;
}
constexpr bool isOfPayload(FieldId id)
{
    return id >= FieldId::Payload && id <= FieldId::Json;
}

} // namespace feedscope::capture
