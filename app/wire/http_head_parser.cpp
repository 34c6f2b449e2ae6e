// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/http_head.h"

#include "base/bytes.h"

#include <algorithm>

namespace feedscope::wire {

namespace {

constexpr qsizetype kLineEnd = 2; // CR LF

QByteArray limitDetail(const char *what, qsizetype limit)
{
    return QByteArray(what) + " is longer than " + QByteArray::number(limit) + " bytes";
}

bool isVersion(QByteArrayView text)
{
    return text.size() == 8 && text.startsWith("HTTP/") && text[5] >= '0' && text[5] <= '9' && text[6] == '.'
        && text[7] >= '0' && text[7] <= '9';
}

bool isPrintableAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

/// RFC 9110 5.5. `obsolete`: bytes above 0x7F, which responses of older servers may carry.
bool isFieldValue(QByteArrayView text, bool obsolete)
{
    return std::all_of(text.begin(), text.end(), [obsolete](char c) {
        const auto byte = static_cast<quint8>(c);
        return byte == '\t' || (byte >= 0x20 && byte < 0x7F) || (obsolete && byte >= 0x80);
    });
}

} // namespace

HttpHeadParser::HttpHeadParser(Kind kind)
    : HttpHeadParser(kind, Limits())
{
}

HttpHeadParser::HttpHeadParser(Kind kind, Limits limits)
    : m_kind(kind)
    , m_limits(limits)
{
}

qsizetype HttpHeadParser::lineLimit() const
{
    return m_firstLineSeen ? m_limits.headerLine : m_limits.requestLine;
}

qsizetype HttpHeadParser::feed(QByteArrayView bytes)
{
    qsizetype taken = 0;
    while (m_state == State::Incomplete && taken < bytes.size()) {
        // The limits are offsets in the stream, so that the same byte breaks them in every chunking.
        const qsizetype lineEnd = m_lineStart + lineLimit() + kLineEnd;
        const qsizetype room = std::min(lineEnd, m_limits.block) - m_raw.size();
        const QByteArrayView chunk = bytes.sliced(taken).first(std::min(room, bytes.size() - taken));
        const qsizetype newline = chunk.indexOf('\n');
        const QByteArrayView part = newline < 0 ? chunk : chunk.first(newline + 1);
        const bool first = m_raw.isEmpty();
        m_raw.append(part);
        taken += part.size();
        if (first && !part.isEmpty()) {
            const char c = part.front();
            const bool plausible = m_kind == Kind::Response ? c == 'H' : isTokenChar(c) || c == '\r';
            if (!plausible) {
                refuse(Rule::NotHttp, 400, c == 0x16 ? QByteArray("a TLS handshake") : base::escaped(part, 16));
                break;
            }
        }
        if (newline >= 0) {
            const QByteArrayView line = QByteArrayView(m_raw).sliced(m_lineStart);
            takeLine(line);
            m_lineStart = m_raw.size();
        } else if (part.size() == room && taken < bytes.size()) {
            if (m_limits.block < lineEnd)
                refuse(Rule::HeadersTooLarge, 431, limitDetail("the head", m_limits.block));
            else if (m_firstLineSeen)
                refuse(Rule::HeaderTooLong, 431, limitDetail("a header line", m_limits.headerLine));
            else
                refuse(Rule::RequestLineTooLong, 414, limitDetail("the first line", m_limits.requestLine));
        }
    }
    return taken;
}

void HttpHeadParser::takeLine(QByteArrayView line)
{
    const bool endsWell = line.endsWith("\r\n");
    const QByteArrayView text = line.chopped(endsWell ? 2 : 1);
    if (!endsWell || text.contains('\r')) {
        // RFC 9112 2.2 and 11.1: a bare CR or LF means one thing to one parser and another to the next.
        refuse(m_firstLineSeen ? Rule::BadHeader : Rule::BadRequestLine, 400,
            "a line that does not end in CR LF: " + base::escaped(line, 60));
    } else if (!m_firstLineSeen) {
        if (text.isEmpty()) {
            // RFC 9112 2.2: one empty line before a request is forgiven.
            if (m_kind == Kind::Response || m_raw.size() > kLineEnd)
                refuse(Rule::BadRequestLine, 400, "an empty first line");
            return;
        }
        m_firstLineSeen = true;
        if (m_kind == Kind::Request)
            takeRequestLine(text);
        else
            takeStatusLine(text);
    } else if (text.isEmpty()) {
        m_state = State::Complete;
    } else {
        takeHeaderLine(text);
    }
}

void HttpHeadParser::takeRequestLine(QByteArrayView line)
{
    const qsizetype first = line.indexOf(' ');
    const qsizetype last = line.lastIndexOf(' ');
    if (first < 0 || first == last) {
        refuse(Rule::BadRequestLine, 400, base::escaped(line, 60));
        return;
    }
    const QByteArrayView method = line.first(first);
    const QByteArrayView target = line.sliced(first + 1, last - first - 1);
    const QByteArrayView version = line.sliced(last + 1);
    if (!isToken(method) || target.isEmpty() || !isPrintableAscii(target) || !isVersion(version)) {
        refuse(Rule::BadRequestLine, 400, base::escaped(line, 60));
        return;
    }
    m_request.method = method.toByteArray();
    m_request.target = target.toByteArray();
    m_request.version = version.toByteArray();
    if (version[5] != '1')
        refuse(Rule::UnsupportedHttpVersion, 505, m_request.version);
}

void HttpHeadParser::takeStatusLine(QByteArrayView line)
{
    // RFC 9112 4: the reason may be empty, and some servers leave out the space before it.
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!line.startsWith("HTTP/")) {
        refuse(Rule::NotHttp, 400, base::escaped(line, 60));
        return;
    }
    if (line.size() < 12 || !isVersion(line.first(8)) || line[8] != ' ' || !isDigit(line[9]) || !isDigit(line[10])
        || !isDigit(line[11]) || (line.size() > 12 && line[12] != ' ')) {
        refuse(Rule::BadRequestLine, 400, base::escaped(line, 60));
        return;
    }
    m_response.version = line.first(8).toByteArray();
    m_response.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    m_response.reason = line.size() > 13 ? line.sliced(13).toByteArray() : QByteArray();
    if (!isFieldValue(m_response.reason, true))
        refuse(Rule::BadRequestLine, 400, base::escaped(line, 60));
    else if (m_response.version[5] != '1')
        refuse(Rule::UnsupportedHttpVersion, 505, m_response.version);
}

void HttpHeadParser::takeHeaderLine(QByteArrayView line)
{
    if (line.front() == ' ' || line.front() == '\t') {
        refuse(Rule::FoldedHeader, 400, base::escaped(line, 60));
        return;
    }
    if (++m_headers > m_limits.headers) {
        refuse(Rule::TooManyHeaders, 431, "more than " + QByteArray::number(m_limits.headers) + " headers");
        return;
    }
    const qsizetype colon = line.indexOf(':');
    if (colon < 0 || !isToken(line.first(colon)) || !isFieldValue(line.sliced(colon + 1), m_kind == Kind::Response)) {
        refuse(Rule::BadHeader, 400, base::escaped(line, 60));
        return;
    }
    HttpHeaders &headers = m_kind == Kind::Request ? m_request.headers : m_response.headers;
    headers.append(line.first(colon).toByteArray(), line.sliced(colon + 1).trimmed().toByteArray());
}

void HttpHeadParser::refuse(Rule rule, int status, const QByteArray &detail)
{
    m_state = State::Refused;
    m_refusalStatus = status;
    m_violation = {rule, QString::fromUtf8(detail)};
}

HttpHeadParser::State HttpHeadParser::state() const
{
    return m_state;
}

const HttpRequest &HttpHeadParser::request() const
{
    return m_request;
}

const HttpResponse &HttpHeadParser::response() const
{
    return m_response;
}

const Violation &HttpHeadParser::violation() const
{
    return m_violation;
}

int HttpHeadParser::refusalStatus() const
{
    return m_refusalStatus;
}

const QByteArray &HttpHeadParser::rawBytes() const
{
    return m_raw;
}

} // namespace feedscope::wire
