// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/decimator.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace feedscope::series;

namespace {

bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

} // namespace

class TestDecimator : public QObject {
    Q_OBJECT
private slots:
    void columnsEqualBruteForce_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("gapEvery");
        QTest::newRow("many per column") << 100'000 << 1200 << 0;
        QTest::newRow("many per column, gaps") << 100'000 << 317 << 1000;
        QTest::newRow("nothing but gaps here and there") << 20'000 << 97 << 2;
        QTest::newRow("fewer samples than columns") << 100 << 1200 << 9;
        QTest::newRow("one column") << 5'000 << 1 << 50;
    }

    void columnsEqualBruteForce()
    {
        QFETCH(int, samples);
        QFETCH(int, columns);
        QFETCH(int, gapEvery);
        QRandomGenerator random(99);
        Series series(samples);
        qint64 time = 1'000'000'000'000;
        const qint64 from = time + 5'000;
        for (int i = 0; i < samples + samples / 3; ++i) {
            time += random.bounded(1000);
            const bool gap = gapEvery > 0 && random.bounded(gapEvery) == 0;
            series.append({time, gap ? kMissing : random.generateDouble()});
        }
        const qint64 to = time - 3'000;
        QVERIFY(to > from);

        const std::vector<Column> fast = decimate(series, from, to, columns);
        QCOMPARE(fast.size(), static_cast<size_t>(columns));
        // Each sample is put into its column one by one: the column i is [from + i w, from + (i + 1) w) with the end rounded down.
        std::vector<Column> slow(static_cast<size_t>(columns));
        const qint64 span = to - from;
        for (qsizetype i = 0; i < series.size(); ++i) {
            const Sample sample = series[i];
            if (sample.timeNs < from || sample.timeNs >= to)
                continue;
            qint64 at = (sample.timeNs - from) * columns / span;
            while (at + 1 < columns && sample.timeNs >= from + span * (at + 1) / columns)
                ++at;
            Column &column = slow[static_cast<size_t>(at)];
            ++column.samples;
            if (!std::isfinite(sample.value)) {
                column.gap = true;
                continue;
            }
            if (!std::isfinite(column.first))
                column.first = sample.value;
            column.last = sample.value;
            column.min = std::isfinite(column.min) ? std::min(column.min, sample.value) : sample.value;
            column.max = std::isfinite(column.max) ? std::max(column.max, sample.value) : sample.value;
        }
        qsizetype counted = 0;
        for (size_t i = 0; i < fast.size(); ++i) {
            const bool equal = fast[i].samples == slow[i].samples && same(fast[i].first, slow[i].first)
                && same(fast[i].min, slow[i].min) && same(fast[i].max, slow[i].max) && same(fast[i].last, slow[i].last)
                && fast[i].gap == slow[i].gap;
            QVERIFY2(equal, qPrintable(QStringLiteral("column %1").arg(i)));
            counted += fast[i].samples;
        }
        QCOMPARE(counted, series.lowerBound(to) - series.lowerBound(from)); // none lost, none twice
    }

    void aLongRunOfGapsHidesNeitherEnd()
    {
        Series series(100'000);
        for (int i = 0; i < 100'000; ++i)
            series.append({i, i == 70'001 ? 3.0 : i == 70'002 ? 4.0 : kMissing});
        const std::vector<Column> columns = decimate(series, 0, 100'000, 1);
        QCOMPARE(columns[0].first, 3.0);
        QCOMPARE(columns[0].last, 4.0);
        QVERIFY(columns[0].gap);
    }

    void nothingToDraw()
    {
        Series series(10);
        QVERIFY(decimate(series, 0, 100, 0).empty());
        QVERIFY(decimate(series, 100, 100, 10).empty());
        const std::vector<Column> columns = decimate(series, 0, 100, 10);
        QCOMPARE(columns.size(), 10U);
        QCOMPARE(columns[3].samples, 0);
        QVERIFY(std::isnan(columns[3].min));
    }
};

QTEST_APPLESS_MAIN(TestDecimator)
#include "tst_decimator.moc"
