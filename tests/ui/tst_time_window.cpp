// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "ui/widgets/time_window.h"

#include <QTest>

#include <cmath>
#include <limits>

using feedscope::base::kNsPerSecond;
using feedscope::ui::TimeWindow;

namespace {

constexpr qint64 kStart = 1'795'257'000 * kNsPerSecond;
constexpr qint64 kPerPixel = 100'000'000;

/// A thousand pixels of 100 ms, with an hour of history.
TimeWindow window(qint64 nowNs = kStart)
{
    TimeWindow window;
    window.setPixels(1000);
    window.setScale(kPerPixel, 1000);
    window.setData(kStart - 3600 * kNsPerSecond, kStart, nowNs, 0);
    return window;
}

} // namespace

class TestTimeWindow : public QObject {
    Q_OBJECT
private slots:
    void theNewestIsNearTheRightEdge()
    {
        const TimeWindow w = window();
        QVERIFY(w.isFollowing());
        QVERIFY(w.toNs() > kStart);
        QVERIFY(w.toNs() - kStart < 50 * kPerPixel);
        QCOMPARE(w.toNs() - w.fromNs(), 1000 * kPerPixel);
    }

    void itBeginsAtAWholePixel()
    {
        TimeWindow w = window();
        for (qint64 ns : {kStart + 1, kStart + 12'345'678, kStart + 7 * kNsPerSecond + 3}) {
            w.setData(kStart - 3600 * kNsPerSecond, ns, ns, 0);
            QCOMPARE(w.fromNs() % kPerPixel, 0);
        }
        w.pan(77);
        QCOMPARE(w.fromNs() % kPerPixel, 0);
        w.zoom(1.37, 300);
        QCOMPARE(w.fromNs() % w.nsPerPixel(), 0);
    }

    void theEdgeGoesOnByOurClock_data()
    {
        QTest::addColumn<qint64>("skew");
        QTest::newRow("same clock") << qint64(0);
        QTest::newRow("the source an hour behind") << 3600 * kNsPerSecond;
        QTest::newRow("the source a week ahead") << -7 * 86400 * kNsPerSecond;
    }

    void theEdgeGoesOnByOurClock()
    {
        QFETCH(qint64, skew);
        TimeWindow w = window(kStart + skew);
        const qint64 to = w.toNs();
        w.setData(0, kStart, kStart + skew + 5 * kNsPerSecond, 0);
        QCOMPARE(w.toNs(), to + 5 * kNsPerSecond);
    }

    void theEdgeDoesNotLeaveTheNewestBehind()
    {
        TimeWindow w = window();
        w.setData(0, kStart, kStart + 86400 * kNsPerSecond, 0);
        QVERIFY(w.fromNs() < kStart - 800 * kPerPixel);
    }

    void theEdgeNeverGoesBack()
    {
        TimeWindow w = window();
        qint64 to = w.toNs();
        qint64 newest = kStart;
        // Values that were late by turns: 0, 300 and 100 ms.
        for (int i = 1; i < 200; ++i) {
            const qint64 now = kStart + i * kNsPerSecond / 10;
            const qint64 late = (i % 3 == 1 ? 3 : i % 3 == 2 ? 1 : 0) * kPerPixel;
            newest = std::max(newest, now - late);
            w.setData(0, newest, now, 0);
            QVERIFY(w.toNs() >= to);
            to = w.toNs();
        }
    }

    void candlesStepByWholeIntervals()
    {
        TimeWindow w;
        w.setPixels(1000);
        w.setScale(kPerPixel, 1000);
        w.setData(0, kStart, kStart, kNsPerSecond);
        const qint64 to = w.toNs();
        w.setData(0, kStart, kStart + kNsPerSecond / 2, kNsPerSecond);
        QCOMPARE(w.toNs(), to);
        w.setData(0, kStart + kNsPerSecond, kStart + kNsPerSecond, kNsPerSecond);
        QCOMPARE(w.toNs(), to + kNsPerSecond);
        w.setData(0, kStart + kNsPerSecond, kStart + kNsPerSecond, kNsPerSecond);
        QCOMPARE(w.toNs(), to + kNsPerSecond);
    }

    void panningToThePastPausesAndBackFollows()
    {
        TimeWindow w = window();
        w.pan(-10); // there is nothing newer
        QVERIFY(w.isFollowing());
        w.pan(100);
        QVERIFY(!w.isFollowing());
        const qint64 to = w.toNs();
        w.setData(0, kStart + 60 * kNsPerSecond, kStart + 60 * kNsPerSecond, 0);
        QCOMPARE(w.toNs(), to); // stands still
        w.pan(-100);
        QVERIFY(!w.isFollowing()); // the edge has moved on
        w.pan(-700);
        QVERIFY(w.isFollowing());
    }

    void zoomKeepsTheEdgeWhileFollowingAndTheCursorWhilePaused()
    {
        TimeWindow w = window();
        w.zoom(2, 100);
        QVERIFY(w.isFollowing());
        QCOMPARE(w.nsPerPixel(), kPerPixel / 2);
        QVERIFY(w.toNs() > kStart);
        w.reset();
        w.pan(2000);
        const qint64 under = w.fromNs() + 250 * w.nsPerPixel();
        w.zoom(4, 250);
        QCOMPARE(w.nsPerPixel(), kPerPixel / 4);
        QVERIFY(std::abs(w.fromNs() + 250 * w.nsPerPixel() - under) <= w.nsPerPixel());
    }

    void zoomHasLimits()
    {
        TimeWindow w = window();
        for (int i = 0; i < 200; ++i)
            w.zoom(2, 500);
        QCOMPARE(w.nsPerPixel(), 1000);
        for (int i = 0; i < 200; ++i)
            w.zoom(0.5, 500);
        const qint64 all = 3600 * kNsPerSecond;
        QVERIFY(w.nsPerPixel() * 1000 > all);
        QVERIFY(w.nsPerPixel() * 1000 < 2 * all);
        w.zoom(std::nan(""), 500);
        w.zoom(-1, 500);
        QVERIFY(w.nsPerPixel() > 0);
    }

    void oneFindsBack()
    {
        TimeWindow w = window();
        w.pan(std::numeric_limits<qint64>::max());
        QVERIFY(w.toNs() > kStart - 3600 * kNsPerSecond); // the oldest is in view
        w.pan(std::numeric_limits<qint64>::min());
        QVERIFY(w.isFollowing());
        w.showOldest();
        QVERIFY(!w.isFollowing());
        QVERIFY(w.fromNs() <= kStart - 3600 * kNsPerSecond);
        QVERIFY(w.toNs() > kStart - 3600 * kNsPerSecond);
    }

    void aRangeIsShownWhole()
    {
        TimeWindow w = window();
        w.showRange(kStart - 1000 * kNsPerSecond, kStart - 900 * kNsPerSecond);
        QVERIFY(!w.isFollowing());
        QVERIFY(w.fromNs() <= kStart - 1000 * kNsPerSecond + w.nsPerPixel());
        QVERIFY(w.toNs() >= kStart - 900 * kNsPerSecond);
        QVERIFY(w.toNs() - w.fromNs() <= 101 * kNsPerSecond);
    }

    void resizingKeepsTheRightEdge()
    {
        TimeWindow w = window();
        w.pan(500);
        const qint64 to = w.toNs();
        w.setPixels(600);
        QCOMPARE(w.toNs(), to);
        QCOMPARE(w.toNs() - w.fromNs(), 600 * kPerPixel);
    }

    void anotherSeriesComparesTheClocksAnew()
    {
        TimeWindow w = window(kStart + 3600 * kNsPerSecond);
        w.forgetData();
        w.setData(0, kStart - 86400 * kNsPerSecond, kStart + 3600 * kNsPerSecond, 0);
        QVERIFY(w.toNs() < kStart - 86000 * kNsPerSecond);
        QVERIFY(w.toNs() > kStart - 86400 * kNsPerSecond);
    }
};

QTEST_APPLESS_MAIN(TestTimeWindow)
#include "tst_time_window.moc"
