// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/connection.h"

#include "support/playbook.h"
#include "wire/frame_encoder.h"

#include <QTest>

using namespace feedscope;
using tests::hex;
using tests::Playbook;
using wire::Opcode;
using wire::Role;
using wire::Rule;
using wire::TransportEnd;
using State = wire::Connection::State;

Q_DECLARE_METATYPE(wire::Role)

/// How connections end: close handshakes, streams that end by themselves, deadlines. Broken close frames are
/// tst_connection's.
class tst_ConnectionClose : public QObject {
    Q_OBJECT

private slots:
    void validCodesAreEchoedAndShown_data();
    void validCodesAreEchoedAndShown();
    void emptyCloseGetsAnEmptyReplyAndIs1005();
    void serverEndsTheStreamFirst();
    void clientWaitsForTheServerToEndTheStream();
    void clientDoesNotWaitForEver();
    void dataAfterCloseIsShownAndDiscarded_data();
    void dataAfterCloseIsShownAndDiscarded();
    void endlessFrameAfterCloseCostsNothing();
    void streamThatEndsWithoutCloseIs1006_data();
    void streamThatEndsWithoutCloseIs1006();
    void endInsideAFrameShowsTheFrame();
    void idleTimeBeforeTheEndIsDiagnosed();
    void bothSidesCloseAtOnce_data();
    void bothSidesCloseAtOnce();
    void firstCodeReceivedIsReported();
    void unansweredCloseEndsAfterItsTimeout();
    void messagesStillArriveBetweenTheTwoCloseFrames();
    void pingAfterOurCloseIsNotAnswered();
    void violationAfterOurCloseEndsWithoutAnotherCloseFrame();
    void closeInsideAFragmentedMessageIsClean();
    void longReasonIsCutAtACodePoint();
    void nothingIsSentAfterClose();
    void nothingHappensAfterTheEnd();
    void callsFromInsideEndedDoNothing();
};

namespace {

QByteArray closeFrame(Role from, const QByteArray &payload)
{
    wire::FrameHeader header = wire::makeHeader(Opcode::Close, static_cast<quint64>(payload.size()));
    header.masked = from == Role::Client;
    if (header.masked)
        header.maskingKey = {0x37, 0xfa, 0x21, 0x3d};
    return wire::encodeFrame(header, payload);
}

} // namespace

void tst_ConnectionClose::validCodesAreEchoedAndShown_data()
{
    QTest::addColumn<int>("code");
    for (int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
        QTest::addRow("C1 RFC 6455 7.4 close %d", code) << code;
}

void tst_ConnectionClose::validCodesAreEchoedAndShown()
{
    QFETCH(int, code);
    const QByteArray payload = wire::makeClosePayload(static_cast<quint16>(code), "because");
    for (const Role role : {Role::Server, Role::Client}) {
        for (const auto feeding : {Playbook::Feeding::Whole, Playbook::Feeding::EachByte}) {
            Playbook play(role, Playbook::quiet(), feeding);
            play >> closeFrame(wire::otherRole(role), payload);
            QCOMPARE(play.written(), closeFrame(role, payload)); // C12: these bytes and no others
            if (role == Role::Client)
                play.fin();
            QCOMPARE(play.endings, 1);
            QCOMPARE(int(play.ending->code), code);
            QCOMPARE(play.ending->reason, QByteArray("because"));
            QCOMPARE(play.ending->sentCode, std::optional<quint16>(code));
            QCOMPARE(play.ending->receivedCode, std::optional<quint16>(code));
            QVERIFY(play.ending->clean && play.ending->closeSent && play.ending->closeReceived);
            QCOMPARE(play.ending->startedBy, wire::otherRole(role));
            QVERIFY(!play.aborted);
        }
    }
}

void tst_ConnectionClose::emptyCloseGetsAnEmptyReplyAndIs1005()
{
    Playbook play(Role::Server);
    play >> hex("88 80 37fa213d"); // C3
    QCOMPARE(play.transcript(),
        QStringList({
            QStringLiteral("client close fin masked 37fa213d len 0 at 0 \"\""),
            QStringLiteral("server close fin len 0 at 0 \"\""),
            QStringLiteral("write 8800"),
            QStringLiteral("ended 1005 clean by client none"),
        }));
    QVERIFY(!play.ending->sentCode && !play.ending->receivedCode);
    QCOMPARE(play.ending->bytesReceived, 6u);
}

void tst_ConnectionClose::serverEndsTheStreamFirst()
{
    Playbook play(Role::Server);
    play.connection().close(quint16(1001), "restart", play.now());
    QCOMPARE(play.connection().state(), State::Closing);
    play >> hex("88 82 00000000 03e9");
    QCOMPARE(play.transcript().last(), QStringLiteral("ended 1001 clean by server sent 1001 received 1001 none"));
    QCOMPARE(play.ending->transport, TransportEnd::None);
    play.fin(); // the FIN that answers ours is nothing new
    QCOMPARE(play.endings, 1);
}

void tst_ConnectionClose::clientWaitsForTheServerToEndTheStream()
{
    Playbook play(Role::Client);
    play >> hex("88 02 03e8");
    QCOMPARE(play.endings, 0);
    QCOMPARE(play.connection().state(), State::Closing);
    play.advance(4 * base::kNsPerSecond);
    QCOMPARE(play.endings, 0);
    play.fin();
    QCOMPARE(play.transcript().last(), QStringLiteral("ended 1000 clean by server sent 1000 received 1000 tcp-fin"));
}

void tst_ConnectionClose::clientDoesNotWaitForEver()
{
    Playbook play(Role::Client);
    play >> hex("88 02 03e8");
    play.advance(5 * base::kNsPerSecond);
    QCOMPARE(
        play.transcript().last(), QStringLiteral("ended 1000 clean by server sent 1000 received 1000 timeout abort"));
    QVERIFY(!play.connection().nextDeadlineNs());
}

void tst_ConnectionClose::dataAfterCloseIsShownAndDiscarded_data()
{
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("C6 text") << hex("81 01 41");
    QTest::newRow("C6 ping") << hex("89 00");
    QTest::newRow("C6 second close") << hex("88 02 03e9");
    QTest::newRow("C6 broken frame") << hex("f3 01 41");
}

void tst_ConnectionClose::dataAfterCloseIsShownAndDiscarded()
{
    QFETCH(QByteArray, after);
    for (const auto feeding : {Playbook::Feeding::Whole, Playbook::Feeding::EachByte}) {
        Playbook play(Role::Client, Playbook::quiet(), feeding);
        play >> hex("88 02 03e8");
        play.written();
        play >> after;
        QVERIFY(play.written().isEmpty());
        QVERIFY(play.messages.empty());
        QVERIFY(play.frames.back().frame.violations.contains(Rule::DataAfterClose));
        play.fin();
        QCOMPARE(play.endings, 1);
        QVERIFY(play.ending->clean);
        QCOMPARE(play.ending->code, quint16(1000));
    }
    // A server ends the stream at once, but what came with the close frame is shown.
    Playbook server(Role::Server);
    server >> hex("88 80 00000000 81 81 00000000 41");
    QVERIFY(server.frames.back().frame.violations.contains(Rule::DataAfterClose));
    QVERIFY(server.messages.empty());
    QCOMPARE(server.endings, 1);
}

void tst_ConnectionClose::endlessFrameAfterCloseCostsNothing()
{
    Playbook play(Role::Client);
    play >> hex("88 02 03e8 82 7f 0000010000000000");
    QCOMPARE(play.endings, 1);
    QVERIFY(play.aborted);
    QVERIFY(play.ending->clean);
    QCOMPARE(play.ending->code, quint16(1000));
}

void tst_ConnectionClose::streamThatEndsWithoutCloseIs1006_data()
{
    QTest::addColumn<Role>("role");
    for (const Role role : {Role::Server, Role::Client})
        QTest::addRow("C7 RFC 6455 7.1.5 to a %s", role == Role::Server ? "server" : "client") << role;
}

void tst_ConnectionClose::streamThatEndsWithoutCloseIs1006()
{
    QFETCH(Role, role);
    Playbook fin(role);
    fin.fin();
    QCOMPARE(fin.ending->code, quint16(1006));
    QCOMPARE(fin.ending->transport, TransportEnd::PeerFin);
    QCOMPARE(fin.ending->startedBy, wire::otherRole(role));
    QVERIFY(!fin.ending->clean && !fin.ending->closeSent && !fin.ending->closeReceived);
    QVERIFY(fin.written().isEmpty()); // never on the wire

    Playbook reset(role);
    reset.reset();
    QCOMPARE(reset.ending->code, quint16(1006));
    QCOMPARE(reset.ending->transport, TransportEnd::PeerReset);

    Playbook unanswered(role);
    unanswered.connection().close(quint16(1000), {}, unanswered.now());
    unanswered.fin();
    QCOMPARE(unanswered.ending->code, quint16(1006));
    QCOMPARE(unanswered.ending->startedBy, role);
    QVERIFY(unanswered.ending->closeSent && !unanswered.ending->clean);

    Playbook failed(role);
    failed.connection().transportEnded(TransportEnd::Failed, QStringLiteral("No route to host"), failed.now());
    QCOMPARE(failed.ending->transport, TransportEnd::Failed);
    QVERIFY(failed.ending->detail.contains(QLatin1String("No route to host")));
}

void tst_ConnectionClose::endInsideAFrameShowsTheFrame()
{
    Playbook play(Role::Client);
    play >> hex("82 05 4142");
    play.fin();
    QCOMPARE(play.transcript(),
        QStringList({
            QStringLiteral("server binary fin len 5 at 0 \"AB\" !truncated-frame incomplete"),
            QStringLiteral("ended 1006 by server tcp-fin abort"),
        }));
    QCOMPARE(play.ending->bytesReceived, 4u);
}

void tst_ConnectionClose::idleTimeBeforeTheEndIsDiagnosed()
{
    Playbook proxy(Role::Client);
    proxy >> hex("81 01 41");
    proxy.advance(60 * base::kNsPerSecond);
    proxy.fin();
    QVERIFY2(
        proxy.ending->detail.contains(QLatin1String("60.0 s after the last byte")), qPrintable(proxy.ending->detail));
    QVERIFY(proxy.ending->detail.contains(QLatin1String("proxies")));

    Playbook other(Role::Client);
    other.advance(43 * base::kNsPerSecond);
    other.fin();
    QVERIFY(other.ending->detail.contains(QLatin1String("43.0 s")));
    QVERIFY(!other.ending->detail.contains(QLatin1String("proxies")));
}

void tst_ConnectionClose::bothSidesCloseAtOnce_data()
{
    streamThatEndsWithoutCloseIs1006_data();
}

void tst_ConnectionClose::bothSidesCloseAtOnce()
{
    QFETCH(Role, role);
    Playbook play(role);
    play.connection().close(quint16(1000), "ours", play.now()); // C8
    play >> closeFrame(wire::otherRole(role), hex("0fa0 7468656972 73"));
    play.fin();
    QCOMPARE(play.endings, 1);
    QVERIFY(play.ending->clean);
    QCOMPARE(play.ending->code, quint16(4000)); // of the first one received
    QCOMPARE(play.ending->reason, QByteArray("theirs"));
    QCOMPARE(play.ending->sentCode, std::optional<quint16>(1000));
    QCOMPARE(
        tests::decodeAll({role, false}, {play.written()}).size(), size_t(1)); // one close frame, not a second as reply
}

void tst_ConnectionClose::firstCodeReceivedIsReported()
{
    Playbook play(Role::Client);
    play >> hex("88 02 0fa1 88 02 0fa2");
    play.fin();
    QCOMPARE(play.ending->code, quint16(4001));
    QCOMPARE(play.ending->receivedCode, std::optional<quint16>(4001));
}

void tst_ConnectionClose::unansweredCloseEndsAfterItsTimeout()
{
    Playbook play(Role::Server);
    play.connection().close(quint16(1000), {}, play.now()); // C9
    QCOMPARE(play.connection().nextDeadlineNs(), std::optional<qint64>(play.now().monoNs + 5 * base::kNsPerSecond));
    play.advance(4'999 * base::kNsPerMs);
    play >> hex("81 81 00000000 41"); // C10: bytes do not move the deadline
    QCOMPARE(play.endings, 0);
    play.advance(base::kNsPerMs);
    QCOMPARE(play.transcript().last(), QStringLiteral("ended 1006 by server sent 1000 timeout abort"));
    QVERIFY(play.ending->detail.contains(QLatin1String("5.0 s")));
}

void tst_ConnectionClose::messagesStillArriveBetweenTheTwoCloseFrames()
{
    Playbook play(Role::Client);
    play.connection().close(quint16(1000), {}, play.now());
    play >> hex("81 01 41 88 02 03e8");
    QCOMPARE(play.messages, std::vector<QByteArray>{"A"});
    QVERIFY(play.frames[1].frame.violations.isEmpty());
}

void tst_ConnectionClose::pingAfterOurCloseIsNotAnswered()
{
    Playbook play(Role::Server);
    play.connection().close(quint16(1000), {}, play.now());
    play.written();
    play >> hex("89 80 00000000");
    QVERIFY(play.written().isEmpty());
}

void tst_ConnectionClose::violationAfterOurCloseEndsWithoutAnotherCloseFrame()
{
    Playbook play(Role::Server);
    play.connection().close(quint16(1000), {}, play.now());
    play.written();
    play >> hex("81 01 41");
    QVERIFY(play.written().isEmpty());
    QCOMPARE(play.endings, 1);
    QVERIFY(play.aborted);
    QCOMPARE(play.ending->sentCode, std::optional<quint16>(1000));
    QCOMPARE(play.ending->startedBy, Role::Server);
}

void tst_ConnectionClose::closeInsideAFragmentedMessageIsClean()
{
    Playbook play(Role::Server);
    play >> hex("01 81 00000000 41 88 82 00000000 03e8"); // C14
    QVERIFY(play.ending->clean);
    QCOMPARE(play.ending->code, quint16(1000));
    QVERIFY(play.messages.empty());
}

void tst_ConnectionClose::longReasonIsCutAtACodePoint()
{
    Playbook play(Role::Server);
    play.connection().close(quint16(1000), QByteArray(122, 'a') + hex("c3a9"), play.now()); // C5
    const auto sent = tests::decodeAll({Role::Server, false}, {play.written()});
    QCOMPARE(sent.at(0).payload, hex("03e8") + QByteArray(122, 'a'));
    QVERIFY(sent.at(0).violations.isEmpty());
}

void tst_ConnectionClose::nothingIsSentAfterClose()
{
    Playbook play(Role::Client);
    QVERIFY(play.connection().sendMessage(Opcode::Text, "A", play.now()));
    play.connection().close(std::nullopt, {}, play.now());
    play.written();
    QVERIFY(!play.connection().sendMessage(Opcode::Text, "B", play.now()));
    QVERIFY(!play.connection().ping({}, play.now()));
    play.connection().close(quint16(1000), {}, play.now());
    QVERIFY(play.written().isEmpty());
}

void tst_ConnectionClose::nothingHappensAfterTheEnd()
{
    Playbook play(Role::Server);
    play.connection().abort(TransportEnd::LocalAbort, {}, play.now());
    play.transcript();
    QVERIFY(!play.connection().sendMessage(Opcode::Text, "A", play.now()));
    QVERIFY(!play.connection().ping({}, play.now()));
    play.connection().close(quint16(1000), {}, play.now());
    play.connection().abort(TransportEnd::Timeout, {}, play.now());
    play.connection().deadlineReached(play.now());
    play >> hex("81 81 00000000 41");
    play.fin();
    QCOMPARE(play.transcript(), QStringList());
    QCOMPARE(play.endings, 1);
    QVERIFY(!play.connection().nextDeadlineNs());
}

void tst_ConnectionClose::callsFromInsideEndedDoNothing()
{
    for (const bool broken : {false, true}) {
        Playbook play(Role::Server);
        play.onEnded = [&] {
            QVERIFY(!play.connection().sendMessage(Opcode::Text, "A", play.now()));
            QVERIFY(!play.connection().ping({}, play.now()));
            play.connection().close(quint16(1000), {}, play.now());
            play.connection().abort(TransportEnd::LocalAbort, {}, play.now());
            play.fin();
        };
        play >> (broken ? hex("81 01 41") : hex("88 80 00000000"));
        QCOMPARE(play.endings, 1);
        QCOMPARE(tests::decodeAll({Role::Server, false}, {play.written()}).size(), size_t(1));
    }
}

QTEST_APPLESS_MAIN(tst_ConnectionClose)
#include "tst_connection_close.moc"
