// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/feed_reader.h"

#include "feed/market_source.h"
#include "recorder.h"

#include <QTest>

#include <cmath>

using namespace feedscope;
using namespace feedscope::feed;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kStart = 1'700'000'000 * kSecond;
constexpr base::Timestamp kNow{kStart + 500 * base::kNsPerMs, 7};

QByteArray eventOf(const QByteArray &topic, quint64 offset, const QByteArray &data)
{
    return R"({"type":"event","topic":")" + topic + R"(","offset":)" + QByteArray::number(offset) + R"(,"time":1700000000.123456,"data":)" + data + '}';
}

QByteArray trade(double price)
{
    return R"({"symbol":"AAPL","price":)" + QByteArray::number(price) + R"(,"size":300,"side":"sell","bid":1.5,"ask":2.5,"change":-1.25,"change_percent":-0.5,"volume":12345})";
}

QByteArray subscribed(const QByteArray &topic, quint64 offset, bool recovered, const QByteArray &epoch = "E")
{
    return R"({"type":"subscribed","id":1,"topics":[{"topic":")" + topic + R"(","epoch":")" + epoch + R"(","offset":)" + QByteArray::number(offset)
        + R"(,"recovered":)" + (recovered ? "true" : "false") + "}]}";
}

/// "Gap market.AAPL 3-5" per mark.
QList<QByteArray> marks(const FeedBatch &batch)
{
    constexpr const char *kNames[] = {"Gap", "OutOfOrder", "Duplicate", "ChecksumMismatch", "Malformed", "Reconnect", "Stale", "Dropped"};
    QList<QByteArray> lines;
    for (const QualityMark &mark : batch.quality) {
        lines.append(QByteArray(kNames[static_cast<int>(mark.kind)]) + ' ' + mark.topic.toUtf8() + ' ' + QByteArray::number(mark.fromOffset) + '-'
            + QByteArray::number(mark.toOffset));
    }
    return lines;
}

struct Fixture {
    FeedReader reader;
    FeedBatch batch;
    void receive(const QByteArray &message) { reader.receive(message, kNow, batch); }
    QList<QByteArray> takeMarks()
    {
        const auto lines = marks(batch);
        batch = {};
        return lines;
    }
};

using Lines = QList<QByteArray>;

/// Hub and reader back to back, as over a connection that can be cut.
class Loop final : public HubOutput {
public:
    void deliver(std::span<const SubscriberId>, const QByteArray &message) override
    {
        if (++delivered == lose)
            return;
        if (isConnected)
            reader.receive(message, now, batch);
    }
    void send(Hub &hub, const QByteArray &request) { hub.receive(1, request, now); }

    FeedReader reader;
    FeedBatch batch;
    base::Timestamp now{kStart, 1};
    bool isConnected = true;
    int delivered = 0;
    int lose = -1;
};

} // namespace

class TestFeedReader : public QObject {
    Q_OBJECT
private slots:
    void requestsAreOfTheProtocol();
    void aTradeBecomesATick();
    void aSnapshotIsAStateAndNoTrade();
    void candlesAndTheirHistory();
    void metricsAreAllNumericMembers();
    void offsetsTellWhatWasMissed();
    void aGapMessageIsNotCountedTwice();
    void notRecoveredIsAGap();
    void recoveredEventsContinue();
    void whatWasUnsubscribedIsNoGap();
    void badMessagesAreCounted_data();
    void badMessagesAreCounted();
    void goodMessagesAreNot_data();
    void goodMessagesAreNot();
    void wrongChecksumsAskForANewBook();
    void reconnectsAndErrorsAreKept();
    void everyTruncationIsSurvived();
    void theMarketArrivesWhole();
    void aLostBookDeltaIsFoundAndRepaired();
    void recoveryAfterAReconnectLosesNothing();
};

void TestFeedReader::requestsAreOfTheProtocol()
{
    FeedReader reader;
    FeedBatch batch;
    QCOMPARE(reader.resubscribe(), QByteArray());
    QCOMPARE(reader.subscribe({"market.*", "book.AAPL"}), QByteArray(R"({"type":"subscribe","id":1,"topics":["market.*","book.AAPL"]})"));
    QCOMPARE(reader.listTopics(), QByteArray(R"({"type":"topics","id":2})"));
    reader.receive(subscribed("market.AAPL", 17, false), kNow, batch);
    reader.receive(eventOf("market.AAPL", 18, trade(1)), kNow, batch);
    QCOMPARE(reader.unsubscribe({"book.AAPL"}), QByteArray(R"({"type":"unsubscribe","id":3,"topics":["book.AAPL"]})"));
    QCOMPARE(reader.resubscribe(), QByteArray(R"({"type":"subscribe","id":4,"topics":["market.*"],"since":{"market.AAPL":"E:18"}})"));
    reader.receive(R"({"type":"topics","id":2,"topics":[{"topic":"clock"},{"topic":"bad topic"},"system.cpu"]})", kNow, batch);
    QCOMPARE(reader.knownTopics(), (std::vector<QByteArray>{"clock", "market.AAPL", "system.cpu"}));
}

void TestFeedReader::aTradeBecomesATick()
{
    Fixture f;
    f.receive(eventOf("market.AAPL", 5, trade(189.14)));
    QCOMPARE(f.batch.ticks.size(), size_t(1));
    QCOMPARE(f.batch.messages, 1u);
    const SymbolTick &tick = f.batch.ticks[0];
    QCOMPARE(tick.symbol, QStringLiteral("AAPL"));
    QCOMPARE(tick.receivedNs, kNow.wallNs);
    QCOMPARE(tick.tick.timeNs, kStart + 123'456'000);
    QVERIFY(tick.tick.price == 189.14); // to the last bit
    QVERIFY(tick.tick.size == 300 && tick.tick.bid == 1.5 && tick.tick.ask == 2.5 && tick.tick.volume == 12345);
    QVERIFY(tick.tick.change == -1.25 && tick.tick.changePercent == -0.5);
    QVERIFY(tick.tick.side == series::Side::Sell);
    QCOMPARE(f.batch.latenciesNs, std::vector<qint64>{376'544'000});
    f.receive(eventOf("market.AAPL", 6, R"({"price":"0.00100000"})"));
    QVERIFY(f.batch.ticks[1].tick.price == 0.001);
    QVERIFY(std::isnan(f.batch.ticks[1].tick.size) && std::isnan(f.batch.ticks[1].tick.bid));
    QCOMPARE(f.batch.quality.size(), size_t(0));
}

void TestFeedReader::aSnapshotIsAStateAndNoTrade()
{
    Fixture f;
    f.receive(R"({"type":"snapshot","topic":"market.AAPL","epoch":"E","offset":9,"data":{"price":2,"size":5,"side":"buy","name":"Aspen","decimals":4,"open":1.5,"sparkline":[1,2.5]}})");
    QCOMPARE(f.batch.ticks.size(), size_t(1));
    QVERIFY(std::isnan(f.batch.ticks[0].tick.size));
    QVERIFY(f.batch.ticks[0].tick.side == series::Side::None);
    QCOMPARE(f.batch.symbols.size(), size_t(1));
    QCOMPARE(f.batch.symbols[0].name, QStringLiteral("Aspen"));
    QCOMPARE(f.batch.symbols[0].decimals, 4);
    QCOMPARE(f.batch.symbols[0].open, 1.5);
    QCOMPARE(f.batch.symbols[0].sparkline, (std::vector<double>{1, 2.5}));
    f.receive(eventOf("market.AAPL", 10, trade(3)));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::candlesAndTheirHistory()
{
    Fixture f;
    f.receive(R"({"type":"snapshot","topic":"candle.AAPL.5m","epoch":"E","offset":1,"data":{"symbol":"AAPL","interval":"5m","candles":[[1700000100,1,4,0.5,2,10],[1700000400,2,3,2,3,0]]}})");
    f.receive(eventOf("candle.AAPL.5m", 2, R"({"symbol":"AAPL","interval":"5m","start":1700000400,"open":2,"high":5,"low":2,"close":5,"volume":7})"));
    QCOMPARE(f.batch.candles.size(), size_t(2));
    QVERIFY(f.batch.candles[0].snapshot && !f.batch.candles[1].snapshot);
    QCOMPARE(f.batch.candles[0].intervalNs, 300 * kSecond);
    QCOMPARE(f.batch.candles[0].candles.size(), size_t(2));
    QVERIFY((f.batch.candles[0].candles[0] == series::Candle{1'700'000'100 * kSecond, 1, 4, 0.5, 2, 10}));
    // Without the history that others have, a snapshot replaces nothing.
    f.receive(R"({"type":"snapshot","topic":"candle.AAPL.5m","offset":2,"data":{"truncated":true,"candles":[[1700000400,2,5,2,5,7]]}})");
    QCOMPARE(f.batch.candles.size(), size_t(3));
    QVERIFY(!f.batch.candles[2].snapshot);
    QVERIFY((f.batch.candles[1].candles == std::vector{series::Candle{1'700'000'400 * kSecond, 2, 5, 2, 5, 7}}));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::metricsAreAllNumericMembers()
{
    Fixture f;
    f.receive(eventOf("system.cpu", 1, R"({"value":12.5,"cores":[1,2],"name":"x","load":0.5})"));
    f.receive(eventOf("sensor.x", 1, "21.5"));
    QCOMPARE(f.batch.metrics.size(), size_t(3));
    QCOMPARE(f.batch.metrics[0].topic, QStringLiteral("system.cpu"));
    QCOMPARE(f.batch.metrics[0].field, QStringLiteral("value"));
    QCOMPARE(f.batch.metrics[0].sample.value, 12.5);
    QCOMPARE(f.batch.metrics[0].sample.timeNs, kStart + 123'456'000);
    QCOMPARE(f.batch.metrics[1].field, QStringLiteral("load"));
    QCOMPARE(f.batch.metrics[2].topic + QLatin1Char('/') + f.batch.metrics[2].field, QStringLiteral("sensor.x/value"));
}

void TestFeedReader::offsetsTellWhatWasMissed()
{
    Fixture f;
    for (const quint64 offset : {7u, 8u, 12u, 12u, 10u, 7u, 13u})
        f.receive(eventOf("market.AAPL", offset, trade(1)));
    f.receive(eventOf("market.MSFT", 1, trade(1))); // offsets are per topic
    // 10 was missing and comes late; 12 and 7 come again.
    QCOMPARE(f.batch.ticks.size(), size_t(6));
    QCOMPARE(f.takeMarks(), (Lines{"Gap market.AAPL 9-11", "Duplicate market.AAPL 12-12", "OutOfOrder market.AAPL 10-10", "Duplicate market.AAPL 7-7"}));
}

void TestFeedReader::aGapMessageIsNotCountedTwice()
{
    Fixture f;
    f.receive(eventOf("market.AAPL", 1239, trade(1)));
    f.receive(R"({"type":"gap","topic":"market.AAPL","from":1240,"to":1311,"reason":"slow-client"})");
    f.receive(eventOf("market.AAPL", 1312, trade(1)));
    QCOMPARE(f.batch.quality.size(), size_t(1));
    QCOMPARE(f.batch.quality[0].detail, QStringLiteral("slow-client"));
    QCOMPARE(f.takeMarks(), Lines{"Gap market.AAPL 1240-1311"});
}

void TestFeedReader::notRecoveredIsAGap()
{
    Fixture f;
    f.receive(subscribed("market.AAPL", 5, false));
    QCOMPARE(f.takeMarks(), Lines{}); // the first time nothing was missed
    f.receive(subscribed("market.AAPL", 9, false));
    QCOMPARE(f.takeMarks(), Lines{"Gap market.AAPL 6-9"});
    f.receive(subscribed("market.AAPL", 9, false));
    QCOMPARE(f.takeMarks(), Lines{});
    f.receive(subscribed("market.AAPL", 2, false, "F"));
    QCOMPARE(f.takeMarks(), Lines{"Gap market.AAPL 10-2"});
    f.receive(eventOf("market.AAPL", 3, trade(1)));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::recoveredEventsContinue()
{
    Fixture f;
    f.receive(subscribed("market.AAPL", 5, false));
    f.receive(subscribed("market.AAPL", 7, true));
    f.receive(eventOf("market.AAPL", 6, trade(1)));
    f.receive(eventOf("market.AAPL", 7, trade(1)));
    f.receive(eventOf("market.AAPL", 8, trade(1)));
    QCOMPARE(f.batch.ticks.size(), size_t(3));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::whatWasUnsubscribedIsNoGap()
{
    Fixture f;
    f.reader.subscribe({"market.AAPL"});
    f.receive(subscribed("market.AAPL", 5, false));
    f.reader.unsubscribe({"market.AAPL"});
    f.receive(eventOf("market.AAPL", 6, trade(1))); // was under way
    QCOMPARE(f.batch.ticks.size(), size_t(0));
    f.reader.subscribe({"market.*"});
    f.receive(subscribed("market.AAPL", 50, false));
    f.receive(eventOf("market.AAPL", 51, trade(1)));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::badMessagesAreCounted_data()
{
    QTest::addColumn<QByteArray>("message");
    const auto market = [](const char *name, const QByteArray &data) { QTest::newRow(name) << eventOf("market.AAPL", 1, data); };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("not JSON") << QByteArray("hello");
    QTest::newRow("cut off") << QByteArray(R"({"type":"event")");
    QTest::newRow("zero byte") << QByteArray("{\"type\":\"x\"}\0", 13);
    QTest::newRow("not UTF-8") << QByteArray("{\"type\":\"\xff\"}");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("no type") << QByteArray("{}");
    QTest::newRow("type is a number") << QByteArray(R"({"type":1})");
    QTest::newRow("deep nesting") << QByteArray(200'000, '[');
    QTest::newRow("deep nesting, whole") << QByteArray(200'000, '[') + QByteArray(200'000, ']');
    QTest::newRow("event without topic") << QByteArray(R"({"type":"event","offset":1,"time":1,"data":{}})");
    QTest::newRow("event with a topic that is none") << eventOf("a b", 1, "{}");
    QTest::newRow("event without offset") << QByteArray(R"({"type":"event","topic":"market.AAPL","time":1,"data":{"price":1}})");
    QTest::newRow("event with a negative offset") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":-1,"time":1,"data":{"price":1}})");
    QTest::newRow("event without data") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"time":1})");
    QTest::newRow("no time") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"data":{"price":1}})");
    QTest::newRow("negative time") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"time":-5,"data":{"price":1}})");
    QTest::newRow("time in milliseconds") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"time":1700000000123,"data":{"price":1}})");
    QTest::newRow("time beyond all numbers") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"time":1e308,"data":{"price":1}})");
    QTest::newRow("time is text") << QByteArray(R"({"type":"event","topic":"market.AAPL","offset":1,"time":"now","data":{"price":1}})");
    market("no price", R"({"size":1})");
    market("price is null", R"({"price":null})");
    market("price is NaN", R"({"price":NaN})");
    market("price is the text NaN", R"({"price":"NaN"})");
    market("price is infinite", R"({"price":1e999})");
    market("price is text", R"({"price":"12x"})");
    market("negative size", R"({"price":1,"size":-1})");
    market("size is an object", R"({"price":1,"size":{}})");
    market("negative volume", R"({"price":1,"volume":-1})");
    market("data is a list", "[1]");
    market("data is null", "null");
    QTest::newRow("candle without close") << eventOf("candle.A.1s", 1, R"({"start":1700000000,"open":1,"high":1,"low":1,"volume":1})");
    QTest::newRow("candle with an absurd start") << eventOf("candle.A.1s", 1, R"({"start":1e18,"open":1,"high":1,"low":1,"close":1,"volume":1})");
    QTest::newRow("candle with negative volume") << eventOf("candle.A.1s", 1, R"({"start":1700000000,"open":1,"high":1,"low":1,"close":1,"volume":-1})");
    QTest::newRow("candle closing above its high") << eventOf("candle.A.1s", 1, R"({"start":1700000000,"open":1,"high":1,"low":1,"close":2,"volume":1})");
    QTest::newRow("history in disorder")
        << QByteArray(R"({"type":"snapshot","topic":"candle.A.1s","offset":1,"data":{"candles":[[1700000001,1,1,1,1,1],[1700000000,1,1,1,1,1]]}})");
    QTest::newRow("history of short rows") << QByteArray(R"({"type":"snapshot","topic":"candle.A.1s","offset":1,"data":{"candles":[[1700000001]]}})");
    QTest::newRow("book without asks") << QByteArray(R"({"type":"snapshot","topic":"book.A","offset":1,"data":{"bids":[]}})");
    QTest::newRow("book with a negative size") << QByteArray(R"({"type":"snapshot","topic":"book.A","offset":1,"data":{"bids":[["1","-1"]],"asks":[]}})");
    QTest::newRow("book with a level of one") << QByteArray(R"({"type":"snapshot","topic":"book.A","offset":1,"data":{"bids":[["1"]],"asks":[]}})");
    QTest::newRow("book with a checksum of 33 bits")
        << QByteArray(R"({"type":"snapshot","topic":"book.A","offset":1,"data":{"bids":[],"asks":[],"checksum":4294967296}})");
    QTest::newRow("metric is text") << eventOf("sensor.x", 1, "\"hot\"");
    QTest::newRow("subscribed without list") << QByteArray(R"({"type":"subscribed"})");
    QTest::newRow("subscribed without offset") << QByteArray(R"({"type":"subscribed","topics":[{"topic":"clock","epoch":"E"}]})");
    QTest::newRow("gap the wrong way round") << QByteArray(R"({"type":"gap","topic":"clock","from":5,"to":4})");
    QTest::newRow("snapshot without data") << QByteArray(R"({"type":"snapshot","topic":"clock","offset":4})");
}

void TestFeedReader::badMessagesAreCounted()
{
    QFETCH(QByteArray, message);
    Fixture f;
    f.receive(message);
    QCOMPARE(f.batch.messages, 1u);
    QCOMPARE(f.batch.malformed, 1u);
    QCOMPARE(f.batch.quality.size(), size_t(1));
    QVERIFY(f.batch.quality[0].kind == QualityKind::Malformed);
    QVERIFY(!f.batch.quality[0].detail.isEmpty());
    QVERIFY(f.batch.ticks.empty() && f.batch.candles.empty() && f.batch.books.empty() && f.batch.metrics.empty());
    QVERIFY(f.batch.latenciesNs.empty());
    // It goes on, and a bad event is no gap as well.
    f.receive(eventOf("market.AAPL", 2, trade(1)));
    QCOMPARE(f.batch.ticks.size(), size_t(1));
    QCOMPARE(f.batch.quality.size(), size_t(1));
}

void TestFeedReader::goodMessagesAreNot_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("unknown type") << QByteArray(R"({"type":"later","x":[{}]})");
    QTest::newRow("presence") << QByteArray(R"({"type":"presence","topic":"room.general","joined":[],"left":[],"typing":[]})");
    QTest::newRow("unsubscribed") << QByteArray(R"({"type":"unsubscribed","topics":[]})");
    QTest::newRow("time") << QByteArray(R"({"type":"time","id":1,"received":1.5,"sent":1.5})");
    QTest::newRow("snapshot of nothing") << QByteArray(R"({"type":"snapshot","topic":"market.AAPL","epoch":"E","offset":0,"data":null})");
    QTest::newRow("unknown members") << eventOf("market.AAPL", 1, R"({"price":1,"venue":{"x":[1]},"size":null})");
}

void TestFeedReader::goodMessagesAreNot()
{
    QFETCH(QByteArray, message);
    Fixture f;
    f.receive(message);
    QCOMPARE(f.batch.malformed, 0u);
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::wrongChecksumsAskForANewBook()
{
    series::OrderBook book;
    book.reset({{1.5, 100}}, {{2.5, 200}});
    const QByteArray snapshot = R"({"type":"snapshot","topic":"book.A","epoch":"E","offset":4,"data":{"symbol":"A","bids":[["1.50","100"]],"asks":[["2.50","200"]],"checksum":)"
        + QByteArray::number(book.checksum(2, 0)) + R"(,"price_decimals":2,"size_decimals":0}})";
    Fixture f;
    f.receive(snapshot);
    book.apply(series::Side::Buy, {1.5, 0});
    book.apply(series::Side::Buy, {1.4, 50});
    const QByteArray delta = R"({"symbol":"A","bids":[["1.50","0"],["1.40","50"]],"asks":[],"checksum":)";
    f.receive(eventOf("book.A", 5, delta + QByteArray::number(book.checksum(2, 0)) + '}'));
    QCOMPARE(f.batch.books.size(), size_t(2));
    QVERIFY(f.batch.books[0].snapshot && f.batch.books[0].hasChecksum);
    QCOMPARE(f.batch.books[1].bids, (std::vector<series::BookLevel>{{1.5, 0}, {1.4, 50}}));
    QCOMPARE(f.takeMarks(), Lines{});
    QVERIFY(f.reader.takeRequests().empty());

    f.receive(eventOf("book.A", 6, R"({"symbol":"A","bids":[["1.30","5"]],"asks":[],"checksum":1})"));
    QCOMPARE(f.takeMarks(), Lines{"ChecksumMismatch book.A 6-6"});
    QCOMPARE(f.reader.takeRequests(), std::vector<QByteArray>{R"({"type":"subscribe","id":1,"topics":["book.A"]})"});
    // Until it comes, deltas are of a book that is not known: not shown, not asked for again.
    f.receive(eventOf("book.A", 7, R"({"symbol":"A","bids":[],"asks":[],"checksum":1})"));
    QVERIFY(f.batch.books.empty());
    QCOMPARE(f.takeMarks(), Lines{});
    QVERIFY(f.reader.takeRequests().empty());
    f.receive(QByteArray(snapshot).replace("\"offset\":4", "\"offset\":7"));
    QCOMPARE(f.batch.books.size(), size_t(1));
    QCOMPARE(f.takeMarks(), Lines{});
}

void TestFeedReader::reconnectsAndErrorsAreKept()
{
    Fixture f;
    f.receive(R"({"type":"welcome","server":"s","node":"n","session":"a","ping_interval":20})");
    QCOMPARE(f.reader.session(), QByteArray("a"));
    QCOMPARE(f.takeMarks(), Lines{});
    f.receive(R"({"type":"welcome","server":"s","node":"n","session":"b","ping_interval":20})");
    QCOMPARE(f.takeMarks(), Lines{"Reconnect  0-0"});
    QCOMPARE(f.reader.lastError(), QByteArray());
    f.receive(R"({"type":"error","id":1,"code":"unknown-topic","message":"No such topic."})");
    QCOMPARE(f.reader.lastError(), QByteArray("unknown-topic: No such topic."));
}

void TestFeedReader::everyTruncationIsSurvived()
{
    const QByteArray whole = eventOf("market.AAPL", 1, trade(189.14));
    for (qsizetype size = 0; size < whole.size(); ++size) {
        Fixture f;
        f.receive(whole.left(size));
        QCOMPARE(f.batch.malformed, 1u);
        // And with one byte replaced: read or counted, never anything else.
        for (const char byte : {'\0', '"', '{', ',', '9', '\xff'}) {
            QByteArray damaged = whole;
            damaged[size] = byte;
            f.batch = {};
            f.receive(damaged);
            QVERIFY(f.batch.malformed <= 1 && f.batch.ticks.size() + f.batch.malformed <= 1);
        }
    }
}

void TestFeedReader::theMarketArrivesWhole()
{
    Loop loop;
    MarketSource market({.seed = 3, .symbols = 8, .eventsPerSecond = 80, .startNs = kStart});
    Hub hub({.server = "s", .node = "n", .epoch = "E"}, loop);
    hub.addSource(market);
    hub.join(1, "x");
    loop.send(hub, loop.reader.subscribe({"market.*", "book.*", "candle.AAPL.1s", "candle.*.1m"}));
    for (int i = 1; i <= 100; ++i) {
        loop.now = {kStart + i * kSecond / 10, i * kSecond / 10};
        hub.advance(loop.now);
    }
    QCOMPARE(marks(loop.batch), Lines{});
    QCOMPARE(loop.batch.malformed, 0u);
    QVERIFY(loop.batch.ticks.size() > 500);
    QVERIFY(loop.batch.books.size() > 200);
    QVERIFY(loop.batch.candles.size() > 60);
    QCOMPARE(loop.batch.symbols.size(), size_t(8));
    qsizetype longest = 0;
    for (const CandleChange &change : loop.batch.candles)
        longest = qMax(longest, static_cast<qsizetype>(change.candles.size()));
    QVERIFY(longest > 800);
    QCOMPARE(loop.reader.knownTopics().size(), size_t(8 + 8 + 1 + 8));
    QVERIFY(loop.reader.takeRequests().empty());
}

void TestFeedReader::aLostBookDeltaIsFoundAndRepaired()
{
    Loop loop;
    MarketSource market({.seed = 3, .symbols = 1, .eventsPerSecond = 20, .startNs = kStart});
    Hub hub({.server = "s", .node = "n", .epoch = "E"}, loop);
    hub.addSource(market);
    hub.join(1, "x");
    loop.send(hub, loop.reader.subscribe({"book.AAPL"}));
    loop.lose = loop.delivered + 5;
    for (int i = 1; i <= 50; ++i) {
        loop.now = {kStart + i * kSecond / 10, i * kSecond / 10};
        hub.advance(loop.now);
        for (const QByteArray &request : loop.reader.takeRequests())
            loop.send(hub, request);
    }
    QCOMPARE(marks(loop.batch), Lines{"Gap book.AAPL 5-5"});
    size_t snapshots = 0;
    for (const BookChange &change : loop.batch.books)
        snapshots += change.snapshot ? 1 : 0;
    QCOMPARE(snapshots, size_t(2));
    QVERIFY(loop.batch.books.size() > 10);
}

void TestFeedReader::recoveryAfterAReconnectLosesNothing()
{
    Loop loop;
    MarketSource market({.seed = 3, .symbols = 2, .eventsPerSecond = 40, .startNs = kStart});
    Hub hub({.server = "s", .node = "n", .epoch = "E"}, loop);
    hub.addSource(market);
    hub.join(1, "x");
    loop.send(hub, loop.reader.subscribe({"market.AAPL", "book.AAPL"}));
    const auto run = [&](int from, int to) {
        for (int i = from; i < to; ++i) {
            loop.now = {kStart + i * kSecond / 10, i * kSecond / 10};
            hub.advance(loop.now);
        }
    };
    run(1, 20);
    hub.leave(1);
    run(20, 40);
    hub.join(1, "y");
    loop.send(hub, loop.reader.resubscribe());
    run(40, 60);
    QCOMPARE(marks(loop.batch), Lines{"Reconnect  0-0"});
    quint64 trades = 0;
    for (const SymbolTick &tick : loop.batch.ticks)
        trades += std::isnan(tick.tick.size) ? 0 : 1;
    QCOMPARE(trades, hub.topics()[0].offset);
}

QTEST_APPLESS_MAIN(TestFeedReader)
#include "tst_feed_reader.moc"
