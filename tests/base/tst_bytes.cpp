// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"

#include <QTest>

using namespace feedscope;

class tst_Bytes : public QObject {
    Q_OBJECT

private slots:
    void hexIsReadWithAndWithoutSpaces();
    void whatIsNotHexGivesNothing_data();
    void whatIsNotHexGivesNothing();
    void everyByteSurvivesHex();
    void separatorStandsBetweenBytesOnly();
    void escapedTextIsPrintableAscii();
    void escapedTextSaysHowMuchWasLeftOut();
};

void tst_Bytes::hexIsReadWithAndWithoutSpaces()
{
    QCOMPARE(base::fromHex("81 05 4865"), QByteArray("\x81\x05He"));
    QCOMPARE(base::fromHex(" 8 1 "), QByteArray("\x81"));
    QCOMPARE(base::fromHex("aBFf"), QByteArray("\xab\xff"));
    QCOMPARE(base::fromHex(""), QByteArray(""));
}

void tst_Bytes::whatIsNotHexGivesNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("odd number of digits") << QByteArray("810");
    QTest::newRow("not a digit") << QByteArray("8g");
    QTest::newRow("prefix") << QByteArray("0x81");
    QTest::newRow("tab") << QByteArray("81\t05");
    QTest::newRow("NUL") << QByteArray("81\0", 3);
}

void tst_Bytes::whatIsNotHexGivesNothing()
{
    QFETCH(QByteArray, text);
    QVERIFY(!base::fromHex(text));
}

void tst_Bytes::everyByteSurvivesHex()
{
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    QCOMPARE(base::toHex(all).size(), 512);
    QCOMPARE(base::fromHex(base::toHex(all)), all);
    QCOMPARE(base::fromHex(base::toHex(all, ' ')), all);
}

void tst_Bytes::separatorStandsBetweenBytesOnly()
{
    QCOMPARE(base::toHex("\x81\x05\xff", ':'), QByteArray("81:05:ff"));
    QCOMPARE(base::toHex("\x81", ':'), QByteArray("81"));
    QCOMPARE(base::toHex({}, ':'), QByteArray());
}

void tst_Bytes::escapedTextIsPrintableAscii()
{
    QCOMPARE(base::escaped(QByteArrayView("a\x1b[31m\\\r\n\x7f\xc3\xa9\0", 12)),
        QByteArray("a\\x1b[31m\\x5c\\x0d\\x0a\\x7f\\xc3\\xa9"));
    QCOMPARE(base::escaped(QByteArrayView("\0", 1)), QByteArray("\\x00"));
}

void tst_Bytes::escapedTextSaysHowMuchWasLeftOut()
{
    QCOMPARE(base::escaped("abcdef", 6), QByteArray("abcdef"));
    QCOMPARE(base::escaped("abcdef", 4), QByteArray("abcd … (2 more bytes)"));
}

QTEST_APPLESS_MAIN(tst_Bytes)
#include "tst_bytes.moc"
