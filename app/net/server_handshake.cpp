// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/server_handshake.h"

#include "base/bytes.h"
#include "wire/http_authority.h"

#include <algorithm>

namespace feedscope::net {

namespace {

constexpr char kRetryAfterSeconds[] = "5";

/// A page of another origin reaches this server by a name of its own that resolves to it; wire checks the same for
/// upgrades.
std::optional<wire::Violation> checkHost(const wire::HttpRequest &request, const wire::ServerHandshakeOptions &options)
{
    const std::vector<QByteArray> hosts = request.headers.values("Host");
    // RFC 9112 3.2: HTTP/1.0 may leave it out; then there is no name that could have been misled.
    if (hosts.empty() && request.version == "HTTP/1.0")
        return std::nullopt;
    if (hosts.size() != 1)
        return wire::Violation{wire::Rule::BadHost, QStringLiteral("%1 Host headers").arg(hosts.size())};
    const auto authority = wire::parseAuthority(hosts.front());
    if (!authority)
        return wire::Violation{wire::Rule::BadHost, QString::fromUtf8(base::escaped(hosts.front()))};
    const auto &allowed = options.allowedHosts;
    const bool known = allowed.empty() || std::any_of(allowed.begin(), allowed.end(), [&](const QByteArray &host) {
        return wire::matchesHost(*authority, host);
    });
    if (!known)
        return wire::Violation{wire::Rule::ForbiddenHost, QString::fromUtf8(base::escaped(hosts.front()))};
    return std::nullopt;
}

QByteArray urlOf(const wire::HttpRequest &request)
{
    if (request.target.isEmpty() || request.target.contains("://"))
        return request.target;
    return "ws://" + request.headers.value("Host").value_or(QByteArray()) + request.target;
}

} // namespace

ServerHandshake::ServerHandshake()
    : m_parser(wire::HttpHeadParser::Kind::Request)
{
}

ServerHandshake::Answer ServerHandshake::answer(const wire::ServerHandshakeOptions &options) const
{
    Q_ASSERT(isComplete());
    if (m_parser.state() == wire::HttpHeadParser::State::Refused) {
        const wire::Violation &violation = m_parser.violation();
        return {Outcome::Refuse, wire::makeRefusal(m_parser.refusalStatus(), wire::refusalText(violation)), {}, {},
            {violation}};
    }
    if (!wire::wantsUpgrade(request())) {
        if (const auto violation = checkHost(request(), options))
            return refuse(violation->rule, violation->detail);
        return {Outcome::Plain, {}, {}, {}, {}};
    }
    wire::HandshakeAnswer answer = wire::answerHandshake(request(), options);
    return {answer.accepted ? Outcome::Upgrade : Outcome::Refuse, std::move(answer.response),
        std::move(answer.subprotocol), std::move(answer.extensions), std::move(answer.violations)};
}

ServerHandshake::Answer ServerHandshake::refuse(wire::Rule rule, const QString &detail) const
{
    const wire::Violation violation{rule, detail};
    const int status = wire::refusalStatusFor(rule);
    std::vector<wire::HttpHeaders::Field> extra;
    if (status == 503)
        extra.emplace_back("Retry-After", kRetryAfterSeconds);
    return {Outcome::Refuse, wire::makeRefusal(status, wire::refusalText(violation), extra), {}, {}, {violation}};
}

wire::HandshakeSeen ServerHandshake::seen(const Answer &answer, const QByteArray &responseHead) const
{
    wire::HandshakeSeen seen;
    seen.localRole = wire::Role::Server;
    seen.url = urlOf(request());
    seen.requestBytes = m_parser.rawBytes();
    seen.responseBytes = responseHead;
    seen.accepted = answer.outcome == Outcome::Upgrade;
    seen.acceptOk = seen.accepted;
    seen.subprotocol = answer.subprotocol;
    seen.extensions = answer.extensions;
    seen.violations = answer.violations;
    return seen;
}

wire::HttpResponse finished(wire::HttpResponse response, const wire::HttpRequest &request)
{
    if (response.version.isEmpty())
        response.version = "HTTP/1.1";
    if (response.reason.isEmpty())
        response.reason = wire::httpReason(response.status);
    if (response.headers.count("Content-Length") == 0)
        response.headers.append("Content-Length", QByteArray::number(response.body.size()));
    if (!response.headers.hasToken("Connection", "close"))
        response.headers.append("Connection", "close");
    if (request.method == "HEAD")
        response.body.clear(); // RFC 9110 9.3.2
    return response;
}

QByteArray headBytes(wire::HttpResponse response)
{
    response.body.clear();
    return response.toBytes();
}

} // namespace feedscope::net
