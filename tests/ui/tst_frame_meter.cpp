// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/frame_meter.h"

#include <QEventLoop>
#include <QSignalSpy>
#include <QTimer>
#include <QWidget>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kMs = 1'000'000;

/// Keeps the GUI thread busy: what a stall is.
void work(qint64 ms)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < ms) { }
}

} // namespace

class TestFrameMeter : public QObject {
    Q_OBJECT

    static FrameMeter &meter() { return static_cast<Application *>(qApp)->meter(); }

private slots:
    void init() { meter().reset(); }

    void nothingMeasuredIsZero()
    {
        const FrameMeter fresh;
        QCOMPARE(fresh.repaints(), quint64(0));
        QCOMPARE(fresh.repaintMs(0.5), 0.0);
        QCOMPARE(fresh.stallMs(0.99), 0.0);
        QCOMPARE(fresh.longestStallMs(), 0.0);
        QCOMPARE(fresh.ticksPerSecond(), 0.0);
    }

    void quantilesAreOverTheNewestRepaints()
    {
        FrameMeter measured;
        for (int i = 1; i <= 101; ++i)
            measured.addRepaint(i * kMs);
        QCOMPARE(measured.repaints(), quint64(101));
        QCOMPARE(measured.repaintMs(0), 1.0);
        QCOMPARE(measured.repaintMs(0.5), 51.0);
        QCOMPARE(measured.repaintMs(1), 101.0);
        for (int i = 0; i < 4096; ++i)
            measured.addRepaint(7 * kMs);
        QCOMPARE(measured.repaintMs(1), 7.0);
    }

    void eventsWithoutAWaitAreOneStretch()
    {
        FrameMeter measured;
        measured.addBusy(0, 4 * kMs);
        measured.addBusy(4 * kMs + 10'000, 9 * kMs); // 10 µs later: the loop went round once
        QCOMPARE(measured.longestStallMs(), 9.0);
        measured.addBusy(20 * kMs, 22 * kMs);
        QCOMPARE(measured.longestStallMs(), 9.0);
        QCOMPARE(measured.stallMs(1), 9.0); // the one before; that of 2 ms may still go on
        measured.addBusy(40 * kMs, 41 * kMs);
        QCOMPARE(measured.stallMs(0), 2.0);
    }

    void resetForgetsTheStretchThatIsUnderWay()
    {
        FrameMeter measured;
        measured.addBusy(0, 500 * kMs);
        measured.reset();
        measured.addBusy(500 * kMs, 501 * kMs);
        QCOMPARE(measured.longestStallMs(), 1.0);
        QCOMPARE(measured.repaints(), quint64(0));
    }

    void ticksPerSecondIsOverTheTicksHeld()
    {
        FrameMeter measured;
        for (int i = 0; i < 200; ++i)
            measured.addTick(i * 20 * kMs);
        QCOMPARE(measured.ticksPerSecond(), 50.0);
        for (int i = 0; i < 64; ++i)
            measured.addTick(4000 * kMs + i * 10 * kMs);
        QCOMPARE(measured.ticksPerSecond(), 100.0);
    }

    void timerThatTakesLongIsAStall()
    {
        bool done = false;
        QTimer::singleShot(0, this, [&] {
            work(30);
            done = true;
        });
        QTRY_VERIFY(done);
        QTRY_VERIFY(meter().longestStallMs() >= 30);
    }

    void postedCallThatTakesLongIsAStall()
    {
        bool done = false;
        QMetaObject::invokeMethod(
            this,
            [&] {
                work(30);
                done = true;
            },
            Qt::QueuedConnection);
        QTRY_VERIFY(done);
        QVERIFY(meter().longestStallMs() >= 30);
    }

    /// A menu or a file dialog waits in an event loop of its own.
    void waitingInANestedLoopIsNoStall()
    {
        constexpr int kWaitedMs = 300;
        qint64 inLoopMs = 0;
        QTimer::singleShot(0, this, [&] {
            QElapsedTimer timer;
            timer.start();
            QEventLoop loop;
            QTimer::singleShot(kWaitedMs, &loop, [&loop] {
                work(20);
                loop.quit();
            });
            loop.exec();
            inLoopMs = timer.elapsed();
        });
        QTRY_VERIFY(inLoopMs > 0);
        QVERIFY(inLoopMs >= kWaitedMs);
        QVERIFY(meter().longestStallMs() >= 20);
        QVERIFY2(meter().longestStallMs() <= static_cast<double>(inLoopMs - kWaitedMs / 2), qPrintable(QString::number(meter().longestStallMs())));
    }

    void repaintsOfAWindowAreCounted()
    {
        class Slow final : public QWidget {
        protected:
            void paintEvent(QPaintEvent *) override { work(5); }
        };
        Slow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        meter().reset();
        window.update();
        QTRY_VERIFY(meter().repaints() > 0);
        QVERIFY(meter().repaintMs(1) >= 5);
    }
};

int main(int argc, char **argv)
{
    Application application(argc, argv);
    TestFrameMeter test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_frame_meter.moc"
