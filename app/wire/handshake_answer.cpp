// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/handshake.h"

#include "base/bytes.h"
#include "wire/extension.h"
#include "wire/http_authority.h"

#include <QByteArrayList>

#include <algorithm>
#include <set>

namespace feedscope::wire {

namespace {

/// The checks of one request, in the order in which they decide: what it is, where it wants to go, whether it may, how
/// it asks.
class Check {
public:
    Check(const HttpRequest &request, const ServerHandshakeOptions &options)
        : m_request(request)
        , m_headers(request.headers)
        , m_options(options)
    {
    }

    std::vector<Violation> run()
    {
        checkRequestLine();
        checkHost();
        checkOrigin();
        checkBody();
        checkPath();
        checkUpgrade();
        checkKey();
        checkLists();
        return std::move(m_violations);
    }

private:
    void broken(Rule rule, QByteArrayView seen)
    {
        m_violations.push_back({rule, QString::fromUtf8(base::escaped(seen))});
    }

    void checkRequestLine()
    {
        if (m_request.method != "GET")
            broken(Rule::MethodNotGet, m_request.method);
        if (m_request.version == "HTTP/1.0")
            broken(Rule::UnsupportedHttpVersion, m_request.version);
    }

    void checkHost()
    {
        const std::vector<QByteArray> hosts = m_headers.values("Host");
        if (hosts.size() != 1) {
            broken(Rule::BadHost, QByteArray::number(static_cast<int>(hosts.size())) + " Host headers");
            return;
        }
        checkAuthority(hosts.front());
        // RFC 9112 3.2.2: a target in absolute form names the host as well, and wins.
        const qsizetype scheme = m_request.target.startsWith('/') ? -1 : m_request.target.indexOf("://");
        if (scheme > 0) {
            const QByteArray rest = m_request.target.sliced(scheme + 3);
            const auto end = std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
            checkAuthority(rest.first(end - rest.begin()));
        }
    }

    void checkAuthority(const QByteArray &text)
    {
        const std::optional<Authority> authority = parseAuthority(text);
        const auto &allowed = m_options.allowedHosts;
        if (!authority)
            broken(Rule::BadHost, text);
        else if (!allowed.empty() && std::none_of(allowed.begin(), allowed.end(), [&](const QByteArray &host) {
                     return matchesHost(*authority, host);
                 }))
            broken(Rule::ForbiddenHost, text);
    }

    void checkOrigin()
    {
        const std::vector<QByteArray> origins = m_headers.values("Origin");
        const auto &allowed = m_options.allowedOrigins;
        if (origins.empty() || allowed.empty())
            return;
        const bool known = std::any_of(allowed.begin(), allowed.end(),
            [&](const QByteArray &origin) { return isSameOrigin(origins.front(), origin); });
        if (origins.size() > 1 || !known)
            broken(Rule::ForbiddenOrigin, origins.front());
    }

    void checkBody()
    {
        // What follows the head is taken for frames: a body would be a way to smuggle some.
        if (m_headers.count("Transfer-Encoding") > 0)
            broken(Rule::RequestHasBody, "Transfer-Encoding");
        for (const QByteArray &length : m_headers.values("Content-Length")) {
            if (length != "0")
                broken(Rule::RequestHasBody, "Content-Length: " + length);
        }
    }

    void checkPath()
    {
        if (!isCleanPath()) {
            broken(Rule::BadPath, m_request.target);
            return;
        }
        const auto &paths = m_options.paths;
        if (!paths.empty() && std::find(paths.begin(), paths.end(), m_request.path()) == paths.end())
            broken(Rule::UnknownPath, m_request.path());
    }

    bool isCleanPath() const
    {
        const QByteArray &target = m_request.target;
        if ((!target.startsWith('/') && target.indexOf("://") <= 0) || target.contains('#')
            || !percentDecoded(target.first(target.contains('?') ? target.indexOf('?') : target.size())))
            return false;
        const QByteArray path = m_request.path();
        if (!path.startsWith('/')
            || std::any_of(path.begin(), path.end(), [](char c) { return static_cast<quint8>(c) < 0x20 || c == 0x7F; }))
            return false;
        const QByteArrayList segments = path.sliced(1).split('/');
        for (qsizetype i = 0; i < segments.size(); ++i) {
            const bool last = i + 1 == segments.size();
            if ((segments[i].isEmpty() && !last) || segments[i] == "." || segments[i] == "..")
                return false;
        }
        return true;
    }

    void checkUpgrade()
    {
        if (!m_headers.hasToken("Upgrade", "websocket"))
            broken(Rule::MissingUpgrade, m_headers.value("Upgrade").value_or("no Upgrade header"));
        if (!m_headers.hasToken("Connection", "Upgrade"))
            broken(Rule::MissingConnectionUpgrade, m_headers.value("Connection").value_or("no Connection header"));
        const std::vector<QByteArray> versions = m_headers.values("Sec-WebSocket-Version");
        if (versions.size() != 1 || versions.front() != "13") {
            broken(Rule::UnsupportedVersion,
                versions.empty() ? QByteArray("no Sec-WebSocket-Version header")
                                 : m_headers.joined("Sec-WebSocket-Version"));
        }
    }

    void checkKey()
    {
        const std::vector<QByteArray> keys = m_headers.values("Sec-WebSocket-Key");
        if (keys.size() != 1)
            broken(Rule::BadKey, QByteArray::number(static_cast<int>(keys.size())) + " keys");
        else if (!isValidKey(keys.front()))
            broken(Rule::BadKey, keys.front());
    }

    void checkLists()
    {
        if (m_headers.count("Sec-WebSocket-Protocol") > 0) {
            const std::vector<QByteArray> offered = m_headers.tokens("Sec-WebSocket-Protocol");
            const std::set<QByteArray> distinct(offered.begin(), offered.end());
            if (offered.empty() || distinct.size() != offered.size()
                || !std::all_of(offered.begin(), offered.end(), isToken))
                broken(Rule::BadSubprotocol, m_headers.joined("Sec-WebSocket-Protocol"));
        }
        if (m_headers.count("Sec-WebSocket-Extensions") > 0) {
            const QByteArray extensions = m_headers.joined("Sec-WebSocket-Extensions");
            if (!parseExtensions(extensions))
                broken(Rule::BadExtensions, extensions);
        }
    }

    const HttpRequest &m_request;
    const HttpHeaders &m_headers;
    const ServerHandshakeOptions &m_options;
    std::vector<Violation> m_violations;
};

QByteArray chooseSubprotocol(const HttpRequest &request, const ServerHandshakeOptions &options)
{
    const std::vector<QByteArray> offered = request.headers.tokens("Sec-WebSocket-Protocol");
    for (const QByteArray &supported : options.subprotocols) {
        if (std::find(offered.begin(), offered.end(), supported) != offered.end())
            return supported;
    }
    return {};
}

HttpResponse refusalFor(const HttpRequest &request, const Violation &violation)
{
    // HTTP/1.0 could upgrade by speaking 1.1; what is not HTTP/1 at all was refused with 505 by the head parser.
    const int status = violation.rule == Rule::UnsupportedHttpVersion ? 426 : refusalStatusFor(violation.rule);
    std::vector<HttpHeaders::Field> extra;
    if (status == 405)
        extra.emplace_back("Allow", "GET");
    if (status == 426)
        extra.emplace_back("Upgrade", "websocket"); // RFC 9110 15.5.22
    if (violation.rule == Rule::UnsupportedVersion)
        extra.emplace_back("Sec-WebSocket-Version", "13"); // RFC 6455 4.4
    HttpResponse response = makeRefusal(status, refusalText(violation), extra);
    if (request.method == "HEAD")
        response.body.clear(); // RFC 9110 9.3.2: the headers of a body that is not sent
    return response;
}

} // namespace

bool wantsUpgrade(const HttpRequest &request)
{
    const auto &fields = request.headers.fields();
    return std::any_of(fields.begin(), fields.end(), [](const HttpHeaders::Field &field) {
        const QByteArray name = field.first.toLower();
        return name == "upgrade" || name.startsWith("sec-websocket-");
    });
}

int refusalStatusFor(Rule rule)
{
    switch (rule) {
    case Rule::MethodNotGet:
        return 405;
    case Rule::MissingUpgrade:
    case Rule::MissingConnectionUpgrade:
    case Rule::UnsupportedVersion:
        return 426;
    case Rule::UnknownPath:
        return 404;
    case Rule::ForbiddenHost:
    case Rule::ForbiddenOrigin:
        return 403;
    case Rule::HandshakeTimeout:
        return 408;
    case Rule::RequestLineTooLong:
        return 414;
    case Rule::HeaderTooLong:
    case Rule::HeadersTooLarge:
    case Rule::TooManyHeaders:
        return 431;
    case Rule::TooManyConnections:
        return 503;
    case Rule::UnsupportedHttpVersion:
        return 505;
    default:
        return 400;
    }
}

QByteArray refusalText(const Violation &violation)
{
    const RuleInfo &info = ruleInfo(violation.rule);
    QByteArray text = QByteArray(info.name) + ": " + info.text;
    if (!violation.detail.isEmpty())
        text += " (" + violation.detail.toUtf8() + ")";
    return text;
}

HttpResponse makeRefusal(int status, QByteArrayView reason, const std::vector<HttpHeaders::Field> &extra)
{
    HttpResponse response;
    response.version = "HTTP/1.1";
    response.status = status;
    response.reason = httpReason(status);
    response.body = reason.toByteArray() + '\n';
    for (const auto &[name, value] : extra)
        response.headers.append(name, value);
    response.headers.append("Content-Type", "text/plain; charset=utf-8");
    response.headers.append("Content-Length", QByteArray::number(response.body.size()));
    response.headers.append("Connection", "close");
    return response;
}

HandshakeAnswer answerHandshake(const HttpRequest &request, const ServerHandshakeOptions &options)
{
    HandshakeAnswer answer;
    answer.violations = Check(request, options).run();
    if (!answer.violations.empty()) {
        answer.response = refusalFor(request, answer.violations.front());
        return answer;
    }
    answer.accepted = true;
    answer.subprotocol = chooseSubprotocol(request, options);
    HttpResponse &response = answer.response;
    response.version = "HTTP/1.1";
    response.status = 101;
    response.reason = httpReason(101);
    response.headers.append("Upgrade", "websocket");
    response.headers.append("Connection", "Upgrade");
    response.headers.append("Sec-WebSocket-Accept", computeAccept(*request.headers.value("Sec-WebSocket-Key")).accept);
    if (!answer.subprotocol.isEmpty())
        response.headers.append("Sec-WebSocket-Protocol", answer.subprotocol);
    return answer;
}

} // namespace feedscope::wire
