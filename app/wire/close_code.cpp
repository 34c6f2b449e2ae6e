// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/close_code.h"

#include <algorithm>
#include <array>

namespace feedscope::wire {

namespace {

// RFC 6455 5.5: control frames carry at most 125 bytes, two of which are the code.
constexpr qsizetype kMostReasonBytes = 123;

struct Row {
    quint16 code;
    const char *name;
    const char *meaning;
};

// clang-format off
constexpr std::array kRows = {
    Row{1000, "normal closure", "The purpose of the connection has been fulfilled (RFC 6455 7.4.1)."},
    Row{1001, "going away", "The endpoint is leaving, such as a server that shuts down or a page that is left (RFC 6455 7.4.1)."},
    Row{1002, "protocol error", "The endpoint received bytes that break the WebSocket protocol (RFC 6455 7.4.1)."},
    Row{1003, "unsupported data", "The endpoint received a kind of data that it cannot accept, such as binary for text (RFC 6455 7.4.1)."},
    Row{1004, "reserved", "Reserved without a meaning; it must not be sent (RFC 6455 7.4.1)."},
    Row{1005, "no status received", "The close frame carried no code; this number is only reported, never sent (RFC 6455 7.4.1)."},
    Row{1006, "abnormal closure", "The stream ended without a valid close frame; this number is only reported, never sent (RFC 6455 7.4.1)."},
    Row{1007, "invalid payload data", "A message did not match its type, such as text that is not UTF-8 (RFC 6455 7.4.1)."},
    Row{1008, "policy violation", "A message broke the endpoint's policy; the generic code where no other fits (RFC 6455 7.4.1)."},
    Row{1009, "message too big", "A message was too big for the endpoint to process (RFC 6455 7.4.1)."},
    Row{1010, "mandatory extension", "The client expected an extension that the server did not negotiate (RFC 6455 7.4.1)."},
    Row{1011, "internal error", "The server met an unexpected condition (RFC 6455 7.4.1, erratum 3227)."},
    Row{1012, "service restart", "The server restarts; reconnect after a random delay (IANA registry)."},
    Row{1013, "try again later", "The server is overloaded; reconnect later or elsewhere (IANA registry)."},
    Row{1014, "bad gateway", "A gateway got an invalid answer from the server behind it (IANA registry)."},
    Row{1015, "tls handshake", "The TLS handshake failed; this number is only reported, never sent (RFC 6455 7.4.1)."},
};
// clang-format on

const Row *find(quint16 code)
{
    const auto row = std::find_if(kRows.begin(), kRows.end(), [code](const Row &r) { return r.code == code; });
    return row == kRows.end() ? nullptr : row;
}

} // namespace

bool isValidOnWire(quint16 code)
{
    if (code >= 3000)
        return code <= 4999;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

QString closeCodeName(quint16 code)
{
    if (const Row *row = find(code))
        return QString::fromLatin1(row->name);
    if (code >= 4000 && code <= 4999)
        return QStringLiteral("application code");
    if (code >= 3000 && code <= 3999)
        return QStringLiteral("registered code");
    return QStringLiteral("reserved");
}

QString closeCodeMeaning(quint16 code)
{
    if (const Row *row = find(code))
        return QString::fromLatin1(row->meaning);
    if (code >= 4000 && code <= 4999)
        return QStringLiteral("Private use: the two applications have agreed on its meaning (RFC 6455 7.4.2).");
    if (code >= 3000 && code <= 3999)
        return QStringLiteral("For libraries, frameworks and applications, registered with IANA (RFC 6455 7.4.2).");
    if (code < 1000)
        return QStringLiteral("Not used: codes begin at 1000 (RFC 6455 7.4.2).");
    if (code < 3000)
        return QStringLiteral("Reserved for later revisions of the protocol and its extensions (RFC 6455 7.4.2).");
    return QStringLiteral("Outside of every defined range (RFC 6455 7.4.2).");
}

ClosePayload parseClosePayload(QByteArrayView payload)
{
    if (payload.size() < 2)
        return {};
    const int code = static_cast<quint8>(payload[0]) << 8 | static_cast<quint8>(payload[1]);
    return {static_cast<quint16>(code), payload.sliced(2).toByteArray()};
}

QByteArray makeClosePayload(std::optional<quint16> code, QByteArrayView reason)
{
    if (!code) {
        Q_ASSERT_X(reason.isEmpty(), "makeClosePayload", "RFC 6455 5.5.1: a reason needs a code before it");
        return {};
    }
    qsizetype length = reason.size();
    if (length > kMostReasonBytes) {
        length = kMostReasonBytes;
        while (length > 0 && (static_cast<quint8>(reason[length]) & 0xC0) == 0x80)
            --length;
    }
    QByteArray payload;
    payload.reserve(2 + length);
    payload += static_cast<char>(*code >> 8);
    payload += static_cast<char>(*code & 0xFF);
    payload += reason.first(length);
    return payload;
}

} // namespace feedscope::wire
