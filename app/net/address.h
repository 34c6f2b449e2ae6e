// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>

#include <asio/error_code.hpp>
#include <asio/ip/tcp.hpp>

#include <optional>
#include <vector>

namespace feedscope::net {

/// "127.0.0.1:8765", "[::1]:8765". An IPv4 address inside an IPv6 one is shown as the IPv4 address it is.
QByteArray toText(const asio::ip::tcp::endpoint &endpoint);
QByteArray localText(const asio::ip::tcp::socket &socket);
QByteArray peerText(const asio::ip::tcp::socket &socket);
/// host and port as a URL writes them; an IPv6 literal gets its brackets.
QByteArray hostAndPort(const QByteArray &host, quint16 port);
/// An address literal, with or without brackets. Empty optional: a name.
std::optional<asio::ip::address> addressOf(const QByteArray &host);
/// Both loopback addresses in the order of RFC 6724; RFC 6761 6.3: the name is not looked up anywhere.
bool isLocalhost(const QByteArray &host);
std::vector<asio::ip::address> loopbackAddresses();

/// The system's sentence for an error, to stand inside one of ours: "connection refused".
QString inWords(const asio::error_code &error);

} // namespace feedscope::net
