// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format.h"

#include "base/clock.h"

#include <QDateTime>
#include <QFontDatabase>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr QChar kThinSpace(0x202f); // narrow no-break space: a number is never broken over two lines

QString scaled(double value, const QString &unit)
{
    const int decimals = value < 9.95 ? 1 : 0;
    return QString::number(value, 'f', decimals) + kThinSpace + unit;
}

} // namespace

QString formatCount(quint64 count)
{
    QString digits = QString::number(count);
    for (qsizetype i = digits.size() - 3; i > 0; i -= 3)
        digits.insert(i, kThinSpace);
    return digits;
}

QString formatBytes(double bytes)
{
    if (bytes < 999.5)
        return QString::number(bytes, 'f', 0) + kThinSpace + QStringLiteral("B");
    static constexpr const char *kUnits[] = {"kB", "MB", "GB", "TB"};
    double value = bytes / 1000;
    size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < std::size(kUnits); ++unit)
        value /= 1000;
    return QString::number(value, 'f', value < 99.95 ? 1 : 0) + kThinSpace + QLatin1String(kUnits[unit]);
}

QString formatRate(double perSecond, const QString &unit)
{
    QString number = QStringLiteral("–");
    if (perSecond > 0 && perSecond < 9.95)
        number = QString::number(perSecond, 'f', 1);
    else if (perSecond >= 0 && perSecond < 1e18)
        number = formatCount(static_cast<quint64>(std::llround(perSecond)));
    return number + kThinSpace + unit + QStringLiteral("/s");
}

QString formatDuration(qint64 ns)
{
    const QString sign = ns < 0 ? QStringLiteral("−") : QString();
    const double value = std::abs(static_cast<double>(ns));
    if (value < 1e3)
        return sign + QString::number(value, 'f', 0) + kThinSpace + QStringLiteral("ns");
    if (value < 99.5e3)
        return sign + scaled(value / 1e3, QStringLiteral("µs"));
    if (value < 999.5e6)
        return sign + scaled(value / 1e6, QStringLiteral("ms"));
    if (value < 59.5e9)
        return sign + scaled(value / 1e9, QStringLiteral("s"));
    const qint64 seconds = std::llround(value / 1e9);
    if (seconds < 3600)
        return sign + QStringLiteral("%1%3min %2%3s").arg(seconds / 60).arg(seconds % 60).arg(kThinSpace);
    return sign + QStringLiteral("%1%3h %2%3min").arg(seconds / 3600).arg(seconds / 60 % 60).arg(kThinSpace);
}

QString formatPrice(double value, int decimals)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    const QString text = QString::number(value, 'f', decimals);
    const bool isZero = std::ranges::all_of(text, [](QChar digit) { return QStringLiteral("-0.").contains(digit); });
    return isZero && text.startsWith(QLatin1Char('-')) ? text.mid(1) : text; // −0.00 is 0.00
}

QString formatPercent(double value)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    const QString number = QString::number(std::abs(value), 'f', 2);
    const bool flat = number == QLatin1String("0.00");
    const QString shape = flat ? QStringLiteral("=") : value > 0 ? QStringLiteral("▲") : QStringLiteral("▼");
    return shape + QLatin1Char(' ') + number + kThinSpace + QLatin1Char('%');
}

QString formatTime(qint64 wallNs, int subsecondDigits, TimeZone zone)
{
    const qint64 seconds = wallNs >= 0 ? wallNs / base::kNsPerSecond : (wallNs - base::kNsPerSecond + 1) / base::kNsPerSecond;
    const qint64 rest = wallNs - seconds * base::kNsPerSecond;
    QDateTime time = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    if (zone == TimeZone::Local)
        time = time.toLocalTime();
    QString text = time.toString(QStringLiteral("HH:mm:ss"));
    if (subsecondDigits > 0)
        text += QLatin1Char('.') + QStringLiteral("%1").arg(rest, 9, 10, QLatin1Char('0')).left(subsecondDigits);
    return text;
}

QFont wordFont(int points)
{
    QFont font(QStringList{QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")});
    font.setPointSize(points);
    return font;
}

QFont byteFont(int points)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setFamilies({QStringLiteral("DejaVu Sans Mono"), font.family()});
    font.setStyleHint(QFont::Monospace);
    font.setPointSize(points);
    return font;
}

} // namespace feedscope::ui
