// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/reader_topic.h"

#include "base/clock.h"

#include <charconv>
#include <cmath>

namespace feedscope::feed {

namespace {

constexpr size_t kMaxFields = 200;

/// A member that may be missing but not be anything else than a number.
bool readOptional(const JsonNode &data, const char *name, double &value)
{
    const JsonNode *node = member(data, name);
    if (!node || node->IsNull())
        return true;
    const auto number = numberOf(node);
    if (number)
        value = *number;
    return number.has_value();
}

QByteArray notANumber(const char *name)
{
    return '`' + QByteArray(name) + "` is not a number";
}

series::Side sideOf(QByteArrayView text)
{
    if (text == QByteArrayView("buy"))
        return series::Side::Buy;
    return text == QByteArrayView("sell") ? series::Side::Sell : series::Side::None;
}

std::optional<int> decimalsOf(const JsonNode *node)
{
    const auto decimals = wholeOf(node);
    return decimals && *decimals <= 12 ? std::optional(static_cast<int>(*decimals)) : std::nullopt;
}

QByteArray checkCandle(const series::Candle &candle)
{
    if (candle.volume < 0)
        return "`volume` is negative";
    if (candle.low > qMin(candle.open, candle.close) || candle.high < qMax(candle.open, candle.close))
        return "a candle's open or close lies outside its high and low";
    return {};
}

std::optional<series::Candle> candleOf(const std::array<const JsonNode *, 6> &nodes)
{
    const auto start = timeOf(nodes[0]);
    std::array<double, 5> values = {};
    for (size_t i = 0; i < values.size(); ++i) {
        const auto number = numberOf(nodes[i + 1]);
        if (!number)
            return std::nullopt;
        values[i] = *number;
    }
    if (!start)
        return std::nullopt;
    return series::Candle{*start, values[0], values[1], values[2], values[3], values[4]};
}

QByteArray readLevels(const JsonNode &data, const char *name, bool isSnapshot, std::vector<series::BookLevel> &levels)
{
    const JsonNode *list = member(data, name);
    if (!list)
        return isSnapshot ? '`' + QByteArray(name) + "` is missing" : QByteArray();
    if (!list->IsArray())
        return '`' + QByteArray(name) + "` is not a list";
    levels.reserve(list->Size());
    for (const JsonNode &entry : list->GetArray()) {
        if (!entry.IsArray() || entry.Size() < 2)
            return "a level is not [price, size]";
        const auto price = numberOf(&entry[0]);
        const auto size = numberOf(&entry[1]);
        if (!price || !size)
            return "a level's price or size is not a number";
        if (*size < 0 || (isSnapshot && *size == 0))
            return "a level's size is negative, or zero in a snapshot";
        levels.push_back({*price, *size});
    }
    return {};
}

} // namespace

std::optional<qint64> intervalOf(QByteArrayView text)
{
    int count = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size() - 1 || count < 1 || count > 10'000)
        return std::nullopt;
    switch (text.back()) {
    case 's':
        return count * base::kNsPerSecond;
    case 'm':
        return count * 60 * base::kNsPerSecond;
    case 'h':
        return count * 3600 * base::kNsPerSecond;
    case 'd':
        return count * 86400 * base::kNsPerSecond;
    default:
        return std::nullopt;
    }
}

ReaderTopic::ReaderTopic(const QByteArray &topic)
    : name(topic)
    , text(QString::fromUtf8(topic))
{
    const qsizetype first = topic.indexOf('.');
    if (topic.startsWith("market.")) {
        kind = Kind::Market;
        symbol = text.mid(first + 1);
    } else if (topic.startsWith("book.")) {
        kind = Kind::Book;
        symbol = text.mid(first + 1);
    } else if (topic.startsWith("candle.")) {
        const qsizetype last = topic.lastIndexOf('.');
        const auto interval = last > first ? intervalOf(QByteArrayView(topic).sliced(last + 1)) : std::nullopt;
        if (interval) {
            kind = Kind::Candle;
            symbol = text.mid(first + 1, last - first - 1);
            intervalNs = *interval;
        }
    }
}

QByteArray readTrade(const JsonNode &data, const ReaderTopic &topic, qint64 timeNs, qint64 receivedNs, bool isSnapshot, FeedBatch &batch)
{
    series::Tick tick;
    tick.timeNs = timeNs;
    const auto price = numberOf(member(data, "price"));
    if (!price)
        return "`price` is missing or not a number";
    tick.price = *price;
    struct Optional {
        const char *name;
        double *value;
    };
    for (const auto &[name, value] : {Optional{"size", &tick.size}, Optional{"bid", &tick.bid}, Optional{"ask", &tick.ask},
             Optional{"change", &tick.change}, Optional{"change_percent", &tick.changePercent}, Optional{"volume", &tick.volume}}) {
        if (!readOptional(data, name, *value))
            return notANumber(name);
    }
    if (tick.size < 0)
        return "`size` is negative";
    if (tick.volume < 0)
        return "`volume` is negative";
    tick.side = sideOf(stringOf(member(data, "side")));
    if (isSnapshot) {
        tick.size = series::kMissing;
        tick.side = series::Side::None;
        SymbolInfo info;
        info.symbol = topic.symbol;
        info.name = QString::fromUtf8(stringOf(member(data, "name")));
        info.decimals = decimalsOf(member(data, "decimals")).value_or(2);
        info.open = numberOf(member(data, "open")).value_or(series::kMissing);
        if (const JsonNode *sparkline = member(data, "sparkline"); sparkline && sparkline->IsArray()) {
            for (const JsonNode &entry : sparkline->GetArray())
                info.sparkline.push_back(numberOf(&entry).value_or(series::kMissing));
        }
        batch.symbols.push_back(std::move(info));
    }
    batch.ticks.push_back({topic.symbol, tick, receivedNs});
    return {};
}

QByteArray readCandles(const JsonNode &data, const ReaderTopic &topic, bool isSnapshot, FeedBatch &batch)
{
    CandleChange change{topic.symbol, topic.intervalNs, isSnapshot, {}};
    if (!isSnapshot) {
        const auto candle = candleOf({member(data, "start"), member(data, "open"), member(data, "high"), member(data, "low"),
            member(data, "close"), member(data, "volume")});
        if (!candle)
            return "a candle has a value that is missing or not a number, or a start that is no time";
        if (QByteArray problem = checkCandle(*candle); !problem.isEmpty())
            return problem;
        change.candles.push_back(*candle);
        batch.candles.push_back(std::move(change));
        return {};
    }
    const JsonNode *list = member(data, "candles");
    if (!list || !list->IsArray())
        return "`candles` is missing or not a list";
    // Without the history that others have, it replaces nothing.
    const JsonNode *truncated = member(data, "truncated");
    change.snapshot = !(truncated && truncated->IsTrue());
    change.candles.reserve(list->Size());
    for (const JsonNode &row : list->GetArray()) {
        if (!row.IsArray() || row.Size() < 6)
            return "a candle is not [start, open, high, low, close, volume]";
        const auto candle = candleOf({&row[0], &row[1], &row[2], &row[3], &row[4], &row[5]});
        if (!candle)
            return "a candle has a value that is not a number, or a start that is no time";
        if (QByteArray problem = checkCandle(*candle); !problem.isEmpty())
            return problem;
        if (!change.candles.empty() && candle->startNs <= change.candles.back().startNs)
            return "candles are not in the order of their start";
        change.candles.push_back(*candle);
    }
    batch.candles.push_back(std::move(change));
    return {};
}

QByteArray readMetric(const JsonNode &data, ReaderTopic &topic, qint64 timeNs, FeedBatch &batch)
{
    const auto append = [&](QByteArrayView name, double value) {
        for (const auto &[known, text] : topic.fields) {
            if (known == name) {
                batch.metrics.push_back({topic.text, text, {timeNs, value}});
                return;
            }
        }
        const QString text = QString::fromUtf8(name);
        if (topic.fields.size() < kMaxFields)
            topic.fields.emplace_back(name.toByteArray(), text);
        batch.metrics.push_back({topic.text, text, {timeNs, value}});
    };
    if (data.IsNumber()) {
        append("value", data.GetDouble());
        return {};
    }
    if (!data.IsObject())
        return "`data` is neither an object nor a number";
    for (auto at = data.MemberBegin(); at != data.MemberEnd(); ++at) {
        if (at->value.IsNumber())
            append(stringOf(&at->name), at->value.GetDouble());
    }
    return {};
}

QByteArray readBook(const JsonNode &data, ReaderTopic &topic, bool isSnapshot, FeedBatch &batch, bool &isMismatch)
{
    isMismatch = false;
    BookChange change;
    change.symbol = topic.symbol;
    change.snapshot = isSnapshot;
    if (QByteArray problem = readLevels(data, "bids", isSnapshot, change.bids); !problem.isEmpty())
        return problem;
    if (QByteArray problem = readLevels(data, "asks", isSnapshot, change.asks); !problem.isEmpty())
        return problem;
    const JsonNode *checksum = member(data, "checksum");
    if (checksum && !checksum->IsUint())
        return "`checksum` is not a whole number of 32 bits";
    if (isSnapshot) {
        topic.priceDecimals = decimalsOf(member(data, "price_decimals")).value_or(topic.priceDecimals);
        topic.sizeDecimals = decimalsOf(member(data, "size_decimals")).value_or(topic.sizeDecimals);
        topic.book.reset(change.bids, change.asks);
        topic.hasBook = true;
    } else if (topic.hasBook) {
        for (const series::BookLevel &level : change.bids)
            topic.book.apply(series::Side::Buy, level);
        for (const series::BookLevel &level : change.asks)
            topic.book.apply(series::Side::Sell, level);
    }
    change.priceDecimals = topic.priceDecimals;
    change.sizeDecimals = topic.sizeDecimals;
    if (checksum) {
        change.hasChecksum = true;
        change.checksum = checksum->GetUint();
        isMismatch = topic.hasBook && topic.book.checksum(topic.priceDecimals, topic.sizeDecimals) != change.checksum;
    }
    batch.books.push_back(std::move(change));
    return {};
}

} // namespace feedscope::feed
