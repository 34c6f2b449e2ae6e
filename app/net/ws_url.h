// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace feedscope::net {

/// ws://host[:port]/target, taken apart. wss is refused with Unsupported until TLS is there.
struct WsUrl {
    bool tls = false;
    QByteArray host; ///< without brackets
    quint16 port = 80;
    QByteArray target = "/"; ///< path and query, never empty
    QByteArray hostHeader() const; ///< host[:port], without the port where it is the scheme's own
    QByteArray toBytes() const;
    bool operator==(const WsUrl &) const = default;
};

/// RFC 6455 3 and RFC 3986. What a URL may not contain is refused, never repaired.
base::Result<WsUrl> parseWsUrl(QByteArrayView url);

} // namespace feedscope::net
