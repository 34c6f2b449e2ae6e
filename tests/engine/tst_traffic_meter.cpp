// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic_meter.h"

#include "wire/frame_encoder.h"

#include <QTest>

using namespace feedscope;

class TestTrafficMeter : public QObject {
    Q_OBJECT
private slots:
    void countsHeadersAndPayloads();
    void teeHandsEverythingToEveryone();
};

namespace {

wire::ConnectionEvents::FrameSeen seen(wire::Opcode opcode, QByteArrayView payload)
{
    wire::FrameView frame;
    frame.header = wire::makeHeader(opcode, static_cast<quint64>(payload.size()));
    frame.payload = payload;
    return {wire::Role::Server, frame, 0, std::nullopt, nullptr};
}

} // namespace

void TestTrafficMeter::countsHeadersAndPayloads()
{
    engine::TrafficMeter meter;
    meter.frameSeen(1, seen(wire::Opcode::Text, "hello"), {});
    meter.frameSeen(1, seen(wire::Opcode::Ping, "ab"), {});
    const auto totals = meter.totals();
    QCOMPARE(totals.frames, quint64(2));
    QCOMPARE(totals.dataFrames, quint64(1));
    QCOMPARE(totals.bytes, quint64(2 + 5 + 2 + 2));
}

void TestTrafficMeter::teeHandsEverythingToEveryone()
{
    engine::TrafficMeter first;
    engine::TrafficMeter second;
    engine::ObserverTee tee;
    tee.add(first);
    tee.add(second);
    wire::HandshakeSeen handshake;
    handshake.requestBytes = "GET / HTTP/1.1\r\n\r\n";
    tee.handshakeSeen(1, handshake, {});
    tee.frameSeen(1, seen(wire::Opcode::Binary, "x"), {});
    tee.ended(1, {}, {});
    QCOMPARE(first.totals().bytes, quint64(handshake.requestBytes.size() + 3));
    QCOMPARE(second.totals().bytes, first.totals().bytes);
}

QTEST_APPLESS_MAIN(TestTrafficMeter)
#include "tst_traffic_meter.moc"
