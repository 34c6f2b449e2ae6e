// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/ping_tracker.h"

#include <QTest>

using namespace feedscope;

class tst_PingTracker : public QObject {
    Q_OBJECT

private slots:
    void pongAnswersThePingWithItsPayload();
    void equalPayloadsAreAnsweredInOrder();
    void pongToTheNewestAnswersTheOlderToo();
    void pongWithoutPingIsUnsolicited();
    void theOldestPingIsForgottenWhereThereAreTooMany();
};

void tst_PingTracker::pongAnswersThePingWithItsPayload()
{
    wire::PingTracker pings;
    QVERIFY(!pings.oldestNs());
    pings.pingSeen("a", 100);
    pings.pingSeen("b", 150);
    QCOMPARE(pings.oldestNs(), std::optional<qint64>(100));
    QCOMPARE(pings.pongSeen("a", 400), std::optional<qint64>(300));
    QCOMPARE(pings.pongSeen("b", 400), std::optional<qint64>(250));
    QCOMPARE(pings.outstanding(), size_t(0));
}

void tst_PingTracker::equalPayloadsAreAnsweredInOrder()
{
    wire::PingTracker pings;
    pings.pingSeen("", 100);
    pings.pingSeen("", 200);
    QCOMPARE(pings.pongSeen("", 300), std::optional<qint64>(200));
    QCOMPARE(pings.pongSeen("", 300), std::optional<qint64>(100));
    QVERIFY(!pings.pongSeen("", 300));
}

void tst_PingTracker::pongToTheNewestAnswersTheOlderToo()
{
    wire::PingTracker pings; // RFC 6455 5.5.3
    pings.pingSeen("a", 100);
    pings.pingSeen("b", 200);
    pings.pingSeen("c", 300);
    QCOMPARE(pings.pongSeen("b", 500), std::optional<qint64>(300));
    QCOMPARE(pings.outstanding(), size_t(1));
    QVERIFY(!pings.pongSeen("a", 500));
    QCOMPARE(pings.pongSeen("c", 500), std::optional<qint64>(200));
}

void tst_PingTracker::pongWithoutPingIsUnsolicited()
{
    wire::PingTracker pings;
    QVERIFY(!pings.pongSeen("", 1));
    pings.pingSeen("a", 100);
    QVERIFY(!pings.pongSeen("A", 200));
    QCOMPARE(pings.outstanding(), size_t(1));
}

void tst_PingTracker::theOldestPingIsForgottenWhereThereAreTooMany()
{
    wire::PingTracker pings;
    for (int i = 0; i < 64; ++i)
        pings.pingSeen(QByteArray::number(i), i);
    QVERIFY(pings.isFull());
    QCOMPARE(pings.forgotten(), 0u);
    pings.pingSeen("64", 64);
    QCOMPARE(pings.outstanding(), size_t(64));
    QCOMPARE(pings.forgotten(), 1u);
    QVERIFY(!pings.pongSeen("0", 100));
    QCOMPARE(pings.pongSeen("64", 100), std::optional<qint64>(36));
    QCOMPARE(pings.outstanding(), size_t(0));
}

QTEST_APPLESS_MAIN(tst_PingTracker)
#include "tst_ping_tracker.moc"
