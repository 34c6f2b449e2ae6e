// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/extension.h"

#include <QTest>

using namespace feedscope;

class tst_Extension : public QObject {
    Q_OBJECT

private slots:
    void readsTheGrammarOfTheRfc_data();
    void readsTheGrammarOfTheRfc();
    void refusesWhatIsMalformed_data();
    void refusesWhatIsMalformed();
    void onlySoManyOffersAreKept();
    void hostileListsTakeLinearTime();
};

void tst_Extension::readsTheGrammarOfTheRfc_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("formatted");
    QTest::newRow("RFC 6455 9.1 example, foo") << QByteArray("foo, bar; baz=2") << QByteArray("foo, bar; baz=2");
    QTest::newRow("RFC 6455 9.1 example, deflate-stream")
        << QByteArray("deflate-stream") << QByteArray("deflate-stream");
    QTest::newRow("RFC 6455 9.1 example, spaces") << QByteArray("mux; max-channels=4; flow-control, deflate-stream")
                                                  << QByteArray("mux; max-channels=4; flow-control, deflate-stream");
    QTest::newRow("RFC 6455 9.1 example, private")
        << QByteArray("private-extension") << QByteArray("private-extension");
    QTest::newRow("RFC 7692 7.1 example")
        << QByteArray("permessage-deflate; client_max_window_bits; server_max_window_bits=10")
        << QByteArray("permessage-deflate; client_max_window_bits; server_max_window_bits=10");
    QTest::newRow("RFC 7692 5.1 quoted value")
        << QByteArray("permessage-foo; use_x=\"bar\"") << QByteArray("permessage-foo; use_x=bar");
    QTest::newRow("quoted pair") << QByteArray("a; b=\"c\\d\"") << QByteArray("a; b=cd");
    QTest::newRow("white space around everything") << QByteArray(" \ta ;\tb = c , d ") << QByteArray("a; b=c, d");
    QTest::newRow("RFC 9110 5.6.1.2 empty elements") << QByteArray(",, a ,, b,") << QByteArray("a, b");
    QTest::newRow("H15 constructor") << QByteArray("constructor; a=1, x") << QByteArray("constructor; a=1, x");
}

void tst_Extension::readsTheGrammarOfTheRfc()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, formatted);
    const auto offers = wire::parseExtensions(value);
    QVERIFY(offers);
    QCOMPARE(wire::formatExtensions(*offers), formatted);
    QVERIFY(wire::parseExtensions(formatted) == offers);
}

void tst_Extension::refusesWhatIsMalformed_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char *value :
        {"", "  ", ",", "a b", "a;", "a; b=", "a; =b", "constructor; a=1, x;", "a; b=\"", "a; b=\"c", "a; b=\"c\\",
            "a; b=\"\"", "a; b=\"c d\"", "a; b=\"c\"d", "a=b", "\"a\"", "a; b; ;c", "a/b", "a; b=c=d", "a; b=\"c,d\""})
        QTest::newRow(*value ? value : "empty") << QByteArray(value);
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("not ASCII") << QByteArray("caf\xc3\xa9");
}

void tst_Extension::refusesWhatIsMalformed()
{
    QFETCH(QByteArray, value);
    QVERIFY(!wire::parseExtensions(value));
}

void tst_Extension::onlySoManyOffersAreKept()
{
    const QByteArray many = QByteArray("x; y=1, ").repeated(500);
    QCOMPARE(wire::parseExtensions(many)->size(), size_t(16));
    QCOMPARE(wire::parseExtensions(many, 3)->size(), size_t(3));
    QVERIFY(!wire::parseExtensions(many + "a;")); // what is not kept must still be well formed
}

void tst_Extension::hostileListsTakeLinearTime()
{
    // A megabyte each that a backtracking parser would need hours for; the watchdog of the test run is the bound.
    const QByteArray hostile[] = {QByteArray("a") + QByteArray(1'000'000, ' ') + "b",
        QByteArray("a;").repeated(500'000), QByteArray(1'000'000, ','), "a; b=\"" + QByteArray("\\a").repeated(500'000),
        QByteArray("a; b=c;").repeated(150'000)};
    for (const QByteArray &value : hostile)
        QVERIFY(!wire::parseExtensions(value));
}

QTEST_APPLESS_MAIN(tst_Extension)
#include "tst_extension.moc"
