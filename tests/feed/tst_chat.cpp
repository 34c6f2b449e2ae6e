// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/chat.h"

#include "recorder.h"

#include <QTest>

using namespace feedscope;
using namespace feedscope::feed;

using Lines = QList<QByteArray>;

namespace {

struct Fixture {
    DeliveryRecorder output;
    ChatRooms chat{output};

    Lines say(SubscriberId id, const QByteArray &message)
    {
        chat.receive(id, message, {});
        return output.take();
    }
    void enter(SubscriberId id, const QByteArray &room, const QByteArray &user)
    {
        chat.join(id);
        say(id, R"({"type":"join","room":")" + room + R"(","user":")" + user + R"("})");
    }
};

} // namespace

class TestChat : public QObject {
    Q_OBJECT
private slots:
    void membersHearEachOther();
    void comingTypingAndGoingAreTold();
    void changingRoomsLeavesTheOldOne();
    void textIsDataAndNothingElse();
    void requestsThatAreRefused_data();
    void requestsThatAreRefused();
    void roomsAndMembersAreBounded();
};

void TestChat::membersHearEachOther()
{
    Fixture f;
    f.enter(1, "general", "Alice");
    f.enter(2, "general", "Bob");
    f.enter(3, "other", "Carol");
    QCOMPARE(f.say(1, R"({"type":"message","text":"Hello"})"),
        Lines{R"(1,2 < {"type":"message","room":"general","user":"Alice","text":"Hello"})"});
}

void TestChat::comingTypingAndGoingAreTold()
{
    Fixture f;
    f.chat.join(1);
    f.chat.join(2);
    QCOMPARE(f.output.take(), Lines{});
    QCOMPARE(f.say(1, R"({"type":"join","room":"general","user":"Alice"})"),
        Lines{R"(1 < {"type":"presence","topic":"room.general","joined":["Alice"],"left":[],"typing":[]})"});
    QCOMPARE(f.say(2, R"({"type":"join","room":"general","user":"Bob"})"),
        (Lines{R"(1 < {"type":"presence","topic":"room.general","joined":["Bob"],"left":[],"typing":[]})",
            R"(2 < {"type":"presence","topic":"room.general","joined":["Alice","Bob"],"left":[],"typing":[]})"}));
    const Lines typing{R"(1,2 < {"type":"presence","topic":"room.general","joined":[],"left":[],"typing":["Bob"]})"};
    const Lines still{R"(1,2 < {"type":"presence","topic":"room.general","joined":[],"left":[],"typing":[]})"};
    QCOMPARE(f.say(2, R"({"type":"typing"})"), typing);
    QCOMPARE(f.say(2, R"({"type":"typing"})"), Lines{}); // every key stroke says so
    QCOMPARE(f.say(2, R"({"type":"typing","typing":false})"), still);
    f.say(2, R"({"type":"typing"})");
    QCOMPARE(f.say(2, R"({"type":"message","text":"x"})").at(0), still.at(0));
    f.chat.leave(2);
    QCOMPARE(f.output.take(), Lines{R"(1 < {"type":"presence","topic":"room.general","joined":[],"left":["Bob"],"typing":[]})"});
    f.chat.leave(1);
    f.chat.leave(1);
    QCOMPARE(f.output.take(), Lines{});
}

void TestChat::changingRoomsLeavesTheOldOne()
{
    Fixture f;
    f.enter(1, "a", "Alice");
    f.enter(2, "a", "Bob");
    QCOMPARE(f.say(2, R"({"type":"join","room":"b","user":"Bob"})"),
        (Lines{R"(1 < {"type":"presence","topic":"room.a","joined":[],"left":["Bob"],"typing":[]})",
            R"(2 < {"type":"presence","topic":"room.b","joined":["Bob"],"left":[],"typing":[]})"}));
    QCOMPARE(f.say(2, R"({"type":"leave"})"), Lines{});
    QVERIFY(f.say(2, R"({"type":"message","text":"x"})").at(0).contains("not-joined"));
    // Alone in a room, under another name.
    QCOMPARE(f.say(1, R"({"type":"join","room":"a","user":"Alicia"})").size(), 1);
    QVERIFY(f.say(1, R"({"type":"message","text":"x"})").at(0).contains("Alicia"));
}

void TestChat::textIsDataAndNothingElse()
{
    Fixture f;
    f.enter(1, "general", "Alice");
    // Outside the macro: moc loses its way in such raw strings.
    const Lines answers = f.say(1, R"({"type":"message","text":"\"},{\"type\":\"welcome\"\n<b>\u0000\u20ac"})");
    const Lines expected{R"(1 < {"type":"message","room":"general","user":"Alice","text":"\"},{\"type\":\"welcome\"\n<b>\u0000)"
                         "\xe2\x82\xac\"}"};
    QCOMPARE(answers, expected);
}

void TestChat::requestsThatAreRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("not JSON") << QByteArray("hi") << QByteArray("bad-json");
    QTest::newRow("unknown type") << QByteArray(R"({"type":"dance"})") << QByteArray("unknown-type");
    QTest::newRow("message before joining") << QByteArray(R"({"type":"message","text":"x"})") << QByteArray("not-joined");
    QTest::newRow("typing before joining") << QByteArray(R"({"type":"typing"})") << QByteArray("not-joined");
    QTest::newRow("leaving before joining") << QByteArray(R"({"type":"leave"})") << QByteArray("not-joined");
    QTest::newRow("no room") << QByteArray(R"({"type":"join","user":"A"})") << QByteArray("bad-request");
    QTest::newRow("room with a space") << QByteArray(R"({"type":"join","room":"a b","user":"A"})") << QByteArray("bad-request");
    QTest::newRow("room too long") << QByteArray(R"({"type":"join","room":")" + QByteArray(65, 'a') + R"(","user":"A"})") << QByteArray("bad-request");
    QTest::newRow("no user") << QByteArray(R"({"type":"join","room":"a"})") << QByteArray("bad-request");
    QTest::newRow("user of spaces") << QByteArray(R"({"type":"join","room":"a","user":"  "})") << QByteArray("bad-request");
    QTest::newRow("user with a line break") << QByteArray(R"({"type":"join","room":"a","user":"a\nb"})") << QByteArray("bad-request");
    QTest::newRow("user too long") << QByteArray(R"({"type":"join","room":"a","user":")" + QByteArray(65, 'a') + R"("})") << QByteArray("bad-request");
    QTest::newRow("name is taken") << QByteArray(R"({"type":"join","room":"general","user":"Alice"})") << QByteArray("name-taken");
}

void TestChat::requestsThatAreRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, code);
    Fixture f;
    f.enter(1, "general", "Alice");
    f.chat.join(2);
    const Lines answers = f.say(2, request);
    QCOMPARE(answers.size(), 1);
    QVERIFY2(answers[0].startsWith(R"(2 < {"type":"error","code":")" + code), answers[0].constData());
    // In a room: texts of the wrong kind.
    f.say(2, R"({"type":"join","room":"general","user":"Bob"})");
    QVERIFY(f.say(2, R"({"type":"message","text":""})").at(0).contains("bad-request"));
    QVERIFY(f.say(2, R"({"type":"message","text":1})").at(0).contains("bad-request"));
    QVERIFY(f.say(2, R"({"type":"message","text":")" + QByteArray(4097, 'x') + "\"}").at(0).contains("too-long"));
    QVERIFY(f.say(2, R"({"type":"message","text":")" + QByteArray(4096, 'x') + "\"}").at(0).startsWith("1,2 <"));
    QVERIFY(f.say(2, R"({"type":"join","room":"general","user":"Bob"})").at(0).contains("already-joined"));
}

void TestChat::roomsAndMembersAreBounded()
{
    Fixture f;
    for (SubscriberId id = 1; id <= 500; ++id)
        f.enter(id, "full", "u" + QByteArray::number(id));
    f.chat.join(501);
    QVERIFY(f.say(501, R"({"type":"join","room":"full","user":"one more"})").at(0).contains("room-full"));
    for (SubscriberId id = 1001; id < 2000; ++id)
        f.enter(id, "r" + QByteArray::number(id), "u");
    QVERIFY(f.say(501, R"({"type":"join","room":"another","user":"u"})").at(0).contains("too-many-rooms"));
    f.chat.leave(1001);
    QVERIFY(f.say(501, R"({"type":"join","room":"another","user":"u"})").at(0).contains("presence"));
}

QTEST_APPLESS_MAIN(TestChat)
#include "tst_chat.moc"
