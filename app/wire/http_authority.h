// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace feedscope::wire {

/// host[:port] of a Host header, without userinfo. Names are lower-case; IPv6 literals keep their brackets.
struct Authority {
    QByteArray host;
    std::optional<quint16> port;
    bool operator==(const Authority &) const = default;
};
/// Empty optional: malformed ("a:b:c", "user@host", "", an unclosed bracket, a port above 65535).
std::optional<Authority> parseAuthority(QByteArrayView text);

/// Whether `asked` is what `allowed` names: host[:port], or a bare host that stands for every port.
bool matchesHost(const Authority &asked, QByteArrayView allowed);

/// Compares scheme, host and port (RFC 6454 5), where a missing port is the scheme's own. "null" equals only "null".
/// False where either is not an origin: userinfo, a path, a list.
bool isSameOrigin(QByteArrayView left, QByteArrayView right);

} // namespace feedscope::wire
