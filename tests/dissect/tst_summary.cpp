// SPDX-License-Identifier: GPL-3.0-or-later
#include "dissect/summary.h"

#include "dissect/inert.h"

#include <QTest>

using namespace feedscope::dissect;

class TestSummary : public QObject {
    Q_OBJECT
private slots:
    void oneLineInWords_data();
    void oneLineInWords();
    void onlyTheBeginningIsLookedAt();
    void whatCouldDeceiveIsInert_data();
    void whatCouldDeceiveIsInert();
    void everyTruncationHasASummary();
};

void TestSummary::oneLineInWords_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("line");
    const auto row = [](const char *name, const char *payload, const char *line) {
        QTest::newRow(name) << QByteArray(payload) << QString::fromUtf8(line);
    };
    row("event", R"({"type":"event","topic":"market.AAPL","offset":1235,"time":1700000000.1,"data":{"symbol":"AAPL","price":189.10}})",
        "event market.AAPL #1235  189.10");
    row("event of a metric", R"({"type":"event","topic":"system.cpu","offset":3,"time":1,"data":{"value":12.5,"cores":[1]}})", "event system.cpu #3  12.5");
    row("event of a candle", R"({"type":"event","topic":"candle.A.1s","offset":3,"time":1,"data":{"open":1,"close":2.50}})", "event candle.A.1s #3  2.50");
    row("snapshot", R"({"type":"snapshot","topic":"book.AAPL","epoch":"e","offset":77,"data":{"bids":[]}})", "snapshot book.AAPL #77");
    row("subscribe", R"({"type":"subscribe","id":1,"topics":["market.AAPL","market.*"]})", "subscribe market.AAPL, market.*");
    row("subscribed", R"({"type":"subscribed","id":1,"topics":[{"topic":"market.AAPL","offset":1}]})", "subscribed market.AAPL");
    row("welcome", R"({"type":"welcome","server":"Feedscope/0.1","node":"n"})", "welcome Feedscope/0.1");
    row("error", R"({"type":"error","code":"bad-json","message":"No."})", "error bad-json: No.");
    row("gap", R"({"type":"gap","topic":"market.A","from":5,"to":7,"reason":"slow-client"})", "gap market.A #5\xe2\x80\x93#7");
    row("chat", R"({"type":"message","room":"general","user":"Alice","text":"Hello"})", "message Alice: Hello");
    row("join", R"({"type":"join","room":"general","user":"Alice"})", "join general as Alice");
    row("presence", R"({"type":"presence","topic":"room.general","joined":[]})", "presence room.general");
    row("space in front", "  {\"type\":\"welcome\",\"server\":\"x\"}", "welcome x");
    row("another protocol", R"({"type":"ticker","product_ids":["ETH-USD"],"price":"1.00","x":{"y":1},"ok":true})",
        "{type: \"ticker\", product_ids: [\xe2\x80\xa6], price: \"1.00\", x: {\xe2\x80\xa6}, ok: true}");
    row("more keys than fit", R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7})", "{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, \xe2\x80\xa6}");
    row("list", R"([993,{"a":1},"trade"])", "[993, {\xe2\x80\xa6}, \"trade\"]");
    row("type is a number", R"({"type":5})", "{type: 5}");
    row("event without topic", R"({"type":"event","x":1})", "{type: \"event\", x: 1}");
    row("empty object", "{}", "{}");
    row("broken", "{nonsense", "{nonsense");
    row("text", "Hello", "Hello");
    row("empty", "", "");
    row("number", "42", "42");
}

void TestSummary::oneLineInWords()
{
    QFETCH(QByteArray, payload);
    QTEST(summarise(payload, true), "line");
    QCOMPARE(summarise(QByteArray(187, 'x'), false), QStringLiteral("binary, 187 bytes"));
    QCOMPARE(summarise(QByteArray(1, 'x'), false), QStringLiteral("binary, 1 byte"));
}

void TestSummary::onlyTheBeginningIsLookedAt()
{
    QByteArray candles = R"({"type":"snapshot","topic":"candle.AAPL.1s","epoch":"e","offset":9,"data":{"symbol":"AAPL","candles":[)";
    while (candles.size() < 100'000)
        candles += "[1700000000,1,1,1,1,1],";
    candles += "[1,1,1,1,1,1]]}}";
    QCOMPARE(summarise(candles, true), QStringLiteral("snapshot candle.AAPL.1s #9"));
    QCOMPARE(summarise(QByteArray(1'000'000, 'a'), true), QString(160, QLatin1Char('a')) + QChar(0x2026));
    QVERIFY(summarise(R"({"a":")" + QByteArray(1'000'000, 'b'), true).size() <= 161);
    QVERIFY(summarise(QByteArray(1'000'000, '['), true).size() <= 161);
    QVERIFY(summarise("{\"type\":\"" + QByteArray(3000, 'x') + "\"}", true).size() < 100);
}

void TestSummary::whatCouldDeceiveIsInert_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("line");
    const auto row = [](const char *name, const QByteArray &payload, const char *line) { QTest::newRow(name) << payload << QString::fromUtf8(line); };
    row("escape sequence", "\x1b[31mred", "\xe2\x90\x9b[31mred");
    row("line break", "a\r\nb", "a\xe2\x90\x8d\xe2\x90\x8a" "b");
    row("zero byte", QByteArray("a\0b", 3), "a\xe2\x90\x80" "b");
    row("delete", "a\x7f", "a\xe2\x90\xa1");
    row("C1 control", "a\xc2\x9b", "a\xe2\x9f\xa8U+009B\xe2\x9f\xa9");
    row("right-to-left override", "a\xe2\x80\xae" "b", "a\xe2\x9f\xa8U+202E\xe2\x9f\xa9" "b");
    row("isolate", "\xe2\x81\xa6", "\xe2\x9f\xa8U+2066\xe2\x9f\xa9");
    row("zero width space", "\xe2\x80\x8b", "\xe2\x9f\xa8U+200B\xe2\x9f\xa9");
    row("line separator", "\xe2\x80\xa8", "\xe2\x9f\xa8U+2028\xe2\x9f\xa9");
    row("byte order mark inside", "a\xef\xbb\xbf", "a\xe2\x9f\xa8U+FEFF\xe2\x9f\xa9");
    row("tag character", "a\xf3\xa0\x81\x81", "a\xe2\x9f\xa8U+E0041\xe2\x9f\xa9");
    row("not UTF-8", "a\xff", "a\xef\xbf\xbd");
    row("emoji stays", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80");
    row("escaped in JSON", R"({"type":"message","user":"A\u202e","text":"x\u001b"})", "message A\xe2\x9f\xa8U+202E\xe2\x9f\xa9: x\xe2\x90\x9b");
    row("in a key", "{\"a\xe2\x80\xae\":1}", "{a\xe2\x9f\xa8U+202E\xe2\x9f\xa9: 1}");
}

void TestSummary::whatCouldDeceiveIsInert()
{
    QFETCH(QByteArray, payload);
    QTEST(summarise(payload, true), "line");
}

void TestSummary::everyTruncationHasASummary()
{
    const QByteArray whole = R"({"type":"event","topic":"market.AAPL","offset":1235,"data":{"price":[1,{"a":"\u202e\\"}]}})";
    for (qsizetype size = 1; size <= whole.size(); ++size) {
        const QString line = summarise(whole.left(size), true);
        QVERIFY(!line.isEmpty());
        QVERIFY(!line.contains(QChar(0x202e)));
    }
    QCOMPARE(inertText("abc", 3), QStringLiteral("abc"));
    QCOMPARE(inertText("abcd", 3), QStringLiteral("abc") + QChar(0x2026));
    QCOMPARE(inertText("", 3), QString());
}

QTEST_APPLESS_MAIN(TestSummary)
#include "tst_summary.moc"
