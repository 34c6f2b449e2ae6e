// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <utility>
#include <vector>

namespace feedscope::wire {

/// One element of Sec-WebSocket-Extensions (RFC 6455 9.1).
struct ExtensionOffer {
    QByteArray name;
    std::vector<std::pair<QByteArray, std::optional<QByteArray>>> parameters;
    bool operator==(const ExtensionOffer &) const = default;
};

/// Empty optional: malformed (RFC 6455 9.1: the handshake is to be refused). At most `most` offers are kept; the rest
/// is ignored.
std::optional<std::vector<ExtensionOffer>> parseExtensions(QByteArrayView value, int most = 16);
QByteArray formatExtensions(const std::vector<ExtensionOffer> &extensions);

} // namespace feedscope::wire
