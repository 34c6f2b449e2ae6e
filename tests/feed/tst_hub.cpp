// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/hub.h"

#include "recorder.h"

#include <QTest>

using namespace feedscope;
using namespace feedscope::feed;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr base::Timestamp kNow{1'700'000'000 * kSecond + 123'456'789, 50 * kSecond};

base::Timestamp later(qint64 seconds)
{
    return {kNow.wallNs + seconds * kSecond, kNow.monoNs + seconds * kSecond};
}

struct Fixture {
    ScriptedSource source{{"market.AAPL", "market.MSFT", "book.AAPL"}};
    DeliveryRecorder output;
    Hub hub{{.server = "Feedscope/0.1", .node = "n1", .epoch = "E1", .maxTopicsPerSubscriber = 4, .maxWildcardsPerSubscriber = 2}, output};

    Fixture() { hub.addSource(source); }
    void join(SubscriberId id)
    {
        hub.join(id, "s" + QByteArray::number(id));
        output.take();
    }
    QList<QByteArray> say(SubscriberId id, const QByteArray &message, base::Timestamp now = kNow)
    {
        hub.receive(id, message, now);
        return output.take();
    }
};

using Lines = QList<QByteArray>;

} // namespace

class TestHub : public QObject {
    Q_OBJECT
private slots:
    void transcripts_data();
    void transcripts();
    void requestsThatAreRefused_data();
    void requestsThatAreRefused();
    void welcomeNamesServerAndSession();
    void eventsGoToThoseWhoAskedInTheOrderTheyJoined();
    void aTopicMatchedTwiceIsDeliveredOnceUntilBothPatternsAreGone();
    void whoLeftGetsNothing();
    void missedEventsAreRecovered();
    void recoveryIsAllOrNothing_data();
    void recoveryIsAllOrNothing();
    void anUnwantedEventMakesRecoveryImpossible();
    void aTopicStaysWantedForAMinute();
    void wildcardsGetTheShortSnapshot();
    void snapshotsAreOfTheMoment();
    void topicsOfALaterSourceReachWildcards();
    void longListsAreSplit();
    void ratesAreOfWholeSeconds();
    void nothingIsSentForATopicWithoutSubscribers();
};

void TestHub::transcripts_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<Lines>("answers");
    const auto snapshot = [](const char *topic) {
        return QByteArray(R"(1 < {"type":"snapshot","topic":")") + topic + R"(","epoch":"E1","offset":0,"data":"state of )" + topic + R"("})";
    };
    QTest::newRow("subscribe one topic")
        << QByteArray(R"({"type":"subscribe","id":1,"topics":["market.AAPL"]})")
        << Lines{R"(1 < {"type":"subscribed","id":1,"topics":[{"topic":"market.AAPL","epoch":"E1","offset":0,"recovered":false}]})",
               snapshot("market.AAPL")};
    QTest::newRow("subscribe by wildcard and name")
        << QByteArray(R"({"type":"subscribe","id":"x","topics":["market.*","book.AAPL","book.AAPL"],"more":1})")
        << Lines{R"(1 < {"type":"subscribed","id":"x","topics":[{"topic":"market.AAPL","epoch":"E1","offset":0,"recovered":false},)"
                 R"({"topic":"market.MSFT","epoch":"E1","offset":0,"recovered":false},)"
                 R"({"topic":"book.AAPL","epoch":"E1","offset":0,"recovered":false}]})",
               snapshot("market.AAPL"), snapshot("market.MSFT"), snapshot("book.AAPL")};
    QTest::newRow("without id") << QByteArray(R"({"type":"unsubscribe","topics":["market.AAPL"]})")
                                << Lines{R"(1 < {"type":"unsubscribed","topics":[]})"};
    QTest::newRow("time") << QByteArray(R"({"type":"time","id":6})")
                          << Lines{R"(1 < {"type":"time","id":6,"received":1700000000.123456,"sent":1700000000.123456})"};
    QTest::newRow("topics")
        << QByteArray(R"({"type":"topics","id":3})")
        << Lines{R"(1 < {"type":"topics","id":3,"topics":[{"topic":"market.AAPL","source":"scripted","rate":0.00,"subscribers":0,"offset":0},)"
                 R"({"topic":"market.MSFT","source":"scripted","rate":0.00,"subscribers":0,"offset":0},)"
                 R"({"topic":"book.AAPL","source":"scripted","rate":0.00,"subscribers":0,"offset":0}]})"};
    QTest::newRow("one known, one unknown")
        << QByteArray(R"({"type":"subscribe","id":2,"topics":["market.AAPL","market.NONE"]})")
        << Lines{R"(1 < {"type":"subscribed","id":2,"topics":[{"topic":"market.AAPL","epoch":"E1","offset":0,"recovered":false}]})",
               snapshot("market.AAPL"),
               R"(1 < {"type":"error","id":2,"code":"unknown-topic","message":"No topic here is called or matches market.NONE. Send {\"type\":\"topics\"} for the list."})"};
}

void TestHub::transcripts()
{
    QFETCH(QByteArray, request);
    Fixture f;
    f.source.state = "\"state";
    f.join(1);
    const Lines answers = f.say(1, request);
    QTEST(answers, "answers");
}

void TestHub::requestsThatAreRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("beginning");
    const auto row = [](const char *name, const QByteArray &request, const QByteArray &beginning) {
        QTest::newRow(name) << request << "1 < {\"type\":\"error\"," + beginning;
    };
    row("not JSON", "hello", R"("code":"bad-json")");
    row("empty", "", R"("code":"bad-json")");
    row("an array", "[1]", R"("code":"bad-json")");
    row("cut off", R"({"type":"subscribe")", R"("code":"bad-json")");
    row("nested too deeply", R"({"id":1,"type":"time","x":)" + QByteArray(64, '[') + QByteArray(64, ']') + '}', R"("code":"bad-json")");
    row("too long", R"({"type":")" + QByteArray(1 << 20, 'x') + "\"}", R"("code":"bad-json")");
    row("no type", R"({"id":9})", R"("id":9,"code":"bad-request")");
    row("type is a number", R"({"id":9,"type":1})", R"("id":9,"code":"bad-request")");
    row("unknown type", R"({"type":"dance","id":9})", R"("id":9,"code":"unknown-type")");
    row("id is an object", R"({"type":"time","id":{}})", R"("code":"bad-request")");
    row("no topics", R"({"type":"subscribe","id":9})", R"("id":9,"code":"bad-request")");
    row("topics is empty", R"({"type":"subscribe","id":9,"topics":[]})", R"("id":9,"code":"bad-request")");
    row("topics is a string", R"({"type":"subscribe","id":9,"topics":"market.AAPL"})", R"("id":9,"code":"bad-request")");
    row("a topic is a number", R"({"type":"subscribe","id":9,"topics":[1]})", R"("id":9,"code":"bad-request")");
    row("a topic is not well-formed", R"({"type":"subscribe","id":9,"topics":["a b"]})", R"("id":9,"code":"bad-request")");
    row("unknown topic", R"({"type":"subscribe","id":9,"topics":["market.NONE"]})", R"("id":9,"code":"unknown-topic")");
    row("wildcard without a match", R"({"type":"subscribe","id":9,"topics":["sensor.*"]})", R"("id":9,"code":"unknown-topic")");
    row("too many topics", R"({"type":"subscribe","id":9,"topics":["a","b","c","d","e"]})", R"("id":9,"code":"too-many-topics")");
    row("too many wildcards", R"({"type":"subscribe","id":9,"topics":["*.AAPL","market.*",">"]})", R"("id":9,"code":"too-many-topics")");
    row("publish", R"({"type":"publish","id":5,"topic":"market.AAPL","data":{}})", R"("id":5,"code":"forbidden")");
    row("auth", R"({"type":"auth","id":4,"token":"x"})", R"("id":4,"code":"not-required")");
}

void TestHub::requestsThatAreRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, beginning);
    Fixture f;
    f.join(1);
    const Lines answers = f.say(1, request);
    QCOMPARE(answers.size(), 1);
    QVERIFY2(answers[0].startsWith(beginning), answers[0].constData());
    // Nothing was half done, and the connection goes on.
    QCOMPARE(f.hub.topics()[0].subscribers, 0u);
    QCOMPARE(f.say(1, R"({"type":"subscribe","id":1,"topics":["market.AAPL"]})").size(), 2);
}

void TestHub::welcomeNamesServerAndSession()
{
    Fixture f;
    f.hub.join(7, "abc");
    QCOMPARE(f.output.take(),
        Lines{R"(7 < {"type":"welcome","server":"Feedscope/0.1","node":"n1","session":"abc","ping_interval":20})"});
    f.hub.rejectBinary(7);
    QVERIFY(f.output.take().at(0).startsWith(R"(7 < {"type":"error","code":"bad-json")"));
}

void TestHub::eventsGoToThoseWhoAskedInTheOrderTheyJoined()
{
    Fixture f;
    for (const SubscriberId id : {30u, 10u, 20u, 40u})
        f.join(id);
    // Asked in another order than joined.
    for (const SubscriberId id : {20u, 30u, 10u})
        f.say(id, R"({"type":"subscribe","topics":["market.AAPL"]})");
    f.hub.publish("market.AAPL", R"({"price":1})", kNow.wallNs);
    f.hub.publish("market.MSFT", R"({"price":2})", kNow.wallNs);
    f.hub.publish("market.AAPL", R"({"price":3})", kNow.wallNs + kSecond);
    QCOMPARE(f.output.take(),
        (Lines{R"(30,10,20 < {"type":"event","topic":"market.AAPL","offset":1,"time":1700000000.123456,"data":{"price":1}})",
            R"(30,10,20 < {"type":"event","topic":"market.AAPL","offset":2,"time":1700000001.123456,"data":{"price":3}})"}));
    QCOMPARE(f.hub.eventsPublished(), 3u);
    QCOMPARE(f.hub.eventsDelivered(), 6u);
}

void TestHub::aTopicMatchedTwiceIsDeliveredOnceUntilBothPatternsAreGone()
{
    Fixture f;
    f.join(1);
    f.say(1, R"({"type":"subscribe","topics":["market.*","market.AAPL"]})");
    f.hub.publish("market.AAPL", "1", kNow.wallNs);
    QCOMPARE(f.output.take().size(), 1);
    QCOMPARE(f.say(1, R"({"type":"unsubscribe","id":2,"topics":["market.*"]})"), Lines{R"(1 < {"type":"unsubscribed","id":2,"topics":["market.*"]})"});
    f.hub.publish("market.AAPL", "2", kNow.wallNs);
    f.hub.publish("market.MSFT", "2", kNow.wallNs);
    QCOMPARE(f.output.take().size(), 1);
    f.say(1, R"({"type":"unsubscribe","topics":["market.AAPL"]})");
    f.hub.publish("market.AAPL", "3", kNow.wallNs);
    QCOMPARE(f.output.take(), Lines{});
    QCOMPARE(f.hub.topics()[0].offset, 3u);
}

void TestHub::whoLeftGetsNothing()
{
    Fixture f;
    f.join(1);
    f.join(2);
    for (const SubscriberId id : {1u, 2u})
        f.say(id, R"({"type":"subscribe","topics":[">"]})");
    f.hub.leave(1);
    f.hub.leave(99);
    f.hub.publish("market.AAPL", "1", kNow.wallNs);
    QCOMPARE(f.output.deliveries.size(), size_t(1));
    QCOMPARE(f.output.deliveries[0].to, std::vector<SubscriberId>{2});
}

void TestHub::missedEventsAreRecovered()
{
    Fixture f;
    f.join(1);
    for (int i = 1; i <= 5; ++i)
        f.hub.publish("market.AAPL", QByteArray::number(i), kNow.wallNs);
    QCOMPARE(f.say(1, R"({"type":"subscribe","id":1,"topics":["market.*"],"since":{"market.AAPL":"E1:3","market.MSFT":"E1:0"}})"),
        (Lines{R"(1 < {"type":"subscribed","id":1,"topics":[{"topic":"market.AAPL","epoch":"E1","offset":5,"recovered":true},)"
               R"({"topic":"market.MSFT","epoch":"E1","offset":0,"recovered":true}]})",
            R"(1 < {"type":"event","topic":"market.AAPL","offset":4,"time":1700000000.123456,"data":4})",
            R"(1 < {"type":"event","topic":"market.AAPL","offset":5,"time":1700000000.123456,"data":5})"}));
}

void TestHub::recoveryIsAllOrNothing_data()
{
    QTest::addColumn<QByteArray>("since");
    QTest::addColumn<bool>("isRecovered");
    QTest::newRow("everything is held") << QByteArray("E1:44") << true;
    QTest::newRow("one too old") << QByteArray("E1:43") << false;
    QTest::newRow("up to date") << QByteArray("E1:300") << true;
    QTest::newRow("from the future") << QByteArray("E1:301") << false;
    QTest::newRow("another epoch") << QByteArray("E0:299") << false;
    QTest::newRow("no number") << QByteArray("E1:x") << false;
    QTest::newRow("negative") << QByteArray("E1:-1") << false;
    QTest::newRow("no colon") << QByteArray("E1") << false;
    QTest::newRow("empty") << QByteArray("") << false;
}

void TestHub::recoveryIsAllOrNothing()
{
    QFETCH(QByteArray, since);
    QFETCH(bool, isRecovered);
    Fixture f;
    f.join(1);
    for (int i = 1; i <= 300; ++i) // 256 are held
        f.hub.publish("market.AAPL", QByteArray::number(i), kNow.wallNs);
    const Lines answers = f.say(1, R"({"type":"subscribe","topics":["market.AAPL"],"since":{"market.AAPL":")" + since + R"("}})");
    QVERIFY(answers.at(0).contains(isRecovered ? R"("recovered":true)" : R"("recovered":false)"));
    if (!isRecovered) {
        QCOMPARE(answers.size(), 2);
        QCOMPARE(answers[1], QByteArray(R"(1 < {"type":"snapshot","topic":"market.AAPL","epoch":"E1","offset":300,"data":300})"));
    } else {
        QCOMPARE(answers.size(), since == "E1:300" ? 1 : 257);
    }
}

void TestHub::anUnwantedEventMakesRecoveryImpossible()
{
    Fixture f;
    f.hub.publish("book.AAPL", "1", kNow.wallNs);
    f.source.due = {"book.AAPL"};
    f.hub.advance(kNow); // nobody wants it: left out
    f.source.due = {"book.AAPL"};
    f.hub.advance(later(1));
    QCOMPARE(f.hub.eventsPublished(), 1u);
    QCOMPARE(f.hub.topics()[2].offset, 2u); // one number for the hole
    f.join(1);
    const Lines answers = f.say(1, R"({"type":"subscribe","topics":["book.AAPL"],"since":{"book.AAPL":"E1:1"}})", later(2));
    QVERIFY(answers.at(0).contains(R"("offset":2,"recovered":false)"));
    f.source.due = {"book.AAPL"};
    f.hub.advance(later(3));
    QVERIFY(f.output.take().at(0).contains(R"("offset":3)"));
}

void TestHub::aTopicStaysWantedForAMinute()
{
    Fixture f;
    QVERIFY(!f.hub.wants("book.AAPL"));
    f.join(1);
    f.say(1, R"({"type":"subscribe","topics":["book.AAPL"]})");
    QVERIFY(f.hub.wants("book.AAPL"));
    f.hub.leave(1);
    f.hub.advance(later(59));
    QVERIFY(f.hub.wants("book.AAPL"));
    f.hub.advance(later(60));
    QVERIFY(!f.hub.wants("book.AAPL"));
}

void TestHub::wildcardsGetTheShortSnapshot()
{
    Fixture f;
    f.source.state = "\"long";
    f.source.shortState = "\"short\"";
    f.join(1);
    QVERIFY(f.say(1, R"({"type":"subscribe","topics":["*.AAPL"]})").at(1).endsWith(R"("data":"short"})"));
    // By name: the long one, although it is subscribed to already.
    QVERIFY(f.say(1, R"({"type":"subscribe","topics":["market.AAPL"]})").at(1).endsWith(R"("data":"long of market.AAPL"})"));
    // Met again by a wildcard: nothing was missed, so nothing is sent again.
    const Lines again = f.say(1, R"({"type":"subscribe","topics":["market.*"]})");
    QCOMPARE(again.size(), 2);
    QVERIFY(again[0].contains(R"("topic":"market.AAPL","epoch":"E1","offset":0,"recovered":true)"));
    QVERIFY(again[1].contains(R"("topic":"market.MSFT")"));
}

void TestHub::snapshotsAreOfTheMoment()
{
    Fixture f;
    f.join(1);
    f.source.state = "\"a";
    QVERIFY(f.say(1, R"({"type":"subscribe","topics":["market.AAPL"]})").at(1).contains("\"a of"));
    f.source.state = "\"b";
    f.hub.publish("market.AAPL", "1", kNow.wallNs);
    f.output.take();
    QVERIFY(f.say(1, R"({"type":"subscribe","topics":["market.AAPL"]})").at(1).contains(R"("offset":1,"data":"b of)"));
}

void TestHub::topicsOfALaterSourceReachWildcards()
{
    Fixture f;
    f.join(1);
    f.say(1, R"({"type":"subscribe","topics":["market.*"]})");
    ScriptedSource later({"market.TSLA", "sensor.x"});
    f.hub.addSource(later);
    const Lines lines = f.output.take();
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith(R"(1 < {"type":"subscribed","topics":[{"topic":"market.TSLA")"));
    f.hub.publish("market.TSLA", "1", kNow.wallNs);
    f.hub.publish("sensor.x", "1", kNow.wallNs);
    f.hub.publish("market.undeclared", "1", kNow.wallNs);
    QCOMPARE(f.output.take().size(), 2);
}

void TestHub::longListsAreSplit()
{
    Fixture f;
    std::vector<QByteArray> names;
    for (int i = 0; i < 2500; ++i)
        names.push_back("many.t" + QByteArray::number(i));
    ScriptedSource many(names);
    f.hub.addSource(many);
    f.join(1);
    const Lines lists = f.say(1, R"({"type":"topics","id":1})");
    QCOMPARE(lists.size(), 3);
    QVERIFY(lists[0].endsWith(R"("more":true})"));
    QVERIFY(!lists[2].contains("\"more\""));
    const Lines answers = f.say(1, R"({"type":"subscribe","id":1,"topics":["many.*"]})");
    QCOMPARE(answers.size(), 3 + 2500);
    for (const QByteArray &line : lists + answers)
        QVERIFY(line.size() < 200'000);
}

void TestHub::ratesAreOfWholeSeconds()
{
    Fixture f;
    for (int i = 0; i < 30; ++i)
        f.hub.publish("market.AAPL", "1", kNow.wallNs + i * kSecond / 10);
    f.hub.advance(later(3));
    QVERIFY(f.hub.topics()[0].eventsPerSecond > 9 && f.hub.topics()[0].eventsPerSecond <= 10);
    QCOMPARE(f.hub.topics()[1].eventsPerSecond, 0.0);
    f.hub.advance(later(10));
    QCOMPARE(f.hub.topics()[0].eventsPerSecond, 0.0);
}

void TestHub::nothingIsSentForATopicWithoutSubscribers()
{
    Fixture f;
    f.join(1);
    f.hub.publish("market.AAPL", "1", kNow.wallNs);
    QCOMPARE(f.output.deliveries.size(), size_t(0));
    QCOMPARE(f.hub.eventsDelivered(), 0u);
    f.source.dueNs = 77;
    QCOMPARE(f.hub.nextDueNs(), qint64(77));
}

QTEST_APPLESS_MAIN(TestHub)
#include "tst_hub.moc"
