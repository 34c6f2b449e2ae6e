// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/handshake.h"

#include "support/wire_text.h"

#include <QTest>

using namespace feedscope;
using wire::Rule;

Q_DECLARE_METATYPE(wire::Rule)

/// The opening handshake in both roles. Heads that are no heads are tst_http_head's.
class tst_Handshake : public QObject {
    Q_OBJECT

private slots:
    void acceptIsComputedAsInTheRfc_data();
    void acceptIsComputedAsInTheRfc();
    void keysAreSixteenBytes_data();
    void keysAreSixteenBytes();
    void acceptsTheExampleOfTheRfc();
    void acceptsWhatIsAllowed_data();
    void acceptsWhatIsAllowed();
    void refusesWhatIsNot_data();
    void refusesWhatIsNot();
    void refusalsTellEverythingThatIsBroken();
    void headIsAnsweredWithoutABody();
    void serverChoosesTheSubprotocol_data();
    void serverChoosesTheSubprotocol();
    void pathsAreComparedDecoded_data();
    void pathsAreComparedDecoded();
    void hostsAndOriginsAreCheckedWhereListed_data();
    void hostsAndOriginsAreCheckedWhereListed();
    void hostileHeadersTakeLinearTime();
    void plainRequestsAreNotUpgrades();
    void everyRuleOfTheHandshakeHasAStatus();
    void serverAcceptsWhatTheClientAsks();
    void callersHeadersReplaceOurs();
    void clientChecksTheAnswer_data();
    void clientChecksTheAnswer();
};

namespace {

using Fields = std::vector<wire::HttpHeaders::Field>;

const char kSampleKey[] = "dGhlIHNhbXBsZSBub25jZQ==";

/// The request of RFC 6455 1.2, with `changes` by name: an empty value removes the header, others replace it.
wire::HttpRequest sampleRequest(const Fields &changes = {}, const Fields &more = {})
{
    wire::HttpRequest request{"GET", "/chat", "HTTP/1.1", {}};
    const Fields sample{{"Host", "server.example.com"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"},
        {"Sec-WebSocket-Key", kSampleKey}, {"Origin", "http://example.com"}, {"Sec-WebSocket-Version", "13"}};
    for (const auto &[name, value] : sample) {
        QByteArray now = value;
        for (const auto &[changed, replacement] : changes) {
            if (changed == name)
                now = replacement;
        }
        if (!now.isEmpty())
            request.headers.append(name, now);
    }
    for (const auto &[name, value] : more)
        request.headers.append(name, value);
    return request;
}

/// Through the parser, as on the wire.
wire::HttpRequest reparsed(const wire::HttpRequest &request)
{
    wire::HttpHeadParser parser(wire::HttpHeadParser::Kind::Request);
    parser.feed(request.toBytes());
    if (parser.state() != wire::HttpHeadParser::State::Complete)
        qFatal("not a head: %s", request.toBytes().constData());
    return parser.request();
}

} // namespace

void tst_Handshake::acceptIsComputedAsInTheRfc_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("accept");
    QTest::newRow("H1 RFC 6455 1.3") << QByteArray(kSampleKey) << QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    QTest::newRow("H2") << QByteArray("x3JJHMbDL1EzLkh9GBhXDw==") << QByteArray("HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
}

void tst_Handshake::acceptIsComputedAsInTheRfc()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, accept);
    const wire::AcceptComputation steps = wire::computeAccept(key);
    QCOMPARE(steps.key, key);
    QCOMPARE(steps.concatenated, key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    QCOMPARE(steps.sha1.size(), 20);
    QCOMPARE(steps.accept, accept);
    if (key == kSampleKey) // RFC 6455 1.3 prints the digest too
        QCOMPARE(steps.sha1, tests::hex("b37a4f2cc0624f1690f64606cf385945b2bec4ea"));
}

void tst_Handshake::keysAreSixteenBytes_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("valid");
    QTest::newRow("RFC 6455 1.3") << QByteArray(kSampleKey) << true;
    QTest::newRow("RFC 6455 4.1 example") << QByteArray("AQIDBAUGBwgJCgsMDQ4PEA==") << true;
    QTest::newRow("H3 ten bytes") << QByteArray("dGhlIHNhbXBsZQ==") << false;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("not base64") << QByteArray("!!") << false;
    QTest::newRow("fifteen bytes") << QByteArray("AAAAAAAAAAAAAAAAAAAA") << false;
    QTest::newRow("seventeen bytes") << QByteArray("AAAAAAAAAAAAAAAAAAAAAAA=") << false;
    QTest::newRow("eighteen bytes") << QByteArray("AAAAAAAAAAAAAAAAAAAAAAAA") << false;
    QTest::newRow("without padding") << QByteArray("dGhlIHNhbXBsZSBub25jZQ") << false;
    QTest::newRow("URL alphabet") << QByteArray("__________-_________-Q==") << false;
    QTest::newRow("space inside") << QByteArray("dGhlIHNhbXBs ZSBub25jZQ==") << false;
}

void tst_Handshake::keysAreSixteenBytes()
{
    QFETCH(QByteArray, key);
    QFETCH(bool, valid);
    QCOMPARE(wire::isValidKey(key), valid);
}

void tst_Handshake::acceptsTheExampleOfTheRfc()
{
    wire::ServerHandshakeOptions options;
    options.subprotocols = {"chat"};
    const auto answer =
        wire::answerHandshake(sampleRequest({}, {{"Sec-WebSocket-Protocol", "chat, superchat"}}), options);
    QVERIFY(answer.accepted);
    QVERIFY(answer.violations.empty());
    QCOMPARE(answer.response.toBytes(),
        QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"));
}

void tst_Handshake::acceptsWhatIsAllowed_data()
{
    QTest::addColumn<Fields>("changes");
    QTest::addColumn<Fields>("more");
    QTest::newRow("H4 key with spaces around")
        << Fields{{"Sec-WebSocket-Key", QByteArray("  ") + kSampleKey + " \t"}} << Fields{};
    QTest::newRow("H7 Connection is a list") << Fields{{"Connection", "keep-alive, Upgrade"}} << Fields{};
    QTest::newRow("H7 case of values") << Fields{{"Upgrade", "WebSocket"}, {"Connection", "upgrade"}} << Fields{};
    QTest::newRow("H7 case of names") << Fields{{"Upgrade", ""}} << Fields{{"UPGRADE", "WebSocket"}};
    QTest::newRow("H7 Connection in two fields") << Fields{} << Fields{{"Connection", "keep-alive"}};
    QTest::newRow("H15 unknown extensions") << Fields{} << Fields{{"Sec-WebSocket-Extensions", "constructor; a=1, x"}};
    QTest::newRow("H15 500 offers") << Fields{}
                                    << Fields{{"Sec-WebSocket-Extensions", QByteArray("a; b=1, ").repeated(500)}};
    QTest::newRow("H18 empty body") << Fields{} << Fields{{"Content-Length", "0"}};
    QTest::newRow("no Origin: not a browser") << Fields{{"Origin", ""}} << Fields{};
    QTest::newRow("Host with port") << Fields{{"Host", "127.0.0.1:8765"}} << Fields{};
    QTest::newRow("Host is IPv6") << Fields{{"Host", "[::1]:8765"}} << Fields{};
}

void tst_Handshake::acceptsWhatIsAllowed()
{
    QFETCH(Fields, changes);
    QFETCH(Fields, more);
    const auto answer = wire::answerHandshake(reparsed(sampleRequest(changes, more)), {});
    QVERIFY2(answer.accepted, answer.response.toBytes().constData());
    QCOMPARE(answer.response.status, 101);
    QCOMPARE(answer.response.headers.value("Sec-WebSocket-Accept"),
        std::optional<QByteArray>("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    QVERIFY(!answer.response.headers.value("Sec-WebSocket-Extensions"));
    QVERIFY(!answer.response.headers.value("Sec-WebSocket-Protocol"));
}

void tst_Handshake::refusesWhatIsNot_data()
{
    QTest::addColumn<wire::HttpRequest>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<Rule>("rule");
    const auto row = [](const char *name, const wire::HttpRequest &request, int status, Rule rule) {
        QTest::newRow(name) << request << status << rule;
    };
    const auto with = [](auto member, const char *value) {
        wire::HttpRequest request = sampleRequest();
        request.*member = value;
        return request;
    };
    using R = wire::HttpRequest;

    row("H3 ten-byte key", sampleRequest({{"Sec-WebSocket-Key", "dGhlIHNhbXBsZQ=="}}), 400, Rule::BadKey);
    row("H4 no key", sampleRequest({{"Sec-WebSocket-Key", ""}}), 400, Rule::BadKey);
    row("H4 two keys", sampleRequest({}, {{"Sec-WebSocket-Key", kSampleKey}}), 400, Rule::BadKey);
    row("H5 POST", with(&R::method, "POST"), 405, Rule::MethodNotGet);
    row("H5 HEAD", with(&R::method, "HEAD"), 405, Rule::MethodNotGet);
    row("H5 get in lower case", with(&R::method, "get"), 405, Rule::MethodNotGet);
    row("H5 HTTP/1.0", with(&R::version, "HTTP/1.0"), 426, Rule::UnsupportedHttpVersion);
    row("H6 no Upgrade", sampleRequest({{"Upgrade", ""}}), 426, Rule::MissingUpgrade);
    row("H6 Upgrade to something else", sampleRequest({{"Upgrade", "h2c"}}), 426, Rule::MissingUpgrade);
    row("H6 no Connection", sampleRequest({{"Connection", ""}}), 426, Rule::MissingConnectionUpgrade);
    row("H6 Connection without the token", sampleRequest({{"Connection", "keep-alive"}}), 426,
        Rule::MissingConnectionUpgrade);
    for (const char *version : {"7", "8", "12", "14", "013", "13, 8", "x"}) {
        row(qPrintable(QStringLiteral("H6 version %1").arg(QLatin1String(version))),
            sampleRequest({{"Sec-WebSocket-Version", version}}), 426, Rule::UnsupportedVersion);
    }
    row("H6 no version", sampleRequest({{"Sec-WebSocket-Version", ""}}), 426, Rule::UnsupportedVersion);
    row("H6 two versions", sampleRequest({}, {{"Sec-WebSocket-Version", "13"}}), 426, Rule::UnsupportedVersion);
    row("H8 empty and dot segments", with(&R::target, "//..//"), 400, Rule::BadPath);
    row("H8 dot segments", with(&R::target, "/a/../chat"), 400, Rule::BadPath);
    row("H8 encoded dot segments", with(&R::target, "/%2e%2e/chat"), 400, Rule::BadPath);
    row("H8 encoded line feed", with(&R::target, "/chat%0a"), 400, Rule::BadPath);
    row("H8 encoded NUL", with(&R::target, "/chat%00"), 400, Rule::BadPath);
    row("H8 malformed encoding", with(&R::target, "/chat%2"), 400, Rule::BadPath);
    row("P9 fragment", with(&R::target, "/chat#x"), 400, Rule::BadPath);
    row("asterisk form", with(&R::target, "*"), 400, Rule::BadPath);
    row("H15 trailing semicolon", sampleRequest({}, {{"Sec-WebSocket-Extensions", "constructor; a=1, x;"}}), 400,
        Rule::BadExtensions);
    row("H15 unbalanced quotes", sampleRequest({}, {{"Sec-WebSocket-Extensions", "a; b=\"c"}}), 400,
        Rule::BadExtensions);
    row("H17 duplicate subprotocols", sampleRequest({}, {{"Sec-WebSocket-Protocol", "a, b, a"}}), 400,
        Rule::BadSubprotocol);
    row("H17 duplicates in two fields",
        sampleRequest({}, {{"Sec-WebSocket-Protocol", "a"}, {"Sec-WebSocket-Protocol", "a"}}), 400,
        Rule::BadSubprotocol);
    row("H17 subprotocol is no token", sampleRequest({}, {{"Sec-WebSocket-Protocol", "a b"}}), 400,
        Rule::BadSubprotocol);
    row("H17 empty list", sampleRequest({}, {{"Sec-WebSocket-Protocol", ""}}), 400, Rule::BadSubprotocol);
    row("H18 Content-Length", sampleRequest({}, {{"Content-Length", "5"}}), 400, Rule::RequestHasBody);
    row("H18 Content-Length twice", sampleRequest({}, {{"Content-Length", "0"}, {"Content-Length", "5"}}), 400,
        Rule::RequestHasBody);
    row("H18 chunked", sampleRequest({}, {{"Transfer-Encoding", "chunked"}}), 400, Rule::RequestHasBody);
    row("H21 no Host", sampleRequest({{"Host", ""}}), 400, Rule::BadHost);
    row("H21 two Hosts", sampleRequest({}, {{"Host", "server.example.com"}}), 400, Rule::BadHost);
    row("H21 a:b:c", sampleRequest({{"Host", "a:b:c"}}), 400, Rule::BadHost);
    row("H21 user@host", sampleRequest({{"Host", "user@host"}}), 400, Rule::BadHost);
    wire::HttpRequest plain{"GET", "/", "HTTP/1.1", {}};
    plain.headers.append("Host", "a");
    row("H22 plain GET", plain, 426, Rule::MissingUpgrade);
}

void tst_Handshake::refusesWhatIsNot()
{
    QFETCH(wire::HttpRequest, request);
    QFETCH(int, status);
    QFETCH(Rule, rule);
    const auto answer = wire::answerHandshake(reparsed(request), {});
    QVERIFY(!answer.accepted);
    QCOMPARE(static_cast<int>(answer.violations.at(0).rule), static_cast<int>(rule));
    const wire::HttpResponse &response = answer.response;
    QCOMPARE(response.status, status);
    const wire::HttpHeaders &headers = response.headers;
    QCOMPARE(headers.value("Connection"), std::optional<QByteArray>("close"));
    QVERIFY(headers.value("Content-Type")->startsWith("text/plain"));
    if (request.method != "HEAD") {
        QCOMPARE(headers.value("Content-Length"), std::optional<QByteArray>(QByteArray::number(response.body.size())));
        QVERIFY2(response.body.startsWith(wire::ruleInfo(rule).name), response.body.constData());
    }
    QCOMPARE(headers.value("Upgrade"), status == 426 ? std::optional<QByteArray>("websocket") : std::nullopt);
    QCOMPARE(headers.value("Sec-WebSocket-Version"),
        rule == Rule::UnsupportedVersion ? std::optional<QByteArray>("13") : std::nullopt);
    QCOMPARE(headers.value("Allow"), status == 405 ? std::optional<QByteArray>("GET") : std::nullopt);
    QVERIFY(!headers.value("Sec-WebSocket-Accept"));
}

void tst_Handshake::refusalsTellEverythingThatIsBroken()
{
    const auto answer = wire::answerHandshake(
        sampleRequest({{"Upgrade", ""}, {"Sec-WebSocket-Key", "!!"}}, {{"Content-Length", "1"}}), {});
    QCOMPARE(answer.violations.size(), size_t(3));
    QCOMPARE(answer.response.status, 400); // the first one decides: a body
    QCOMPARE(answer.violations[2].detail, QStringLiteral("!!"));
}

void tst_Handshake::headIsAnsweredWithoutABody()
{
    wire::HttpRequest request = sampleRequest();
    request.method = "HEAD";
    const auto answer = wire::answerHandshake(request, {});
    QVERIFY(answer.response.body.isEmpty());
    QVERIFY(answer.response.headers.value("Content-Length").value().toInt() > 0);
}

void tst_Handshake::serverChoosesTheSubprotocol_data()
{
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<QByteArray>("chosen");
    QTest::newRow("H17 none supported") << QByteArray("a, b") << QByteArray();
    QTest::newRow("H17 one supported") << QByteArray("a, feedscope.v1") << QByteArray("feedscope.v1");
    QTest::newRow("H17 the server's order decides")
        << QByteArray("feedscope.v1, feedscope.v1.cbor") << QByteArray("feedscope.v1.cbor");
    QTest::newRow("case matters") << QByteArray("Feedscope.v1") << QByteArray();
}

void tst_Handshake::serverChoosesTheSubprotocol()
{
    QFETCH(QByteArray, offered);
    QFETCH(QByteArray, chosen);
    wire::ServerHandshakeOptions options;
    options.subprotocols = {"feedscope.v1.cbor", "feedscope.v1"};
    const auto answer = wire::answerHandshake(sampleRequest({}, {{"Sec-WebSocket-Protocol", offered}}), options);
    QVERIFY(answer.accepted);
    QCOMPARE(answer.subprotocol, chosen);
    QCOMPARE(answer.response.headers.value("Sec-WebSocket-Protocol"),
        chosen.isEmpty() ? std::nullopt : std::optional<QByteArray>(chosen));
}

void tst_Handshake::pathsAreComparedDecoded_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("H8 known path") << QByteArray("/feed") << 101;
    QTest::newRow("H8 path with query") << QByteArray("/feed?token=a/../b") << 101;
    QTest::newRow("H8 percent-encoded path") << QByteArray("/%66eed") << 101;
    QTest::newRow("H8 decoded once") << QByteArray("/%2566eed") << 404;
    QTest::newRow("H8 wrong path") << QByteArray("/nope") << 404;
    QTest::newRow("H8 case matters") << QByteArray("/Feed") << 404;
    QTest::newRow("longer path") << QByteArray("/feed/more") << 404;
    QTest::newRow("absolute form") << QByteArray("http://server.example.com/feed") << 101;
}

void tst_Handshake::pathsAreComparedDecoded()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    wire::ServerHandshakeOptions options;
    options.paths = {"/", "/feed"};
    wire::HttpRequest request = sampleRequest();
    request.target = target;
    QCOMPARE(wire::answerHandshake(request, options).response.status, status);
}

void tst_Handshake::hostsAndOriginsAreCheckedWhereListed_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<int>("status");
    const QByteArray chat = "/chat";
    QTest::newRow("both listed") << chat << QByteArray("localhost:8765") << QByteArray("http://localhost:8765") << 101;
    QTest::newRow("A2 no Origin") << chat << QByteArray("localhost:8765") << QByteArray() << 101;
    QTest::newRow("A1 evil origin") << chat << QByteArray("localhost:8765") << QByteArray("https://evil.example")
                                    << 403;
    QTest::newRow("A3 null origin") << chat << QByteArray("localhost:8765") << QByteArray("null") << 403;
    QTest::newRow("A5 rebound host") << chat << QByteArray("attacker.test") << QByteArray("http://localhost:8765")
                                     << 403;
    QTest::newRow("A5 no Origin either") << chat << QByteArray("attacker.test:8765") << QByteArray() << 403;
    QTest::newRow("other host in the target")
        << QByteArray("http://attacker.test/chat") << QByteArray("localhost:8765") << QByteArray() << 403;
}

void tst_Handshake::hostsAndOriginsAreCheckedWhereListed()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, origin);
    QFETCH(int, status);
    wire::ServerHandshakeOptions options;
    options.allowedHosts = {"localhost", "127.0.0.1"};
    options.allowedOrigins = {"http://localhost:8765"};
    wire::HttpRequest request = sampleRequest({{"Host", host}, {"Origin", origin}});
    request.target = target;
    QCOMPARE(wire::answerHandshake(request, options).response.status, status);
    if (status == 101 && !origin.isEmpty()) {
        request.headers.append("Origin", origin);
        QCOMPARE(wire::answerHandshake(request, options).response.status, 403); // two of them
    }
}

void tst_Handshake::hostileHeadersTakeLinearTime()
{
    // A megabyte each, where quadratic work would take minutes; the watchdog of the test run is the bound.
    const QByteArray spaces(1'000'000, ' ');
    const auto status = [](const char *name, const QByteArray &value) {
        return wire::answerHandshake(sampleRequest({}, {{name, value}}), {}).response.status;
    };
    QCOMPARE(status("Sec-WebSocket-Protocol", "b" + spaces + "x"), 400); // H14
    QCOMPARE(status("Sec-WebSocket-Protocol", QByteArray(1'000'000, ',')), 400);
    QCOMPARE(status("Sec-WebSocket-Extensions", "b" + spaces + "x"), 400); // H15
    QCOMPARE(status("Sec-WebSocket-Extensions", "b; c=\"" + spaces), 400);
    QCOMPARE(status("Connection", spaces + "," + spaces), 101);
    QByteArray many;
    for (int i = 0; i < 100'000; ++i)
        many += "p" + QByteArray::number(i) + ",";
    QCOMPARE(status("Sec-WebSocket-Protocol", many), 101);
}

void tst_Handshake::plainRequestsAreNotUpgrades()
{
    wire::HttpRequest request{"GET", "/healthz", "HTTP/1.1", {}};
    request.headers.append("Host", "a");
    request.headers.append("Connection", "keep-alive");
    QVERIFY(!wire::wantsUpgrade(request));
    request.headers.append("sec-websocket-key", "x");
    QVERIFY(wire::wantsUpgrade(request));
    QVERIFY(wire::wantsUpgrade(sampleRequest()));
    QVERIFY(wire::wantsUpgrade(sampleRequest({{"Sec-WebSocket-Key", ""}, {"Sec-WebSocket-Version", ""}})));
}

void tst_Handshake::everyRuleOfTheHandshakeHasAStatus()
{
    for (const wire::RuleInfo &row : wire::allRules()) {
        const int status = wire::refusalStatusFor(row.rule);
        QVERIFY(status >= 400 && status <= 505);
        const wire::HttpResponse refusal =
            wire::makeRefusal(status, wire::refusalText({row.rule, QStringLiteral("x")}));
        QVERIFY(refusal.body.startsWith(row.name));
        QVERIFY(refusal.body.endsWith("(x)\n"));
        QVERIFY(refusal.reason != "Status");
    }
    QCOMPARE(wire::refusalStatusFor(Rule::HandshakeTimeout), 408);
    QCOMPARE(wire::refusalStatusFor(Rule::TooManyConnections), 503);
    const wire::HttpResponse busy = wire::makeRefusal(503, "busy", {{"Retry-After", "5"}});
    QCOMPARE(busy.headers.value("Retry-After"), std::optional<QByteArray>("5"));
    QCOMPARE(busy.body, QByteArray("busy\n"));
}

void tst_Handshake::serverAcceptsWhatTheClientAsks()
{
    wire::ClientHandshakeOptions client;
    client.host = "127.0.0.1:8765";
    client.target = "/feed?x=1";
    client.key = kSampleKey;
    client.origin = "http://127.0.0.1:8765";
    client.subprotocols = {"feedscope.v1", "feedscope.v1.cbor"};
    client.headers = {{"Authorization", "Bearer t"}};
    const wire::HttpRequest request = wire::makeHandshakeRequest(client);
    QCOMPARE(request.toBytes(),
        QByteArray("GET /feed?x=1 HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: "
                   "http://127.0.0.1:8765\r\n"
                   "Sec-WebSocket-Protocol: feedscope.v1, feedscope.v1.cbor\r\nAuthorization: Bearer t\r\n\r\n"));
    wire::ServerHandshakeOptions server;
    server.subprotocols = {"feedscope.v1"};
    const auto answer = wire::answerHandshake(reparsed(request), server);
    QVERIFY(answer.accepted);
    wire::HttpHeadParser parser(wire::HttpHeadParser::Kind::Response);
    parser.feed(answer.response.toBytes());
    QVERIFY(wire::checkHandshakeResponse(request, parser.response()).empty());
}

void tst_Handshake::callersHeadersReplaceOurs()
{
    wire::ClientHandshakeOptions client;
    client.host = "a";
    client.key = kSampleKey;
    client.headers = {{"host", "b"}, {"Sec-WebSocket-Version", "8"}};
    const wire::HttpRequest request = wire::makeHandshakeRequest(client);
    QCOMPARE(request.headers.values("Host"), std::vector<QByteArray>{"b"});
    QCOMPARE(request.headers.values("Sec-WebSocket-Version"), std::vector<QByteArray>{"8"});
    QCOMPARE(request.target, QByteArray("/"));
}

void tst_Handshake::clientChecksTheAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QList<int>>("rules");
    const QByteArray accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
    const QByteArray start = "HTTP/1.1 101 Switching Protocols\r\n";
    const QByteArray upgrade = "Upgrade: websocket\r\n";
    const QByteArray connection = "Connection: Upgrade\r\n";
    const auto row = [](const char *name, const QByteArray &answer, std::initializer_list<Rule> rules) {
        QList<int> values;
        for (const Rule rule : rules)
            values += static_cast<int>(rule);
        QTest::newRow(name) << answer << values;
    };
    row("RFC 6455 1.2", start + upgrade + connection + accept + "Sec-WebSocket-Protocol: chat\r\n", {});
    row("case and lists", start + "UPGRADE: WebSocket\r\nConnection: x, upgrade\r\n" + accept, {});
    row("P1 200", "HTTP/1.1 200 OK\r\n", {Rule::BadStatus});
    row("P1 302", "HTTP/1.1 302 Found\r\nLocation: /\r\n", {Rule::BadStatus});
    row("RFC 6455 4.1 no Upgrade", start + connection + accept, {Rule::MissingUpgrade});
    row("RFC 6455 4.1 Upgrade to something else", start + "Upgrade: h2c\r\n" + connection + accept,
        {Rule::MissingUpgrade});
    row("RFC 6455 4.1 no Connection", start + upgrade + accept, {Rule::MissingConnectionUpgrade});
    row("RFC 6455 4.1 no accept", start + upgrade + connection, {Rule::BadAccept});
    row("RFC 6455 4.1 wrong accept",
        start + upgrade + connection + "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n", {Rule::BadAccept});
    row("RFC 6455 4.1 accept in other case",
        start + upgrade + connection + "Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO=\r\n", {Rule::BadAccept});
    row("RFC 6455 4.1 unoffered subprotocol",
        start + upgrade + connection + accept + "Sec-WebSocket-Protocol: other\r\n", {Rule::UnofferedSubprotocol});
    row("RFC 6455 4.1 two subprotocols",
        start + upgrade + connection + accept + "Sec-WebSocket-Protocol: chat, superchat\r\n",
        {Rule::UnofferedSubprotocol});
    row("D7 unoffered extension",
        start + upgrade + connection + accept + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
        {Rule::UnofferedExtension});
    row("malformed extension", start + upgrade + connection + accept + "Sec-WebSocket-Extensions: a;\r\n",
        {Rule::BadExtensions});
    row("everything", start + "Sec-WebSocket-Protocol: x\r\nSec-WebSocket-Extensions: x\r\n",
        {Rule::MissingUpgrade, Rule::MissingConnectionUpgrade, Rule::BadAccept, Rule::UnofferedSubprotocol,
            Rule::UnofferedExtension});
}

void tst_Handshake::clientChecksTheAnswer()
{
    QFETCH(QByteArray, answer);
    QFETCH(QList<int>, rules);
    wire::HttpHeadParser parser(wire::HttpHeadParser::Kind::Response);
    parser.feed(answer + "\r\n");
    QCOMPARE(parser.state(), wire::HttpHeadParser::State::Complete);
    const wire::HttpRequest request = sampleRequest({}, {{"Sec-WebSocket-Protocol", "chat, superchat"}});
    QList<int> found;
    for (const wire::Violation &violation : wire::checkHandshakeResponse(request, parser.response()))
        found += static_cast<int>(violation.rule);
    QCOMPARE(found, rules);
}

QTEST_APPLESS_MAIN(tst_Handshake)
#include "tst_handshake.moc"
