// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_list_model.h"

#include "inspector_traffic.h"
#include "ui/inspector/inspector_style.h"
#include "ui/models/connection_list_model.h"
#include "ui/models/heartbeat_log.h"
#include "ui/models/json_tree_model.h"
#include "ui/models/message_trace.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;
using feedscope::tests::InspectorTraffic;

namespace {

constexpr qint64 kPlenty = 10 * base::kNsPerSecond;
constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::QtTest;

QStringList column(const FrameListModel &model, FrameColumn column)
{
    QStringList cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells << model.cell(row, column);
    return cells;
}

RowCriteria filtered(const char *text)
{
    RowCriteria criteria;
    criteria.filter = *capture::Filter::compile(QLatin1String(text));
    return criteria;
}

} // namespace

class TstFrameListModel : public QObject {
    Q_OBJECT
private slots:
    void modelsKeepTheirPromises();
    void everyRecordIsARowInWords();
    void filterKeepsWhatMatchesAndTestsOnlyNewRows();
    void criteriaGoTogether();
    void brushKeepsTheTimeline();
    void sliceEndsWithItsBudget();
    void linesAreDecodedWhenTheyAreAskedFor();
    void pongIsPairedWithItsPing();
    void lostPongStaysOpen();
    void newerPongSkipsOlderPings();
    void messageIsFoundAroundItsFragment();
    void searchForAMessageIsBounded();
    void timelineStaysBounded();
    void connectionsSayHowTheyEnded();
    void jsonTreeKeepsNumbersAsWritten();
    void peerTextIsInert();
};

void TstFrameListModel::modelsKeepTheirPromises()
{
    InspectorTraffic traffic;
    traffic.playMarket(60);
    const auto reader = traffic.reader();
    FrameListModel frames(frameCell);
    ConnectionListModel connections;
    QAbstractItemModelTester framesTester(&frames, kFatal);
    QAbstractItemModelTester connectionsTester(&connections, kFatal);
    frames.setReader(reader.get());
    connections.setReader(reader.get());
    frames.takeNew(kPlenty);
    frames.setCriteria(filtered("opcode == text"));
    frames.takeNew(kPlenty);
    QVERIFY(frames.rowCount() > 60);
    const auto id = traffic.open("/late");
    traffic.fromServer(id, "late");
    traffic.flushInto(*reader);
    const int before = frames.rowCount();
    frames.takeNew(kPlenty);
    connections.refresh();
    QCOMPARE(frames.rowCount(), before + 1);
    QCOMPARE(connections.rowCount(), 1 + int(reader->connections().size()));
    QCOMPARE(connections.idAt(connections.rowOf(id)), id);
}

void TstFrameListModel::everyRecordIsARowInWords()
{
    InspectorTraffic traffic;
    const auto id = traffic.open("/feed");
    traffic.fromClient(id, "Hello");
    traffic.fromServer(id, R"({"type":"event","topic":"market.AAPL","offset":1235,"data":{}})");
    traffic.pingFromServer(id, "hb", 812 * base::kNsPerUs);
    traffic.closeByClient(id, 1000, "bye");
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    model.takeNew(kPlenty);
    QCOMPARE(column(model, FrameColumn::Opcode),
        QStringList({QStringLiteral("handshake"), QStringLiteral("text"), QStringLiteral("text"), QStringLiteral("ping"),
            QStringLiteral("pong"), QStringLiteral("close"), QStringLiteral("close"), QStringLiteral("end")}));
    QCOMPARE(model.cell(0, FrameColumn::What), QStringLiteral("handshake ✔ 101 GET /feed"));
    QCOMPARE(model.cell(0, FrameColumn::No), QString());
    QCOMPARE(model.cell(1, FrameColumn::No), QStringLiteral("1"));
    QCOMPARE(model.cell(1, FrameColumn::From), QStringLiteral("client →"));
    QCOMPARE(model.cell(1, FrameColumn::Flags), QStringLiteral("FIN MASK"));
    QCOMPARE(model.cell(1, FrameColumn::Length), QStringLiteral("5"));
    QCOMPARE(model.cell(1, FrameColumn::What), QStringLiteral("Hello"));
    QCOMPARE(model.cell(2, FrameColumn::From), QStringLiteral("← server"));
    QCOMPARE(model.cell(2, FrameColumn::What), QStringLiteral("event market.AAPL #1235"));
    QVERIFY(model.cell(4, FrameColumn::RttOrCode).startsWith(QLatin1String("0.8")));
    QCOMPARE(model.cell(5, FrameColumn::RttOrCode), QStringLiteral("1000"));
    QCOMPARE(model.cell(5, FrameColumn::What), QStringLiteral("normal closure “bye”"));
    QVERIFY(model.cell(7, FrameColumn::What).startsWith(QLatin1String("end 1000 normal closure by client, clean")));
    QVERIFY(model.rowText(1).contains(QStringLiteral("client → text FIN MASK 5 Hello")));
}

void TstFrameListModel::filterKeepsWhatMatchesAndTestsOnlyNewRows()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 50; ++i)
        traffic.fromServer(id, i % 10 == 0 ? "wanted" : "other");
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    model.setCriteria(filtered("payload contains \"wanted\""));
    model.takeNew(kPlenty);
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(model.rows().scanned(), quint64(51));
    traffic.fromServer(id, "wanted too");
    traffic.flushInto(*reader);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.takeNew(kPlenty);
    QCOMPARE(model.rowCount(), 6);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(model.rows().indexOf(51), std::optional<quint64>(5));
    QCOMPARE(model.rows().indexOf(50), std::optional<quint64>());
}

void TstFrameListModel::criteriaGoTogether()
{
    InspectorTraffic traffic;
    const auto one = traffic.open();
    const auto two = traffic.open();
    traffic.fromServer(one, "a");
    traffic.pingFromServer(one, "hb", base::kNsPerMs);
    traffic.fromServer(two, "b");
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    RowCriteria criteria;
    criteria.connection = one;
    criteria.hideHeartbeats = true;
    model.setCriteria(criteria);
    model.takeNew(kPlenty);
    QCOMPARE(column(model, FrameColumn::Opcode), QStringList({QStringLiteral("handshake"), QStringLiteral("text")}));
    criteria.connection = two;
    criteria.filter = *capture::Filter::compile(QStringLiteral("opcode == text"));
    model.setCriteria(criteria);
    model.takeNew(kPlenty);
    QCOMPARE(column(model, FrameColumn::What), QStringList({QStringLiteral("b")}));
}

void TstFrameListModel::brushKeepsTheTimeline()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 10; ++i) {
        traffic.wait(base::kNsPerSecond);
        traffic.fromServer(id, "tick");
    }
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    model.takeNew(kPlenty);
    const quint64 inTimeline = model.rows().timeline().recordCount();
    QCOMPARE(inTimeline, quint64(11));
    const qint64 first = reader->record(3).time.monoNs;
    RowCriteria criteria;
    criteria.monoRange = {first, first + 2 * base::kNsPerSecond};
    model.setCriteria(criteria);
    model.takeNew(kPlenty);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.rows().timeline().recordCount(), inTimeline);
    model.setCriteria({});
    QCOMPARE(model.rowCount(), 11);
}

void TstFrameListModel::sliceEndsWithItsBudget()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 300; ++i)
        traffic.fromServer(id, "tick");
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    model.setCriteria(filtered("payload contains \"tick\""));
    model.takeNew(0); // one slice between two looks at the clock
    QVERIFY(!model.rows().isComplete());
    QVERIFY(model.rowCount() > 0);
    while (!model.rows().isComplete())
        model.takeNew(0);
    QCOMPARE(model.rowCount(), 300);
}

void TstFrameListModel::linesAreDecodedWhenTheyAreAskedFor()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 300; ++i)
        traffic.fromServer(id, "tick");
    const auto reader = traffic.reader();
    FrameListModel model(frameCell);
    model.setReader(reader.get());
    model.takeNew(kPlenty);
    QCOMPARE(model.linesDecoded(), quint64(0));
    model.cell(7, FrameColumn::What);
    model.cell(7, FrameColumn::No);
    QCOMPARE(model.linesDecoded(), quint64(1));
}

void TstFrameListModel::pongIsPairedWithItsPing()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.pingFromServer(id, "one", 2 * base::kNsPerMs);
    traffic.pingFromServer(id, "two", 4 * base::kNsPerMs);
    const auto reader = traffic.reader();
    HeartbeatLog log;
    log.setReader(reader.get());
    QVERIFY(log.step(kPlenty));
    QVERIFY(log.isComplete());
    const Heartbeats *beats = log.of(id);
    QVERIFY(beats);
    QCOMPARE(beats->pings, quint64(2));
    QCOMPARE(beats->answered, quint64(2));
    QCOMPARE(beats->rtts.size(), size_t(2));
    QCOMPARE(beats->rtts[0].ns, 2 * base::kNsPerMs);
    QCOMPARE(beats->rtts[1].pingRow, quint64(3));
    QCOMPARE(beats->rtts[1].pongRow, quint64(4));
    QCOMPARE(log.pairOf(id, 4), &beats->rtts[1]);
    const RttSummary summary = summarise(beats->rtts);
    QCOMPARE(summary.max, 4 * base::kNsPerMs);
    QCOMPARE(summary.p50, 2 * base::kNsPerMs);
}

void TstFrameListModel::lostPongStaysOpen()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.pingWithoutPong(id, "lost");
    const auto reader = traffic.reader();
    HeartbeatLog log;
    log.setReader(reader.get());
    log.step(kPlenty);
    QCOMPARE(log.of(id)->open.size(), size_t(1));
    QCOMPARE(log.of(id)->answered, quint64(0));
}

void TstFrameListModel::newerPongSkipsOlderPings()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.pingWithoutPong(id, "old");
    traffic.pingFromServer(id, "new", base::kNsPerMs);
    const auto reader = traffic.reader();
    HeartbeatLog log;
    log.setReader(reader.get());
    log.step(kPlenty);
    QCOMPARE(log.of(id)->skipped, quint64(1)); // RFC 6455 5.5.3
    QVERIFY(log.of(id)->open.empty());
}

void TstFrameListModel::messageIsFoundAroundItsFragment()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    const auto other = traffic.open();
    traffic.clientBytes(id, tests::hex("01 83 37 fa 21 3d 7f 9f 4d")); // "Hel"
    traffic.fromServer(id, "the other direction");
    traffic.fromServer(other, "another connection");
    traffic.pingFromServer(id, "hb", base::kNsPerMs);
    traffic.clientBytes(id, tests::hex("80 82 37 fa 21 3d 5b 95")); // "lo"
    const auto reader = traffic.reader();
    for (const quint64 row : {quint64(2), quint64(7)}) {
        const MessageTrace trace = traceMessage(*reader, row);
        QCOMPARE(trace.payload, QByteArray("Hello"));
        QCOMPARE(trace.fragments, 2);
        QVERIFY(trace.isText && trace.hasStart && trace.hasEnd && !trace.boundHit);
        QCOMPARE(trace.parts.size(), size_t(4)); // two fragments, ping and pong between them
        QCOMPARE(trace.parts.front().row, quint64(2));
        QVERIFY(!trace.parts[1].isFragment);
        QCOMPARE(trace.parts.back().row, quint64(7));
    }
}

void TstFrameListModel::searchForAMessageIsBounded()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.clientBytes(id, tests::hex("01 83 37 fa 21 3d 7f 9f 4d"));
    for (int i = 0; i < 50; ++i)
        traffic.fromServer(id, "tick");
    const auto reader = traffic.reader();
    const MessageTrace bounded = traceMessage(*reader, 1, 10);
    QVERIFY(bounded.boundHit);
    QVERIFY(!bounded.hasEnd);
    QCOMPARE(bounded.looked, quint64(10));
    QVERIFY(!traceMessage(*reader, 1).boundHit); // it ended at the end of the capture
}

void TstFrameListModel::timelineStaysBounded()
{
    TrafficTimeline timeline;
    capture::Record record;
    record.kind = capture::RecordKind::Frame;
    record.header.opcode = wire::Opcode::Text;
    constexpr quint64 kRecords = 100'000;
    for (quint64 i = 0; i < kRecords; ++i) {
        record.time.monoNs = static_cast<qint64>(i) * 37 * base::kNsPerMs;
        timeline.add(TrafficTimeline::momentOf(record));
    }
    QVERIFY(timeline.buckets().size() <= TrafficTimeline::kMostBuckets);
    quint64 counted = 0;
    for (const TrafficTimeline::Bucket &bucket : timeline.buckets())
        counted += bucket.data;
    QCOMPARE(counted, kRecords);
    QVERIFY(timeline.bucketNs() * static_cast<qint64>(timeline.buckets().size()) >= timeline.lastMonoNs());
}

void TstFrameListModel::connectionsSayHowTheyEnded()
{
    InspectorTraffic traffic;
    const auto open = traffic.open("/feed?x=1");
    const auto closed = traffic.open();
    const auto cut = traffic.open();
    traffic.closeByClient(closed, 1000, "bye");
    traffic.cutByPeer(cut);
    traffic.refuse("/feed", "https://evil.example");
    const auto reader = traffic.reader();
    ConnectionListModel model;
    model.setReader(reader.get());
    const auto stateOf = [&](wire::ConnectionId id) {
        return ConnectionListModel::State(model.index(model.rowOf(id)).data(ConnectionListModel::StateRole).toInt());
    };
    QCOMPARE(stateOf(open), ConnectionListModel::State::Open);
    QCOMPARE(stateOf(closed), ConnectionListModel::State::Closed);
    QCOMPARE(stateOf(cut), ConnectionListModel::State::Broken);
    QCOMPARE(stateOf(cut + 1), ConnectionListModel::State::Refused);
    QCOMPARE(model.index(1).data(ConnectionListModel::PathRole).toString(), QStringLiteral("/feed?x=1"));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("All connections"));
}

void TstFrameListModel::jsonTreeKeepsNumbersAsWritten()
{
    JsonTreeModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setValue(dissect::parseJson(R"({"price":0.00100000,"book":[[1,2],[3,4]],"symbol":"AAPL"})").value);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(model.rowCount(root), 3);
    QCOMPARE(model.index(0, 1, root).data().toString(), QStringLiteral("0.00100000"));
    const QModelIndex book = model.index(1, 0, root);
    QCOMPARE(model.rowCount(book), 2);
    QCOMPARE(model.index(1, 1, model.index(1, 0, book)).data().toString(), QStringLiteral("4"));
    QCOMPARE(model.index(2, 1, root).data().toString(), QStringLiteral("\"AAPL\""));
    model.setValue({});
    QCOMPARE(model.rowCount(), 0);
}

void TstFrameListModel::peerTextIsInert()
{
    const QString text = inert(QStringLiteral("a\u202eb\u0007c"));
    QCOMPARE(text, QStringLiteral("a\u2423b\u2423c"));
}

QTEST_MAIN(TstFrameListModel)
#include "tst_frame_list_model.moc"
