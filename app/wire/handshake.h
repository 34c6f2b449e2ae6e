// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/http_head.h"

namespace feedscope::wire {

/// RFC 6455 1.3: base64(SHA-1(key + GUID)). The steps are kept so that the inspector can show them.
struct AcceptComputation {
    QByteArray key;
    QByteArray concatenated;
    QByteArray sha1; ///< 20 bytes
    QByteArray accept;
};
AcceptComputation computeAccept(QByteArrayView key);
extern const char kWebSocketGuid[];

/// RFC 6455 4.1: a base64-encoded value of 16 bytes.
bool isValidKey(QByteArrayView key);

struct ServerHandshakeOptions {
    std::vector<QByteArray> subprotocols; ///< in the server's order of preference
    /// Which paths upgrade; the first path segment rule is the caller's, this asks by whole path.
    std::vector<QByteArray> paths; ///< empty: any
    std::vector<QByteArray> allowedHosts; ///< host[:port] or bare host; empty: any
    /// scheme://host[:port]; empty: any. A request without Origin is a native client: allowed.
    std::vector<QByteArray> allowedOrigins;
};

/// What the server answers to a request head, and why.
struct HandshakeAnswer {
    bool accepted = false;
    HttpResponse response; ///< complete, ready to send: 101, or a refusal with a short text/plain body
    QByteArray subprotocol; ///< empty: none
    QByteArray extensions; ///< as answered; empty: none
    std::vector<Violation> violations; ///< what the request broke; the first one decided
};

/// True where the request asks for an upgrade at all (any Upgrade or Sec-WebSocket-* header): otherwise it is plain
/// HTTP.
bool wantsUpgrade(const HttpRequest &request);
HandshakeAnswer answerHandshake(const HttpRequest &request, const ServerHandshakeOptions &options);
/// The status that answers a broken handshake rule: 400 where nothing more exact fits.
int refusalStatusFor(Rule rule);
/// What the body of a refusal says: "bad-key: There is exactly one Sec-WebSocket-Key: 16 bytes as base64. (2 keys)".
QByteArray refusalText(const Violation &violation);
/// A refusal with Content-Type, Content-Length and Connection: close.
HttpResponse makeRefusal(int status, QByteArrayView reason, const std::vector<HttpHeaders::Field> &extra = {});

struct ClientHandshakeOptions {
    QByteArray host; ///< for the Host header: host[:port] (port left out where it is the scheme's own)
    QByteArray target; ///< "/feed?x=1"
    QByteArray key; ///< base64 of 16 random bytes, made by the caller
    QByteArray origin; ///< empty: none
    std::vector<QByteArray> subprotocols;
    std::vector<HttpHeaders::Field> headers;
};
HttpRequest makeHandshakeRequest(const ClientHandshakeOptions &options);

/// RFC 6455 4.1: what the client must check. Empty: the connection is open.
std::vector<Violation> checkHandshakeResponse(const HttpRequest &request, const HttpResponse &response);

} // namespace feedscope::wire
