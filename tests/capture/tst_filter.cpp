// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_fixture.h"

#include "capture/filter_scan.h"

#include <QTest>

#include <ctime>

using namespace feedscope;
using namespace feedscope::tests;
using capture::Filter;
using wire::Opcode;
using wire::Role;

class TestFilter : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void selects_data();
    void selects();
    void complains_data();
    void complains();
    void timesOfDayAreLocal();
    void nestingAndLengthAreBounded();
    void knowsWhetherPayloadIsNeeded();
    void everyFieldIsExplained();
    void scanStopsAndGoesOn();
    void scanCanBeCancelled();
    void scanFollowsAGrowingFile();

private:
    QString matching(const Filter &filter) const;
    QString scanned(const Filter &filter) const;
    QString name(quint64 row) const;

    std::unique_ptr<SmallCapture> m_capture;
    std::unique_ptr<capture::CaptureReader> m_reader;
};

void TestFilter::initTestCase()
{
    qputenv("TZ", "UTC0");
    ::tzset();
    m_capture = std::make_unique<SmallCapture>();
    capture::CaptureWriter &writer = m_capture->writer();
    const auto ms = [](qint64 count) { return after(count * base::kNsPerMs); };
    const auto frame = [&](wire::ConnectionId connection, qint64 at, const Seen &seen) { m_capture->frame(connection, seen, ms(at)); };

    writer.handshakeSeen(3, someHandshake(), ms(0)); // h3
    wire::HandshakeSeen other = someHandshake();
    other.localRole = Role::Client;
    other.tls = true;
    other.peer = "[::1]:443";
    other.subprotocol.clear();
    other.requestBytes = "GET /cha%74 HTTP/1.1\r\nHost: b\r\nOrigin: https://evil.example\r\n\r\n";
    other.responseBytes = "HTTP/1.1 403 Forbidden\r\nX-Why: origin\r\n\r\n";
    other.violations = {{wire::Rule::BadStatus, {}}};
    writer.handshakeSeen(4, other, ms(100)); // h4

    frame(3, 1000, Seen(Role::Client, Opcode::Text, "Hello").masked().inMessage(1)); // 1
    frame(3, 2000, Seen(Role::Server, Opcode::Text,
        R"({"type":"event","topic":"market.AAPL","symbol":"AAPL","price":"191.22","size":100,"ok":true,"no":null,"bids":[{"price":1.5}]})").inMessage(1)); // 2
    frame(3, 3000, Seen(Role::Server, Opcode::Ping, "hb")); // 3
    frame(3, 3060, Seen(Role::Client, Opcode::Pong, "hb").masked({0, 0, 0, 0}).answeredIn(60 * base::kNsPerMs)); // 4
    frame(3, 4000, Seen(Role::Server, Opcode::Binary, QByteArray("\x82\xa1", 2) + QByteArray(1998, 'b')).inMessage(2)); // 5
    frame(3, 5000, Seen(Role::Client, Opcode::Text, "Hel").masked().fragment(false).inMessage(2)); // 6
    frame(3, 5500, Seen(Role::Client, Opcode::Ping).masked()); // 7
    frame(3, 6000, Seen(Role::Client, Opcode::Continuation, "lo there").masked().inMessage(2)); // 8
    frame(4, 6100, Seen(Role::Client, Opcode::Text, "error: \xc3\xa4").inMessage(1).breaking(wire::Rule::UnmaskedClientFrame)); // 9
    Seen reserved(Role::Server, Opcode::ReservedB, QByteArray(70'000, 'r'));
    reserved.header.rsv1 = reserved.header.rsv3 = true;
    frame(4, 7000, reserved.breaking(wire::Rule::ReservedOpcode).breaking(wire::Rule::ReservedBit1)); // 10
    frame(4, 8000, Seen(Role::Server, Opcode::Text, R"({"type":"subscribed","topics":[{"topic":"market.MSFT"}],"ok":false,"tags":["a",7]})").inMessage(1)); // 11
    frame(3, 9000, Seen(Role::Client, Opcode::Close, "\x0b\xb9" "bye").masked()); // 12
    frame(3, 9001, Seen(Role::Server, Opcode::Close)); // 13
    writer.ended(3, someEnding(), ms(9002)); // e3
    m_capture->finish();
    m_reader = m_capture->read();
    QCOMPARE(m_reader->size(), quint64(16));
}

QString TestFilter::name(quint64 row) const
{
    const capture::Record record = m_reader->record(row);
    if (record.kind == capture::RecordKind::Frame)
        return QString::number(record.no);
    return (record.kind == capture::RecordKind::Handshake ? QStringLiteral("h%1") : QStringLiteral("e%1")).arg(record.connection);
}

QString TestFilter::matching(const Filter &filter) const
{
    QStringList names;
    for (quint64 row = 0; row < m_reader->size(); ++row) {
        if (filter.matches(m_reader->record(row, filter.needsPayload()), *m_reader))
            names << name(row);
    }
    return names.join(u' ');
}

QString TestFilter::scanned(const Filter &filter) const
{
    capture::FilterScan scan(filter, *m_reader);
    while (scan.step(base::kNsPerSecond)) { }
    QStringList names;
    for (const quint64 row : scan.takeMatches())
        names << name(row);
    return names.join(u' ');
}

void TestFilter::selects_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *expression, const char *expected) { QTest::newRow(expression) << QString::fromLatin1(expected); };

    // The contract's examples.
    row("opcode == text and len > 100 and json.symbol == \"AAPL\"", "2");
    row("from == server and (opcode in {ping pong} or close.code >= 3000)", "3");
    row("rtt > 50ms", "4");
    row("payload contains \"error\"", "9");
    row("text matches \"sym(bol)?\"", "2");
    row("payload[0:2] == 82:a1", "5");
    row("violation", "h4 9 10");
    row("http.header.origin != \"https://app.example\"", "h4 9 10 11");
    row("conn == 4", "h4 9 10 11");
    row("not masked", "h3 h4 2 3 5 9 10 11 13 e3");
    row("time > 22:13:28", "12 13 e3");

    // Numbers.
    row("no == 3", "3");
    row("no < 3", "1 2");
    row("no <= 3 and no >= 2", "2 3");
    row("no != 3 and no > 11", "12 13");
    row("no in {1, 3..4 13}", "1 3 4 13");
    row("no > 11.5", "12 13");
    row("no == 1.5", "");
    row("no != 1.5 and no < 2", "1");
    row("no < -1", "");
    row("no > -1 && no < 2", "1");
    row("len > 1k", "5 10");
    row("len >= 2k", "5 10");
    row("len > 1.9Ki and len < 2Ki", "5");
    row("len == 0x5", "1 12");
    row("len < 99999999999999999999", "1 2 3 4 5 6 7 8 9 10 11 12 13");
    row("len > 99999999999999999999", "");
    row("wire_len == 11", "1 9 12");
    row("header_len == 10", "10");
    row("header_len in {4}", "5");
    row("not no", "h3 h4 e3");

    // Flags, names, logic.
    row("fin == false", "6");
    row("!fin", "h3 h4 6 e3");
    row("rsv1", "10");
    row("rsv2 || rsv3", "10");
    row("opcode == reserved-b", "10");
    row("opcode > 8 && opcode < 0xb", "3 4 7");
    row("opcode == cont", "8");
    row("from == client and not opcode == text", "4 7 8 12");
    row("not (from == client or from == server)", "h3 h4 e3");
    row("no == 1 or no == 2 and no == 3", "1");
    row("(no == 1 or no == 2) and not no == 1", "2");
    row("not not no == 7", "7");
    row("no eq 1 or no gt 12", "1 13");

    // Times.
    row("time == 22:13:21", "1");
    row("time != 22:13:21 and no <= 2", "2");
    row("time in {22:13:21 22:13:22}", "1 2");
    row("time >= 22:13:29 and time < 22:13:29.001", "12");
    row("time < 22:14", "h3 h4 1 2 3 4 5 6 7 8 9 10 11 12 13 e3");
    row("time == \"2023-11-14T22:13:22Z\"", "2");
    row("time > 1700000009", "13 e3");
    row("time == 1700000009.001", "13");
    row("delta < 100ms and no", "4 13");
    row("delta == 60ms", "4");
    row("delta > 0.9s and delta <= 1s", "2 3 5 6 11 12");
    row("delta == 0", "h3");
    row("rtt", "4");
    row("rtt == 60000us", "4");
    row("rtt < 1s", "4");

    // Bytes and text.
    row("mask", "1 4 6 7 8 12");
    row("mask == 00:00:00:00", "4");
    row("mask != 37fa213d", "4");
    row("mask[0] == 37", "1 6 7 8 12");
    row("payload == \"Hello\"", "1");
    row("payload == 48:65:6c:6c:6f", "1");
    row("payload in {\"hb\" 48656c6c6f}", "1 3 4");
    row("payload < \"H\"", "12");
    row("payload[1-3] == \"ell\"", "1");
    row("payload[-2:] == \"lo\"", "1");
    row("payload[:3] == \"Hel\"", "1 6");
    row("payload[1:] == \"b\"", "3 4");
    row("payload[69999]", "10");
    row("payload contains 82:a1", "5");
    row("payload", "1 2 3 4 5 6 8 9 10 11 12");
    row("not payload", "h3 h4 7 13 e3");
    row("payload matches \"^b+$\" or payload matches \"^h.$\"", "3 4");
    row("text == \"Hello\"", "1");
    row("text contains \"lo\"", "1 8");
    row("text contains \"\\u00e4\"", "9");
    row("text matches \"^error: .$\"", "9");
    row("text matches \"(?i)hELLO\"", "1");
    row("text[0:3] == \"Hel\"", "1 6");
    row("text", "1 2 6 8 9 11");
    row("text matches r\"l{2}\\w\"", "1");

    // Messages and endings.
    row("message.len == 11", "6 8");
    row("message.frames == 2", "6 8");
    row("message.frames == 1", "1 2 5 9 11");
    row("message.len > 1k", "5");
    row("message.frames", "1 2 5 6 8 9 11");
    row("close.code == 3001", "12");
    row("close.code != 1000", "12");
    row("close.code", "12");
    row("close.reason == \"bye\"", "12");
    row("opcode == close and not close.code", "13");

    // The handshake's, on every record of the connection.
    row("http.status == 403", "h4 9 10 11");
    row("http.path == \"/chat\"", "h4 9 10 11");
    row("http.path matches \"^/feed$\" and no < 3", "1 2");
    row("http.header.x-why == \"origin\"", "h4 9 10 11");
    row("http.header.X-Why", "h4 9 10 11");
    row("http.header.missing", "");
    row("http.subprotocol contains \"feed\" and no == 1", "1");
    row("not http.subprotocol", "h4 9 10 11");
    row("tls", "h4 9 10 11");
    row("peer == \"127.0.0.1:53112\" and no > 11", "12 13");
    row("violation.rule == \"unmasked-client-frame\"", "9");
    row("violation.rule == \"RFC 6455 5.2\"", "10");
    row("violation.rule contains \"bit\"", "10");
    row("violation.rule == \"bad-status\"", "h4");
    row("violation == false and from == server", "2 3 5 11 13");

    // JSON.
    row("json.price > 191", "2"); // a number in quotes
    row("json.price == \"191.22\"", "2");
    row("json.size >= 0.1k", "2");
    row("json.bids.0.price == 1.5", "2");
    row("json.ok", "2");
    row("json.ok == false", "11");
    row("json.ok != false", "2");
    row("json.no == null", "2");
    row("json.symbol in {\"AAPL\" \"MSFT\"}", "2");
    row("json.symbol matches \"^A\"", "2");
    row("json.symbol contains \"APL\"", "2");
    row("json.tags == 7", "11"); // any element
    row("json.tags == \"a\"", "11");
    row("json.tags == 8", "");
    row("not json.symbol and opcode == text", "1 6 9 11");
    row("json.missing != 5", "");
    row("topic == \"market.AAPL\"", "2");
    row("topic contains \"market.\"", "2 11");

    // What is absent compares with nothing, also not with "unequal".
    row("rtt != 5ms", "4");
    row("not rtt == 5ms and no > 12", "13");
    row("node == \"a\"", "");
    row("node != \"a\" or ratio > 2 or compressed", "");
    row("not compressed and no == 1", "1");

    // Wireshark's names, with its meaning.
    row("websocket.opcode == 9", "3 7");
    row("websocket.fin == 0", "6");
    row("websocket.fin and frame.number < 3", "1 2"); // present, not "true"
    row("websocket.mask == 1 and frame.number < 3", "1");
    row("websocket.rsv == 5", "10");
    row("websocket.payload_length == 126", "5");
    row("websocket.payload_length == 127", "10");
    row("websocket.payload_length == 5", "1 12");
    row("websocket.payload_length_ext_16 == 2000", "5");
    row("websocket.payload_length_ext_64", "10");
    row("websocket.masking_key == 00:00:00:00", "4");
    row("websocket.payload.text contains \"Hello\"", "1");
    row("websocket.payload[0:2] == 82:a1", "5");
    row("websocket.payload.close.status_code == 3001", "12");
    row("websocket.payload.close.reason == \"bye\"", "12");
    row("frame.time_relative > 8.5", "12 13 e3");
    row("frame.time_relative < 50ms", "h3");
    row("tcp.stream == 1", "h4 9 10 11");
}

void TestFilter::selects()
{
    QFETCH(QString, expected);
    const QString text = QString::fromUtf8(QTest::currentDataTag());
    const auto filter = Filter::compile(text);
    QVERIFY2(filter, filter ? "" : qPrintable(QStringLiteral("%1: %2").arg(filter.error().column).arg(filter.error().what)));
    QCOMPARE(filter->text(), text);
    QCOMPARE(matching(*filter), expected);
    QCOMPARE(scanned(*filter), expected);
}

void TestFilter::complains_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("part");
    const auto row = [](const char *expression, int column, const char *part) { QTest::newRow(expression) << column << QString::fromUtf8(part); };
    row("opcod == text", 1, "unknown field 'opcod'; did you mean 'opcode'?");
    row("len > 5 and websocket.opcod == 1", 13, "did you mean 'websocket.opcode'?");
    row("xyzzyplugh", 1, "unknown field 'xyzzyplugh'");
    row("http.heder.origin == \"x\"", 1, "unknown field");
    row("json.", 1, "unknown field 'json.'");
    row("opcode == txt", 11, "did you mean 'text'?");
    row("opcode = text", 8, "did you mean '=='?");
    row("fin & rsv1", 5, "did you mean '&&'?");
    row("fin | rsv1", 5, "did you mean '||'?");
    row("opcode ==", 10, "a value is wanted here");
    row("opcode == )", 11, "a value is wanted here");
    row("", 1, "a field is wanted here");
    row("fin and", 8, "a field is wanted here, not the end");
    row("== 5", 1, "a field is wanted here");
    row("\"text\" == payload", 1, "a field is wanted here");
    row("(fin", 5, "a ) is missing");
    row("fin)", 4, "this ) has no (");
    row("fin masked", 5, "'and' or 'or' is missing before 'masked'");
    row("fin ? 1", 5, "'?' means nothing here");
    row("text == \"abc", 9, "no closing");
    row("text == abc", 9, "in quotes: \"abc\"");
    row("text contains \"\\xq\"", 16, "hexadecimal");
    row("payload == xyz", 12, "no bytes");
    row("payload[0:2 == 82:a1", 8, "has no ]");
    row("payload[a] == 82", 8, "no slice");
    row("len[0] == 1", 4, "only bytes and text can be sliced");
    row("text matches \"a(b\"", 18, "regular expression is wrong");
    row("text matches abc", 14, "in quotes");
    row("len contains 5", 5, "looks into bytes and text");
    row("len > 5x", 7, "no unit");
    row("len > many", 7, "no number");
    row("rtt > 50", 7, "50ms");
    row("rtt > fast", 7, "no duration");
    row("from == me", 9, "client or server");
    row("fin == maybe", 8, "neither true nor false");
    row("time > 25:00", 8, "no time");
    row("time > noon", 8, "no time");
    row("opcode in ping", 11, "a set is wanted");
    row("opcode in {}", 12, "a value is wanted");
    row("opcode in {ping", 16, "a value is wanted");
    row("time in {12:00:05 1700000000}", 19, "one set");
}

void TestFilter::complains()
{
    QFETCH(int, column);
    QFETCH(QString, part);
    const auto filter = Filter::compile(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY(!filter);
    QVERIFY2(filter.error().what.contains(part), qPrintable(filter.error().what));
    QCOMPARE(filter.error().column, column);
}

void TestFilter::timesOfDayAreLocal()
{
    qputenv("TZ", "XXX-5:30"); // half an hour off, and the next day: 03:43:20
    ::tzset();
    const auto filter = Filter::compile(QStringLiteral("time >= 03:43:29 and time < 12:00"));
    QVERIFY(filter);
    const QString found = scanned(*filter);
    const QString foundSingly = matching(*filter);
    qputenv("TZ", "UTC0");
    ::tzset();
    QCOMPARE(found, QStringLiteral("12 13 e3"));
    QCOMPARE(foundSingly, found);
}

void TestFilter::nestingAndLengthAreBounded()
{
    const auto nested = [](int depth) { return QString(depth, u'(') + QStringLiteral("fin") + QString(depth, u')'); };
    QVERIFY(Filter::compile(nested(60)));
    const auto deep = Filter::compile(nested(1000));
    QVERIFY(!deep);
    QVERIFY2(deep.error().what.contains(QStringLiteral("nested")), qPrintable(deep.error().what));
    QVERIFY(!Filter::compile(QString(1000, u'!') + QStringLiteral("fin")));
    QStringList many;
    for (int i = 0; i < 580; ++i)
        many << QStringLiteral("fin");
    const auto wide = Filter::compile(many.join(QStringLiteral(" or ")));
    QVERIFY(wide);
    QCOMPARE(matching(*wide), matching(*Filter::compile(QStringLiteral("fin"))));
    const auto tooLong = Filter::compile(QString(5000, u' '));
    QVERIFY(!tooLong);
    QVERIFY2(tooLong.error().what.contains(QStringLiteral("at most")), qPrintable(tooLong.error().what));
}

void TestFilter::knowsWhetherPayloadIsNeeded()
{
    const auto needs = [](const char *text) { return Filter::compile(QString::fromLatin1(text))->needsPayload(); };
    QVERIFY(!needs("opcode == text and len > 5 or violation"));
    QVERIFY(!needs("http.path == \"/\" and payload"));
    QVERIFY(needs("json.a == 1"));
    QVERIFY(needs("fin and not close.code"));
    QVERIFY(needs("payload[0] == 01"));
}

void TestFilter::everyFieldIsExplained()
{
    QStringList names;
    for (const auto &[field, description] : Filter::fields()) {
        QVERIFY2(!description.isEmpty(), qPrintable(field));
        names << field;
    }
    // Section 4 of the contract.
    const QString all = QStringLiteral("no time delta conn node from opcode fin rsv1 rsv2 rsv3 masked mask len wire_len header_len payload text "
                                       "message.len message.frames close.code close.reason rtt compressed ratio topic violation violation.rule "
                                       "http.status http.path http.header.NAME http.subprotocol tls peer json.PATH "
                                       "websocket.opcode websocket.fin websocket.rsv websocket.mask websocket.payload_length websocket.payload "
                                       "websocket.payload.text websocket.payload.close.status_code websocket.payload.close.reason "
                                       "frame.number frame.time_relative tcp.stream");
    for (const QString &name : all.split(u' ')) {
        QVERIFY2(names.contains(name), qPrintable(name));
        QVERIFY2(Filter::compile(name), qPrintable(name));
    }
}

void TestFilter::scanStopsAndGoesOn()
{
    SmallCapture capture;
    constexpr quint64 kFrames = 100'000;
    for (quint64 i = 0; i < kFrames; ++i)
        capture.frame(1, Seen(Role::Server, i % 10 ? Opcode::Text : Opcode::Binary, QByteArray::number(i)), after(qint64(i) * 1000));
    capture.finish();
    const auto reader = capture.read();
    for (const char *text : {"opcode == binary", "payload matches \"0$\"", "no in {1..100000} and delta <= 1us and not opcode == text"}) {
        capture::FilterScan scan(*Filter::compile(QString::fromLatin1(text)), *reader);
        std::vector<quint64> found;
        int steps = 1;
        for (; scan.step(1); ++steps) {
            const auto some = scan.takeMatches();
            found.insert(found.end(), some.begin(), some.end());
            QVERIFY(scan.progress() > 0 && scan.progress() < 1);
        }
        const auto rest = scan.takeMatches();
        found.insert(found.end(), rest.begin(), rest.end());
        QVERIFY(steps > 3);
        QCOMPARE(scan.progress(), 1.0);
        QCOMPARE(scan.matchCount(), kFrames / 10);
        QCOMPARE(found.size(), size_t(kFrames / 10));
        for (size_t i = 0; i < found.size(); ++i)
            QCOMPARE(found[i], quint64(i * 10));
    }
    capture::FilterScan tail(*Filter::compile(QStringLiteral("no >= 99998")), *reader, kFrames - 2);
    QVERIFY(!tail.step(base::kNsPerSecond));
    QCOMPARE(tail.takeMatches(), (std::vector<quint64> {kFrames - 2, kFrames - 1}));
}

void TestFilter::scanCanBeCancelled()
{
    capture::FilterScan scan(*Filter::compile(QStringLiteral("fin")), *m_reader);
    scan.cancel();
    QVERIFY(!scan.step(base::kNsPerSecond));
    QVERIFY(scan.isCancelled());
    QCOMPARE(scan.nextRow(), quint64(0));
    QCOMPARE(scan.matchCount(), quint64(0));
}

void TestFilter::scanFollowsAGrowingFile()
{
    SmallCapture capture;
    const auto reader = capture.read();
    capture::FilterScan scan(*Filter::compile(QStringLiteral("opcode == ping")), *reader);
    QVERIFY(!scan.step(base::kNsPerSecond));
    capture.frame(1, Seen(Role::Server, Opcode::Text));
    capture.frame(1, Seen(Role::Server, Opcode::Ping));
    capture.finish();
    QVERIFY(!scan.step(base::kNsPerSecond));
    QCOMPARE(scan.matchCount(), quint64(0));
    QCOMPARE(reader->refresh(), quint64(2));
    QVERIFY(!scan.step(base::kNsPerSecond));
    QCOMPARE(scan.takeMatches(), (std::vector<quint64> {1}));
}

QTEST_APPLESS_MAIN(TestFilter)
#include "tst_filter.moc"
