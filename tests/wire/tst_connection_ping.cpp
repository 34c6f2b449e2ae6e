// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/connection.h"

#include "support/playbook.h"
#include "wire/frame_encoder.h"

#include <QTest>

using namespace feedscope;
using base::kNsPerMs;
using base::kNsPerSecond;
using tests::hex;
using tests::Playbook;
using wire::Opcode;
using wire::Role;
using wire::Rule;

/// The heartbeat: pings by itself, round-trip times, and peers that no longer answer.
class tst_ConnectionPing : public QObject {
    Q_OBJECT

private slots:
    void pingsByItselfWhileOpen();
    void roundTripTimeIsPairedByPayload();
    void silentPeerIsGivenUp();
    void dataDoesNotReplaceThePong();
    void unansweredPingOfTheCallerCountsToo();
    void deadlinesMoveWithWhatHappens();
    void unsolicitedPongIsShownAndNothingElse();
    void pongOfABrokenFrameIsNotTrusted();
    void noMorePingsThanCanBeRemembered();
    void noPingsAfterClose();
};

namespace {

/// The pong to the last ping that was written.
QByteArray pongTo(Role pinger, const QByteArray &written)
{
    const auto frames = tests::decodeAll({pinger, false}, {written});
    wire::FrameHeader header = wire::makeHeader(Opcode::Pong, static_cast<quint64>(frames.back().payload.size()));
    header.masked = pinger == Role::Server;
    return wire::encodeFrame(header, frames.back().payload);
}

} // namespace

void tst_ConnectionPing::pingsByItselfWhileOpen()
{
    for (const Role role : {Role::Server, Role::Client}) {
        Playbook play(role, wire::Limits());
        play.advance(19'999 * kNsPerMs);
        QVERIFY(play.written().isEmpty());
        QByteArray previous;
        for (int i = 0; i < 3; ++i) {
            play.advance(kNsPerMs);
            const QByteArray ping = play.written();
            const auto sent = tests::decodeAll({role, false}, {ping});
            QCOMPARE(sent.size(), size_t(1));
            QCOMPARE(sent[0].header.opcode, Opcode::Ping);
            QCOMPARE(sent[0].payload.size(), 8);
            QVERIFY(sent[0].payload != previous);
            previous = sent[0].payload;
            play.advance(5 * kNsPerMs);
            play >> pongTo(role, ping);
            play.advance(19'994 * kNsPerMs);
        }
        QCOMPARE(play.endings, 0);
        QCOMPARE(play.connection().lastRttNs(), std::optional<qint64>(5 * kNsPerMs));
    }
}

void tst_ConnectionPing::roundTripTimeIsPairedByPayload()
{
    Playbook play(Role::Client);
    QVERIFY(!play.connection().lastRttNs());
    QVERIFY(play.connection().ping("a", play.now()));
    play.advance(10 * kNsPerMs);
    QVERIFY(play.connection().ping("b", play.now()));
    play.advance(5 * kNsPerMs);
    play >> hex("8a 01 61");
    QCOMPARE(play.frames.back().rttNs, std::optional<qint64>(15 * kNsPerMs));
    QVERIFY(play.frames.back().frame.violations.isEmpty());
    play.advance(kNsPerMs);
    play >> hex("8a 01 62");
    QCOMPARE(play.transcript().last(), QStringLiteral("server pong fin len 1 at 3 \"b\" rtt 6000us"));
    QCOMPARE(play.connection().lastRttNs(), std::optional<qint64>(6 * kNsPerMs));
}

void tst_ConnectionPing::silentPeerIsGivenUp()
{
    Playbook play(Role::Server, wire::Limits());
    play.advance(30 * kNsPerSecond - 1);
    QCOMPARE(play.endings, 0);
    play.advance(1); // N2: dead peer known in 30 s
    QCOMPARE(play.transcript().last(), QStringLiteral("ended 1006 by server timeout abort"));
    QVERIFY2(play.ending->detail.contains(QLatin1String("no pong within 10.0 s")), qPrintable(play.ending->detail));
    QVERIFY(play.ending->detail.contains(QLatin1String("30.0 s before")));
}

void tst_ConnectionPing::dataDoesNotReplaceThePong()
{
    // any byte as a sign of life is not enough, because a path may be dead in one direction only.
    Playbook play(Role::Client, wire::Limits());
    for (int i = 0; i < 30; ++i) {
        play.advance(kNsPerSecond);
        play >> hex("81 01 41");
    }
    QCOMPARE(play.endings, 1);
    QCOMPARE(play.ending->transport, wire::TransportEnd::Timeout);
}

void tst_ConnectionPing::unansweredPingOfTheCallerCountsToo()
{
    Playbook play(Role::Client);
    QVERIFY(!play.connection().nextDeadlineNs());
    QVERIFY(play.connection().ping({}, play.now()));
    play.advance(10 * kNsPerSecond);
    QCOMPARE(play.ending->transport, wire::TransportEnd::Timeout);

    wire::Limits patient = Playbook::quiet();
    patient.pongTimeoutNs = 0;
    Playbook endless(Role::Client, patient);
    QVERIFY(endless.connection().ping({}, endless.now()));
    endless.advance(1000 * kNsPerSecond);
    QCOMPARE(endless.endings, 0);
}

void tst_ConnectionPing::deadlinesMoveWithWhatHappens()
{
    Playbook play(Role::Server, wire::Limits());
    const qint64 start = play.now().monoNs;
    QCOMPARE(play.connection().nextDeadlineNs(), std::optional<qint64>(start + 20 * kNsPerSecond));
    play.advance(20 * kNsPerSecond);
    QCOMPARE(play.connection().nextDeadlineNs(), std::optional<qint64>(start + 30 * kNsPerSecond));
    play >> pongTo(Role::Server, play.written());
    QCOMPARE(play.connection().nextDeadlineNs(), std::optional<qint64>(start + 40 * kNsPerSecond));
    play.connection().close(quint16(1000), {}, play.now());
    QCOMPARE(play.connection().nextDeadlineNs(), std::optional<qint64>(start + 25 * kNsPerSecond));
}

void tst_ConnectionPing::unsolicitedPongIsShownAndNothingElse()
{
    Playbook play(Role::Client);
    play >> hex("8a 02 4142"); // F13
    QCOMPARE(play.transcript(), QStringList(QStringLiteral("server pong fin len 2 at 0 \"AB\" !unsolicited-pong")));
    QVERIFY(!play.connection().lastRttNs());
}

void tst_ConnectionPing::pongOfABrokenFrameIsNotTrusted()
{
    Playbook play(Role::Server);
    QVERIFY(play.connection().ping("a", play.now()));
    play >> hex("8a 01 61"); // unmasked
    QVERIFY(!play.connection().lastRttNs());
    QCOMPARE(play.endings, 1);
}

void tst_ConnectionPing::noMorePingsThanCanBeRemembered()
{
    Playbook play(Role::Client);
    for (int i = 0; i < 64; ++i)
        QVERIFY(play.connection().ping(QByteArray::number(i), play.now()));
    QVERIFY(!play.connection().ping("one too many", play.now()));
    play >> hex("8a 02 3633"); // "63" answers them all
    QVERIFY(play.connection().ping("again", play.now()));
}

void tst_ConnectionPing::noPingsAfterClose()
{
    Playbook play(Role::Client, wire::Limits());
    play.advance(18 * kNsPerSecond);
    play.connection().close(quint16(1000), {}, play.now());
    play.written();
    play.advance(4 * kNsPerSecond);
    QVERIFY(play.written().isEmpty());
    QCOMPARE(play.endings, 0);
}

QTEST_APPLESS_MAIN(tst_ConnectionPing)
#include "tst_connection_ping.moc"
