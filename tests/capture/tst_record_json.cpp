// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_fixture.h"

#include "capture/record_json.h"
#include "capture/record_printer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace feedscope;
using namespace feedscope::tests;
using wire::Opcode;
using wire::Role;

namespace {

QByteArray jsonOf(const Seen &seen, quint64 no = 1, base::Timestamp time = {1'700'000'000'123'456'789, 0})
{
    return capture::frameToJson(capture::toRecord(no, 1, seen.view(), time));
}

} // namespace

class TestRecordJson : public QObject {
    Q_OBJECT

private slots:
    void frameOfTheContract();
    void handshakeOfTheContract();
    void endOfTheContract();
    void members_data();
    void members();
    void textOnlyWhereItIsText();
    void unfinishedFrameSaysSo();
    void refusedHandshakeIsStillAnObject();
    void printerWritesInOrderAndKnowsContinuations();
};

void TestRecordJson::frameOfTheContract()
{
    Seen seen = Seen(Role::Client, Opcode::Text, "Hello").masked().inMessage(1);
    QCOMPARE(jsonOf(seen),
        QByteArray(R"({"kind":"frame","no":1,"conn":1,"time":1700000000.123456789,"from":"client","opcode":"text","opcode_value":1,"fin":true,)"
                   R"("rsv1":false,"rsv2":false,"rsv3":false,"masked":true,"mask":"37fa213d","len":5,"header_len":6,"wire_len":11,)"
                   R"("payload_hex":"48656c6c6f","text":"Hello","message":1,"violations":[]})"));
}

void TestRecordJson::handshakeOfTheContract()
{
    wire::HandshakeSeen handshake = someHandshake();
    handshake.requestBytes = "GET /feed HTTP/1.1\r\nHost: a\r\nX: \"q\" \xff\r\n\r\n";
    handshake.responseBytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade:websocket\r\n\r\n";
    QCOMPARE(capture::handshakeToJson(1, handshake, {1'700'000'000'000'000'001, 0}),
        QByteArray(R"({"kind":"handshake","conn":1,"time":1700000000.000000001,"role":"server","peer":"127.0.0.1:53112","tls":false,)"
                   R"("request":{"line":"GET /feed HTTP/1.1","headers":[["Host","a"],["X","\"q\" )"
                   "\xc3\xbf"
                   R"("]]},"response":{"status":101,"headers":[["Upgrade","websocket"]]},"accept_ok":true,)"
                   R"("subprotocol":"feedscope.v1","extensions":"permessage-deflate; client_max_window_bits"})"));
}

void TestRecordJson::endOfTheContract()
{
    QCOMPARE(capture::endToJson(1, someEnding(), {-1, 0}),
        QByteArray(R"({"kind":"end","conn":1,"time":-0.000000001,"code":1006,"clean":false,"by":"server","cause":"tcp-reset",)"
                   "\"detail\":\"connection reset by peer \xe2\x80\x9cquoted\xe2\x80\x9d\"}"));
    wire::Ending clean;
    clean.code = 1000;
    clean.clean = clean.closeSent = clean.closeReceived = true;
    QVERIFY(capture::endToJson(1, clean, kStart).contains(R"("code":1000,"clean":true,"by":"client","cause":"close-frame")"));
}

void TestRecordJson::members_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("pong with its round trip") << jsonOf(Seen(Role::Client, Opcode::Pong).masked().answeredIn(812'999))
                                              << QByteArray(R"("rtt_us":812)");
    QTest::newRow("close") << jsonOf(Seen(Role::Server, Opcode::Close, "\x03\xe8" "bye")) << QByteArray(R"("close":{"code":1000,"reason":"bye"})");
    QTest::newRow("close without code") << jsonOf(Seen(Role::Server, Opcode::Close)) << QByteArray(R"("close":{"code":null,"reason":""})");
    QTest::newRow("reserved opcode") << jsonOf(Seen(Role::Server, Opcode::ReservedB)) << QByteArray(R"("opcode":"reserved-b","opcode_value":11)");
    QTest::newRow("unmasked") << jsonOf(Seen(Role::Server, Opcode::Text)) << QByteArray(R"("masked":false,"len":0)");
    QTest::newRow("16-bit length") << jsonOf(Seen(Role::Server, Opcode::Binary, QByteArray(126, 0)))
                                   << QByteArray(R"("len":126,"header_len":4,"wire_len":130)");
    QTest::newRow("violation") << jsonOf(Seen(Role::Client, Opcode::Text, "x").breaking(wire::Rule::UnmaskedClientFrame))
                               << QByteArray(R"("violations":[{"rule":"RFC 6455 5.1","name":"unmasked-client-frame","detail":)");
}

void TestRecordJson::members()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, part);
    QVERIFY2(json.contains(part), json.constData());
    QVERIFY2(QJsonDocument::fromJson(json).isObject(), json.constData());
}

void TestRecordJson::textOnlyWhereItIsText()
{
    const auto hasText = [](const QByteArray &json) { return QJsonDocument::fromJson(json).object().contains(QStringLiteral("text")); };
    QVERIFY(hasText(jsonOf(Seen(Role::Server, Opcode::Text))));
    QVERIFY(!hasText(jsonOf(Seen(Role::Server, Opcode::Binary, "Hello"))));
    QVERIFY(!hasText(jsonOf(Seen(Role::Server, Opcode::Text, "\xc3"))));
    QVERIFY(!hasText(jsonOf(Seen(Role::Server, Opcode::Ping, "Hello"))));
    Seen compressed(Role::Server, Opcode::Text, "abc");
    compressed.header.rsv1 = true;
    QVERIFY(!hasText(jsonOf(compressed)));
    QVERIFY(hasText(jsonOf(compressed.breaking(wire::Rule::ReservedBit1)))); // nobody negotiated it: these are the bytes
}

void TestRecordJson::unfinishedFrameSaysSo()
{
    Seen seen(Role::Client, Opcode::Text, "Hel");
    seen.header.length = 0x8000'0000'0000'0005;
    seen.header.extendedLengthBytes = 8;
    seen.complete = false;
    const QByteArray json = jsonOf(seen);
    QVERIFY2(json.contains(R"("len":9223372036854775813,"header_len":10,"wire_len":13)"), json.constData());
    QVERIFY2(json.endsWith(R"("complete":false})"), json.constData());
}

void TestRecordJson::refusedHandshakeIsStillAnObject()
{
    wire::HandshakeSeen handshake;
    handshake.requestBytes = QByteArray("\x16\x03\x01\x00 nonsense", 13);
    handshake.violations = {{wire::Rule::NotHttp, QStringLiteral("TLS")}};
    const QByteArray json = capture::handshakeToJson(7, handshake, kStart);
    QVERIFY2(QJsonDocument::fromJson(json).isObject(), json.constData());
    QVERIFY2(json.contains(R"("response":null)") && json.contains(R"("name":"not-http")"), json.constData());
}

void TestRecordJson::printerWritesInOrderAndKnowsContinuations()
{
    QByteArrayList lines;
    capture::RecordPrinter printer([&lines](const QByteArray &line) { lines << line; });
    printer.handshakeSeen(3, someHandshake(), kStart);
    printer.frameSeen(3, Seen(Role::Client, Opcode::Text, "\xc3").fragment(false).view(), kStart);
    printer.frameSeen(3, Seen(Role::Client, Opcode::Continuation, "tail").view(), kStart);
    printer.frameSeen(3, Seen(Role::Client, Opcode::Continuation, "orphan").view(), kStart);
    printer.ended(3, someEnding(), kStart);
    QCOMPARE(lines.size(), 5);
    QVERIFY(lines[0].startsWith(R"({"kind":"handshake","conn":3,)"));
    QVERIFY(lines[1].startsWith(R"({"kind":"frame","no":1,"conn":3,)") && !lines[1].contains(R"("text":)"));
    QVERIFY(lines[2].startsWith(R"({"kind":"frame","no":2,)") && lines[2].contains(R"("text":"tail")"));
    QVERIFY(lines[3].startsWith(R"({"kind":"frame","no":3,)") && !lines[3].contains(R"("text":)"));
    QVERIFY(lines[4].startsWith(R"({"kind":"end","conn":3,)"));
}

QTEST_APPLESS_MAIN(TestRecordJson)
#include "tst_record_json.moc"
