// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/topic.h"

#include <QTest>

using namespace feedscope::feed;

class TestTopic : public QObject {
    Q_OBJECT
private slots:
    void namesAreWordsWithDotsBetween_data();
    void namesAreWordsWithDotsBetween();
    void wildcardsStandForWords_data();
    void wildcardsStandForWords();
    void lengthIsBounded();
};

void TestTopic::namesAreWordsWithDotsBetween_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isTopic");
    QTest::addColumn<bool>("isPattern");
    QTest::newRow("two words") << QByteArray("market.AAPL") << true << true;
    QTest::newRow("one word") << QByteArray("clock") << true << true;
    QTest::newRow("signs inside words") << QByteArray("market.BTC-USD.a_b.c/d:e") << true << true;
    QTest::newRow("empty") << QByteArray("") << false << false;
    QTest::newRow("empty first word") << QByteArray(".a") << false << false;
    QTest::newRow("empty middle word") << QByteArray("a..b") << false << false;
    QTest::newRow("empty last word") << QByteArray("a.") << false << false;
    QTest::newRow("space") << QByteArray("a b") << false << false;
    QTest::newRow("not ASCII") << QByteArray("a.\xc3\xa9") << false << false;
    QTest::newRow("zero byte") << QByteArray("a\0b", 3) << false << false;
    QTest::newRow("star") << QByteArray("*") << false << true;
    QTest::newRow("star between words") << QByteArray("candle.*.1s") << false << true;
    QTest::newRow("star beside letters") << QByteArray("market.AA*") << false << false;
    QTest::newRow("rest") << QByteArray(">") << false << true;
    QTest::newRow("rest after words") << QByteArray("market.>") << false << true;
    QTest::newRow("rest before words") << QByteArray(">.market") << false << false;
}

void TestTopic::namesAreWordsWithDotsBetween()
{
    QFETCH(QByteArray, text);
    QTEST(isValidTopic(text), "isTopic");
    QTEST(isValidPattern(text), "isPattern");
}

void TestTopic::wildcardsStandForWords_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("topic");
    QTest::addColumn<bool>("isMatch");
    const auto row = [](const char *pattern, const char *topic, bool isMatch) {
        QTest::addRow("%s against %s", pattern, topic) << QByteArray(pattern) << QByteArray(topic) << isMatch;
    };
    row("market.AAPL", "market.AAPL", true);
    row("market.AAPL", "market.AAP", false);
    row("market.AAPL", "market.AAPLX", false);
    row("market.AAPL", "market.aapl", false);
    row("market", "market.AAPL", false);
    row("market.AAPL", "market", false);
    row("market.*", "market.AAPL", true);
    row("market.*", "market", false);
    row("market.*", "market.AAPL.x", false);
    row("*.AAPL", "book.AAPL", true);
    row("candle.*.1s", "candle.AAPL.1s", true);
    row("candle.*.1s", "candle.AAPL.5s", false);
    row("*.*", "market", false);
    row("*", "market", true);
    row(">", "market", true);
    row(">", "candle.AAPL.1s", true);
    row("candle.>", "candle.AAPL.1s", true);
    row("candle.>", "candle", false);
    row("candle.*.>", "candle.AAPL", false);
    row("candle.*.>", "candle.AAPL.1s", true);
}

void TestTopic::wildcardsStandForWords()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, topic);
    QTEST(matches(pattern, topic), "isMatch");
}

void TestTopic::lengthIsBounded()
{
    QVERIFY(isValidTopic(QByteArray(200, 'a')));
    QVERIFY(!isValidTopic(QByteArray(201, 'a')));
}

QTEST_APPLESS_MAIN(TestTopic)
#include "tst_topic.moc"
