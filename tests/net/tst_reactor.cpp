// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/net_fixture.h"

#include <QTest>

using namespace feedscope;
using tests::NetThread;

class tst_Reactor : public QObject {
    Q_OBJECT

private slots:
    void postedWorkRunsInOrderOnItsThread();
    void runSyncWaits();
    void runSyncBeforeTheLoopIsEnteredWaitsForIt();
    void timerTicksUntilItsHandleGoes();
    void timerMayDestroyItselfInItsTick();
    void timersKeepTheirRatio();
    void stopEndsRunWithWorkLeft();
};

void tst_Reactor::postedWorkRunsInOrderOnItsThread()
{
    NetThread net;
    std::vector<int> order;
    bool allInThread = true;
    QVERIFY(!net.reactor.isInThread());
    for (int i = 0; i < 100; ++i) {
        net.reactor.post([&, i] {
            order.push_back(i);
            allInThread = allInThread && net.reactor.isInThread();
        });
    }
    net.reactor.runSync([] {});
    QVERIFY(allInThread);
    QCOMPARE(order.size(), size_t(100));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

void tst_Reactor::runSyncWaits()
{
    NetThread net;
    int value = 0;
    net.reactor.runSync([&] { value = 1; });
    QCOMPARE(value, 1);
}

void tst_Reactor::runSyncBeforeTheLoopIsEnteredWaitsForIt()
{
    net::Reactor reactor;
    bool ran = false;
    std::thread asker([&] {
        reactor.runSync([&] { ran = true; });
        reactor.stop();
    });
    reactor.run();
    asker.join();
    QVERIFY(ran);
}

void tst_Reactor::timerTicksUntilItsHandleGoes()
{
    NetThread net;
    std::atomic<int> ticks = 0;
    std::unique_ptr<net::Reactor::Timer> timer;
    net.reactor.runSync([&] { timer = net.reactor.every(base::kNsPerMs, [&] { ++ticks; }); });
    QTRY_VERIFY(ticks >= 3);
    net.reactor.runSync([&] { timer.reset(); });
    const int after = ticks;
    std::atomic<int> others = 0;
    net.reactor.runSync([&] { timer = net.reactor.every(base::kNsPerMs, [&] { ++others; }); });
    QTRY_VERIFY(others >= 5);
    QCOMPARE(int(ticks), after);
    net.reactor.runSync([&] { timer.reset(); });
}

void tst_Reactor::timerMayDestroyItselfInItsTick()
{
    NetThread net;
    std::unique_ptr<net::Reactor::Timer> timer;
    std::atomic<int> ticks = 0;
    net.reactor.runSync([&] {
        timer = net.reactor.every(base::kNsPerMs, [&] {
            ++ticks;
            timer.reset();
        });
    });
    QTRY_COMPARE(int(ticks), 1);
    std::atomic<int> others = 0;
    std::unique_ptr<net::Reactor::Timer> other;
    net.reactor.runSync([&] { other = net.reactor.every(base::kNsPerMs, [&] { ++others; }); });
    QTRY_VERIFY(others >= 5);
    QCOMPARE(int(ticks), 1);
    net.reactor.runSync([&] { other.reset(); });
}

void tst_Reactor::timersKeepTheirRatio()
{
    // Deadlines follow from deadlines: a tick that comes late does not move those after it, so the slow timer never
    // runs ahead of the fast one.
    NetThread net;
    std::unique_ptr<net::Reactor::Timer> fast;
    std::unique_ptr<net::Reactor::Timer> slow;
    std::atomic<int> fastTicks = 0;
    std::atomic<int> slowTicks = 0;
    net.reactor.runSync([&] {
        fast = net.reactor.every(5 * base::kNsPerMs, [&] { ++fastTicks; });
        slow = net.reactor.every(50 * base::kNsPerMs, [&] { ++slowTicks; });
    });
    QTRY_VERIFY(slowTicks >= 3);
    QVERIFY2(fastTicks > slowTicks, qPrintable(QStringLiteral("%1 and %2").arg(fastTicks).arg(slowTicks)));
    net.reactor.runSync([&] {
        fast.reset();
        slow.reset();
    });
}

void tst_Reactor::stopEndsRunWithWorkLeft()
{
    net::Reactor reactor;
    bool ran = false;
    reactor.post([&] { reactor.stop(); });
    reactor.post([&] { ran = true; });
    reactor.run();
    QVERIFY(!ran);
    QVERIFY(!reactor.isInThread());
}

QTEST_GUILESS_MAIN(tst_Reactor)
#include "tst_reactor.moc"
