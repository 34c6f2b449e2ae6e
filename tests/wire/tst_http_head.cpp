// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/http_head.h"

#include "support/wire_text.h"

#include <QTest>

using namespace feedscope;
using tests::hex;
using wire::HttpHeadParser;
using wire::Rule;

Q_DECLARE_METATYPE(wire::Rule)

/// The parser of heads and the values it gives. What a handshake asks of them is tst_handshake's.
class tst_HttpHead : public QObject {
    Q_OBJECT

private slots:
    void readsARequest();
    void readsAResponse_data();
    void readsAResponse();
    void takesNothingBehindTheHead();
    void headsReadTheSameInEveryChunking_data();
    void headsReadTheSameInEveryChunking();
    void refusesWhatIsNotAHead_data();
    void refusesWhatIsNotAHead();
    void limitsBreakAtTheSameByteInEveryChunking_data();
    void limitsBreakAtTheSameByteInEveryChunking();
    void everythingUpToTheLimitsFits();
    void responsesMayCarryOldBytes();
    void pathAndQueryAreTakenApart_data();
    void pathAndQueryAreTakenApart();
    void queryValuesAreDecodedOnce();
    void headersCompareWithoutCase();
    void listsAreSplitOverAllFields();
    void whatIsWrittenIsReadBack();
    void fieldsThatWouldBreakTheHeadAreKnown();
};

namespace {

struct Outcome {
    HttpHeadParser::State state;
    int refused;
    int rule;
    qsizetype taken;
    QByteArray raw;
    bool operator==(const Outcome &) const = default;
};

Outcome parse(HttpHeadParser &parser, const tests::Chunks &chunks)
{
    qsizetype taken = 0;
    for (const QByteArray &chunk : chunks) {
        const qsizetype count = parser.feed(chunk);
        taken += count;
        if (count < chunk.size())
            break;
    }
    const bool refused = parser.state() == HttpHeadParser::State::Refused;
    return {parser.state(), parser.refusalStatus(), refused ? static_cast<int>(parser.violation().rule) : -1, taken,
        parser.rawBytes()};
}

Outcome parse(HttpHeadParser::Kind kind, const tests::Chunks &chunks)
{
    HttpHeadParser parser(kind);
    return parse(parser, chunks);
}

const char kRequest[] =
    "GET /chat?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade:websocket\r\nX-Empty:\r\nX-Space: \t a b \t\r\n\r\n";
const char kResponse[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

} // namespace

void tst_HttpHead::readsARequest()
{
    HttpHeadParser parser(HttpHeadParser::Kind::Request);
    QCOMPARE(parser.feed(kRequest), static_cast<qsizetype>(qstrlen(kRequest)));
    QCOMPARE(parser.state(), HttpHeadParser::State::Complete);
    const wire::HttpRequest &request = parser.request();
    QCOMPARE(request.method, QByteArray("GET"));
    QCOMPARE(request.target, QByteArray("/chat?x=1"));
    QCOMPARE(request.version, QByteArray("HTTP/1.1"));
    const std::vector<wire::HttpHeaders::Field> fields{
        {"Host", "server.example.com"}, {"Upgrade", "websocket"}, {"X-Empty", ""}, {"X-Space", "a b"}};
    QCOMPARE(request.headers.fields(), fields);
    QCOMPARE(parser.rawBytes(), QByteArray(kRequest));
}

void tst_HttpHead::readsAResponse_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("RFC 9112 4") << QByteArray("HTTP/1.1 101 Switching Protocols") << 101
                                << QByteArray("Switching Protocols");
    QTest::newRow("empty reason") << QByteArray("HTTP/1.1 200 ") << 200 << QByteArray();
    QTest::newRow("no space before it") << QByteArray("HTTP/1.0 503") << 503 << QByteArray();
}

void tst_HttpHead::readsAResponse()
{
    QFETCH(QByteArray, line);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    HttpHeadParser parser(HttpHeadParser::Kind::Response);
    parser.feed(line + "\r\nA: b\r\n\r\n");
    QCOMPARE(parser.state(), HttpHeadParser::State::Complete);
    QCOMPARE(parser.response().status, status);
    QCOMPARE(parser.response().reason, reason);
    QCOMPARE(parser.response().headers.value("a"), std::optional<QByteArray>("b"));
}

void tst_HttpHead::takesNothingBehindTheHead()
{
    HttpHeadParser parser(HttpHeadParser::Kind::Request);
    const QByteArray frames = hex("81 85 37fa213d 7f9f4d5158"); // H19
    QCOMPARE(parser.feed(kRequest + frames), static_cast<qsizetype>(qstrlen(kRequest)));
    QCOMPARE(parser.feed(frames), 0);
    QCOMPARE(parser.rawBytes(), QByteArray(kRequest));
}

void tst_HttpHead::headsReadTheSameInEveryChunking_data()
{
    QTest::addColumn<bool>("response");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("request") << false << QByteArray(kRequest);
    QTest::newRow("response") << true << QByteArray(kResponse);
    QTest::newRow("request behind an empty line") << false << QByteArray("\r\nGET / HTTP/1.1\r\n\r\n");
    QTest::newRow("request with more behind it") << false << QByteArray("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    QTest::newRow("folded") << false << QByteArray("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n");
    QTest::newRow("bare line feed") << false << QByteArray("GET / HTTP/1.1\nA: b\n\n");
    QTest::newRow("garbage") << false << hex("160301020001000102");
}

void tst_HttpHead::headsReadTheSameInEveryChunking()
{
    QFETCH(bool, response);
    QFETCH(QByteArray, bytes);
    const auto kind = response ? HttpHeadParser::Kind::Response : HttpHeadParser::Kind::Request;
    const Outcome whole = parse(kind, {bytes});
    QVERIFY(whole.state != HttpHeadParser::State::Incomplete);
    tests::forEveryChunking(bytes, [&](const tests::Chunks &chunks) {
        const Outcome outcome = parse(kind, chunks);
        QCOMPARE(outcome.state, whole.state);
        QCOMPARE(outcome.rule, whole.rule);
        if (whole.state == HttpHeadParser::State::Complete)
            QVERIFY(outcome == whole);
    });
}

void tst_HttpHead::refusesWhatIsNotAHead_data()
{
    QTest::addColumn<bool>("response");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<Rule>("rule");
    const auto request = [](const char *name, const QByteArray &bytes, int status, Rule rule) {
        QTest::newRow(name) << false << bytes << status << rule;
    };
    const auto header = [&](const char *name, const QByteArray &line, Rule rule) {
        QTest::newRow(name) << false << "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n" << 400 << rule;
    };
    request("T6 TLS on the plain port", hex("16030100c8010000c4"), 400, Rule::NotHttp);
    request("binary", hex("00"), 400, Rule::NotHttp);
    request("RFC 9112 3 only a method", "GET\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 no version", "GET /\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 two spaces", "GET  / HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 space in the target", "GET /a b HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 version in lower case", "GET / http/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 long version", "GET / HTTP/1.10\r\n\r\n", 400, Rule::BadRequestLine);
    request("RFC 9112 3 method is no token", "G@T / HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("two empty lines", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("bare LF after the request line", "GET / HTTP/1.1\n\r\n", 400, Rule::BadRequestLine);
    request("bare CR in the request line", "GET /\r HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("H16 NUL in the path", QByteArray("GET /a\0b HTTP/1.1\r\n\r\n", 22), 400, Rule::BadRequestLine);
    request("H16 path is not ASCII", "GET /caf\xc3\xa9 HTTP/1.1\r\n\r\n", 400, Rule::BadRequestLine);
    request("H5 HTTP/9.9", "GET / HTTP/9.9\r\n\r\n", 505, Rule::UnsupportedHttpVersion);
    request("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, Rule::UnsupportedHttpVersion);
    header("RFC 9112 5 no colon", "Upgrade websocket", Rule::BadHeader);
    header("RFC 9112 5.1 space before the colon", "Upgrade : websocket", Rule::BadHeader);
    header("RFC 9112 5 empty name", ": websocket", Rule::BadHeader);
    header("RFC 9112 5 name is no token", "Up(grade: websocket", Rule::BadHeader);
    header("H7 RFC 9112 5.2 folded", "Upgrade:\r\n websocket", Rule::FoldedHeader);
    header("RFC 9112 5.2 folded with a tab", "Upgrade: a\r\n\twebsocket", Rule::FoldedHeader);
    header("P10 bare LF", "Upgrade: websocket\nX: y", Rule::BadHeader);
    header("H16 bare CR in a value", "Origin: a\rb", Rule::BadHeader);
    header("H16 NUL in a value", QByteArray("Origin: a\0b", 11), Rule::BadHeader);
    header("H16 value is not ASCII", "Origin: http://caf\xc3\xa9", Rule::BadHeader);
    header("H16 escape sequence", "Origin: \x1b[31m", Rule::BadHeader);
    const auto response = [](const char *name, const QByteArray &bytes, int status, Rule rule) {
        QTest::newRow(name) << true << bytes << status << rule;
    };
    response("response: not HTTP", "SSH-2.0-OpenSSH\r\n", 400, Rule::NotHttp);
    response("response: almost HTTP", "HELLO 1 2\r\n", 400, Rule::NotHttp);
    response("response: no status", "HTTP/1.1\r\n", 400, Rule::BadRequestLine);
    response("response: status of two digits", "HTTP/1.1 99 no\r\n", 400, Rule::BadRequestLine);
    response("response: status of four digits", "HTTP/1.1 1010 no\r\n", 400, Rule::BadRequestLine);
    response("response: HTTP/2", "HTTP/2.0 101 no\r\n", 505, Rule::UnsupportedHttpVersion);
}

void tst_HttpHead::refusesWhatIsNotAHead()
{
    QFETCH(bool, response);
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(Rule, rule);
    for (const tests::Chunks &chunks : {tests::Chunks{bytes}, tests::eachByte(bytes)}) {
        HttpHeadParser parser(response ? HttpHeadParser::Kind::Response : HttpHeadParser::Kind::Request);
        const Outcome outcome = parse(parser, chunks);
        QCOMPARE(outcome.state, HttpHeadParser::State::Refused);
        QCOMPARE(parser.refusalStatus(), status);
        QCOMPARE(static_cast<int>(parser.violation().rule), static_cast<int>(rule));
        for (const QChar c : parser.violation().detail)
            QVERIFY2(c >= QLatin1Char(' ') && c != QChar(0x7f), qPrintable(parser.violation().detail)); // fit for a log
    }
}

void tst_HttpHead::limitsBreakAtTheSameByteInEveryChunking_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<Rule>("rule");
    const QByteArray start = "GET / HTTP/1.1\r\n";
    QTest::newRow("H11 request line of 9 KiB") << "GET /" + QByteArray(9 * 1024, 'a') + " HTTP/1.1\r\n\r\n"
                                               << 414 << Rule::RequestLineTooLong;
    QTest::newRow("H11 request line without an end")
        << "GET /" + QByteArray(9 * 1024, 'a') << 414 << Rule::RequestLineTooLong;
    QTest::newRow("H11 header of 9 KiB") << start + "A: " + QByteArray(9 * 1024, 'a') + "\r\n\r\n"
                                         << 431 << Rule::HeaderTooLong;
    QTest::newRow("H11 block of 17 KiB") << start + ("A: " + QByteArray(1000, 'a') + "\r\n").repeated(17) + "\r\n"
                                         << 431 << Rule::HeadersTooLarge;
    QTest::newRow("H12 2000 small headers, Upgrade last") << start + QByteArray("A:b\r\n").repeated(2000)
            + "Upgrade: websocket\r\n\r\n" << 431 << Rule::TooManyHeaders;
    QTest::newRow("H13 header of 60 KiB") << start + "A: " + QByteArray(60 * 1024, 'a') + "\r\n\r\n"
                                          << 431 << Rule::HeaderTooLong;
}

void tst_HttpHead::limitsBreakAtTheSameByteInEveryChunking()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(Rule, rule);
    qsizetype held = -1;
    for (qsizetype size : {bytes.size(), qsizetype(1), qsizetype(100), qsizetype(1460), qsizetype(8191)}) {
        tests::Chunks chunks;
        for (qsizetype at = 0; at < bytes.size(); at += size)
            chunks.push_back(bytes.mid(at, size));
        const Outcome outcome = parse(HttpHeadParser::Kind::Request, chunks);
        QCOMPARE(outcome.state, HttpHeadParser::State::Refused);
        QCOMPARE(outcome.refused, status);
        QCOMPARE(outcome.rule, static_cast<int>(rule));
        QVERIFY(outcome.raw.size() <= 16 * 1024); // not more memory than the limit
        if (held < 0)
            held = outcome.raw.size();
        QCOMPARE(outcome.raw.size(), held);
    }
}

void tst_HttpHead::everythingUpToTheLimitsFits()
{
    const QByteArray line = "GET /" + QByteArray(8192 - 14, 'a') + " HTTP/1.1";
    QCOMPARE(line.size(), 8192);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {line + "\r\n\r\n"}).state, HttpHeadParser::State::Complete);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {QByteArray(line).insert(5, 'a') + "\r\n\r\n"}).state,
        HttpHeadParser::State::Refused);

    const QByteArray hundred = "GET / HTTP/1.1\r\n" + QByteArray("A: b\r\n").repeated(100);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {hundred + "\r\n"}).state, HttpHeadParser::State::Complete);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {hundred + "A: b\r\n\r\n"}).state, HttpHeadParser::State::Refused);

    QByteArray block = "GET / HTTP/1.1\r\nA: " + QByteArray(8000, 'a') + "\r\nB: ";
    block += QByteArray(16 * 1024 - block.size() - 4, 'b') + "\r\n\r\n";
    QCOMPARE(block.size(), 16 * 1024);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {block}).state,
        HttpHeadParser::State::Refused); // that header is too long by itself
    block = "GET / HTTP/1.1\r\nA: " + QByteArray(8000, 'a') + "\r\nB: " + QByteArray(8000, 'b') + "\r\nC: ";
    block += QByteArray(16 * 1024 - block.size() - 4, 'c') + "\r\n\r\n";
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {block}).state, HttpHeadParser::State::Complete);
    QCOMPARE(parse(HttpHeadParser::Kind::Request, {QByteArray(block).insert(20, 'a')}).rule,
        static_cast<int>(Rule::HeadersTooLarge));
}

void tst_HttpHead::responsesMayCarryOldBytes()
{
    HttpHeadParser parser(HttpHeadParser::Kind::Response);
    parser.feed("HTTP/1.1 404 Pas trouv\xe9\r\nServer: caf\xe9\r\n\r\n");
    QCOMPARE(parser.state(), HttpHeadParser::State::Complete);
    QCOMPARE(parser.response().headers.value("server"), std::optional<QByteArray>("caf\xe9"));
}

void tst_HttpHead::pathAndQueryAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("H8 path with query") << QByteArray("/echo?prefix=Echo:%20") << QByteArray("/echo")
                                        << QByteArray("prefix=Echo:%20");
    QTest::newRow("H8 percent-encoded path, decoded once")
        << QByteArray("/%66eed%2525") << QByteArray("/feed%25") << QByteArray();
    QTest::newRow("second question mark belongs to the query")
        << QByteArray("/a?b?c") << QByteArray("/a") << QByteArray("b?c");
    QTest::newRow("malformed encoding stays") << QByteArray("/a%zz") << QByteArray("/a%zz") << QByteArray();
    QTest::newRow("RFC 9112 3.2.2 absolute form")
        << QByteArray("http://host:80/a/b?c") << QByteArray("/a/b") << QByteArray("c");
    QTest::newRow("absolute form without a path") << QByteArray("http://host?c") << QByteArray("/") << QByteArray("c");
    QTest::newRow("address in the query only")
        << QByteArray("/a?u=http://b/c") << QByteArray("/a") << QByteArray("u=http://b/c");
}

void tst_HttpHead::pathAndQueryAreTakenApart()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, query);
    wire::HttpRequest request;
    request.target = target;
    QCOMPARE(request.path(), path);
    QCOMPARE(request.query(), query);
}

void tst_HttpHead::queryValuesAreDecodedOnce()
{
    wire::HttpRequest request;
    request.target = "/poll?topic=market.%41+B&since=&flag&%74wo=2&two=3";
    QCOMPARE(request.queryValue("topic"), std::optional<QByteArray>("market.A+B"));
    QCOMPARE(request.queryValue("since"), std::optional<QByteArray>(""));
    QCOMPARE(request.queryValue("flag"), std::optional<QByteArray>(""));
    QCOMPARE(request.queryValue("two"), std::optional<QByteArray>("2"));
    QVERIFY(!request.queryValue("Topic"));
    QVERIFY(!wire::percentDecoded("%4"));
    QVERIFY(!wire::percentDecoded("% 4"));
    QVERIFY(!wire::percentDecoded("%-1"));
}

void tst_HttpHead::headersCompareWithoutCase()
{
    wire::HttpHeaders headers;
    headers.append("Upgrade", "WebSocket");
    headers.append("UPGRADE", "h2c");
    QCOMPARE(headers.value("upgrade"), std::optional<QByteArray>("WebSocket"));
    QCOMPARE(headers.count("uPGRADE"), 2);
    QVERIFY(headers.hasToken("Upgrade", "websocket"));
    QVERIFY(!headers.hasToken("Upgrade", "web"));
    QVERIFY(!headers.value("Host"));
}

void tst_HttpHead::listsAreSplitOverAllFields()
{
    wire::HttpHeaders headers;
    headers.append("Connection", " keep-alive ,, Upgrade,");
    headers.append("connection", "x");
    headers.append("Empty", "");
    QCOMPARE(headers.tokens("Connection"), (std::vector<QByteArray>{"keep-alive", "Upgrade", "x"}));
    QCOMPARE(headers.joined("Connection"), QByteArray(" keep-alive ,, Upgrade,, x"));
    QVERIFY(headers.tokens("Empty").empty());
}

void tst_HttpHead::whatIsWrittenIsReadBack()
{
    wire::HttpRequest request{"GET", "/a?b", "HTTP/1.1", {}};
    request.headers.append("Host", "a:1");
    request.headers.append("X", "");
    HttpHeadParser parser(HttpHeadParser::Kind::Request);
    parser.feed(request.toBytes());
    QCOMPARE(parser.state(), HttpHeadParser::State::Complete);
    QCOMPARE(parser.request().headers, request.headers);

    wire::HttpResponse response{"HTTP/1.1", 404, wire::httpReason(404), {}, "body"};
    response.headers.append("Content-Length", "4");
    HttpHeadParser answers(HttpHeadParser::Kind::Response);
    const QByteArray bytes = response.toBytes();
    QCOMPARE(answers.feed(bytes), bytes.size() - 4);
    QCOMPARE(answers.response().status, 404);
    QCOMPARE(answers.response().reason, QByteArray("Not Found"));
}

void tst_HttpHead::fieldsThatWouldBreakTheHeadAreKnown()
{
    using wire::HttpHeaders;
    QVERIFY(HttpHeaders::isValidField({"X-A", "b\tc caf\xc3\xa9"}));
    QVERIFY(!HttpHeaders::isValidField({"X-A", "b\r\nInjected: c"})); // P12
    QVERIFY(!HttpHeaders::isValidField({"X-A", QByteArray("a\0", 2)}));
    QVERIFY(!HttpHeaders::isValidField({"X A", "b"}));
    QVERIFY(!HttpHeaders::isValidField({"", "b"}));
}

QTEST_APPLESS_MAIN(tst_HttpHead)
#include "tst_http_head.moc"
