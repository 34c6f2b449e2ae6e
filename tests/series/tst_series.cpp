// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/series.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <limits>

using namespace feedscope::series;

namespace {

Extent bruteForce(const Series &series, qsizetype first, qsizetype last)
{
    Extent extent;
    for (qsizetype i = first; i < last; ++i)
        extent.add(series[i].value);
    return extent;
}

bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

} // namespace

class TestSeries : public QObject {
    Q_OBJECT
private slots:
    void samplesStayInOrderAndTheOldestGo()
    {
        Series series(5);
        for (int i = 0; i < 12; ++i) {
            QVERIFY(series.append({i, static_cast<double>(i)}));
            QCOMPARE(series.size(), std::min(5, i + 1));
            QCOMPARE(series.back().value, static_cast<double>(i));
            QCOMPARE(series[0].value, static_cast<double>(std::max(0, i - 4)));
        }
        QCOMPARE(series.appended(), 12U);
        QCOMPARE(series.lowerBound(9), 2);
        QCOMPARE(series.lowerBound(-1), 0);
        QCOMPARE(series.lowerBound(99), 5);
    }

    void anEarlierSampleIsRefusedAndCounted()
    {
        Series series(5);
        series.append({10, 1});
        QVERIFY(series.append({10, 2})); // the same time is in order
        QVERIFY(!series.append({9, 3}));
        QCOMPARE(series.size(), 2);
        QCOMPARE(series.refused(), 1U);
        QCOMPARE(series.appended(), 2U);
    }

    void whatIsNotFiniteIsAGap()
    {
        Series series(100);
        series.append({1, 5});
        series.append({2, std::numeric_limits<double>::infinity()});
        series.append({3, kMissing});
        series.append({4, 7});
        QCOMPARE(series.size(), 4);
        QVERIFY(std::isnan(series[1].value));
        const Extent all = series.extent(0, 4);
        QCOMPARE(all.min, 5.0);
        QCOMPARE(all.max, 7.0);
        QVERIFY(all.gap);
        QVERIFY(!series.extent(3, 4).gap);
        QVERIFY(std::isnan(series.extent(1, 3).min));
        QVERIFY(std::isnan(series.extent(2, 2).min));
        QVERIFY(!series.extent(2, 2).gap);
    }

    void clearForgetsTheSamplesAndNotTheCounts()
    {
        Series series(40);
        for (int i = 0; i < 100; ++i)
            series.append({i, 1000.0 + i});
        series.clear();
        QVERIFY(series.isEmpty());
        QCOMPARE(series.appended(), 100U);
        for (int i = 0; i < 40; ++i)
            QVERIFY(series.append({i, static_cast<double>(i)}));
        QCOMPARE(series.extent(0, 40).max, 39.0); // nothing of before in the pyramid
    }

    void extentEqualsBruteForce_data()
    {
        QTest::addColumn<int>("capacity");
        QTest::addColumn<int>("appended");
        QTest::newRow("one") << 1 << 5;
        QTest::newRow("less than a node") << 13 << 40;
        QTest::newRow("filling, not full") << 10'000 << 6'543;
        QTest::newRow("exactly full") << 4'096 << 4'096;
        QTest::newRow("a power of the fan, wrapped") << 4'096 << 11'000;
        QTest::newRow("odd capacity, wrapped") << 5'003 << 23'456;
        QTest::newRow("wrapped to the start") << 5'003 << 10'006;
    }

    void extentEqualsBruteForce()
    {
        QFETCH(int, capacity);
        QFETCH(int, appended);
        QRandomGenerator random(42);
        Series series(capacity);
        for (int i = 0; i < appended; ++i)
            series.append({i, random.bounded(500) == 0 ? kMissing : random.generateDouble() * 1000});
        for (int i = 0; i < 3000; ++i) {
            const int size = static_cast<int>(series.size());
            int first = random.bounded(size + 1);
            int last = random.bounded(size + 1);
            if (i == 0) {
                first = 0;
                last = size;
            } else if (first > last) {
                std::swap(first, last);
            }
            const Extent fast = series.extent(first, last);
            const Extent slow = bruteForce(series, first, last);
            QVERIFY2(same(fast.min, slow.min) && same(fast.max, slow.max) && fast.gap == slow.gap,
                qPrintable(QStringLiteral("[%1, %2)").arg(first).arg(last)));
        }
    }

    void extentEqualsBruteForceWhileTheRingTurns()
    {
        QRandomGenerator random(43);
        Series series(600);
        for (int i = 0; i < 5000; ++i) {
            series.append({i, random.generateDouble()});
            const auto size = static_cast<int>(series.size());
            const int first = random.bounded(size);
            const int last = first + random.bounded(size - first) + 1;
            QCOMPARE(series.extent(first, last).max, bruteForce(series, first, last).max);
            QCOMPARE(series.extent(0, size).min, bruteForce(series, 0, size).min);
        }
    }

    void aSampleTakesNoMoreThan24Bytes_data()
    {
        QTest::addColumn<int>("samples");
        QTest::newRow("5 000") << 5'000;
        QTest::newRow("100 000") << 100'000;
        QTest::newRow("777 777") << 777'777;
    }

    void aSampleTakesNoMoreThan24Bytes()
    {
        QFETCH(int, samples);
        Series series(1'000'000); // far more than there is: what is not there takes no memory
        for (int i = 0; i < samples; ++i)
            series.append({i, 1});
        QVERIFY2(series.memoryBytes() <= 24 * samples, qPrintable(QString::number(series.memoryBytes() / samples)));
    }
};

QTEST_APPLESS_MAIN(TestSeries)
#include "tst_series.moc"
