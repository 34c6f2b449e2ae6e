// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_anatomy.h"

#include "support/wire_text.h"
#include "wire/frame_decoder.h"

#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

capture::Record recordOf(const char *bytes, wire::Role from)
{
    const std::vector<wire::Frame> frames = tests::decodeAll({from, false}, {tests::hex(bytes)});
    Q_ASSERT(frames.size() == 1);
    capture::Record record;
    record.from = from;
    record.header = frames.front().header;
    record.payload = frames.front().payload;
    record.storedLength = static_cast<quint32>(record.payload.size());
    record.violations = frames.front().violations;
    record.complete = frames.front().complete;
    return record;
}

} // namespace

class TstFrameAnatomy : public QObject {
    Q_OBJECT
private slots:
    void fieldsCoverEveryBitInOrder_data();
    void fieldsCoverEveryBitInOrder();
    void maskedHelloIsTakenApart();
    void maskedByteShowsItsXor();
    void zeroMaskingKeyIsStillAMask();
    void longLengthIsWrittenInSixtyFourBits();
    void closeCodeIsAFieldOfItsOwn();
    void brokenRuleStandsAtItsField_data();
    void brokenRuleStandsAtItsField();
    void unsolicitedPongIsNotedNotBroken();
    void missingPayloadIsCounted();
};

void TstFrameAnatomy::fieldsCoverEveryBitInOrder_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("client");
    QTest::newRow("RFC 6455 5.7 unmasked Hello") << QByteArray("81 05 48 65 6c 6c 6f") << false;
    QTest::newRow("RFC 6455 5.7 masked Hello") << QByteArray("81 85 37 fa 21 3d 7f 9f 4d 51 58") << true;
    QTest::newRow("RFC 6455 5.5.1 close 1000") << QByteArray("88 02 03 e8") << false;
    QTest::newRow("empty ping") << QByteArray("89 00") << false;
    QTest::newRow("16-bit length") << QByteArray("82 7e 00 80 ") + QByteArray(128 * 3, ' ').replace("   ", "aa ") << false;
}

void TstFrameAnatomy::fieldsCoverEveryBitInOrder()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, client);
    const FrameAnatomy anatomy(recordOf(bytes.constData(), client ? wire::Role::Client : wire::Role::Server));
    QCOMPARE(anatomy.header() + anatomy.wirePayload(), tests::hex(bytes.constData()));
    qint64 at = 0;
    for (const FrameField &field : anatomy.fields()) {
        QCOMPARE(field.bits.first, at);
        QVERIFY(field.bits.count > 0);
        QVERIFY(!field.meaning.isEmpty());
        QVERIFY(field.section.startsWith(QLatin1String("RFC 6455")));
        at += field.bits.count;
    }
    QCOMPARE(at, qint64(anatomy.byteCount()) * 8);
}

void TstFrameAnatomy::maskedHelloIsTakenApart()
{
    const FrameAnatomy anatomy(recordOf("81 85 37 fa 21 3d 7f 9f 4d 51 58", wire::Role::Client));
    const auto text = [&](FieldKind kind) { return anatomy.bitText(anatomy.field(kind)->bits); };
    QCOMPARE(text(FieldKind::Fin), QStringLiteral("1"));
    QCOMPARE(text(FieldKind::Rsv1), QStringLiteral("0"));
    QCOMPARE(text(FieldKind::Opcode), QStringLiteral("0001"));
    QCOMPARE(text(FieldKind::Mask), QStringLiteral("1"));
    QCOMPARE(text(FieldKind::Length), QStringLiteral("0000101"));
    QCOMPARE(text(FieldKind::MaskingKey), QStringLiteral("00110111111110100010000100111101"));
    QCOMPARE(anatomy.field(FieldKind::MaskingKey)->value, QStringLiteral("37 fa 21 3d"));
    QCOMPARE(anatomy.field(FieldKind::Opcode)->value, QStringLiteral("0x1 text"));
    QCOMPARE(anatomy.field(FieldKind::Length)->value, QStringLiteral("5"));
    QVERIFY(!anatomy.field(FieldKind::ExtendedLength));
    QCOMPARE(anatomy.payload(), QByteArray("Hello"));
}

void TstFrameAnatomy::maskedByteShowsItsXor()
{
    const FrameAnatomy anatomy(recordOf("81 85 37 fa 21 3d 7f 9f 4d 51 58", wire::Role::Client));
    QCOMPARE(anatomy.byteText(6), QStringLiteral("payload byte 0: 0x7f ^ 0x37 = 0x48 'H'"));
    QCOMPARE(anatomy.byteText(10), QStringLiteral("payload byte 4: 0x58 ^ 0x37 = 0x6f 'o'"));
    QVERIFY(anatomy.byteText(1).contains(QLatin1String("10000101")));
    QVERIFY(anatomy.byteText(11).isEmpty());
}

void TstFrameAnatomy::zeroMaskingKeyIsStillAMask()
{
    const FrameAnatomy anatomy(recordOf("81 81 00 00 00 00 41", wire::Role::Client));
    QVERIFY(anatomy.field(FieldKind::MaskingKey));
    QCOMPARE(anatomy.byteText(6), QStringLiteral("payload byte 0: 0x41 ^ 0x00 = 0x41 'A'"));
}

void TstFrameAnatomy::longLengthIsWrittenInSixtyFourBits()
{
    const FrameAnatomy anatomy(recordOf("82 7f 00 00 00 00 00 00 00 01 aa", wire::Role::Server));
    QCOMPARE(anatomy.field(FieldKind::Length)->value, QStringLiteral("127"));
    QCOMPARE(anatomy.field(FieldKind::ExtendedLength)->bits, (BitRange{16, 64}));
    QCOMPARE(anatomy.field(FieldKind::ExtendedLength)->value, QStringLiteral("1"));
    QCOMPARE(anatomy.field(FieldKind::ExtendedLength)->broken.size(), size_t(1)); // not minimal
}

void TstFrameAnatomy::closeCodeIsAFieldOfItsOwn()
{
    const FrameAnatomy anatomy(recordOf("88 05 03 e8 62 79 65", wire::Role::Server));
    QCOMPARE(anatomy.field(FieldKind::CloseCode)->value, QStringLiteral("1000"));
    QCOMPARE(anatomy.field(FieldKind::CloseCode)->bits, (BitRange{16, 16}));
    QCOMPARE(anatomy.field(FieldKind::Payload)->name, QStringLiteral("reason"));
}

void TstFrameAnatomy::brokenRuleStandsAtItsField_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("client");
    QTest::addColumn<int>("kind");
    QTest::newRow("RFC 6455 5.1 unmasked client frame") << QByteArray("81 01 41") << true << int(FieldKind::Mask);
    QTest::newRow("RFC 6455 5.1 masked server frame") << QByteArray("81 81 01 02 03 04 40") << false << int(FieldKind::Mask);
    QTest::newRow("RFC 6455 5.2 RSV2") << QByteArray("a1 01 41") << false << int(FieldKind::Rsv2);
    QTest::newRow("RFC 6455 5.2 reserved opcode") << QByteArray("83 01 41") << false << int(FieldKind::Opcode);
    QTest::newRow("RFC 6455 5.5 fragmented ping") << QByteArray("09 00") << false << int(FieldKind::Fin);
    QTest::newRow("RFC 6455 5.2 non-minimal length") << QByteArray("81 7e 00 01 41") << false << int(FieldKind::ExtendedLength);
    QTest::newRow("RFC 6455 7.4 close 1005") << QByteArray("88 02 03 ed") << false << int(FieldKind::CloseCode);
}

void TstFrameAnatomy::brokenRuleStandsAtItsField()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, client);
    QFETCH(int, kind);
    const FrameAnatomy anatomy(recordOf(bytes.constData(), client ? wire::Role::Client : wire::Role::Server));
    for (const FrameField &field : anatomy.fields())
        QCOMPARE(field.broken.empty(), int(field.kind) != kind);
}

void TstFrameAnatomy::unsolicitedPongIsNotedNotBroken()
{
    capture::Record record = recordOf("8a 85 37 fa 21 3d 7f 9f 4d 51 58", wire::Role::Client);
    record.violations.insert(wire::Rule::UnsolicitedPong); // RFC 6455 5.5.3 allows it
    QVERIFY(!isBroken(record.violations));
    const FrameAnatomy anatomy(record);
    for (const FrameField &field : anatomy.fields())
        QVERIFY(field.broken.empty());
    QCOMPARE(anatomy.field(FieldKind::Opcode)->meaning, QString::fromUtf8(wire::ruleInfo(wire::Rule::UnsolicitedPong).text));
}

void TstFrameAnatomy::missingPayloadIsCounted()
{
    capture::Record record = recordOf("81 05 48 65", wire::Role::Server);
    QVERIFY(!record.complete);
    QCOMPARE(FrameAnatomy(record).missingBytes(), quint64(3));
}

QTEST_MAIN(TstFrameAnatomy)
#include "tst_frame_anatomy.moc"
