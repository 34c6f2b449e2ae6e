// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/utf8.h"

#include "support/wire_text.h"

#include <QTest>

using namespace feedscope;
using tests::hex;

class tst_Utf8 : public QObject {
    Q_OBJECT

private slots:
    void acceptsWhatIsValid_data();
    void acceptsWhatIsValid();
    void refusesWhatIsNot_data();
    void refusesWhatIsNot();
    void acceptsEveryCodePointOverEverySplit();
    void agreesWithQtOnEveryStringOfThreeBytes();
    void agreesWithQtWhereverABadByteStandsInAscii();
    void staysInvalidUntilReset();
};

void tst_Utf8::acceptsWhatIsValid_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("U+0000") << QByteArray(1, '\0');
    QTest::newRow("ASCII longer than a block") << QByteArray(100, 'a');
    QTest::newRow("two bytes, first and last") << hex("c280 dfbf");
    QTest::newRow("three bytes, first and last") << hex("e0a080 efbfbf");
    QTest::newRow("around the surrogates") << hex("ed9fbf ee8080");
    QTest::newRow("four bytes, first and last") << hex("f0908080 f48fbfbf");
    QTest::newRow("U+FFFE, U+FFFF and a byte order mark") << hex("efbfbe efbfbf efbbbf");
    QTest::newRow("kosme, Autobahn 6.2.1") << hex("cebae1bdb9cf83cebcceb5");
    QTest::newRow("emoji") << hex("f09f9880");
}

void tst_Utf8::acceptsWhatIsValid()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(wire::isValidUtf8(bytes));
    tests::forEveryChunking(bytes.left(24), [](const tests::Chunks &chunks) {
        wire::Utf8Validator validator;
        for (const QByteArray &chunk : chunks)
            QVERIFY(validator.feed(chunk));
        QVERIFY(validator.isComplete());
    });
}

void tst_Utf8::refusesWhatIsNot_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("brokenAt"); // the first byte that cannot stand there; -1: only the end is missing
    QTest::newRow("lone continuation") << hex("80") << 0;
    QTest::newRow("C0 and C1 are always overlong") << hex("61 c1 81") << 1;
    QTest::newRow("overlong of two bytes") << hex("c0af") << 0;
    QTest::newRow("overlong of three bytes") << hex("e09fbf") << 1;
    QTest::newRow("overlong of four bytes") << hex("f08fbfbf") << 1;
    QTest::newRow("surrogate U+D800") << hex("eda080") << 1;
    QTest::newRow("surrogate U+DFFF") << hex("edbfbf") << 1;
    QTest::newRow("above U+10FFFF") << hex("f4908080") << 1;
    QTest::newRow("F5") << hex("f5808080") << 0;
    QTest::newRow("FF") << hex("ff") << 0;
    QTest::newRow("second of two missing") << hex("c361") << 1;
    QTest::newRow("third of three missing") << hex("e282 61") << 2;
    QTest::newRow("fourth of four missing") << hex("f09f98 61") << 3;
    QTest::newRow("truncated after one of two") << hex("61c3") << -1;
    QTest::newRow("truncated after two of three") << hex("61e282") << -1;
    QTest::newRow("truncated after three of four") << hex("61f09f98") << -1;
}

void tst_Utf8::refusesWhatIsNot()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, brokenAt);
    QVERIFY(!wire::isValidUtf8(bytes));
    wire::Utf8Validator validator;
    for (int i = 0; i < bytes.size(); ++i) // fail at the byte that breaks, not later
        QCOMPARE(validator.feed(QByteArrayView(bytes).sliced(i, 1)), brokenAt < 0 || i < brokenAt);
    QVERIFY(!validator.isComplete());
}

void tst_Utf8::acceptsEveryCodePointOverEverySplit()
{
    for (char32_t codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint < 0x3000 ? 1 : 97) {
        if (codePoint >= 0xD800 && codePoint <= 0xDFFF)
            continue;
        const QByteArray bytes = QString::fromUcs4(&codePoint, 1).toUtf8();
        for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
            wire::Utf8Validator validator;
            QVERIFY(validator.feed(QByteArrayView(bytes).first(cut)));
            QCOMPARE(validator.isComplete(), cut == 0 || cut == bytes.size());
            QVERIFY(validator.feed(QByteArrayView(bytes).sliced(cut)));
            QVERIFY(validator.isComplete());
        }
    }
}

void tst_Utf8::agreesWithQtOnEveryStringOfThreeBytes()
{
    // Lead bytes matter; of the others only the borders of their ranges do.
    const QByteArray borders = hex("00 41 7f 80 8f 90 9f a0 bf c0 c2 e0 ff");
    for (int lead = 0; lead < 256; ++lead) {
        for (const char second : borders) {
            for (const char third : borders) {
                for (const char fourth : borders) {
                    const char bytes[] = {static_cast<char>(lead), second, third, fourth};
                    const QByteArrayView view(bytes, 4);
                    if (wire::isValidUtf8(view) != view.isValidUtf8())
                        QFAIL(view.toByteArray().toHex().constData());
                }
            }
        }
    }
}

void tst_Utf8::agreesWithQtWhereverABadByteStandsInAscii()
{
    for (qsizetype length = 1; length < 70; ++length) {
        for (qsizetype at = 0; at < length; ++at) {
            QByteArray bytes(length, 'a');
            bytes[at] = '\x80';
            QVERIFY(!wire::isValidUtf8(bytes));
        }
    }
}

void tst_Utf8::staysInvalidUntilReset()
{
    wire::Utf8Validator validator;
    QVERIFY(!validator.feed("\xff"));
    QVERIFY(!validator.feed("a"));
    QVERIFY(!validator.isComplete());
    validator.reset();
    QVERIFY(validator.feed("a"));
    QVERIFY(validator.isComplete());
}

QTEST_APPLESS_MAIN(tst_Utf8)
#include "tst_utf8.moc"
