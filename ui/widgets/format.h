// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>

namespace feedscope::ui {

// Numbers with their units, as every page writes them.

QString formatCount(quint64 count); ///< "1 204 331", thin no-break spaces
QString formatBytes(double bytes); ///< "812 B", "48.2 kB", "412 MB" (powers of ten)
QString formatRate(double perSecond, const QString &unit); ///< "231 msg/s", "0.8 msg/s"
QString formatDuration(qint64 ns); ///< "812 ns", "8.4 µs", "0.8 ms", "3.2 s", "4 min 10 s"
QString formatPrice(double value, int decimals); ///< "189.12"; "–" where missing
QString formatPercent(double value); ///< "▲ 0.42 %", "▼ 0.10 %", "= 0.00 %"
enum class TimeZone : quint8 { Local, Utc };
QString formatTime(qint64 wallNs, int subsecondDigits = 3, TimeZone zone = TimeZone::Local); ///< "12:00:05.123"

/// Fonts of the interface rules: words and bytes; `points` of 11, 13, 16 or 22. Tabular figures where the family has them.
QFont wordFont(int points = 11);
QFont byteFont(int points = 11);

} // namespace feedscope::ui
