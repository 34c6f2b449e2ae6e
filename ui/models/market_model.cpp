// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/market_model.h"

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kMaxDecimals = 8;
constexpr qsizetype kMetricCapacity = 36'000; // ten hours at one a second
constexpr size_t kCandleSeriesHeld = 32; // symbols and intervals looked at lately

void keepNewer(double &held, double value)
{
    if (std::isfinite(value))
        held = value;
}

} // namespace

int decimalsOf(double value)
{
    if (!std::isfinite(value))
        return 0;
    const double tolerance = std::max(1.0, std::abs(value)) * 1e-11;
    double scale = 1;
    for (int decimals = 0; decimals < kMaxDecimals; ++decimals, scale *= 10) {
        const double scaled = value * scale;
        if (std::abs(scaled - std::round(scaled)) <= tolerance * scale)
            return decimals;
    }
    return kMaxDecimals;
}

MarketModel::MarketModel() = default;
MarketModel::~MarketModel() = default;
MarketModel::MarketModel(MarketModel &&) noexcept = default;
MarketModel &MarketModel::operator=(MarketModel &&) noexcept = default;

void MarketModel::apply(const feed::FeedBatch &batch)
{
    for (const auto &info : batch.symbols)
        take(info);
    for (const auto &tick : batch.ticks)
        take(tick);
    for (const auto &change : batch.candles)
        take(change);
    for (const auto &change : batch.books)
        take(change);
    for (const auto &sample : batch.metrics)
        take(sample);
    for (const auto &mark : batch.quality)
        take(mark);
    m_latency.add(batch.latenciesNs);
    m_messages += batch.messages;
}

void MarketModel::clear()
{
    *this = MarketModel();
}

int MarketModel::ensure(const QString &symbol)
{
    const auto found = m_index.constFind(symbol);
    if (found != m_index.constEnd())
        return *found;
    const int index = size();
    auto state = std::make_unique<SymbolState>();
    state->symbol = symbol;
    m_symbols.push_back(std::move(state));
    m_isChanged.push_back(false);
    m_index.insert(symbol, index);
    return index;
}

std::vector<int> MarketModel::takeChanged()
{
    for (const int index : m_changed)
        m_isChanged[static_cast<size_t>(index)] = false;
    return std::exchange(m_changed, {});
}

int MarketModel::tradeCapacity() const
{
    return size() <= 1000 ? 500 : 64;
}

void MarketModel::markChanged(int index)
{
    if (m_isChanged[static_cast<size_t>(index)])
        return;
    m_isChanged[static_cast<size_t>(index)] = true;
    m_changed.push_back(index);
}

void MarketModel::take(const feed::SymbolInfo &info)
{
    constexpr qint64 kPastStepNs = 60'000'000'000;
    const int index = ensure(info.symbol);
    SymbolState &state = *m_symbols[static_cast<size_t>(index)];
    state.name = info.name;
    state.open = info.open;
    state.decimals = std::max(state.decimals, std::clamp(info.decimals, 0, kMaxDecimals));
    if (!info.sparkline.empty())
        state.trend.setPast(info.sparkline, kPastStepNs);
    markChanged(index);
}

void MarketModel::take(const feed::SymbolTick &symbolTick)
{
    const int index = ensure(symbolTick.symbol);
    SymbolState &state = *m_symbols[static_cast<size_t>(index)];
    const series::Tick &tick = symbolTick.tick;
    const double before = state.tick.price;

    keepNewer(state.tick.price, tick.price);
    keepNewer(state.tick.size, tick.size);
    keepNewer(state.tick.bid, tick.bid);
    keepNewer(state.tick.ask, tick.ask);
    keepNewer(state.tick.change, tick.change);
    keepNewer(state.tick.changePercent, tick.changePercent);
    keepNewer(state.tick.volume, tick.volume);
    state.tick.side = tick.side;
    state.tick.timeNs = tick.timeNs;
    state.receivedNs = symbolTick.receivedNs;
    m_newestNs = std::max(m_newestNs, symbolTick.receivedNs);
    ++state.ticks;

    if (std::isfinite(tick.price)) {
        state.decimals = std::max(state.decimals, decimalsOf(tick.price));
        int move = 0;
        if (std::isfinite(before) && tick.price != before)
            move = tick.price > before ? 1 : -1;
        if (move != 0)
            state.direction = move;
        state.trend.add(tick.timeNs, tick.price);
        // Without a size and a side it is a state from a snapshot and not a trade.
        if (std::isfinite(tick.size) || tick.side != series::Side::None)
            takeTrade(state, tick, move);
    }
    if (std::isfinite(state.open) && state.open > 0) {
        if (!std::isfinite(tick.change))
            state.tick.change = state.tick.price - state.open;
        if (!std::isfinite(tick.changePercent))
            state.tick.changePercent = (state.tick.price - state.open) / state.open * 100;
    }
    markChanged(index);
}

void MarketModel::takeTrade(SymbolState &state, const series::Tick &tick, int direction)
{
    if (tick.side != series::Side::None)
        direction = tick.side == series::Side::Buy ? 1 : -1;
    state.trades.push_back({tick.timeNs, tick.price, tick.size, direction});
    ++state.tradesSeen;
    while (state.trades.size() > static_cast<size_t>(tradeCapacity()))
        state.trades.pop_front();

    const double size = std::isfinite(tick.size) ? tick.size : 0;
    const auto from = m_candles.lower_bound(CandleKey(state.symbol, 0));
    for (auto it = from; it != m_candles.end() && it->first.first == state.symbol; ++it) {
        if (!it->second.fromFeed)
            it->second.series->addTrade(tick.timeNs, tick.price, size);
    }
}

void MarketModel::take(const feed::CandleChange &change)
{
    if (change.intervalNs <= 0)
        return;
    candles(change.symbol, change.intervalNs);
    CandleStore &store = m_candles.at(CandleKey(change.symbol, change.intervalNs));
    // What was built from trades ends where the feed's own candles begin: the two would not agree on the open one.
    if (change.snapshot || !store.fromFeed)
        store.series->clear();
    store.fromFeed = true;
    for (const series::Candle &candle : change.candles)
        store.series->put(candle);
}

void MarketModel::take(const feed::BookChange &change)
{
    BookState &state = m_books[change.symbol];
    state.priceDecimals = change.priceDecimals;
    state.sizeDecimals = change.sizeDecimals;
    if (change.snapshot) {
        state.book.reset(change.bids, change.asks);
    } else {
        for (const auto &level : change.bids)
            state.book.apply(series::Side::Buy, level);
        for (const auto &level : change.asks)
            state.book.apply(series::Side::Sell, level);
    }
    ++state.changes;
    if (change.hasChecksum) {
        state.agrees = state.book.checksum(state.priceDecimals, state.sizeDecimals) == change.checksum;
        ++(state.agrees ? state.verified : state.mismatched);
    }
}

void MarketModel::take(const feed::MetricSample &sample)
{
    auto &held = m_metrics[{sample.topic, sample.field}];
    if (!held)
        held = std::make_unique<series::Series>(kMetricCapacity);
    held->append(sample.sample);
}

void MarketModel::take(const feed::QualityMark &mark)
{
    m_quality.push_back(mark);
    if (m_quality.size() > kQualityCapacity)
        m_quality.pop_front();
    ++m_qualitySeen;
    const auto kind = static_cast<size_t>(mark.kind);
    if (kind < m_qualityCounts.size())
        ++m_qualityCounts[kind];
    if (mark.kind == feed::QualityKind::Gap && mark.toOffset >= mark.fromOffset)
        m_missing += mark.toOffset - mark.fromOffset + 1;
}

const series::CandleSeries *MarketModel::candles(const QString &symbol, qint64 intervalNs)
{
    const CandleKey key(symbol, intervalNs);
    auto found = m_candles.find(key);
    if (found == m_candles.end()) {
        if (m_candles.size() >= kCandleSeriesHeld) {
            const auto oldest = std::min_element(m_candles.begin(), m_candles.end(),
                [](const auto &a, const auto &b) { return a.second.used < b.second.used; });
            m_candles.erase(oldest);
        }
        found = m_candles.emplace(key, CandleStore{std::make_unique<series::CandleSeries>(intervalNs), false, 0}).first;
    }
    found->second.used = ++m_candleUse;
    return found->second.series.get();
}

bool MarketModel::candlesFromFeed(const QString &symbol, qint64 intervalNs) const
{
    const auto found = m_candles.find(CandleKey(symbol, intervalNs));
    return found != m_candles.end() && found->second.fromFeed;
}

const BookState *MarketModel::book(const QString &symbol) const
{
    const auto found = m_books.find(symbol);
    return found == m_books.end() ? nullptr : &found->second;
}

void MarketModel::forgetBook(const QString &symbol)
{
    m_books.erase(symbol);
}

const series::Series *MarketModel::metric(const QString &topic, const QString &field) const
{
    const auto found = m_metrics.find({topic, field});
    return found == m_metrics.end() ? nullptr : found->second.get();
}

QStringList MarketModel::metrics() const
{
    QStringList names;
    for (const auto &[key, series] : m_metrics)
        names.append(key.first + QLatin1Char(' ') + key.second);
    return names;
}

} // namespace feedscope::ui
