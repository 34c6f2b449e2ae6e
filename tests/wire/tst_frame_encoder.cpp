// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/frame_encoder.h"

#include "support/wire_text.h"

#include <QTest>

using namespace feedscope;
using tests::hex;
using wire::Opcode;
using wire::Role;

class tst_FrameEncoder : public QObject {
    Q_OBJECT

private slots:
    void writesTheExamplesOfTheRfc_data();
    void writesTheExamplesOfTheRfc();
    void lengthsAreMinimal_data();
    void lengthsAreMinimal();
    void everyRoleReadsWhatEveryRoleWrites_data();
    void everyRoleReadsWhatEveryRoleWrites();
    void brokenHeadersAreWrittenAsTheyAre_data();
    void brokenHeadersAreWrittenAsTheyAre();
    void payloadOfTheCallerIsLeftAlone();
};

void tst_FrameEncoder::writesTheExamplesOfTheRfc_data()
{
    QTest::addColumn<int>("opcode");
    QTest::addColumn<bool>("fin");
    QTest::addColumn<bool>("masked");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray hello = "Hello";
    QTest::newRow("RFC 6455 5.7 unmasked text") << 1 << true << false << hello << hex("81 05 48 65 6c 6c 6f");
    QTest::newRow("RFC 6455 5.7 masked text") << 1 << true << true << hello << hex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    QTest::newRow("RFC 6455 5.7 first fragment") << 1 << false << false << QByteArray("Hel") << hex("01 03 48 65 6c");
    QTest::newRow("RFC 6455 5.7 last fragment") << 0 << true << false << QByteArray("lo") << hex("80 02 6c 6f");
    QTest::newRow("RFC 6455 5.7 ping") << 9 << true << false << hello << hex("89 05 48 65 6c 6c 6f");
    QTest::newRow("RFC 6455 5.7 masked pong") << 10 << true << true << hello << hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58");
    QTest::newRow("RFC 6455 5.7 256 bytes")
        << 2 << true << false << QByteArray(256, 'x') << hex("82 7E 0100") + QByteArray(256, 'x');
    QTest::newRow("RFC 6455 5.7 64 KiB") << 2 << true << false << QByteArray(65536, 'x')
                                         << hex("82 7F 0000000000010000") + QByteArray(65536, 'x');
}

void tst_FrameEncoder::writesTheExamplesOfTheRfc()
{
    QFETCH(int, opcode);
    QFETCH(bool, fin);
    QFETCH(bool, masked);
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, bytes);
    wire::FrameHeader header = wire::makeHeader(static_cast<Opcode>(opcode), static_cast<quint64>(payload.size()), fin);
    header.masked = masked;
    if (masked)
        header.maskingKey = {0x37, 0xfa, 0x21, 0x3d};
    QCOMPARE(wire::encodeFrame(header, payload), bytes);
    QCOMPARE(wire::encodeHeader(header), bytes.first(header.size()));
}

void tst_FrameEncoder::lengthsAreMinimal_data()
{
    QTest::addColumn<quint64>("length");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("0") << quint64(0) << hex("82 00");
    QTest::newRow("125") << quint64(125) << hex("82 7d");
    QTest::newRow("126") << quint64(126) << hex("82 7e 007e");
    QTest::newRow("65535") << quint64(65535) << hex("82 7e ffff");
    QTest::newRow("65536") << quint64(65536) << hex("82 7f 0000000000010000");
    QTest::newRow("largest") << ~quint64(0) / 2 << hex("82 7f 7fffffffffffffff");
}

void tst_FrameEncoder::lengthsAreMinimal()
{
    QFETCH(quint64, length);
    QFETCH(QByteArray, bytes);
    QCOMPARE(wire::encodeHeader(wire::makeHeader(Opcode::Binary, length)), bytes);
}

void tst_FrameEncoder::everyRoleReadsWhatEveryRoleWrites_data()
{
    QTest::addColumn<int>("sender");
    QTest::addColumn<int>("expectedSender");
    QTest::addColumn<int>("opcode");
    for (int sender = 0; sender < 2; ++sender) {
        for (int expected = 0; expected < 2; ++expected) {
            for (int opcode = 0; opcode < 16; ++opcode) {
                QTest::addRow("%s read as %s, %s", sender ? "server" : "client", expected ? "server" : "client",
                    wire::opcodeName(static_cast<Opcode>(opcode)).constData())
                    << sender << expected << opcode;
            }
        }
    }
}

void tst_FrameEncoder::everyRoleReadsWhatEveryRoleWrites()
{
    QFETCH(int, sender);
    QFETCH(int, expectedSender);
    QFETCH(int, opcode);
    const bool masked = static_cast<Role>(sender) == Role::Client;
    for (int length : {0, 1, 125, 126, 127, 65535, 65536}) {
        for (int extended : {0, 2, 8}) {
            if ((extended == 0 && length > 125) || (extended == 2 && length > 65535))
                continue;
            for (bool fin : {true, false}) {
                wire::Frame sent;
                sent.header = wire::makeHeader(static_cast<Opcode>(opcode), static_cast<quint64>(length), fin);
                sent.header.extendedLengthBytes = static_cast<quint8>(extended);
                sent.header.masked = masked;
                if (masked)
                    sent.header.maskingKey = {0xde, 0xad, 0x00, 0xef};
                sent.payload = QByteArray(length, 'a');
                const QByteArray bytes = wire::encodeFrame(sent.header, sent.payload);
                QCOMPARE(bytes.size(), sent.header.size() + length);
                auto read = tests::decodeAll({static_cast<Role>(expectedSender), false}, {bytes});
                QCOMPARE(read.size(), size_t(1));
                const wire::ViolationSet violations = read[0].violations;
                QCOMPARE(violations.contains(wire::Rule::UnmaskedClientFrame), sender == 1 && expectedSender == 0);
                QCOMPARE(violations.contains(wire::Rule::MaskedServerFrame), sender == 0 && expectedSender == 1);
                QCOMPARE(violations.contains(wire::Rule::NonMinimalLength),
                    extended != wire::makeHeader(Opcode::Text, static_cast<quint64>(length)).extendedLengthBytes);
                QCOMPARE(violations.contains(wire::Rule::OversizeControl), opcode >= 8 && length > 125);
                QCOMPARE(violations.contains(wire::Rule::FragmentedControl), opcode >= 8 && !fin);
                QCOMPARE(violations.contains(wire::Rule::ReservedOpcode), (opcode > 2 && opcode < 8) || opcode > 10);
                read[0].violations = {};
                QCOMPARE(read[0], sent);
            }
        }
    }
}

void tst_FrameEncoder::brokenHeadersAreWrittenAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("all RSV bits") << hex("f2 00");
    QTest::newRow("reserved opcode") << hex("8f 00");
    QTest::newRow("fragmented close") << hex("08 00");
    QTest::newRow("length 5 in 16 bits") << hex("82 7e 0005");
    QTest::newRow("length 5 in 64 bits") << hex("82 7f 0000000000000005");
    QTest::newRow("length with the top bit, masked") << hex("82 ff 8000000000000001 01020304");
}

void tst_FrameEncoder::brokenHeadersAreWrittenAsTheyAre()
{
    QFETCH(QByteArray, bytes);
    const auto frames = tests::decodeAll({Role::Server, false}, {bytes});
    QCOMPARE(wire::encodeHeader(frames.at(0).header), bytes);
}

void tst_FrameEncoder::payloadOfTheCallerIsLeftAlone()
{
    const QByteArray payload(100, 'x');
    wire::FrameHeader header = wire::makeHeader(Opcode::Text, 100);
    header.masked = true;
    header.maskingKey = {1, 2, 3, 4};
    QVERIFY(!wire::encodeFrame(header, payload).contains("xx"));
    QCOMPARE(payload, QByteArray(100, 'x'));
}

QTEST_APPLESS_MAIN(tst_FrameEncoder)
#include "tst_frame_encoder.moc"
