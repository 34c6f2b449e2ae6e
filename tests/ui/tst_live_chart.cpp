// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/live_chart.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kStart = 1'795'257'000 * kSecond; // a round time

/// A market of `seconds`, the same each time.
void trade(series::CandleSeries &candles, int seconds, qint64 startNs = kStart)
{
    QRandomGenerator random(17);
    double price = 189;
    for (int second = 0; second < seconds; ++second) {
        const int trades = 1 + static_cast<int>(6 * random.generateDouble() * random.generateDouble());
        for (int i = 0; i < trades; ++i) {
            price += (random.generateDouble() - 0.5) * 0.12 + (189 - price) * 0.002;
            price = std::round(price * 100) / 100;
            candles.addTrade(startNs + second * kSecond + i * kSecond / trades, price, random.bounded(1, 90) * 10);
        }
    }
}

void sample(series::Series &line, int count, qint64 stepNs, qint64 startNs = kStart)
{
    QRandomGenerator random(5);
    double value = 3;
    for (int i = 0; i < count; ++i) {
        value = std::max(0.2, value + (random.generateDouble() - 0.5) * 0.2 + (3 - value) * 0.001);
        const double spike = random.bounded(4000) == 0 ? 6 * random.generateDouble() : 0;
        line.append({startNs + i * stepNs, value + spike});
    }
}

/// A chart on the screen at rest: the value range has come to its place.
int settle(LiveChart &chart, qint64 nowNs)
{
    int ticks = 0;
    while (ticks < 100 && chart.displayTick(nowNs))
        ++ticks;
    QCoreApplication::processEvents();
    return ticks;
}

QPixmap picture(LiveChart &chart)
{
    QCoreApplication::processEvents();
    return chart.grab();
}

void wheel(LiveChart &chart, QPoint at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWheelEvent event(at, chart.viewport()->mapToGlobal(at), QPoint(), QPoint(0, delta), Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(chart.viewport(), &event);
}

void drag(LiveChart &chart, QPoint from, QPoint to)
{
    QTest::mousePress(chart.viewport(), Qt::LeftButton, {}, from);
    // QTest::mouseMove carries no buttons on its own window system.
    for (int i = 1; i <= 4; ++i) {
        const QPoint at = from + (to - from) * i / 4;
        QMouseEvent move(QEvent::MouseMove, at, chart.viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(chart.viewport(), &move);
    }
    QTest::mouseRelease(chart.viewport(), Qt::LeftButton, {}, to);
}

void hover(LiveChart &chart, QPoint at)
{
    QMouseEvent move(QEvent::MouseMove, at, chart.viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(chart.viewport(), &move);
}

QAbstractButton *pillOf(LiveChart &chart)
{
    return chart.findChild<QAbstractButton *>();
}

qsizetype pixelsOf(const QImage &image, QColor color)
{
    qsizetype count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    }
    return count;
}

/// A chart of candles that follows, at rest.
struct Shown {
    series::CandleSeries candles{kSecond};
    LiveChart chart;
    qint64 nowNs = kStart + 1200 * kSecond;

    Shown()
    {
        trade(candles, 1200);
        chart.resize(900, 420);
        chart.setTitle(QStringLiteral("AAPL"), 2);
        chart.setCandles(&candles);
        chart.show();
        settle(chart, nowNs);
    }
    void addTrades(int count)
    {
        for (int i = 0; i < count; ++i)
            candles.addTrade(nowNs + i, 189, 10);
    }
};

} // namespace

class TestLiveChart : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qputenv("TZ", "UTC");
        QApplication::setStyle(QStringLiteral("Fusion"));
        QApplication::setPalette(darkPalette());
        QApplication::setFont(wordFont());
        QVERIFY(QDir().mkpath(QStringLiteral(FEEDSCOPE_ARTEFACTS)));
    }

    void followsFromTheStart()
    {
        Shown shown;
        QVERIFY(shown.chart.isFollowing());
        QVERIFY(shown.chart.visibleToNs() > shown.candles.back().startNs + kSecond);
        QVERIFY(shown.chart.visibleFromNs() < shown.candles.back().startNs);
        QVERIFY(pillOf(shown.chart)->isHidden());
    }

    void aChartThatWasNeverToldTheTimeStaysBlank()
    {
        series::CandleSeries candles(kSecond);
        trade(candles, 60);
        LiveChart chart;
        chart.resize(600, 300);
        chart.setCandles(&candles);
        chart.show();
        const QImage blank = picture(chart).toImage();
        QCOMPARE(pixelsOf(blank, chart.palette().color(QPalette::Base)), qsizetype(blank.width()) * blank.height());
        QVERIFY(chart.displayTick(candles.back().startNs));
        QVERIFY(picture(chart).toImage() != blank);
    }

    void repaintsNothingWhenNothingChanged()
    {
        Shown shown;
        const int before = shown.chart.repaints();
        for (int i = 0; i < 50; ++i)
            QVERIFY(!shown.chart.displayTick(shown.nowNs));
        QCoreApplication::processEvents();
        QCOMPARE(shown.chart.repaints(), before);
    }

    void aTickRepaintsOnceHoweverManyTradesCame()
    {
        Shown shown;
        shown.addTrades(1000);
        QCoreApplication::processEvents();
        const int before = shown.chart.repaints();
        QVERIFY(shown.chart.displayTick(shown.nowNs));
        QCoreApplication::processEvents();
        QCOMPARE(shown.chart.repaints(), before + 1);
    }

    void dataAloneRepaintsNothing()
    {
        Shown shown;
        const int before = shown.chart.repaints();
        shown.addTrades(1000);
        QCoreApplication::processEvents();
        QCOMPARE(shown.chart.repaints(), before);
    }

    void draggingToThePastLeavesTheEdgeAndCountsWhatIsNew()
    {
        Shown shown;
        QSignalSpy following(&shown.chart, &LiveChart::followingChanged);
        QSignalSpy counted(&shown.chart, &LiveChart::newSincePausedChanged);
        const qint64 from = shown.chart.visibleFromNs();
        drag(shown.chart, QPoint(300, 200), QPoint(500, 200));
        QVERIFY(!shown.chart.isFollowing());
        QCOMPARE(following.size(), 1);
        QVERIFY(shown.chart.visibleFromNs() < from);
        QVERIFY(pillOf(shown.chart)->isVisible());

        shown.addTrades(1234);
        const qint64 pausedFrom = shown.chart.visibleFromNs();
        QVERIFY(shown.chart.displayTick(shown.nowNs + kSecond));
        QCOMPARE(shown.chart.newSincePaused(), 1234U);
        QCOMPARE(counted.last().first().toULongLong(), 1234U);
        QCOMPARE(shown.chart.visibleFromNs(), pausedFrom); // stands still
        QVERIFY2(pillOf(shown.chart)->text().contains(formatCount(1234)), qPrintable(pillOf(shown.chart)->text()));
        QVERIFY(shown.chart.viewport()->rect().contains(pillOf(shown.chart)->geometry()));
        picture(shown.chart).save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/live_chart_paused.png"));
    }

    void endReturnsToTheEdge()
    {
        Shown shown;
        drag(shown.chart, QPoint(300, 200), QPoint(500, 200));
        shown.addTrades(5);
        shown.chart.displayTick(shown.nowNs);
        QTest::keyClick(&shown.chart, Qt::Key_End);
        QVERIFY(shown.chart.isFollowing());
        QCOMPARE(shown.chart.newSincePaused(), 0U);
        QVERIFY(pillOf(shown.chart)->isHidden());
        QVERIFY(shown.chart.visibleToNs() > shown.candles.back().startNs);
    }

    void thePillReturnsToTheEdge()
    {
        Shown shown;
        shown.chart.pauseView();
        QTest::mouseClick(pillOf(shown.chart), Qt::LeftButton);
        QVERIFY(shown.chart.isFollowing());
    }

    void panningBackToTheEdgeFollowsAgain()
    {
        Shown shown;
        drag(shown.chart, QPoint(300, 200), QPoint(500, 200));
        drag(shown.chart, QPoint(500, 200), QPoint(200, 200));
        QVERIFY(shown.chart.isFollowing());
    }

    void keysPauseAndPan()
    {
        Shown shown;
        QTest::keyClick(&shown.chart, Qt::Key_Space);
        QVERIFY(!shown.chart.isFollowing());
        const qint64 from = shown.chart.visibleFromNs();
        QTest::keyClick(&shown.chart, Qt::Key_Left);
        QVERIFY(shown.chart.visibleFromNs() < from);
        QTest::keyClick(&shown.chart, Qt::Key_Home);
        QVERIFY(shown.chart.visibleFromNs() <= shown.candles[0].startNs);
        QVERIFY(shown.chart.visibleToNs() > shown.candles[0].startNs);
        QTest::keyClick(&shown.chart, Qt::Key_Space);
        QVERIFY(shown.chart.isFollowing());
    }

    void keysZoom()
    {
        Shown shown;
        const qint64 span = shown.chart.visibleToNs() - shown.chart.visibleFromNs();
        QTest::keyClick(&shown.chart, Qt::Key_Minus);
        QVERIFY(shown.chart.visibleToNs() - shown.chart.visibleFromNs() > span);
        QTest::keyClick(&shown.chart, Qt::Key_Plus);
        QTest::keyClick(&shown.chart, Qt::Key_Plus);
        QVERIFY(shown.chart.visibleToNs() - shown.chart.visibleFromNs() < span);
        QVERIFY(shown.chart.isFollowing());
        QTest::keyClick(&shown.chart, Qt::Key_0);
        QCOMPARE(shown.chart.visibleToNs() - shown.chart.visibleFromNs(), span);
    }

    void aKeyThatMeansNothingIsLeftToOthers()
    {
        Shown shown;
        QKeyEvent key(QEvent::KeyPress, Qt::Key_H, Qt::NoModifier, QStringLiteral("h"));
        QCoreApplication::sendEvent(&shown.chart, &key);
        QVERIFY(!key.isAccepted());
        QKeyEvent control(QEvent::KeyPress, Qt::Key_Home, Qt::ControlModifier);
        QCoreApplication::sendEvent(&shown.chart, &control);
        QVERIFY(!control.isAccepted());
        QVERIFY(shown.chart.isFollowing());
    }

    void theWheelKeepsTheLiveEdgeWhileFollowing()
    {
        Shown shown;
        const qint64 to = shown.chart.visibleToNs();
        const qint64 span = to - shown.chart.visibleFromNs();
        wheel(shown.chart, QPoint(200, 200), 120);
        QVERIFY(shown.chart.isFollowing());
        QVERIFY(shown.chart.visibleToNs() - shown.chart.visibleFromNs() < span);
        QVERIFY(shown.chart.visibleToNs() > shown.candles.back().startNs);
        QVERIFY(std::abs(shown.chart.visibleToNs() - to) < span / 10);
    }

    void theWheelZoomsAboutTheCursorWhilePaused()
    {
        Shown shown;
        QTest::keyClick(&shown.chart, Qt::Key_PageUp);
        QVERIFY(!shown.chart.isFollowing());
        QSignalSpy moved(&shown.chart, &LiveChart::crosshairMoved);
        shown.chart.setStyle(LiveChart::Style::Line); // whose crosshair does not snap to candles
        hover(shown.chart, QPoint(301, 200));
        const qint64 before = moved.last().first().toLongLong();
        wheel(shown.chart, QPoint(301, 200), 240);
        hover(shown.chart, QPoint(300, 200));
        hover(shown.chart, QPoint(301, 200));
        const qint64 after = moved.last().first().toLongLong();
        const qint64 perPixel = (shown.chart.visibleToNs() - shown.chart.visibleFromNs()) / 800;
        QVERIFY2(std::abs(after - before) < 3 * perPixel, qPrintable(QString::number(after - before)));
    }

    void controlWheelZoomsValuesAndADoubleClickGoesBack()
    {
        Shown shown;
        QSignalSpy moved(&shown.chart, &LiveChart::crosshairMoved);
        const auto height = [&] {
            hover(shown.chart, QPoint(300, 100));
            hover(shown.chart, QPoint(301, 100));
            const double top = moved.last().last().toDouble();
            hover(shown.chart, QPoint(301, 300));
            return top - moved.last().last().toDouble();
        };
        const double before = height();
        const qint64 span = shown.chart.visibleToNs() - shown.chart.visibleFromNs();
        wheel(shown.chart, QPoint(300, 200), 120, Qt::ControlModifier);
        QCOMPARE(height() / before, 1 / 1.2);
        drag(shown.chart, QPoint(890, 100), QPoint(890, 200)); // on the value axis
        QVERIFY(height() > before / 1.2 * 1.5);
        QCOMPARE(shown.chart.visibleToNs() - shown.chart.visibleFromNs(), span); // time is not touched
        QTest::mouseDClick(shown.chart.viewport(), Qt::LeftButton, {}, QPoint(300, 200));
        settle(shown.chart, shown.nowNs);
        QCOMPARE(height(), before);
    }

    void theCrosshairTellsTimeAndValue()
    {
        Shown shown;
        QSignalSpy moved(&shown.chart, &LiveChart::crosshairMoved);
        const QImage without = picture(shown.chart).toImage();
        hover(shown.chart, QPoint(400, 150));
        QCOMPARE(moved.size(), 1);
        const qint64 time = moved.first().first().toLongLong();
        QVERIFY(time > shown.chart.visibleFromNs() && time < shown.chart.visibleToNs());
        const double value = moved.first().last().toDouble();
        QVERIFY(value > 180 && value < 200);
        QVERIFY(picture(shown.chart).toImage() != without);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(shown.chart.viewport(), &leave);
        QCOMPARE(picture(shown.chart).toImage(), without);
    }

    void theCrosshairCanBeSwitchedOff()
    {
        Shown shown;
        shown.chart.setCrosshairEnabled(false);
        QSignalSpy moved(&shown.chart, &LiveChart::crosshairMoved);
        const QImage without = picture(shown.chart).toImage();
        hover(shown.chart, QPoint(400, 150));
        QCOMPARE(moved.size(), 0);
        QCOMPARE(picture(shown.chart).toImage(), without);
    }

    void enterAsksForTheFramesOfACandle()
    {
        Shown shown;
        QSignalSpy asked(&shown.chart, &LiveChart::framesRequested);
        QTest::keyClick(&shown.chart, Qt::Key_Return); // no crosshair: all that is shown
        QCOMPARE(asked.last().first().toLongLong(), shown.chart.visibleFromNs());
        hover(shown.chart, QPoint(400, 150));
        QTest::keyClick(&shown.chart, Qt::Key_Return);
        QCOMPARE(asked.last().last().toLongLong() - asked.last().first().toLongLong(), kSecond);
        QCOMPARE(asked.last().first().toLongLong() % kSecond, 0);
    }

    void candlesTooNarrowToTellApartAreMerged()
    {
        Shown shown;
        for (int i = 0; i < 12; ++i)
            QTest::keyClick(&shown.chart, Qt::Key_Minus);
        settle(shown.chart, shown.nowNs);
        QSignalSpy asked(&shown.chart, &LiveChart::framesRequested);
        hover(shown.chart, QPoint(700, 150));
        QTest::keyClick(&shown.chart, Qt::Key_Return);
        const qint64 width = asked.last().last().toLongLong() - asked.last().first().toLongLong();
        QVERIFY2(width > kSecond && width % kSecond == 0, qPrintable(QString::number(width)));
        picture(shown.chart).save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/live_chart_merged.png"));
    }

    void whatIsKeptFromTickToTickIsWhatAFreshChartShows()
    {
        // Trades in time, late ones and panning in any order: the chart that has lived through them looks like one made afterwards.
        Shown shown;
        for (int i = 0; i < 6; ++i)
            QTest::keyClick(&shown.chart, Qt::Key_Minus);
        QRandomGenerator random(3);
        for (int i = 0; i < 60; ++i) {
            shown.nowNs += random.bounded(4) * kSecond;
            const qint64 late = random.bounded(8) == 0 ? random.bounded(900) * kSecond : 0;
            shown.candles.addTrade(shown.nowNs - late, 187 + 4 * random.generateDouble(), 100);
            if (i % 15 == 7)
                QTest::keyClick(&shown.chart, Qt::Key_Left);
            if (i % 15 == 13)
                QTest::keyClick(&shown.chart, Qt::Key_End);
            shown.chart.displayTick(shown.nowNs);
        }
        shown.chart.pauseView();
        QTest::keyClick(&shown.chart, Qt::Key_Left);
        settle(shown.chart, shown.nowNs);
        LiveChart fresh;
        fresh.resize(shown.chart.size());
        fresh.setTitle(QStringLiteral("AAPL"), 2);
        fresh.setCandles(&shown.candles);
        fresh.show();
        settle(fresh, shown.nowNs);
        fresh.setVisibleRange(shown.chart.visibleFromNs(), shown.chart.visibleToNs());
        settle(fresh, shown.nowNs);
        QCOMPARE(fresh.visibleFromNs(), shown.chart.visibleFromNs());
        QCOMPARE(fresh.description(), shown.chart.description());
    }

    void upAndDownDifferByShape()
    {
        series::CandleSeries up(kSecond);
        series::CandleSeries down(kSecond);
        up.put({kStart, 10, 20, 5, 15, 0});
        down.put({kStart, 15, 20, 5, 10, 0});
        const auto inkOf = [](const series::CandleSeries &candles) {
            LiveChart chart;
            chart.resize(400, 300);
            chart.setCandles(&candles);
            chart.setVisibleRange(kStart - 10 * kSecond, kStart + 10 * kSecond);
            chart.show();
            settle(chart, kStart);
            const Colors &colors = colorsFor(chart.palette());
            const QImage image = picture(chart).toImage().copy(0, 40, 300, 240); // without axis and tag
            return pixelsOf(image, colors.up) + pixelsOf(image, colors.down);
        };
        const qsizetype hollow = inkOf(up);
        const qsizetype filled = inkOf(down);
        QVERIFY(hollow > 20);
        QVERIFY2(filled > 2 * hollow, qPrintable(QStringLiteral("%1 %2").arg(filled).arg(hollow)));
    }

    void aRunningClockScrollsALineWithoutData()
    {
        series::Series line(10'000);
        sample(line, 5000, 50'000'000);
        LiveChart chart;
        chart.resize(900, 420);
        chart.setLine(&line);
        chart.show();
        const qint64 skew = 3600 * kSecond; // the source's clock is an hour behind
        const qint64 now = line.back().timeNs + skew;
        settle(chart, now);
        const qint64 to = chart.visibleToNs();
        QVERIFY(to > line.back().timeNs && to < line.back().timeNs + 60 * kSecond);
        QVERIFY(chart.displayTick(now + 10 * kSecond));
        QVERIFY(std::abs(chart.visibleToNs() - to - 10 * kSecond) < kSecond);
        chart.displayTick(now + 10'000 * kSecond); // the line stays in view
        QVERIFY(chart.visibleFromNs() < line.back().timeNs);
    }

    void aLineOfManyPointsShowsItsExtremes()
    {
        series::Series line(100'000);
        for (int i = 0; i < 100'000; ++i)
            line.append({kStart + i * base::kNsPerMs, i == 54'321 ? 100.0 : 1.0});
        LiveChart chart;
        chart.resize(900, 420);
        chart.setLine(&line);
        chart.setVisibleRange(kStart, kStart + 100 * kSecond);
        chart.show();
        settle(chart, kStart + 100 * kSecond);
        QVERIFY2(chart.description().contains(QStringLiteral("100.00")), qPrintable(chart.description()));
    }

    void aGapInterruptsTheLine()
    {
        // A rising line: what is lit in the middle rows is the line, the last value's dashes are at the top.
        const auto litColumns = [](bool gap) {
            series::Series line(1000);
            for (int i = 0; i < 100; ++i)
                line.append({kStart + i * kSecond, gap && i >= 40 && i < 60 ? series::kMissing : i});
            LiveChart chart;
            chart.resize(900, 300);
            chart.setCrosshairEnabled(false);
            chart.setLine(&line);
            chart.setVisibleRange(kStart + 30 * kSecond, kStart + 70 * kSecond);
            chart.show();
            settle(chart, kStart + 100 * kSecond);
            const QImage image = picture(chart).toImage();
            const QColor accent = colorsFor(chart.palette()).accent;
            int columns = 0;
            for (int x = 20; x < 700; ++x) {
                bool lit = false;
                for (int y = 60; y < 270 && !lit; ++y)
                    lit = image.pixelColor(x, y).blue() > accent.blue() * 2 / 3;
                columns += lit;
            }
            return columns;
        };
        const int whole = litColumns(false);
        const int broken = litColumns(true);
        QVERIFY2(whole > 300, qPrintable(QString::number(whole)));
        QVERIFY2(broken > 50 && broken < whole * 3 / 4, qPrintable(QStringLiteral("%1 of %2").arg(broken).arg(whole)));
    }

    void anotherPaletteRedrawsInItsColours()
    {
        Shown shown;
        const QImage dark = picture(shown.chart).toImage();
        QCOMPARE(dark.pixelColor(2, 2), darkPalette().color(QPalette::Base));
        shown.chart.setPalette(lightPalette());
        const QImage light = picture(shown.chart).toImage();
        QCOMPARE(light.pixelColor(2, 2), lightPalette().color(QPalette::Base));
        QVERIFY(pixelsOf(light, colorsFor(lightPalette()).down) > 100);
        QCOMPARE(pixelsOf(light, colorsFor(darkPalette()).down), 0);
    }

    void aHiddenChartCountsAndDoesNotPaint()
    {
        Shown shown;
        shown.chart.pauseView();
        shown.chart.hide();
        const int before = shown.chart.repaints();
        shown.addTrades(7);
        QVERIFY(!shown.chart.displayTick(shown.nowNs));
        QCOMPARE(shown.chart.newSincePaused(), 7U);
        QCOMPARE(shown.chart.repaints(), before);
    }

    void itSaysWhatItShows()
    {
        LiveChart empty;
        empty.resize(600, 300);
        empty.show();
        settle(empty, kStart);
        QCOMPARE(empty.description(), QStringLiteral("no values yet"));
        picture(empty).save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/live_chart_empty.png"));

        Shown shown;
        QCOMPARE(shown.chart.accessibleName(), QStringLiteral("Chart of AAPL"));
        QVERIFY2(shown.chart.accessibleDescription().startsWith(QStringLiteral("live; last 18")),
            qPrintable(shown.chart.accessibleDescription()));
        const QString before = shown.chart.accessibleDescription();
        shown.candles.addTrade(shown.nowNs, 195, 1);
        shown.chart.displayTick(shown.nowNs + kSecond / 2);
        QCOMPARE(shown.chart.accessibleDescription(), before); // at most once per second
        shown.chart.displayTick(shown.nowNs + 2 * kSecond);
        QVERIFY2(shown.chart.accessibleDescription().contains(QStringLiteral("195.00")),
            qPrintable(shown.chart.accessibleDescription()));
    }

    void savingAPictureLeavesTheScreenAlone()
    {
        Shown shown;
        const QImage before = picture(shown.chart).toImage();
        const qint64 from = shown.chart.visibleFromNs();
        const QString path = QStringLiteral(FEEDSCOPE_ARTEFACTS "/live_chart_saved.png");
        QVERIFY(shown.chart.savePng(path, QSize(1600, 900)));
        QImage saved(path);
        QCOMPARE(saved.size(), QSize(1600, 900));
        QVERIFY(pixelsOf(saved, colorsFor(shown.chart.palette()).down) > 500);
        QCOMPARE(shown.chart.visibleFromNs(), from);
        QVERIFY(!shown.chart.displayTick(shown.nowNs));
        QCOMPARE(picture(shown.chart).toImage(), before);
        QVERIFY(!shown.chart.savePng(path, QSize()));
        QVERIFY(!shown.chart.savePng(QStringLiteral("/nowhere/at/all.png"), QSize(10, 10)));
    }

    void pictures_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("kind");
        for (const QSize size : {QSize(1280, 800), QSize(640, 360)}) {
            for (const bool dark : {true, false}) {
                for (const char *kind : {"candles", "line", "closes"}) {
                    QTest::addRow("%s %s %d", kind, dark ? "dark" : "light", size.width())
                        << dark << size << QString::fromLatin1(kind);
                }
            }
        }
    }

    void pictures()
    {
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        QFETCH(QString, kind);
        series::CandleSeries candles(kSecond);
        trade(candles, 3600, kStart);
        series::Series line(200'000);
        sample(line, 100'000, 10'000'000);
        line.append({line.back().timeNs + 30'000'000, series::kMissing});
        const qint64 resumed = line.back().timeNs + 20 * kSecond;
        sample(line, 3000, 10'000'000, resumed);

        LiveChart chart;
        chart.setPalette(dark ? darkPalette() : lightPalette());
        chart.resize(size);
        if (kind == QLatin1String("line")) {
            chart.setTitle(QStringLiteral("latency"), 2, QStringLiteral("ms"));
            chart.setLine(&line);
        } else {
            chart.setTitle(QStringLiteral("AAPL"), 2, QStringLiteral("USD"));
            chart.setCandles(&candles);
            chart.setIntervalNs(5 * kSecond);
            chart.setStyle(kind == QLatin1String("closes") ? LiveChart::Style::Line : LiveChart::Style::Candles);
        }
        const qint64 last = kind == QLatin1String("line") ? line.back().timeNs : candles.back().startNs;
        const Colors &colors = colorsFor(chart.palette());
        chart.setMarks({{last - 220 * kSecond, last - 180 * kSecond, colors.warning, QStringLiteral("gap 1240–1311 (slow client)")},
            {last - 60 * kSecond, last - 60 * kSecond, colors.error, QStringLiteral("reconnect")}});
        chart.show();
        settle(chart, last);
        QString name = QStringLiteral(FEEDSCOPE_ARTEFACTS "/live_chart_") + (dark ? QStringLiteral("dark") : QStringLiteral("light"));
        if (kind != QLatin1String("candles"))
            name += QLatin1Char('_') + kind;
        if (size.width() != 1280)
            name += QStringLiteral("_%1x%2").arg(size.width()).arg(size.height());
        name += QStringLiteral(".png");
        hover(chart, QPoint(size.width() * 55 / 100, size.height() * 45 / 100));
        const QPixmap pixmap = picture(chart);
        QVERIFY(pixmap.save(name));
        if (kind == QLatin1String("candles"))
            QVERIFY(pixelsOf(pixmap.toImage(), colors.down) > 100);
    }
};

QTEST_MAIN(TestLiveChart)
#include "tst_live_chart.moc"
