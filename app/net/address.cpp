// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/address.h"

#include <asio/ip/address.hpp>

namespace feedscope::net {

QByteArray hostAndPort(const QByteArray &host, quint16 port)
{
    const bool bare = host.contains(':') && !host.startsWith('[');
    return (bare ? '[' + host + ']' : host) + ':' + QByteArray::number(port);
}

QByteArray toText(const asio::ip::tcp::endpoint &endpoint)
{
    asio::ip::address address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return hostAndPort(QByteArray::fromStdString(address.to_string()), endpoint.port());
}

QByteArray localText(const asio::ip::tcp::socket &socket)
{
    asio::error_code error;
    const auto endpoint = socket.local_endpoint(error);
    return error ? QByteArray() : toText(endpoint);
}

QByteArray peerText(const asio::ip::tcp::socket &socket)
{
    asio::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? QByteArray() : toText(endpoint);
}

std::optional<asio::ip::address> addressOf(const QByteArray &host)
{
    const bool bracketed = host.startsWith('[') && host.endsWith(']');
    const QByteArray bare = bracketed ? host.sliced(1, host.size() - 2) : host;
    asio::error_code error;
    const auto address = asio::ip::make_address(bare.constData(), error);
    if (error)
        return std::nullopt;
    return address;
}

bool isLocalhost(const QByteArray &host)
{
    return host.compare("localhost", Qt::CaseInsensitive) == 0;
}

std::vector<asio::ip::address> loopbackAddresses()
{
    return {asio::ip::address_v6::loopback(), asio::ip::address_v4::loopback()};
}

QString inWords(const asio::error_code &error)
{
    QString text = QString::fromStdString(error.message());
    if (text.size() > 1 && text.at(1).isLower())
        text[0] = text.at(0).toLower();
    return text;
}

} // namespace feedscope::net
