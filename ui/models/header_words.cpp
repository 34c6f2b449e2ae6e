// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/header_words.h"

namespace feedscope::ui {

namespace {

struct Purpose {
    const char *name;
    const char *request;
    const char *response;
};

constexpr Purpose kPurposes[] = {
    {"host", "Which site on this address is wanted (RFC 9110 7.2).", ""},
    {"upgrade", "Asks to leave HTTP for WebSocket (RFC 6455 4.1).", "Agrees to leave HTTP for WebSocket (RFC 6455 4.2.2)."},
    {"connection", "Says that Upgrade is meant for this hop (RFC 9110 7.6.1).",
        "Says that Upgrade is meant for this hop (RFC 9110 7.6.1)."},
    {"sec-websocket-key", "16 random bytes; proves that the answer is to this request (RFC 6455 4.1).", ""},
    {"sec-websocket-version", "The protocol version; 13 is RFC 6455.", "The versions that the server speaks."},
    {"sec-websocket-accept", "", "The key and a fixed GUID, hashed: the server has understood WebSocket (RFC 6455 4.2.2)."},
    {"sec-websocket-protocol", "Subprotocols offered, the preferred one first (RFC 6455 1.9).",
        "The subprotocol chosen, one of those offered."},
    {"sec-websocket-extensions", "Extensions offered, such as compression (RFC 6455 9.1).",
        "The extensions in use, of those offered."},
    {"origin", "Which page asks; browsers always send it, servers check it (RFC 6455 10.2).", ""},
    {"cookie", "State of the page; a browser sends it by itself, so Origin must be checked.", ""},
    {"authorization", "Who asks; browsers cannot set it on a WebSocket.", ""},
    {"user-agent", "Which program asks.", ""},
    {"server", "", "Which program answers."},
    {"date", "", "When the answer was made."},
    {"content-length", "Length of a body; an upgrade request has none.", "Length of the body that explains the refusal."},
    {"content-type", "", "What the body that explains the refusal is."},
    {"retry-after", "", "When to try again (RFC 9110 10.2.3)."},
    {"location", "", "Where to go instead; browsers do not follow it for a WebSocket."},
    {"cache-control", "Asks caches to stay out of the way.", "Asks caches to stay out of the way."},
    {"pragma", "Asks old caches to stay out of the way.", ""},
};

} // namespace

QString headerPurpose(const QByteArray &name, wire::HttpHeadParser::Kind kind)
{
    const QByteArray lower = name.toLower();
    for (const Purpose &purpose : kPurposes) {
        if (lower == purpose.name)
            return QLatin1String(kind == wire::HttpHeadParser::Kind::Request ? purpose.request : purpose.response);
    }
    return {};
}

QString statusPurpose(int status)
{
    switch (status) {
    case 101:
        return QStringLiteral("The server switches to WebSocket: frames follow.");
    case 400:
        return QStringLiteral("The server did not understand the request.");
    case 401:
        return QStringLiteral("The server wants to know who asks.");
    case 403:
        return QStringLiteral("The server refuses this client, often because of its Origin.");
    case 404:
        return QStringLiteral("There is nothing at this path.");
    case 426:
        return QStringLiteral("The server wants another version or an upgrade.");
    case 429:
        return QStringLiteral("The server has had too many requests of this client.");
    case 503:
        return QStringLiteral("The server is overloaded or going down; Retry-After says when to come back.");
    default:
        break;
    }
    if (status >= 300 && status < 400)
        return QStringLiteral("The server points elsewhere.");
    return status == 0 ? QStringLiteral("No status line.") : QStringLiteral("Not 101: the connection was not opened.");
}

} // namespace feedscope::ui
