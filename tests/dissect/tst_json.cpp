// SPDX-License-Identifier: GPL-3.0-or-later
#include "dissect/json.h"

#include <QTest>

using namespace feedscope::dissect;

class TestJson : public QObject {
    Q_OBJECT
private slots:
    void textsOfTheRule_data();
    void textsOfTheRule();
    void numbersKeepTheirDigits();
    void membersKeepOrderAndDuplicates();
    void valuesKnowWhereTheyStand();
    void escapesAreResolved_data();
    void escapesAreResolved();
    void pathsReachInside();
    void nestingAndCountAreBounded();
    void prettyTextReadsBackTheSame();
    void quotedTextReadsBackTheSame();
    void everyTruncationIsRefused();
};

void TestJson::textsOfTheRule_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("errorAt"); // -1: none
    const auto good = [](const char *text) { QTest::addRow("RFC 8259 yes %s", text) << QByteArray(text) << -1; };
    const auto bad = [](const char *text, int at) { QTest::addRow("RFC 8259 no %s", text) << QByteArray(text) << at; };
    for (const char *text : {"null", " true ", "false", "\"\"", "[]", "{}", "[ ]", "{ }", "0", "-0", "-0.0", "1e5", "1E+5", "1.5e-5", "[1,[2,{\"a\":[]}]]",
             "{\"a\":1,\"a\":2}", "\t\r\n1\n", "\"\\/\"", "\"\\uD834\\uDD1E\"", "123456789012345678901234567890"})
        good(text);
    bad("", 0);
    bad(" ", 1);
    bad("nul", 0);
    bad("nulll", 4);
    bad("01", 1);
    bad("1.", 2);
    bad(".5", 0);
    bad("+1", 0);
    bad("-", 1);
    bad("1e", 2);
    bad("NaN", 0);
    bad("Infinity", 0);
    bad("'a'", 0);
    bad("[1,]", 3);
    bad("[1 2]", 3);
    bad("[", 1);
    bad("{\"a\"}", 4);
    bad("{\"a\":}", 5);
    bad("{\"a\":1,}", 7);
    bad("{a:1}", 1);
    bad("[1]]", 3);
    bad("1 2", 2);
    bad("\"a", 2);
    bad("\"\\x\"", 2);
    bad("\"\\u12g4\"", 5);
    bad("// no\n1", 0);
    QTest::newRow("RFC 8259 no control character") << QByteArray("\"a\nb\"") << 2;
    QTest::newRow("RFC 8259 no zero byte") << QByteArray("[\0]", 3) << 1;
    QTest::newRow("RFC 3629 overlong") << QByteArray("\"\xc0\xaf\"") << 1;
    QTest::newRow("RFC 3629 surrogate") << QByteArray("\"\xed\xa0\x80\"") << 1;
    QTest::newRow("RFC 3629 above U+10FFFF") << QByteArray("\"\xf4\x90\x80\x80\"") << 1;
    QTest::newRow("RFC 3629 cut off") << QByteArray("\"a\xe2\x82") << 2;
    QTest::newRow("RFC 3629 highest") << QByteArray("\"\xf4\x8f\xbf\xbf\"") << -1;
}

void TestJson::textsOfTheRule()
{
    QFETCH(QByteArray, text);
    QFETCH(int, errorAt);
    const JsonResult result = parseJson(text);
    QCOMPARE(result.value.has_value(), errorAt < 0);
    if (errorAt < 0)
        return;
    QCOMPARE(result.error.offset, qsizetype(errorAt));
    QVERIFY(!result.error.what.isEmpty());
}

void TestJson::numbersKeepTheirDigits()
{
    const auto value = parseJson(R"([0.00100000,-1.50E+3,123456789012345678901234567890])").value;
    QVERIFY(value);
    QCOMPARE(value->members[0].value.text, QByteArray("0.00100000"));
    QCOMPARE(value->members[1].value.text, QByteArray("-1.50E+3"));
    QCOMPARE(value->members[2].value.text, QByteArray("123456789012345678901234567890"));
    QCOMPARE(value->members[1].value.number(), std::optional(-1500.0));
    QVERIFY(!parseJson("1e999").value->number()); // grammatical, but no double
    QVERIFY(!parseJson("\"1\"").value->number());
}

void TestJson::membersKeepOrderAndDuplicates()
{
    const auto value = parseJson(R"({"z":1,"a":2,"z":3})").value;
    QVERIFY(value);
    QCOMPARE(value->members.size(), size_t(3));
    QCOMPARE(value->members[0].name, QByteArray("z"));
    QCOMPARE(value->members[2].value.text, QByteArray("3"));
    QCOMPARE(value->find("z")->text, QByteArray("1"));
    QVERIFY(!value->find("b"));
}

void TestJson::valuesKnowWhereTheyStand()
{
    const QByteArray text = R"( {"a": [12, "x\ny"], "b" : null} )";
    const auto value = parseJson(text).value;
    QVERIFY(value);
    const auto slice = [&](const JsonValue *v) { return text.mid(v->begin, v->end - v->begin); };
    QCOMPARE(slice(&*value), text.trimmed());
    QCOMPARE(slice(value->at("a")), QByteArray(R"([12, "x\ny"])"));
    QCOMPARE(slice(value->at("a.0")), QByteArray("12"));
    QCOMPARE(slice(value->at("a.1")), QByteArray(R"("x\ny")"));
    QCOMPARE(slice(value->at("b")), QByteArray("null"));
}

void TestJson::escapesAreResolved_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("short escapes") << QByteArray(R"("\"\\\/\b\f\n\r\t")") << QByteArray("\"\\/\b\f\n\r\t");
    QTest::newRow("two bytes") << QByteArray(R"("\u00e9")") << QByteArray("\xc3\xa9");
    QTest::newRow("three bytes") << QByteArray(R"("\u20AC")") << QByteArray("\xe2\x82\xac");
    QTest::newRow("surrogate pair") << QByteArray(R"("\ud83d\ude00")") << QByteArray("\xf0\x9f\x98\x80");
    QTest::newRow("zero") << QByteArray(R"("\u0000")") << QByteArray("\0", 1);
    QTest::newRow("high surrogate alone") << QByteArray(R"("\ud83dx")") << QByteArray("\xef\xbf\xbdx");
    QTest::newRow("high surrogate twice") << QByteArray(R"("\ud83d\ud83d\ude00")") << QByteArray("\xef\xbf\xbd\xf0\x9f\x98\x80");
    QTest::newRow("low surrogate alone") << QByteArray(R"("\ude00")") << QByteArray("\xef\xbf\xbd");
    QTest::newRow("not escaped") << QByteArray("\"\xe2\x82\xac/\"") << QByteArray("\xe2\x82\xac/");
}

void TestJson::escapesAreResolved()
{
    QFETCH(QByteArray, text);
    const auto value = parseJson(text).value;
    QVERIFY(value);
    QTEST(value->text, "value");
}

void TestJson::pathsReachInside()
{
    const auto value = parseJson(R"({"data":{"bids":[{"price":"189.14"},5]},"a.b":1})").value;
    QVERIFY(value);
    QCOMPARE(value->at("data.bids.0.price")->text, QByteArray("189.14"));
    QCOMPARE(value->at("data.bids.1")->text, QByteArray("5"));
    QCOMPARE(value->at(""), &*value);
    for (const char *path : {"data.bids.2", "data.bids.-1", "data.bids.x", "data.bids.", "data.none", "data.bids.0.price.x", "a.b", "."})
        QVERIFY2(!value->at(path), path);
}

void TestJson::nestingAndCountAreBounded()
{
    QVERIFY(parseJson(QByteArray(64, '[') + QByteArray(64, ']')).value);
    const JsonResult deep = parseJson(QByteArray(65, '[') + QByteArray(65, ']'));
    QVERIFY(!deep.value);
    QCOMPARE(deep.error.offset, qsizetype(64));
    QVERIFY(!parseJson(QByteArray(1'000'000, '[')).value);
    QVERIFY(parseJson("[1,2,3]", 64, 4).value);
    QVERIFY(!parseJson("[1,2,3]", 64, 3).value);
}

void TestJson::prettyTextReadsBackTheSame()
{
    const QByteArray text = R"({"type":"event","data":{"price":189.10,"tags":[],"more":{},"list":[1,"a\"b",null,true,false]}})";
    const QByteArray pretty = prettyJson(*parseJson(text).value);
    QCOMPARE(pretty, QByteArray(R"({
  "type": "event",
  "data": {
    "price": 189.10,
    "tags": [],
    "more": {},
    "list": [
      1,
      "a\"b",
      null,
      true,
      false
    ]
  }
})"));
    QCOMPARE(prettyJson(*parseJson(pretty).value), pretty);
}

void TestJson::quotedTextReadsBackTheSame()
{
    QByteArray all;
    for (int c = 0; c < 128; ++c)
        all += static_cast<char>(c);
    all += "\xf0\x9f\x98\x80";
    QCOMPARE(parseJson(quoteJson(all)).value->text, all);
}

void TestJson::everyTruncationIsRefused()
{
    const QByteArray text = R"({"a":[1.5e3,"\ud83d\ude00",{"b":null}],"c":true})";
    QVERIFY(parseJson(text).value);
    for (qsizetype size = 0; size < text.size(); ++size) {
        const JsonResult result = parseJson(text.left(size));
        QVERIFY(!result.value);
        QVERIFY(result.error.offset <= size + 1);
    }
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
