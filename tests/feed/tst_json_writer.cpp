// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/json_writer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <limits>

using namespace feedscope::feed;

class TestJsonWriter : public QObject {
    Q_OBJECT
private slots:
    void membersKeepTheOrderOfTheCalls();
    void scaledNumbersArePlainDecimals_data();
    void scaledNumbersArePlainDecimals();
    void stringsSurviveAParser();
    void whatIsNotFiniteIsNull();
};

void TestJsonWriter::membersKeepTheOrderOfTheCalls()
{
    QByteArray text;
    JsonWriter(text)
        .beginObject()
        .key("z").integer(-1)
        .key("a").beginArray().string("x").beginArray().endArray().unsignedInteger(2).endArray()
        .key("m").beginObject().endObject()
        .key("r").raw("[1]")
        .key("b").boolean(false)
        .endObject();
    QCOMPARE(text, QByteArray(R"({"z":-1,"a":["x",[],2],"m":{},"r":[1],"b":false})"));
}

void TestJsonWriter::scaledNumbersArePlainDecimals_data()
{
    QTest::addColumn<qint64>("value");
    QTest::addColumn<int>("decimals");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("price") << qint64(18914) << 2 << QByteArray("189.14");
    QTest::newRow("below one") << qint64(7) << 4 << QByteArray("0.0007");
    QTest::newRow("negative below one") << qint64(-7) << 2 << QByteArray("-0.07");
    QTest::newRow("no decimals") << qint64(300) << 0 << QByteArray("300");
    QTest::newRow("zero") << qint64(0) << 2 << QByteArray("0.00");
    QTest::newRow("microseconds") << qint64(1'700'000'000'123'456) << 6 << QByteArray("1700000000.123456");
    QTest::newRow("smallest") << std::numeric_limits<qint64>::min() << 0 << QByteArray("-9223372036854775808");
}

void TestJsonWriter::scaledNumbersArePlainDecimals()
{
    QFETCH(qint64, value);
    QFETCH(int, decimals);
    QByteArray text;
    appendScaled(text, value, decimals);
    QTEST(text, "text");
}

void TestJsonWriter::stringsSurviveAParser()
{
    QByteArray all;
    for (int c = 0; c < 128; ++c)
        all += static_cast<char>(c);
    all += "\xe2\x82\xac";
    QByteArray text;
    JsonWriter(text).beginArray().string(all).string("ends with [").string("").endArray();
    const QJsonArray array = QJsonDocument::fromJson(text).array();
    QCOMPARE(array.size(), 3);
    QCOMPARE(array[0].toString().toUtf8(), all);
    QCOMPARE(array[1].toString(), QStringLiteral("ends with ["));
}

void TestJsonWriter::whatIsNotFiniteIsNull()
{
    QByteArray text;
    JsonWriter(text)
        .beginArray()
        .number(std::numeric_limits<double>::quiet_NaN(), 2)
        .number(std::numeric_limits<double>::infinity(), 2)
        .number(1.005, 1)
        .number(-2.56, 1)
        .number(1e300, 2)
        .endArray();
    QCOMPARE(text, QByteArray("[null,null,1.0,-2.6,1e+300]"));
}

QTEST_APPLESS_MAIN(TestJsonWriter)
#include "tst_json_writer.moc"
