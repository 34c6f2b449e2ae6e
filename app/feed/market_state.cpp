// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_state.h"

#include "feed/json_writer.h"
#include "feed/market_past.h"

#include <cmath>

namespace feedscope::feed {

namespace {

// GARCH(1,1) per pulse: shocks fade with a half-life of about half a minute.
constexpr double kShockShare = 0.04;
constexpr double kMemory = 0.955;
// Beside it, calm and agitated stretches of minutes; the mean of their variances is 1.
constexpr double kCalm = 0.555;
constexpr double kAgitated = 1.757;
constexpr double kCalmSeconds = 180;
constexpr double kAgitatedSeconds = 60;
constexpr double kFactorShare = 0.45; // of the variance, at beta 1
constexpr double kSectorShare = 0.12;
constexpr double kNewsPerSecond = 1.0 / 1500;
constexpr double kOddLotShare = 0.2;
constexpr double kPulsesPerDay = 86400 / MarketState::kPulseSeconds;
constexpr qsizetype kSparkline = 60;

double power10(int exponent)
{
    double value = 1;
    for (int i = 0; i < exponent; ++i)
        value *= 10;
    return value;
}

qint32 gridOf(double ticks)
{
    // About one basis point, as 1, 2, 5, 10, … ticks.
    const double wanted = ticks / 10'000;
    qint32 grid = 1;
    for (const int step : {2, 5, 10, 20, 50, 100}) {
        if (step <= wanted * 1.5)
            grid = step;
    }
    return grid;
}

} // namespace

MarketState::MarketState(const MarketSymbol &fixed, quint64 seed, int number, double rate)
    : symbol(fixed)
    , index(number)
    , tradesPerSecond(rate)
    , book(gridOf(fixed.price * power10(fixed.decimals)))
    , m_random(seed, 0x30000u + static_cast<quint64>(number))
{
    const double variance = symbol.dailyVolatility * symbol.dailyVolatility / kPulsesPerDay;
    m_mid = symbol.price * power10(symbol.decimals) * (0.9 + 0.2 * m_random.uniform());
    m_anchor = m_mid;
    m_baseVariance = variance * (1 - kFactorShare - kSectorShare);
    m_variance = m_baseVariance;
    m_beta = symbol.beta * std::sqrt(variance * kFactorShare);
    m_sectorBeta = std::sqrt(variance * kSectorShare);
    // Quiet symbols and low prices have wide spreads.
    m_spreadShare = 0.00008 + 0.00025 / (1 + 0.5 * rate) + 0.004 / symbol.price * 0.2;
    m_bookLife = qMin(0.9, 0.15 + 0.05 * rate);
    requote();
    last = m_bid;
    book.move(m_bid, m_ask, m_random, change);
}

void MarketState::requote()
{
    const double agitation = (m_isAgitated ? kAgitated : kCalm) * std::sqrt(m_variance / m_baseVariance);
    const double wanted = m_mid * m_spreadShare * (0.6 + 0.4 * agitation);
    const auto spread = qMax<qint32>(1, static_cast<qint32>(std::llround(wanted)));
    m_bid = qMax<qint32>(1, static_cast<qint32>(std::llround(m_mid - 0.5 * spread)));
    m_ask = m_bid + spread;
}

bool MarketState::pulse(const MarketMoves &moves, double activity)
{
    if (m_random.chance(kPulseSeconds / (m_isAgitated ? kAgitatedSeconds : kCalmSeconds)))
        m_isAgitated = !m_isAgitated;
    const double heat = std::sqrt(activity) * (m_isAgitated ? kAgitated : kCalm);
    double own = std::sqrt(m_variance) * m_random.normal();
    if (m_random.chance(kNewsPerSecond * kPulseSeconds))
        own += std::sqrt(m_baseVariance) * (m_random.chance(0.5) ? 8.0 : -8.0) * (1 + m_random.uniform());
    m_variance = qBound(0.15 * m_baseVariance,
        (1 - kShockShare - kMemory) * m_baseVariance + kShockShare * own * own + kMemory * m_variance, 25 * m_baseVariance);

    const double pressure = qBound(-2.0, m_flow / (8 * kMeanTradeSize), 2.0);
    m_flow = 0;
    // A weak pull to where it began keeps a market that runs for weeks on the page.
    const double pull = (m_anchor / m_mid - 1) * 0.25 / kPulsesPerDay;
    const double move = heat * (own + m_beta * moves.factor + m_sectorBeta * moves.sectors[static_cast<size_t>(symbol.sector)])
        + pull + 0.15 * std::sqrt(m_variance) * pressure;
    m_mid = qBound(m_anchor / 20, m_mid * (1 + qBound(-0.2, move, 0.2)), m_anchor * 20);
    m_mid = qMax(m_mid, 10.0);

    const qint32 bid = m_bid;
    const qint32 ask = m_ask;
    requote();
    if (bid == m_bid && ask == m_ask && !m_random.chance(m_bookLife))
        return false;
    book.move(m_bid, m_ask, m_random, change);
    return !change.isEmpty();
}

void MarketState::trade(qint64 second)
{
    // Orders come in runs: a large one is worked off in parts.
    if (!m_random.chance(0.6))
        m_isBuy = m_random.chance(0.5);
    const bool isOdd = m_random.chance(kOddLotShare);
    m_size = isOdd ? 1 + static_cast<qint64>(m_random.below(99)) : 100 * static_cast<qint64>(qMin(500.0, m_random.pareto()));
    last = m_isBuy ? m_ask : m_bid;
    if (m_ask - m_bid >= 3 && m_random.chance(0.15))
        last = m_bid + (m_ask - m_bid) / 2;
    m_volume += m_size;
    m_flow += static_cast<double>(m_isBuy ? m_size : -m_size);
    candles.addTrade(second, last, m_size);
    hasNewTrades = true;
    hasNewTradesCoarse = true;
}

void MarketState::beginSession(qint32 open, qint64 volume)
{
    m_open = open;
    m_volume = volume;
}

void MarketState::writeTrade(QByteArray &text) const
{
    const int decimals = symbol.decimals;
    const qint64 change = last - m_open;
    JsonWriter json(text);
    json.beginObject()
        .key("symbol").string(symbol.symbol)
        .key("price").scaled(last, decimals)
        .key("size").integer(m_size)
        .key("side").string(m_isBuy ? "buy" : "sell")
        .key("bid").scaled(m_bid, decimals)
        .key("ask").scaled(m_ask, decimals)
        .key("change").scaled(change, decimals)
        .key("change_percent").scaled((change * 20'000 + (change < 0 ? -m_open : m_open)) / (2 * qint64(m_open)), 2)
        .key("volume").integer(m_volume);
}

QByteArray MarketState::tradeJson() const
{
    QByteArray text;
    text.reserve(200);
    writeTrade(text);
    JsonWriter(text).endObject();
    return text;
}

QByteArray MarketState::snapshotJson() const
{
    QByteArray text;
    text.reserve(1000);
    writeTrade(text);
    JsonWriter json(text);
    json.key("name").string(symbol.name).key("decimals").integer(symbol.decimals).key("open").scaled(m_open, symbol.decimals);
    json.key("sparkline").beginArray();
    const auto &minutes = candles.of(2);
    for (qsizetype i = qMax<qsizetype>(0, static_cast<qsizetype>(minutes.size()) - kSparkline); i < static_cast<qsizetype>(minutes.size()); ++i)
        json.scaled(minutes[static_cast<size_t>(i)].close, symbol.decimals);
    json.endArray().endObject();
    return text;
}

QByteArray MarketState::candleJson(size_t interval) const
{
    const TickCandle &candle = candles.of(interval).back();
    const int decimals = symbol.decimals;
    QByteArray text;
    text.reserve(200);
    JsonWriter(text)
        .beginObject()
        .key("symbol").string(symbol.symbol)
        .key("interval").string(kCandleIntervals[interval].name)
        .key("start").integer(candle.start)
        .key("open").scaled(candle.open, decimals)
        .key("high").scaled(candle.high, decimals)
        .key("low").scaled(candle.low, decimals)
        .key("close").scaled(candle.close, decimals)
        .key("volume").integer(candle.volume)
        .endObject();
    return text;
}

QByteArray MarketState::candlesJson(size_t interval, qsizetype most) const
{
    const auto &all = candles.of(interval);
    const auto size = static_cast<qsizetype>(all.size());
    const int decimals = symbol.decimals;
    QByteArray text;
    text.reserve(100 + 64 * qMin(most, size));
    JsonWriter json(text);
    json.beginObject().key("symbol").string(symbol.symbol).key("interval").string(kCandleIntervals[interval].name);
    if (size > most)
        json.key("truncated").boolean(true);
    json.key("candles").beginArray();
    for (qsizetype i = qMax<qsizetype>(0, size - most); i < size; ++i) {
        const TickCandle &candle = all[static_cast<size_t>(i)];
        json.beginArray()
            .integer(candle.start)
            .scaled(candle.open, decimals)
            .scaled(candle.high, decimals)
            .scaled(candle.low, decimals)
            .scaled(candle.close, decimals)
            .integer(candle.volume)
            .endArray();
    }
    json.endArray().endObject();
    return text;
}

} // namespace feedscope::feed
