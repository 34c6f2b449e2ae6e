// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/http_head.h"

#include "base/bytes.h"

#include <QByteArrayList>

#include <algorithm>

namespace feedscope::wire {

namespace {

bool isSameName(QByteArrayView left, QByteArrayView right)
{
    return left.compare(right, Qt::CaseInsensitive) == 0;
}

QByteArray headersToBytes(const HttpHeaders &headers)
{
    QByteArray bytes;
    for (const auto &[name, value] : headers.fields())
        bytes += name + ": " + value + "\r\n";
    return bytes + "\r\n";
}

/// What the target says after scheme and authority (RFC 9112 3.2.2, absolute-form), or all of it.
QByteArrayView originForm(const QByteArray &target)
{
    const qsizetype scheme = target.indexOf("://");
    if (scheme <= 0 || target.startsWith('/'))
        return target;
    const auto authority = QByteArrayView(target).sliced(scheme + 3);
    const auto end = std::find_if(authority.begin(), authority.end(), [](char c) { return c == '/' || c == '?'; });
    return authority.sliced(end - authority.begin());
}

} // namespace

bool isTokenChar(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenChar);
}

std::optional<QByteArray> percentDecoded(QByteArrayView text)
{
    QByteArray decoded;
    decoded.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (text.size() - i < 3 || text[i + 1] == ' ' || text[i + 2] == ' ')
            return std::nullopt;
        const std::optional<QByteArray> byte = base::fromHex(text.sliced(i + 1, 2));
        if (!byte)
            return std::nullopt;
        decoded += *byte;
        i += 2;
    }
    return decoded;
}

std::optional<QByteArray> HttpHeaders::value(QByteArrayView name) const
{
    for (const auto &[fieldName, fieldValue] : m_fields) {
        if (isSameName(fieldName, name))
            return fieldValue;
    }
    return std::nullopt;
}

std::vector<QByteArray> HttpHeaders::values(QByteArrayView name) const
{
    std::vector<QByteArray> values;
    for (const auto &[fieldName, fieldValue] : m_fields) {
        if (isSameName(fieldName, name))
            values.push_back(fieldValue);
    }
    return values;
}

int HttpHeaders::count(QByteArrayView name) const
{
    return static_cast<int>(std::count_if(
        m_fields.begin(), m_fields.end(), [name](const Field &field) { return isSameName(field.first, name); }));
}

std::vector<QByteArray> HttpHeaders::tokens(QByteArrayView name) const
{
    std::vector<QByteArray> tokens;
    for (const QByteArray &value : values(name)) {
        for (qsizetype start = 0; start <= value.size();) {
            qsizetype comma = value.indexOf(',', start);
            if (comma < 0)
                comma = value.size();
            const QByteArrayView token = QByteArrayView(value).sliced(start, comma - start).trimmed();
            if (!token.isEmpty()) // RFC 9110 5.6.1.2: empty elements are ignored
                tokens.push_back(token.toByteArray());
            start = comma + 1;
        }
    }
    return tokens;
}

bool HttpHeaders::hasToken(QByteArrayView name, QByteArrayView token) const
{
    const std::vector<QByteArray> all = tokens(name);
    return std::any_of(all.begin(), all.end(), [token](const QByteArray &one) { return isSameName(one, token); });
}

QByteArray HttpHeaders::joined(QByteArrayView name) const
{
    QByteArray list;
    for (const QByteArray &value : values(name))
        list += (list.isEmpty() ? "" : ", ") + value;
    return list;
}

bool HttpHeaders::isValidField(const Field &field)
{
    return isToken(field.first) && std::all_of(field.second.begin(), field.second.end(), [](char c) {
        return c == '\t' || (static_cast<quint8>(c) >= 0x20 && c != 0x7F);
    });
}

QByteArray HttpRequest::path() const
{
    QByteArrayView text = originForm(target);
    const qsizetype end = std::min({text.indexOf('?') < 0 ? text.size() : text.indexOf('?'),
        text.indexOf('#') < 0 ? text.size() : text.indexOf('#')});
    text = text.first(end);
    if (text.isEmpty())
        return "/";
    return percentDecoded(text).value_or(text.toByteArray());
}

QByteArray HttpRequest::query() const
{
    const QByteArrayView text = originForm(target);
    const qsizetype mark = text.indexOf('?');
    return mark < 0 ? QByteArray() : text.sliced(mark + 1).toByteArray();
}

std::optional<QByteArray> HttpRequest::queryValue(QByteArrayView name) const
{
    for (const QByteArray &pair : query().split('&')) {
        const qsizetype equals = pair.indexOf('=');
        const QByteArray key = equals < 0 ? pair : pair.first(equals);
        if (percentDecoded(key) != name.toByteArray())
            continue;
        const QByteArray value = equals < 0 ? QByteArray() : pair.sliced(equals + 1);
        return percentDecoded(value).value_or(value);
    }
    return std::nullopt;
}

QByteArray HttpRequest::toBytes() const
{
    return method + ' ' + target + ' ' + version + "\r\n" + headersToBytes(headers);
}

QByteArray HttpResponse::toBytes() const
{
    return version + ' ' + QByteArray::number(status) + ' ' + reason + "\r\n" + headersToBytes(headers) + body;
}

QByteArray httpReason(int status)
{
    switch (status) {
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

} // namespace feedscope::wire
