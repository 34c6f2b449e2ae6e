// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/close_code.h"

#include "support/wire_text.h"
#include "wire/utf8.h"

#include <QTest>

using namespace feedscope;
using tests::hex;

class tst_CloseCode : public QObject {
    Q_OBJECT

private slots:
    void exactlyTheCodesOfTheRegistryMayStandOnTheWire();
    void everyCodeHasANameAndAMeaningWithItsSource();
    void payloadIsCodeAndReason_data();
    void payloadIsCodeAndReason();
    void longReasonIsCutAtACodePoint_data();
    void longReasonIsCutAtACodePoint();
};

void tst_CloseCode::exactlyTheCodesOfTheRegistryMayStandOnTheWire()
{
    const QList<int> valid{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014};
    for (int code = 0; code <= 0xFFFF; ++code) {
        const bool expected = valid.contains(code) || (code >= 3000 && code <= 4999);
        if (wire::isValidOnWire(static_cast<quint16>(code)) != expected)
            QFAIL(QByteArray::number(code).constData());
    }
}

void tst_CloseCode::everyCodeHasANameAndAMeaningWithItsSource()
{
    for (int i = 0; i <= 0xFFFF; ++i) {
        const auto code = static_cast<quint16>(i);
        QVERIFY(!wire::closeCodeName(code).isEmpty());
        const QString meaning = wire::closeCodeMeaning(code);
        QVERIFY2(meaning.contains(QLatin1String("RFC 6455")) || meaning.contains(QLatin1String("IANA")),
            qPrintable(meaning));
    }
    QCOMPARE(wire::closeCodeName(1000), QStringLiteral("normal closure"));
    QCOMPARE(wire::closeCodeName(1001), QStringLiteral("going away"));
    QCOMPARE(wire::closeCodeName(4000), QStringLiteral("application code"));
    QCOMPARE(wire::closeCodeName(3999), QStringLiteral("registered code"));
    QCOMPARE(wire::closeCodeName(1016), QStringLiteral("reserved"));
    QCOMPARE(wire::closeCodeName(2999), QStringLiteral("reserved"));
}

void tst_CloseCode::payloadIsCodeAndReason_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<int>("code"); // -1: none
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("empty") << QByteArray() << -1 << QByteArray();
    QTest::newRow("code only") << hex("03e8") << 1000 << QByteArray();
    QTest::newRow("code and reason") << hex("03e8 627965") << 1000 << QByteArray("bye");
    QTest::newRow("largest code") << hex("ffff") << 65535 << QByteArray();
}

void tst_CloseCode::payloadIsCodeAndReason()
{
    QFETCH(QByteArray, payload);
    QFETCH(int, code);
    QFETCH(QByteArray, reason);
    const wire::ClosePayload parsed = wire::parseClosePayload(payload);
    QCOMPARE(parsed.code ? int(*parsed.code) : -1, code);
    QCOMPARE(parsed.reason, reason);
    QCOMPARE(wire::makeClosePayload(parsed.code, parsed.reason), payload);
    QVERIFY(!wire::parseClosePayload(hex("03")).code);
}

void tst_CloseCode::longReasonIsCutAtACodePoint_data()
{
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<int>("kept");
    QTest::newRow("C5 123 bytes fit") << QByteArray(123, 'a') << 123;
    QTest::newRow("C5 124 bytes") << QByteArray(124, 'a') << 123;
    QTest::newRow("two bytes over the end") << QByteArray(122, 'a') + hex("c3a9") << 122;
    QTest::newRow("three bytes over the end") << QByteArray(121, 'a') + hex("e282ac") << 121;
    QTest::newRow("four bytes over the end") << QByteArray(120, 'a') + hex("f09f9880") << 120;
    QTest::newRow("four bytes at the end") << QByteArray(119, 'a') + hex("f09f9880") + "b" << 123;
    QTest::newRow("far too long") << hex("e282ac").repeated(1000) << 123;
}

void tst_CloseCode::longReasonIsCutAtACodePoint()
{
    QFETCH(QByteArray, reason);
    QFETCH(int, kept);
    const QByteArray payload = wire::makeClosePayload(quint16(1008), reason);
    QCOMPARE(payload, hex("03f0") + reason.first(kept));
    QVERIFY(wire::isValidUtf8(payload.sliced(2)));
}

QTEST_APPLESS_MAIN(tst_CloseCode)
#include "tst_close_code.moc"
