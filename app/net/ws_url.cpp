// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ws_url.h"

#include "base/bytes.h"
#include "wire/http_authority.h"

#include <algorithm>

namespace feedscope::net {

namespace {

constexpr quint16 kWsPort = 80;
constexpr quint16 kWssPort = 443;

QByteArray bracketed(const QByteArray &host)
{
    return host.contains(':') ? '[' + host + ']' : host;
}

tl::unexpected<base::Error> bad(QByteArrayView url, const QString &why)
{
    return base::failure(base::ErrorCode::BadInput,
        QStringLiteral("'%1' is not a WebSocket URL: %2").arg(QString::fromUtf8(base::escaped(url)), why));
}

} // namespace

QByteArray WsUrl::hostHeader() const
{
    const QByteArray name = bracketed(host);
    return port == (tls ? kWssPort : kWsPort) ? name : name + ':' + QByteArray::number(port);
}

QByteArray WsUrl::toBytes() const
{
    return (tls ? "wss://" : "ws://") + hostHeader() + target;
}

base::Result<WsUrl> parseWsUrl(QByteArrayView url)
{
    const auto isForbidden = [](char c) { return static_cast<quint8>(c) <= 0x20 || static_cast<quint8>(c) >= 0x7F; };
    if (const auto found = std::find_if(url.begin(), url.end(), isForbidden); found != url.end()) {
        return bad(url,
            QStringLiteral("the byte at position %1 is a space, a control character or not ASCII; write it as %XX.")
                .arg(found - url.begin() + 1));
    }
    const qsizetype colon = url.indexOf("://");
    const QByteArray scheme = colon < 0 ? QByteArray() : url.first(colon).toByteArray().toLower();
    if (scheme != "ws" && scheme != "wss")
        return bad(url, QStringLiteral("it has to begin with ws://, as in ws://127.0.0.1:8765/feed."));
    const QByteArrayView rest = url.sliced(colon + 3);
    // RFC 6455 3: fragment identifiers are meaningless and not allowed; a '#' in a path is written %23.
    if (rest.contains('#'))
        return bad(url, QStringLiteral("it may not have a fragment ('#…')."));

    const auto endOfAuthority = std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
    const QByteArrayView authorityText = rest.first(endOfAuthority - rest.begin());
    const QByteArrayView target = rest.sliced(authorityText.size());
    if (authorityText.contains('@'))
        return bad(url, QStringLiteral("it may not carry a user name or password; use a header for them."));
    const auto authority = wire::parseAuthority(authorityText);
    if (!authority) {
        return bad(url,
            authorityText.isEmpty()
                ? QStringLiteral("the host is missing.")
                : QStringLiteral("host[:port] cannot be read; the port is 1 to 65535, and an IPv6 address "
                                 "stands in brackets: ws://[::1]:8765/."));
    }

    WsUrl result;
    result.tls = scheme == "wss";
    result.host =
        authority->host.startsWith('[') ? authority->host.sliced(1, authority->host.size() - 2) : authority->host;
    result.port = authority->port.value_or(result.tls ? kWssPort : kWsPort);
    result.target = target.startsWith('/') ? target.toByteArray() : '/' + target.toByteArray();
    if (result.tls) {
        return base::failure(base::ErrorCode::Unsupported,
            QStringLiteral("'%1' needs TLS, which this version does not have yet; only ws:// URLs can be opened.")
                .arg(QString::fromUtf8(result.toBytes())));
    }
    return result;
}

} // namespace feedscope::net
