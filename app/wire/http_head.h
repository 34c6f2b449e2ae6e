// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/violation.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <utility>
#include <vector>

namespace feedscope::wire {

/// RFC 9110 5.6.2: what names, methods and subprotocols are made of.
bool isTokenChar(char c);
bool isToken(QByteArrayView text);
/// "%20" becomes a space and "+" stays. Empty optional: a percent sign without two hexadecimal digits after it.
std::optional<QByteArray> percentDecoded(QByteArrayView text);

/// Header fields in the order and spelling of the wire; names compare without case.
class HttpHeaders {
public:
    using Field = std::pair<QByteArray, QByteArray>;
    void append(QByteArray name, QByteArray value) { m_fields.emplace_back(std::move(name), std::move(value)); }
    /// The first field of that name.
    std::optional<QByteArray> value(QByteArrayView name) const;
    std::vector<QByteArray> values(QByteArrayView name) const;
    int count(QByteArrayView name) const;
    /// All values of that name as one comma-separated list, split and trimmed (RFC 9110 5.6.1).
    std::vector<QByteArray> tokens(QByteArrayView name) const;
    bool hasToken(QByteArrayView name, QByteArrayView token) const;
    /// All values of that name as the one list that they are together (RFC 9110 5.3), unsplit; empty where there is
    /// none.
    QByteArray joined(QByteArrayView name) const;
    const std::vector<Field> &fields() const { return m_fields; }
    /// A name and a value that can be written without breaking the head: no CR, LF or other control bytes.
    static bool isValidField(const Field &field);
    bool operator==(const HttpHeaders &) const = default;

private:
    std::vector<Field> m_fields;
};

struct HttpRequest {
    QByteArray method;
    QByteArray target; ///< as it stood in the request line
    QByteArray version; ///< "HTTP/1.1"
    HttpHeaders headers;

    QByteArray path() const; ///< percent-decoded once (as it stood where that is malformed), without query
    QByteArray query() const; ///< without '?', as it stood
    /// Value of a query parameter, percent-decoded ("%20" and not "+").
    std::optional<QByteArray> queryValue(QByteArrayView name) const;
    QByteArray toBytes() const;
};

struct HttpResponse {
    QByteArray version;
    int status = 0;
    QByteArray reason;
    HttpHeaders headers;
    QByteArray body; ///< filled by whoever writes a response; never parsed here

    QByteArray toBytes() const; ///< head and body; Content-Length is the caller's
};

QByteArray httpReason(int status);

/// Incremental, bounded parser of one request or response head. Every byte is looked at once, whatever the chunking.
class HttpHeadParser {
public:
    enum class Kind : quint8 { Request, Response };
    struct Limits {
        qsizetype requestLine = 8 * 1024;
        qsizetype headerLine = 8 * 1024;
        qsizetype block = 16 * 1024;
        int headers = 100;
    };
    enum class State : quint8 { Incomplete, Complete, Refused };

    explicit HttpHeadParser(Kind kind);
    HttpHeadParser(Kind kind, Limits limits);

    /// Takes bytes up to the end of the head and returns how many it took; the rest belongs to what follows.
    qsizetype feed(QByteArrayView bytes);
    State state() const;

    const HttpRequest &request() const;
    const HttpResponse &response() const;
    /// Where Refused: the rule, and the status that answers it (400, 405, 414, 431, 505).
    const Violation &violation() const;
    int refusalStatus() const;
    /// The head's bytes as they arrived (as far as they arrived).
    const QByteArray &rawBytes() const;

private:
    qsizetype lineLimit() const;
    void takeLine(QByteArrayView line);
    void takeRequestLine(QByteArrayView line);
    void takeStatusLine(QByteArrayView line);
    void takeHeaderLine(QByteArrayView line);
    void refuse(Rule rule, int status, const QByteArray &detail = {});

    Kind m_kind;
    Limits m_limits;
    State m_state = State::Incomplete;
    bool m_firstLineSeen = false;
    int m_refusalStatus = 0;
    int m_headers = 0;
    qsizetype m_lineStart = 0; // in m_raw
    QByteArray m_raw;
    HttpRequest m_request;
    HttpResponse m_response;
    Violation m_violation{};
};

} // namespace feedscope::wire
