// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "series/candle.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace feedscope;
using namespace feedscope::series;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;

Candle candle(qint64 second, double open, double high, double low, double close, double volume)
{
    return {second * kSecond, open, high, low, close, volume};
}

} // namespace

class TestCandle : public QObject {
    Q_OBJECT
private slots:
    void tradesOfOneIntervalBecomeOneCandle()
    {
        CandleSeries series(kSecond);
        QVERIFY(series.addTrade(10 * kSecond, 100, 1));
        QVERIFY(series.addTrade(10 * kSecond + 1, 103, 2));
        QVERIFY(series.addTrade(10 * kSecond + 2, 98, 3));
        QVERIFY(series.addTrade(11 * kSecond - 1, 101, 4));
        QCOMPARE(series.size(), 1);
        QCOMPARE(series.back(), candle(10, 100, 103, 98, 101, 10));
        QVERIFY(series.back().isUp());
        QCOMPARE(series.started(), 1U);
    }

    void theEndOfAnIntervalBelongsToTheNext()
    {
        CandleSeries series(kSecond);
        QVERIFY(series.addTrade(10 * kSecond, 100, 1));
        QVERIFY(series.addTrade(11 * kSecond, 50, 1));
        QCOMPARE(series.size(), 2);
        QCOMPARE(series[1], candle(11, 50, 50, 50, 50, 1));
        QCOMPARE(series.started(), 2U);
    }

    void anIntervalWithoutTradesHasNoCandle()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        series.addTrade(15 * kSecond, 101, 1);
        QCOMPARE(series.size(), 2);
        QCOMPARE(series.lowerBound(11 * kSecond), 1);
    }

    void tradesOfEqualTimeCountInOrderOfArrival()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        series.addTrade(10 * kSecond, 105, 1);
        series.addTrade(10 * kSecond, 102, 1);
        QCOMPARE(series.back(), candle(10, 100, 105, 100, 102, 3));
    }

    void aLateTradeDoesNotCloseTheCandle()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond + 500, 100, 1);
        series.addTrade(10 * kSecond + 400, 120, 1);
        QCOMPARE(series.back(), candle(10, 100, 120, 100, 100, 2));
    }

    void aLateTradeGoesIntoItsOwnCandle()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        series.addTrade(11 * kSecond, 101, 1);
        QVERIFY(series.addTrade(10 * kSecond + 900, 90, 5));
        QCOMPARE(series[0], candle(10, 100, 100, 90, 100, 6));
        QCOMPARE(series[1], candle(11, 101, 101, 101, 101, 1));
    }

    void aLateTradeInAnEmptyIntervalStartsACandleThere()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        series.addTrade(15 * kSecond, 101, 1);
        QVERIFY(series.addTrade(12 * kSecond, 95, 2));
        QCOMPARE(series.size(), 3);
        QCOMPARE(series[1], candle(12, 95, 95, 95, 95, 2));
        QCOMPARE(series.started(), 3U);
    }

    void whatIsNoTradeIsRefused_data()
    {
        QTest::addColumn<double>("price");
        QTest::addColumn<double>("size");
        QTest::addColumn<qint64>("timeNs");
        const double nan = std::nan("");
        const double inf = std::numeric_limits<double>::infinity();
        QTest::newRow("price not a number") << nan << 1.0 << 10 * kSecond;
        QTest::newRow("price infinite") << inf << 1.0 << 10 * kSecond;
        QTest::newRow("size not a number") << 100.0 << nan << 10 * kSecond;
        QTest::newRow("size infinite") << 100.0 << inf << 10 * kSecond;
        QTest::newRow("size negative") << 100.0 << -1.0 << 10 * kSecond;
        QTest::newRow("before the oldest candle") << 100.0 << 1.0 << 10 * kSecond - 1;
        QTest::newRow("the earliest time there is") << 100.0 << 1.0 << std::numeric_limits<qint64>::min();
    }

    void whatIsNoTradeIsRefused()
    {
        QFETCH(double, price);
        QFETCH(double, size);
        QFETCH(qint64, timeNs);
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        const Candle before = series.back();
        const quint64 revision = series.revision();
        QVERIFY(!series.addTrade(timeNs, price, size));
        QCOMPARE(series.size(), 1);
        QCOMPARE(series.back(), before);
        QCOMPARE(series.revision(), revision);
    }

    void aTimeBefore1970IsRoundedDown()
    {
        CandleSeries series(kSecond);
        QVERIFY(series.addTrade(-1, 100, 1));
        QCOMPARE(series.back().startNs, -kSecond);
        QVERIFY(series.addTrade(0, 101, 1));
        QCOMPARE(series.size(), 2);
    }

    void putReplacesInsertsAndAppends()
    {
        CandleSeries series(kSecond);
        QVERIFY(series.put(candle(10, 1, 2, 0, 1, 5)));
        QVERIFY(series.put(candle(12, 1, 3, 0, 2, 5)));
        QVERIFY(series.put(candle(11, 1, 4, 0, 3, 5))); // in order
        QVERIFY(series.put(candle(12, 1, 9, 0, 2, 7))); // in place
        QCOMPARE(series.size(), 3);
        QCOMPARE(series[1], candle(11, 1, 4, 0, 3, 5));
        QCOMPARE(series[2], candle(12, 1, 9, 0, 2, 7));
        QCOMPARE(series.started(), 3U);
        const quint64 revision = series.revision();
        QVERIFY(series.put(candle(12, 1, 9, 0, 2, 7)));
        QCOMPARE(series.revision(), revision); // the same again changes nothing
    }

    void aTradeGoesOnWithACandleThatWasPut()
    {
        CandleSeries series(kSecond);
        series.put(candle(10, 1, 2, 0, 1, 5));
        QVERIFY(series.addTrade(10 * kSecond + 5, 1.5, 1));
        QCOMPARE(series.back(), candle(10, 1, 2, 0, 1.5, 6));
    }

    void whatIsNoCandleIsRefused_data()
    {
        QTest::addColumn<double>("open");
        QTest::addColumn<double>("high");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("close");
        QTest::addColumn<double>("volume");
        QTest::addColumn<qint64>("startNs");
        const double nan = std::nan("");
        QTest::newRow("open") << nan << 2.0 << 0.0 << 1.0 << 1.0 << 20 * kSecond;
        QTest::newRow("high") << 1.0 << nan << 0.0 << 1.0 << 1.0 << 20 * kSecond;
        QTest::newRow("low") << 1.0 << 2.0 << nan << 1.0 << 1.0 << 20 * kSecond;
        QTest::newRow("close") << 1.0 << 2.0 << 0.0 << nan << 1.0 << 20 * kSecond;
        QTest::newRow("volume") << 1.0 << 2.0 << 0.0 << 1.0 << nan << 20 * kSecond;
        QTest::newRow("negative volume") << 1.0 << 2.0 << 0.0 << 1.0 << -1.0 << 20 * kSecond;
        QTest::newRow("body above high") << 1.0 << 2.0 << 0.0 << 3.0 << 1.0 << 20 * kSecond;
        QTest::newRow("body below low") << -1.0 << 2.0 << 0.0 << 1.0 << 1.0 << 20 * kSecond;
        QTest::newRow("start between intervals") << 1.0 << 2.0 << 0.0 << 1.0 << 1.0 << 20 * kSecond + 1;
        QTest::newRow("before the oldest") << 1.0 << 2.0 << 0.0 << 1.0 << 1.0 << 9 * kSecond;
    }

    void whatIsNoCandleIsRefused()
    {
        QFETCH(double, open);
        QFETCH(double, high);
        QFETCH(double, low);
        QFETCH(double, close);
        QFETCH(double, volume);
        QFETCH(qint64, startNs);
        CandleSeries series(kSecond);
        QVERIFY(series.put(candle(10, 1, 2, 0, 1, 5)));
        QVERIFY(!series.put({startNs, open, high, low, close, volume}));
        QCOMPARE(series.size(), 1);
    }

    void theOldestAreTrimmedAtCapacity()
    {
        CandleSeries series(kSecond, 100);
        for (qint64 second = 0; second < 1000; ++second) {
            series.addTrade(second * kSecond, static_cast<double>(second), 1);
            QCOMPARE(series.size(), std::min<qsizetype>(100, second + 1));
            QCOMPARE(series[0].startNs, std::max<qint64>(0, second - 99) * kSecond);
            QCOMPARE(series.back().startNs, second * kSecond);
        }
        QCOMPARE(series.started(), 1000U);
        QCOMPARE(series.lowerBound(950 * kSecond), 50);
        QVERIFY(!series.addTrade(899 * kSecond, 1, 1)); // trimmed away
    }

    void clearForgetsTheCandlesAndNotTheCounts()
    {
        CandleSeries series(kSecond);
        series.addTrade(10 * kSecond, 100, 1);
        const quint64 revision = series.revision();
        series.clear();
        QVERIFY(series.isEmpty());
        QVERIFY(series.revision() != revision);
        QVERIFY(series.addTrade(kSecond, 100, 1)); // older than what was there before
        QCOMPARE(series.started(), 2U);
    }

    void thePastIsChangedByWhatIsNotTheNewest()
    {
        CandleSeries series(kSecond, 3);
        series.addTrade(10 * kSecond, 100, 1);
        series.addTrade(10 * kSecond + 1, 101, 1);
        series.addTrade(12 * kSecond, 100, 1);
        series.put(candle(12, 1, 2, 0, 1, 5));
        QCOMPARE(series.pastRevision(), 0U);
        series.addTrade(10 * kSecond + 2, 99, 1); // late
        QCOMPARE(series.pastRevision(), 1U);
        series.addTrade(11 * kSecond, 99, 1); // inserted
        QCOMPARE(series.pastRevision(), 2U);
        series.put(candle(11, 1, 2, 0, 1, 5));
        QCOMPARE(series.pastRevision(), 3U);
        series.addTrade(13 * kSecond, 99, 1); // the oldest is trimmed
        QCOMPARE(series.pastRevision(), 4U);
        series.clear();
        QCOMPARE(series.pastRevision(), 5U);
    }

    void mergingKeepsOpenHighLowCloseAndVolume()
    {
        CandleSeries series(kSecond);
        QRandomGenerator random(20261121);
        double price = 100;
        for (qint64 second = 0; second < 1000; ++second) {
            if (random.bounded(5) == 0)
                continue; // a hole
            for (int i = 0; i < 4; ++i) {
                price += random.generateDouble() - 0.5;
                series.addTrade(second * kSecond + i, price, random.bounded(1, 10));
            }
        }
        for (const qint64 step : {2, 5, 7, 60, 3600}) {
            std::map<qint64, Candle> expected;
            for (qsizetype i = 0; i < series.size(); ++i) {
                const Candle &fine = series[i];
                const qint64 start = fine.startNs / (step * kSecond) * step * kSecond;
                const auto [it, isNew] = expected.try_emplace(start, fine);
                Candle &coarse = it->second;
                coarse.startNs = start;
                if (isNew)
                    continue;
                coarse.high = std::max(coarse.high, fine.high);
                coarse.low = std::min(coarse.low, fine.low);
                coarse.close = fine.close;
                coarse.volume += fine.volume;
            }
            const std::vector<Candle> merged = series.merged(step * kSecond, 0, 1000 * kSecond);
            QCOMPARE(merged.size(), expected.size());
            size_t i = 0;
            for (const auto &[start, coarse] : expected)
                QCOMPARE(merged[i++], coarse);
        }
    }

    void mergingWidensTheTimesToWholeCandles()
    {
        CandleSeries series(kSecond);
        for (qint64 second = 0; second < 30; ++second)
            series.addTrade(second * kSecond, 100, 1);
        const std::vector<Candle> merged = series.merged(10 * kSecond, 15 * kSecond, 21 * kSecond);
        QCOMPARE(merged.size(), 2U);
        QCOMPARE(merged[0].startNs, 10 * kSecond);
        QCOMPARE(merged[0].volume, 10.0);
        QCOMPARE(merged[1].volume, 10.0);
        QVERIFY(series.merged(10 * kSecond, 20 * kSecond, 20 * kSecond).empty());
        QCOMPARE(series.merged(10 * kSecond, 10 * kSecond, 20 * kSecond).size(), 1U); // the end is not part of it
    }

    void mergingToAFinerIntervalLeavesTheCandlesAlone()
    {
        CandleSeries series(5 * kSecond);
        for (qint64 second = 0; second < 30; ++second)
            series.addTrade(second * kSecond, static_cast<double>(second), 1);
        const std::vector<Candle> merged = series.merged(kSecond, 0, 30 * kSecond);
        QCOMPARE(static_cast<qsizetype>(merged.size()), series.size());
        for (size_t i = 0; i < merged.size(); ++i)
            QCOMPARE(merged[i], series[static_cast<qsizetype>(i)]);
    }
};

QTEST_APPLESS_MAIN(TestCandle)
#include "tst_candle.moc"
