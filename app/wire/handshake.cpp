// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/handshake.h"

#include "base/bytes.h"
#include "wire/extension.h"

#include <QCryptographicHash>

#include <algorithm>

namespace feedscope::wire {

const char kWebSocketGuid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

AcceptComputation computeAccept(QByteArrayView key)
{
    AcceptComputation steps;
    steps.key = key.toByteArray();
    steps.concatenated = steps.key + kWebSocketGuid;
    steps.sha1 = QCryptographicHash::hash(steps.concatenated, QCryptographicHash::Sha1);
    steps.accept = steps.sha1.toBase64();
    return steps;
}

bool isValidKey(QByteArrayView key)
{
    const auto decoded = QByteArray::fromBase64Encoding(key.toByteArray(), QByteArray::AbortOnBase64DecodingErrors);
    return key.size() == 24 && decoded && decoded.decoded.size() == 16;
}

HttpRequest makeHandshakeRequest(const ClientHandshakeOptions &options)
{
    HttpRequest request;
    request.method = "GET";
    request.target = options.target.isEmpty() ? QByteArray("/") : options.target;
    request.version = "HTTP/1.1";

    HttpHeaders given;
    for (const HttpHeaders::Field &field : options.headers) {
        Q_ASSERT_X(HttpHeaders::isValidField(field), "makeHandshakeRequest", "check fields with isValidField() first");
        if (HttpHeaders::isValidField(field))
            given.append(field.first, field.second);
    }
    // What the caller names replaces ours: that is how a person tries another Host or version.
    const auto own = [&](const char *name, const QByteArray &value) {
        if (given.count(name) == 0)
            request.headers.append(name, value);
    };
    own("Host", options.host);
    own("Upgrade", "websocket");
    own("Connection", "Upgrade");
    own("Sec-WebSocket-Key", options.key);
    own("Sec-WebSocket-Version", "13");
    if (!options.origin.isEmpty())
        own("Origin", options.origin);
    if (!options.subprotocols.empty()) {
        QByteArray list;
        for (const QByteArray &subprotocol : options.subprotocols)
            list += (list.isEmpty() ? "" : ", ") + subprotocol;
        own("Sec-WebSocket-Protocol", list);
    }
    for (const HttpHeaders::Field &field : given.fields())
        request.headers.append(field.first, field.second);
    return request;
}

std::vector<Violation> checkHandshakeResponse(const HttpRequest &request, const HttpResponse &response)
{
    std::vector<Violation> violations;
    const auto broken = [&](Rule rule, const QByteArray &seen) {
        violations.push_back({rule, QString::fromUtf8(base::escaped(seen))});
    };
    const HttpHeaders &headers = response.headers;

    if (response.status != 101) {
        broken(Rule::BadStatus, QByteArray::number(response.status) + ' ' + response.reason);
        return violations; // an ordinary HTTP answer: the rest does not apply
    }
    if (!headers.hasToken("Upgrade", "websocket"))
        broken(Rule::MissingUpgrade, headers.value("Upgrade").value_or("no Upgrade header"));
    if (!headers.hasToken("Connection", "Upgrade"))
        broken(Rule::MissingConnectionUpgrade, headers.value("Connection").value_or("no Connection header"));

    const QByteArray expected = computeAccept(request.headers.value("Sec-WebSocket-Key").value_or(QByteArray())).accept;
    const std::vector<QByteArray> accepts = headers.values("Sec-WebSocket-Accept");
    if (accepts.size() != 1 || accepts.front() != expected)
        broken(Rule::BadAccept, accepts.empty() ? "no Sec-WebSocket-Accept header" : accepts.front());

    const std::vector<QByteArray> offered = request.headers.tokens("Sec-WebSocket-Protocol");
    const std::vector<QByteArray> chosen = headers.values("Sec-WebSocket-Protocol");
    if (chosen.size() > 1
        || (chosen.size() == 1 && std::find(offered.begin(), offered.end(), chosen.front()) == offered.end()))
        broken(Rule::UnofferedSubprotocol, chosen.back());

    if (headers.count("Sec-WebSocket-Extensions") > 0) {
        const QByteArray answered = headers.joined("Sec-WebSocket-Extensions");
        const auto accepted = parseExtensions(answered);
        const auto offers = parseExtensions(request.headers.joined("Sec-WebSocket-Extensions"));
        const auto wasOffered = [&offers](const ExtensionOffer &extension) {
            return offers && std::any_of(offers->begin(), offers->end(), [&extension](const ExtensionOffer &offer) {
                return offer.name == extension.name;
            });
        };
        if (!accepted)
            broken(Rule::BadExtensions, answered);
        else if (!std::all_of(accepted->begin(), accepted->end(), wasOffered))
            broken(Rule::UnofferedExtension, answered);
    }
    return violations;
}

} // namespace feedscope::wire
