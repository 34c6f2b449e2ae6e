// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "ui/widgets/time_ticks.h"
#include "ui/widgets/value_ticks.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

#include <cmath>
#include <set>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kMinute = 60 * kSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;

qint64 utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0)
{
    return QDateTime(QDate(year, month, day), QTime(hour, minute, second), Qt::UTC).toSecsSinceEpoch() * kSecond;
}

QStringList labels(const std::vector<TimeTick> &ticks)
{
    QStringList list;
    for (const TimeTick &tick : ticks)
        list << tick.label;
    return list;
}

TimeStep ns(qint64 step)
{
    return {TimeStep::Unit::Nanoseconds, step};
}

} // namespace

class TestChartTicks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void stepsAreRound_data()
    {
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("step");
        QTest::newRow("1 s") << kSecond << kSecond;
        QTest::newRow("1.1 s") << kSecond + 1 << 2 * kSecond;
        QTest::newRow("6 s") << 6 * kSecond << 10 * kSecond;
        QTest::newRow("11 s") << 11 * kSecond << 15 * kSecond;
        QTest::newRow("16 s") << 16 * kSecond << 30 * kSecond;
        QTest::newRow("31 s") << 31 * kSecond << kMinute;
        QTest::newRow("31 min") << 31 * kMinute << kHour;
        QTest::newRow("13 h") << 13 * kHour << kDay;
        QTest::newRow("300 ms") << 300'000'000LL << 500'000'000LL;
    }

    void stepsAreRound()
    {
        QFETCH(qint64, least);
        QFETCH(qint64, step);
        QCOMPARE(timeStepAtLeast(least), ns(step));
    }

    void beyondAWeekMonthsCount()
    {
        QCOMPARE(timeStepAtLeast(8 * kDay).unit, TimeStep::Unit::Months);
        QCOMPARE(timeStepAtLeast(8 * kDay).count, 1);
        QCOMPARE(timeStepAtLeast(100 * kDay).count, 6);
    }

    void ticksAreMultiplesOfTheStep()
    {
        const qint64 from = utc(2026, 11, 21, 10, 7, 33);
        const std::vector<TimeTick> ticks = timeTicks(from, from + 22 * kMinute, ns(5 * kMinute), TimeZone::Utc);
        QCOMPARE(labels(ticks), QStringList({QStringLiteral("10:10"), QStringLiteral("10:15"), QStringLiteral("10:20"), QStringLiteral("10:25")}));
        QCOMPARE(ticks[0].timeNs, utc(2026, 11, 21, 10, 10));
    }

    void allLabelsOfAnAxisHaveOneForm()
    {
        const qint64 from = utc(2026, 11, 21, 10, 59, 40);
        for (const TimeTick &tick : timeTicks(from, from + kMinute, ns(10 * kSecond), TimeZone::Utc))
            QCOMPARE(tick.label.size(), 8); // 11:00:00 as well
        for (const TimeTick &tick : timeTicks(from, from + kSecond, ns(100'000'000), TimeZone::Utc))
            QCOMPARE(tick.label.size(), 10); // 10:59:40.0
    }

    void midnightSaysTheDay()
    {
        const std::vector<TimeTick> ticks = timeTicks(utc(2026, 11, 20, 23), utc(2026, 11, 21, 1), ns(30 * kMinute), TimeZone::Utc);
        QCOMPARE(labels(ticks), QStringList({QStringLiteral("23:00"), QStringLiteral("23:30"), QStringLiteral("21 Nov"), QStringLiteral("00:30"), QStringLiteral("01:00")}));
        QVERIFY(ticks[2].isDate);
        QVERIFY(!ticks[1].isDate);
    }

    void hoursAreRoundOnTheLocalClock_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::newRow("UTC") << QByteArray("UTC");
        QTest::newRow("Kathmandu, 5:45") << QByteArray("Asia/Kathmandu");
        QTest::newRow("Berlin, clock put forward") << QByteArray("Europe/Berlin");
        QTest::newRow("New York") << QByteArray("America/New_York");
    }

    void hoursAreRoundOnTheLocalClock()
    {
        QFETCH(QByteArray, zone);
        const QByteArray before = qgetenv("TZ");
        qputenv("TZ", zone);
        tzset();
        // Around 29 March 2026 01:00 UTC, when Berlin goes from 02:00 to 03:00.
        for (const qint64 step : {6 * kHour, kHour, 15 * kMinute}) {
            const std::vector<TimeTick> ticks = timeTicks(utc(2026, 3, 28, 20), utc(2026, 3, 29, 8), ns(step));
            QVERIFY(ticks.size() >= 2);
            std::set<qint64> times;
            for (const TimeTick &tick : ticks) {
                const QTime time = QDateTime::fromMSecsSinceEpoch(tick.timeNs / 1'000'000).time();
                QVERIFY2(time.msecsSinceStartOfDay() * 1'000'000LL % std::min(step, kHour) == 0, qPrintable(time.toString()));
                QVERIFY(times.insert(tick.timeNs).second);
                if (!tick.isDate)
                    QCOMPARE(tick.label, time.toString(QStringLiteral("HH:mm")));
            }
            QVERIFY(std::is_sorted(ticks.begin(), ticks.end(), [](const TimeTick &a, const TimeTick &b) { return a.timeNs < b.timeNs; }));
        }
        qputenv("TZ", before);
        tzset();
    }

    void daysWeeksMonthsAndYears()
    {
        QCOMPARE(labels(timeTicks(utc(2026, 11, 20, 5), utc(2026, 11, 23, 5), ns(kDay), TimeZone::Utc)),
            QStringList({QStringLiteral("21 Nov"), QStringLiteral("22 Nov"), QStringLiteral("23 Nov")}));
        for (const TimeTick &tick : timeTicks(utc(2026, 1, 1), utc(2026, 3, 1), ns(7 * kDay), TimeZone::Utc))
            QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick.timeNs / 1'000'000, Qt::UTC).date().dayOfWeek(), 1);
        QCOMPARE(labels(timeTicks(utc(2026, 1, 5), utc(2026, 4, 5), {TimeStep::Unit::Months, 1}, TimeZone::Utc)),
            QStringList({QStringLiteral("Feb 2026"), QStringLiteral("Mar 2026"), QStringLiteral("Apr 2026")}));
        QCOMPARE(labels(timeTicks(utc(2019, 1, 5), utc(2026, 4, 5), {TimeStep::Unit::Months, 24}, TimeZone::Utc)),
            QStringList({QStringLiteral("2020"), QStringLiteral("2022"), QStringLiteral("2024"), QStringLiteral("2026")}));
    }

    void aRangeTheWrongWayRoundHasNoTicks()
    {
        QVERIFY(timeTicks(10, 5, ns(kSecond), TimeZone::Utc).empty());
    }

    void valueStepsAre125()
    {
        QCOMPARE(niceStepAtLeast(1), 1.0);
        QCOMPARE(niceStepAtLeast(1.01), 2.0);
        QCOMPARE(niceStepAtLeast(3), 5.0);
        QCOMPARE(niceStepAtLeast(6), 10.0);
        QCOMPARE(niceStepAtLeast(0.03), 0.05);
        QCOMPARE(niceStepAtLeast(40'000), 50'000.0);
    }

    void valueTicksAreMultiplesAndHaveOneForm()
    {
        const std::vector<ValueTick> ticks = valueTicks(-0.25, 0.35, 0.1, 2);
        QStringList list;
        for (const ValueTick &tick : ticks)
            list << tick.label;
        QCOMPARE(list, QStringList({QStringLiteral("-0.20"), QStringLiteral("-0.10"), QStringLiteral("0.00"), QStringLiteral("0.10"), QStringLiteral("0.20"), QStringLiteral("0.30")}));
        QCOMPARE(valueTicks(0, 0.01, 0.005, 2)[1].label, QStringLiteral("0.005")); // finer than the price
        QVERIFY(valueTicks(0, 1e9, 1, 2).empty());
        QVERIFY(valueTicks(1, 0, 1, 2).empty());
    }

    void aSmallMoveDoesNotMoveTheRange()
    {
        SteadyRange range;
        range.fit(100, 110, 0.08, 0.08, 0.01);
        const double low = range.low();
        const double high = range.high();
        QVERIFY(low < 100 && high > 110);
        range.fit(99.8, 110.2, 0.08, 0.08, 0.01);
        QVERIFY(!range.glide());
        QCOMPARE(range.low(), low);
        QCOMPARE(range.high(), high);
        range.fit(102, 108, 0.08, 0.08, 0.01);
        QVERIFY(!range.glide());
    }

    void leavingTheRangeGlidesToAnother()
    {
        SteadyRange range;
        range.fit(100, 110, 0.08, 0.08, 0.01);
        const double high = range.high();
        range.fit(100, 118, 0.08, 0.08, 0.01);
        int ticks = 0;
        double before = high;
        while (range.glide() && ticks < 100) {
            ++ticks;
            QVERIFY(range.high() >= before);
            before = range.high();
        }
        QVERIFY(ticks > 2 && ticks < 30);
        QVERIFY(range.high() > 118);
        QVERIFY(range.low() < 100);
    }

    void muchLessDataClosesIn()
    {
        SteadyRange range;
        range.fit(100, 110, 0.08, 0.08, 0.01);
        range.fit(104, 106, 0.08, 0.08, 0.01);
        range.settle();
        QVERIFY(range.high() - range.low() < 4);
        QVERIFY(range.low() < 104 && range.high() > 106);
    }

    void aLevelLineHasRoomAboveAndBelow()
    {
        SteadyRange range;
        range.fit(5, 5, 0.08, 0.08, 0.08);
        QVERIFY(range.low() < 5 && range.high() > 5);
        QVERIFY(std::abs((range.low() + range.high()) / 2 - 5) < 1e-9);
        const double low = range.low();
        range.fit(5, 5, 0.08, 0.08, 0.08);
        QVERIFY(!range.glide());
        QCOMPARE(range.low(), low);
    }

    void volumeHasItsRoomBelow()
    {
        SteadyRange range;
        range.fit(100, 110, 0.08, 0.25, 0.01);
        const double height = range.high() - range.low();
        QVERIFY((100 - range.low()) / height > 0.2);
    }

    void aRangeByHandStays()
    {
        SteadyRange range;
        range.set(1, 2);
        QVERIFY(!range.glide());
        QCOMPARE(range.low(), 1.0);
        QCOMPARE(range.high(), 2.0);
    }
};

QTEST_APPLESS_MAIN(TestChartTicks)
#include "tst_chart_ticks.moc"
