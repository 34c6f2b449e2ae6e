// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/http_authority.h"

#include <algorithm>

namespace feedscope::wire {

namespace {

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isNameChar(char c)
{
    return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool isAddressChar(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/// Empty text is a port that was not given (RFC 3986 3.2.3 allows "host:").
bool readPort(QByteArrayView text, std::optional<quint16> &port)
{
    if (text.isEmpty())
        return true;
    if (text.size() > 5)
        return false;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    if (value < 1 || value > 65535)
        return false;
    port = static_cast<quint16>(value);
    return true;
}

struct Origin {
    QByteArray scheme;
    QByteArray host;
    std::optional<quint16> port;
    bool operator==(const Origin &) const = default;
};

std::optional<quint16> ownPort(const QByteArray &scheme)
{
    if (scheme == "http" || scheme == "ws")
        return quint16(80);
    if (scheme == "https" || scheme == "wss")
        return quint16(443);
    return std::nullopt;
}

std::optional<Origin> parseOrigin(QByteArrayView text)
{
    const QByteArray bytes = text.toByteArray();
    const qsizetype colon = bytes.indexOf("://");
    if (colon <= 0)
        return std::nullopt;
    const QByteArray scheme = bytes.first(colon).toLower();
    if (!std::all_of(
            scheme.begin(), scheme.end(), [](char c) { return isAlphanumeric(c) || c == '+' || c == '-' || c == '.'; }))
        return std::nullopt;
    std::optional<Authority> authority = parseAuthority(text.sliced(colon + 3));
    if (!authority)
        return std::nullopt;
    return Origin{scheme, authority->host, authority->port ? authority->port : ownPort(scheme)};
}

} // namespace

std::optional<Authority> parseAuthority(QByteArrayView text)
{
    const char *const begin = text.data();
    const char *const end = begin + text.size();
    const char *hostEnd = begin;
    if (begin != end && *begin == '[') {
        hostEnd = std::find_if_not(begin + 1, end, isAddressChar);
        if (hostEnd == end || *hostEnd != ']' || hostEnd == begin + 1)
            return std::nullopt;
        ++hostEnd;
    } else {
        hostEnd = std::find_if_not(begin, end, isNameChar);
        if (hostEnd == begin)
            return std::nullopt;
    }
    Authority authority{QByteArray(begin, hostEnd - begin).toLower(), std::nullopt};
    if (hostEnd != end && (*hostEnd != ':' || !readPort({hostEnd + 1, end}, authority.port)))
        return std::nullopt;
    return authority;
}

bool matchesHost(const Authority &asked, QByteArrayView allowed)
{
    const std::optional<Authority> entry = parseAuthority(allowed);
    if (!entry || entry->host != asked.host)
        return false;
    return !entry->port || entry->port == asked.port || (!asked.port && (*entry->port == 80 || *entry->port == 443));
}

bool isSameOrigin(QByteArrayView left, QByteArrayView right)
{
    if (left == QByteArrayView("null") || right == QByteArrayView("null"))
        return left == right;
    const std::optional<Origin> a = parseOrigin(left);
    return a && a == parseOrigin(right);
}

} // namespace feedscope::wire
