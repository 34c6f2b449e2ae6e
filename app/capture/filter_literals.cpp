// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_literals.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "wire/frame.h"

#include <QDateTime>

#include <array>
#include <cmath>
#include <limits>

namespace feedscope::capture {

namespace {

constexpr quint64 kMost = std::numeric_limits<quint64>::max();

struct Unit {
    QLatin1String name;
    quint64 factor;
};

constexpr std::array kCounts {Unit {QLatin1String("k"), 1000}, Unit {QLatin1String("K"), 1000}, Unit {QLatin1String("M"), 1'000'000},
    Unit {QLatin1String("G"), 1'000'000'000}, Unit {QLatin1String("Ki"), 1024}, Unit {QLatin1String("Mi"), 1024 * 1024},
    Unit {QLatin1String("Gi"), 1024 * 1024 * 1024}};
constexpr std::array kDurations {Unit {QLatin1String("ns"), 1}, Unit {QLatin1String("us"), base::kNsPerUs},
    Unit {QLatin1String("\xb5s"), base::kNsPerUs}, Unit {QLatin1String("ms"), base::kNsPerMs}, Unit {QLatin1String("s"), base::kNsPerSecond},
    Unit {QLatin1String("min"), 60 * base::kNsPerSecond}, Unit {QLatin1String("h"), 3600 * base::kNsPerSecond}};

/// A number taken apart: sign, digits before and behind the point, unit.
struct Written {
    bool negative = false;
    QString whole;
    QString fraction;
    QString unit;
    bool isHex = false;
};

std::optional<Written> takeApart(const QString &word)
{
    Written written;
    qsizetype at = 0;
    if (word.startsWith(u'-') || word.startsWith(u'+')) {
        written.negative = word.front() == u'-';
        at = 1;
    }
    const auto digits = [&] {
        const qsizetype start = at;
        while (at < word.size() && word[at] >= u'0' && word[at] <= u'9')
            ++at;
        return word.mid(start, at - start);
    };
    if (word.mid(at, 2).compare(QLatin1String("0x"), Qt::CaseInsensitive) == 0) {
        written.whole = word.mid(at + 2);
        written.isHex = true;
        bool ok = false;
        if (written.whole.size() <= 16)
            written.whole.toULongLong(&ok, 16);
        return ok ? std::optional(written) : std::nullopt;
    }
    written.whole = digits();
    if (at < word.size() && word[at] == u'.') {
        ++at;
        written.fraction = digits();
        if (written.fraction.isEmpty())
            return std::nullopt;
    }
    written.unit = word.mid(at);
    return written.whole.isEmpty() ? std::nullopt : std::optional(written);
}

template <size_t N> std::optional<quint64> factorOf(const QString &unit, const std::array<Unit, N> &units)
{
    if (unit.isEmpty())
        return 1;
    for (const Unit &known : units) {
        if (unit == known.name)
            return known.factor;
    }
    return std::nullopt;
}

/// whole.fraction * factor in integers; what is left of the fraction goes to `isBetween`. Empty: too large.
std::optional<quint64> multiply(const Written &written, quint64 factor, bool &isBetween)
{
    isBetween = false;
    bool ok = false;
    const quint64 whole = written.whole.toULongLong(&ok, written.isHex ? 16 : 10);
    if (!ok || (whole && factor > kMost / whole))
        return std::nullopt;
    const quint64 product = whole * factor;
    // The fraction is smaller than the factor, and factors are far below 2^53.
    const double rest = written.fraction.isEmpty() ? 0 : (QLatin1String("0.") + written.fraction).toDouble() * double(factor);
    const double floor = std::floor(rest + 1e-9);
    isBetween = rest - floor > 1e-9;
    const auto extra = static_cast<quint64>(floor);
    return product > kMost - extra ? std::nullopt : std::optional(product + extra);
}

FilterBound exactly(quint64 key)
{
    return {key, key, false, 0};
}

/// Of a field that is never negative.
FilterBound unsignedBound(const Written &written, quint64 factor)
{
    FilterBound bound;
    const auto value = multiply(written, factor, bound.isBetween);
    if (!value) {
        bound.beyond = written.negative ? -1 : 1;
    } else if (written.negative && (*value || bound.isBetween)) {
        bound.beyond = -1;
    } else {
        bound.low = bound.high = *value;
    }
    return bound;
}

/// Of a field in signed nanoseconds; fractions of a nanosecond are dropped.
FilterBound signedBound(const Written &written, quint64 factor)
{
    bool isBetween = false;
    const auto value = multiply(written, factor, isBetween);
    if (!value || *value > static_cast<quint64>(std::numeric_limits<qint64>::max()))
        return {0, 0, false, written.negative ? -1 : 1};
    const auto ns = static_cast<qint64>(*value);
    return exactly(keyOf(written.negative ? -ns : ns));
}

tl::expected<FilterBound, QString> duration(const QString &word, FieldId field)
{
    const auto written = takeApart(word);
    const auto factor = written ? factorOf(written->unit, kDurations) : std::nullopt;
    if (!factor)
        return tl::unexpected(QStringLiteral("'%1' is no duration; write it as 50ms, 800us or 1.5s").arg(word));
    if (!written->unit.isEmpty() || field == FieldId::RelativeTime) // Wireshark's times are in seconds
        return signedBound(*written, written->unit.isEmpty() ? quint64(base::kNsPerSecond) : *factor);
    if (written->whole.toULongLong() != 0 || !written->fraction.isEmpty())
        return tl::unexpected(QStringLiteral("the duration %1 needs a unit: %1ms, %1us or %1s").arg(word));
    return signedBound(*written, 1);
}

/// HH:MM[:SS[.fraction]] in ns since midnight.
std::optional<FilterBound> timeOfDay(const QString &word)
{
    const QStringList parts = word.split(u':');
    if (parts.size() < 2 || parts.size() > 3)
        return std::nullopt;
    quint64 ns = 0;
    constexpr std::array<quint64, 3> limits {24, 60, 61};
    quint64 factor = 3600 * quint64(base::kNsPerSecond);
    quint64 resolution = 0;
    for (qsizetype i = 0; i < parts.size(); ++i, factor /= 60) {
        const auto written = takeApart(parts[i]);
        if (!written || written->negative || written->isHex || !written->unit.isEmpty() || written->whole.size() > 2
            || written->whole.toULongLong() >= limits[static_cast<size_t>(i)] || (!written->fraction.isEmpty() && i < 2))
            return std::nullopt;
        bool isBetween = false;
        ns += multiply(*written, factor, isBetween).value_or(0);
        resolution = factor;
        for (qsizetype digit = 0; digit < written->fraction.size() && resolution > 1; ++digit)
            resolution /= 10;
    }
    return FilterBound {ns, ns + resolution - 1, false, 0};
}

tl::expected<FilterBound, QString> moment(const QString &word, FieldId &field)
{
    if (const auto bound = timeOfDay(word)) {
        field = FieldId::TimeOfDay;
        return *bound;
    }
    if (const auto written = takeApart(word); written && written->unit.isEmpty() && !written->isHex)
        return signedBound(*written, quint64(base::kNsPerSecond));
    const QDateTime date = QDateTime::fromString(QString(word).replace(u' ', u'T'), Qt::ISODateWithMs);
    if (!date.isValid()) {
        return tl::unexpected(
            QStringLiteral("'%1' is no time; write it as 12:00:05, \"2024-05-01T12:00:05\" or in Unix seconds").arg(word));
    }
    const qint64 ns = date.toMSecsSinceEpoch() * base::kNsPerMs;
    const qint64 resolution = word.contains(u'.') ? base::kNsPerMs : base::kNsPerSecond;
    return FilterBound {keyOf(ns), keyOf(ns + resolution - 1), false, 0};
}

tl::expected<FilterBound, QString> opcode(const QString &word)
{
    QStringList names;
    for (quint8 value = 0; value < 16; ++value) {
        const auto name = QString::fromLatin1(wire::opcodeName(static_cast<wire::Opcode>(value)));
        if (word == name || (value == 0 && word == QLatin1String("cont")))
            return exactly(value);
        names << name;
    }
    if (const auto written = takeApart(word); written && written->unit.isEmpty())
        return unsignedBound(*written, 1);
    const QString near = nearestName(word, names);
    return tl::unexpected(near.isEmpty()
            ? QStringLiteral("'%1' is no opcode: continuation, text, binary, close, ping, pong, or a number").arg(word)
            : QStringLiteral("'%1' is no opcode; did you mean '%2'?").arg(word, near));
}

} // namespace

tl::expected<FilterBound, QString> parseBound(const QString &word, FieldType type, FieldId &field)
{
    switch (type) {
    case FieldType::Duration:
        return duration(word, field);
    case FieldType::Time:
        return moment(word, field);
    case FieldType::Opcode:
        return opcode(word);
    case FieldType::Sender:
        if (word == QLatin1String("client") || word == QLatin1String("server"))
            return exactly(word == QLatin1String("server") ? 1 : 0);
        return tl::unexpected(QStringLiteral("'%1' sends nothing: client or server").arg(word));
    case FieldType::Boolean:
        if (word == QLatin1String("true") || word == QLatin1String("1"))
            return exactly(1);
        if (word == QLatin1String("false") || word == QLatin1String("0"))
            return exactly(0);
        return tl::unexpected(QStringLiteral("'%1' is neither true nor false").arg(word));
    default:
        break;
    }
    const auto written = takeApart(word);
    const auto factor = written ? factorOf(written->unit, kCounts) : std::nullopt;
    if (!factor) {
        return tl::unexpected(written ? QStringLiteral("'%1' is no unit of a number: k, M, G, Ki, Mi, Gi").arg(written->unit)
                                      : QStringLiteral("'%1' is no number").arg(word));
    }
    return unsignedBound(*written, *factor);
}

std::vector<KeyRange> rangesFor(FilterOp op, const FilterBound &bound)
{
    const std::vector<KeyRange> all {{0, kMost}};
    const auto below = [&](quint64 key) { return key == 0 ? std::vector<KeyRange>() : std::vector<KeyRange> {{0, key - 1}}; };
    const auto above = [&](quint64 key) { return key == kMost ? std::vector<KeyRange>() : std::vector<KeyRange> {{key + 1, kMost}}; };
    switch (op) {
    case FilterOp::Less:
    case FilterOp::LessEqual:
        if (bound.beyond)
            return bound.beyond > 0 ? all : std::vector<KeyRange>();
        return op == FilterOp::LessEqual || bound.isBetween ? std::vector<KeyRange> {{0, bound.high}} : below(bound.low);
    case FilterOp::Greater:
    case FilterOp::GreaterEqual:
        if (bound.beyond)
            return bound.beyond < 0 ? all : std::vector<KeyRange>();
        return op == FilterOp::Greater || bound.isBetween ? above(bound.low) : std::vector<KeyRange> {{bound.low, kMost}};
    default:
        if (bound.beyond || bound.isBetween)
            return {};
        return {{bound.low, bound.high}};
    }
}

std::optional<std::pair<QString, QString>> splitRange(const QString &word)
{
    const qsizetype dots = word.indexOf(QLatin1String(".."));
    if (dots <= 0 || dots + 2 >= word.size())
        return std::nullopt;
    return std::pair(word.left(dots), word.mid(dots + 2));
}

std::optional<QByteArray> parseBytes(const QString &word)
{
    QString digits = word;
    if (word.startsWith(QLatin1String("0x"), Qt::CaseInsensitive)) {
        digits = word.mid(2);
        if (digits.size() % 2)
            digits.prepend(u'0');
    } else if (word.contains(u':')) {
        for (const QString &pair : word.split(u':')) {
            if (pair.size() != 2)
                return std::nullopt;
        }
        digits.remove(u':');
    }
    const auto bytes = base::fromHex(digits.toUtf8());
    return bytes && !bytes->isEmpty() ? bytes : std::nullopt;
}

tl::expected<FilterSlice, QString> parseSlice(const QString &text)
{
    const auto bad = [&] {
        return tl::unexpected(QStringLiteral("[%1] is no slice; write [offset:length], [offset], [first-last], [:length] or [offset:]").arg(text));
    };
    const auto number = [](const QString &part) {
        bool ok = false;
        const int value = part.trimmed().toInt(&ok);
        return ok ? std::optional(value) : std::nullopt;
    };
    if (const qsizetype colon = text.indexOf(u':'); colon >= 0) {
        const QString first = text.left(colon);
        const QString count = text.mid(colon + 1);
        const auto offset = first.trimmed().isEmpty() ? std::optional(0) : number(first);
        const auto length = count.trimmed().isEmpty() ? std::optional(-1) : number(count);
        if (!offset || !length || (*length < 0 && !count.trimmed().isEmpty()) || (first.trimmed().isEmpty() && count.trimmed().isEmpty()))
            return bad();
        return FilterSlice {*offset, *length};
    }
    if (const qsizetype dash = text.indexOf(u'-', 1); dash > 0) {
        const auto first = number(text.left(dash));
        const auto last = number(text.mid(dash + 1));
        if (!first || !last || *first < 0 || *last < *first)
            return bad();
        return FilterSlice {*first, *last - *first + 1};
    }
    const auto offset = number(text);
    if (!offset)
        return bad();
    return FilterSlice {*offset, 1};
}

std::optional<double> parseDouble(const QString &word)
{
    const auto written = takeApart(word);
    if (!written)
        return std::nullopt;
    if (written->isHex)
        return double(written->whole.toULongLong(nullptr, 16));
    if (const auto factor = factorOf(written->unit, kCounts)) {
        const QString plain = (written->negative ? QStringLiteral("-") : QString()) + written->whole + u'.'
            + (written->fraction.isEmpty() ? QStringLiteral("0") : written->fraction);
        return plain.toDouble() * double(*factor);
    }
    bool ok = false;
    const double value = word.toDouble(&ok); // 1e-3
    return ok ? std::optional(value) : std::nullopt;
}

} // namespace feedscope::capture
