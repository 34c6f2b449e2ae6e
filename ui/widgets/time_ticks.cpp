// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/time_ticks.h"

#include "base/clock.h"
#include "series/candle.h"

#include <QDateTime>
#include <QLocale>

#include <array>

namespace feedscope::ui {

namespace {

using base::kNsPerMs;
using base::kNsPerSecond;

constexpr qint64 kMinute = 60 * kNsPerSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;
constexpr qint64 kMonth = 30 * kDay;

constexpr std::array<qint64, 37> kSteps = {
    1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 200'000, 500'000, // µs
    kNsPerMs, 2 * kNsPerMs, 5 * kNsPerMs, 10 * kNsPerMs, 20 * kNsPerMs, 50 * kNsPerMs, 100 * kNsPerMs, 200 * kNsPerMs,
    500 * kNsPerMs, //
    kNsPerSecond, 2 * kNsPerSecond, 5 * kNsPerSecond, 10 * kNsPerSecond, 15 * kNsPerSecond, 30 * kNsPerSecond, //
    kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute, //
    kHour, 2 * kHour, 3 * kHour, 6 * kHour, 12 * kHour, //
    kDay, 2 * kDay};
constexpr std::array<qint64, 12> kMonths = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400};

QDateTime dateTime(qint64 timeNs, TimeZone zone)
{
    const qint64 ms = series::floorTo(timeNs, kNsPerMs) / kNsPerMs;
    return QDateTime::fromMSecsSinceEpoch(ms, zone == TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
}

QDateTime dateTime(QDate date, QTime time, TimeZone zone)
{
    return QDateTime(date, time, zone == TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
}

int subsecondDigits(qint64 step)
{
    int digits = 0;
    for (qint64 unit = kNsPerSecond; digits < 9 && step % unit != 0; unit /= 10)
        ++digits;
    return digits;
}

/// Adds ticks in rising order only: on the day that the clock is put forward two wall times may be the same moment.
class Ticks {
public:
    Ticks(qint64 fromNs, qint64 toNs, TimeStep step, TimeZone zone)
        : m_from(fromNs)
        , m_to(toNs)
        , m_step(step)
        , m_zone(zone)
    {
    }

    bool add(qint64 timeNs) // false: past the end
    {
        if (timeNs > m_to)
            return false;
        if (timeNs < m_from || (!m_ticks.empty() && timeNs <= m_ticks.back().timeNs))
            return true;
        const bool belowDay = m_step.unit == TimeStep::Unit::Nanoseconds && m_step.count < kDay;
        const bool midnight = belowDay && timeNs % kMinute == 0 && dateTime(timeNs, m_zone).time().msecsSinceStartOfDay() == 0;
        if (midnight)
            m_ticks.push_back({timeNs, timeTickLabel(timeNs, {TimeStep::Unit::Nanoseconds, kDay}, m_zone), true});
        else
            m_ticks.push_back({timeNs, timeTickLabel(timeNs, m_step, m_zone), false});
        return true;
    }

    std::vector<TimeTick> take() { return std::move(m_ticks); }

private:
    qint64 m_from;
    qint64 m_to;
    TimeStep m_step;
    TimeZone m_zone;
    std::vector<TimeTick> m_ticks;
};

} // namespace

qint64 TimeStep::aboutNs() const
{
    return unit == Unit::Months ? count * kMonth : count;
}

TimeStep timeStepAtLeast(qint64 ns)
{
    for (const qint64 step : kSteps) {
        if (step >= ns)
            return {TimeStep::Unit::Nanoseconds, step};
    }
    if (7 * kDay >= ns)
        return {TimeStep::Unit::Nanoseconds, 7 * kDay};
    for (const qint64 months : kMonths) {
        if (months * kMonth >= ns)
            return {TimeStep::Unit::Months, months};
    }
    return {TimeStep::Unit::Months, kMonths.back()};
}

QString timeTickLabel(qint64 timeNs, TimeStep step, TimeZone zone)
{
    if (step.unit == TimeStep::Unit::Months) {
        const QString format = step.count % 12 == 0 ? QStringLiteral("yyyy") : QStringLiteral("MMM yyyy");
        return QLocale().toString(dateTime(timeNs, zone).date(), format);
    }
    if (step.count >= kDay)
        return QLocale().toString(dateTime(timeNs, zone).date(), QStringLiteral("d MMM"));
    if (step.count >= kMinute)
        return formatTime(timeNs, 0, zone).left(5);
    return formatTime(timeNs, subsecondDigits(step.count), zone);
}

QString widestTimeTickLabel(TimeStep step)
{
    if (step.unit == TimeStep::Unit::Months)
        return QStringLiteral("Www 0000");
    if (step.count >= kDay)
        return QStringLiteral("00 Www.");
    if (step.count >= kMinute)
        return QStringLiteral("00 Www."); // midnight's label is wider than 00:00
    const int digits = subsecondDigits(step.count);
    return QStringLiteral("00:00:00") + (digits > 0 ? QLatin1Char('.') + QString(digits, QLatin1Char('0')) : QString());
}

std::vector<TimeTick> timeTicks(qint64 fromNs, qint64 toNs, TimeStep step, TimeZone zone)
{
    Ticks ticks(fromNs, toNs, step, zone);
    if (toNs < fromNs)
        return {};

    if (step.unit == TimeStep::Unit::Months) {
        const QDate first = dateTime(fromNs, zone).date();
        const qint64 month = series::floorTo(first.year() * 12 + first.month() - 1, step.count);
        QDate date(static_cast<int>(month / 12), static_cast<int>(month % 12) + 1, 1);
        while (date.isValid() && ticks.add(dateTime(date, QTime(0, 0), zone).toMSecsSinceEpoch() * kNsPerMs))
            date = date.addMonths(static_cast<int>(step.count));
    } else if (step.count >= kDay) {
        const qint64 days = step.count / kDay;
        // Day 0 is a Thursday: with 4 added, weeks begin on Mondays.
        const qint64 shift = days == 7 ? 4 : 0;
        const qint64 epochDay = QDate(1970, 1, 1).daysTo(dateTime(fromNs, zone).date());
        QDate date = QDate(1970, 1, 1).addDays(series::floorTo(epochDay - shift, days) + shift);
        while (date.isValid() && ticks.add(dateTime(date, QTime(0, 0), zone).toMSecsSinceEpoch() * kNsPerMs))
            date = date.addDays(days);
    } else if (step.count >= kHour) {
        QDate date = dateTime(fromNs, zone).date();
        const int hours = static_cast<int>(step.count / kHour);
        for (bool inside = true; inside && date.isValid(); date = date.addDays(1)) {
            for (int hour = 0; hour < 24 && inside; hour += hours)
                inside = ticks.add(dateTime(date, QTime(hour, 0), zone).toMSecsSinceEpoch() * kNsPerMs);
        }
    } else {
        // No zone is off by a part of a minute today, and all steps below an hour divide a quarter of one or are divided by one.
        const qint64 offset = dateTime(fromNs, zone).offsetFromUtc() * kNsPerSecond;
        qint64 time = series::floorTo(fromNs + offset, step.count) - offset;
        while (ticks.add(time))
            time += step.count;
    }
    return ticks.take();
}

} // namespace feedscope::ui
