// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_source.h"

#include "base/clock.h"
#include "feed/market_past.h"
#include "feed/market_state.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <limits>

namespace feedscope::feed {

namespace {

constexpr qint64 kPulseNs = 200 * base::kNsPerMs; // quotes and books
constexpr qint64 kCandleNs = 250 * base::kNsPerMs; // finest candles; a multiple of it is a whole second, when the coarser ones are due
constexpr qint64 kDayNs = 86400 * base::kNsPerSecond;
constexpr qint64 kLongestLagNs = 30 * base::kNsPerSecond;
constexpr int kMostPerAdvance = 50'000;
constexpr qsizetype kShortHistory = 1;

qint64 nextOnGrid(qint64 timeNs, qint64 stepNs)
{
    return timeNs - timeNs % stepNs + stepNs;
}

double activityAt(qint64 timeNs)
{
    return marketActivity(static_cast<double>(timeNs % kDayNs) / static_cast<double>(base::kNsPerSecond));
}

enum class Kind : quint8 { Trade, Candle, Book };
struct TopicKey {
    Kind kind = Kind::Trade;
    size_t symbol = 0;
    size_t interval = 0;
};

struct Arrival {
    qint64 timeNs = 0;
    size_t symbol = 0;
    /// Later is smaller: the heap's top is the next arrival. The symbol settles ties, so that the order is always the same.
    bool operator<(const Arrival &other) const { return timeNs != other.timeNs ? timeNs > other.timeNs : symbol > other.symbol; }
};

struct Topics {
    QByteArray market;
    QByteArray book;
    std::array<QByteArray, kCandleIntervals.size()> candles;
};

} // namespace

struct MarketSource::Private {
    Config config;
    MarketPast past;
    std::vector<MarketState> states;
    std::vector<qint32> pastClose; // where the past of each symbol ends
    std::vector<Topics> topics;
    QHash<QByteArray, TopicKey> keys;
    std::vector<Arrival> arrivals; // heap
    Random random;
    double factorVariance = 1;
    qint64 nextPulseNs = 0;
    qint64 nextCandlesNs = 0;
    qint64 positionNs = 0;

    explicit Private(const Config &given);
    void addSymbol(const MarketSymbol &symbol, double tradesPerSecond);
    qint64 dueNs() const { return qMin(qMin(nextPulseNs, nextCandlesNs), arrivals.front().timeNs); }
    void step(qint64 timeNs, Publisher &publisher);
    void jump(qint64 toNs, Publisher &publisher);
    void beginSession();
    void pulse(qint64 timeNs, Publisher &publisher);
    void trade(Publisher &publisher);
    void publishCandles(qint64 timeNs, bool coarse, Publisher &publisher);
    void scheduleTrade(size_t symbol, qint64 fromNs);
    void needPast(MarketState &state);
    std::optional<QByteArray> snapshot(const QByteArray &topic, bool isShort);
};

MarketSource::Private::Private(const Config &given)
    : config(given)
    , past(given.seed, qMax<qint64>(0, given.startNs) / base::kNsPerSecond)
    , random(given.seed, 0x6d61726b6574)
{
    config.symbols = qBound(1, config.symbols, 2000);
    config.startNs = qMax<qint64>(0, config.startNs);
    if (!(config.eventsPerSecond > 0.001))
        config.eventsPerSecond = 0.001;
    config.eventsPerSecond = qMin(config.eventsPerSecond, 1e6);
    positionNs = config.startNs;
    nextPulseNs = nextOnGrid(config.startNs, kPulseNs);
    nextCandlesNs = nextOnGrid(config.startNs, kCandleNs);

    // Who is busy: a power law over the rank.
    std::vector<double> weights;
    double sum = 0;
    for (int i = 0; i < config.symbols; ++i) {
        const double rank = i + 2;
        weights.push_back(1 / (std::sqrt(rank) * std::sqrt(std::sqrt(rank) * std::sqrt(std::sqrt(rank))))); // rank^-0.875
        sum += weights.back();
    }
    const std::vector<MarketSymbol> symbols = marketSymbols(config.seed, config.symbols);
    states.reserve(symbols.size());
    keys.reserve(static_cast<qsizetype>(symbols.size() * 7));
    for (size_t i = 0; i < symbols.size(); ++i)
        addSymbol(symbols[i], config.eventsPerSecond * weights[i] / sum);
}

void MarketSource::Private::addSymbol(const MarketSymbol &symbol, double tradesPerSecond)
{
    const size_t index = states.size();
    states.emplace_back(symbol, config.seed, static_cast<int>(index), tradesPerSecond);
    MarketState &state = states.back();
    pastClose.push_back(state.last);

    const qint64 midnight = config.startNs / kDayNs * 86400;
    qint32 open = state.last;
    qint64 volume = 0;
    for (const MarketPast::Hour &hour : past.hours(symbol, static_cast<int>(index), state.last, tradesPerSecond)) {
        if (hour.begin < midnight)
            continue;
        if (hour.begin == midnight)
            open = hour.open;
        volume += hour.volume;
    }
    state.beginSession(open, volume);

    Topics names{"market." + symbol.symbol, "book." + symbol.symbol, {}};
    keys.insert(names.market, {Kind::Trade, index, 0});
    keys.insert(names.book, {Kind::Book, index, 0});
    for (size_t i = 0; i < kCandleIntervals.size(); ++i) {
        names.candles[i] = "candle." + symbol.symbol + '.' + kCandleIntervals[i].name;
        keys.insert(names.candles[i], {Kind::Candle, index, i});
    }
    topics.push_back(std::move(names));
    scheduleTrade(index, config.startNs);
}

void MarketSource::Private::scheduleTrade(size_t symbol, qint64 fromNs)
{
    constexpr double kLongestSeconds = 86400;
    const double seconds = qMin(kLongestSeconds, states[symbol].nextArrival(activityAt(fromNs)));
    const auto waitNs = qMax<qint64>(1, static_cast<qint64>(seconds * static_cast<double>(base::kNsPerSecond)));
    arrivals.push_back({fromNs + waitNs, symbol});
    std::push_heap(arrivals.begin(), arrivals.end());
}

void MarketSource::Private::step(qint64 timeNs, Publisher &publisher)
{
    // Order matters at equal times: what a second held is published before the next second's first trade.
    if (nextCandlesNs == timeNs) {
        publishCandles(timeNs, timeNs % base::kNsPerSecond == 0, publisher);
        nextCandlesNs += kCandleNs;
    } else if (nextPulseNs == timeNs) {
        pulse(timeNs, publisher);
        nextPulseNs += kPulseNs;
    } else {
        trade(publisher);
    }
    positionNs = timeNs;
}

void MarketSource::Private::jump(qint64 toNs, Publisher &publisher)
{
    publishCandles(positionNs, true, publisher);
    if (positionNs / kDayNs != toNs / kDayNs)
        beginSession();
    positionNs = toNs;
    nextPulseNs = nextOnGrid(toNs, kPulseNs);
    nextCandlesNs = nextOnGrid(toNs, kCandleNs);
    arrivals.clear();
    for (size_t i = 0; i < states.size(); ++i)
        scheduleTrade(i, toNs);
}

void MarketSource::Private::beginSession()
{
    for (MarketState &state : states)
        state.beginSession(state.last, 0);
}

void MarketSource::Private::pulse(qint64 timeNs, Publisher &publisher)
{
    if (timeNs % kDayNs == 0)
        beginSession();
    MarketMoves moves;
    moves.factor = std::sqrt(factorVariance) * random.normal();
    factorVariance = qBound(0.2, 0.015 + 0.03 * moves.factor * moves.factor + 0.955 * factorVariance, 12.0);
    for (double &sector : moves.sectors)
        sector = random.normal();
    const double activity = activityAt(timeNs);
    for (size_t i = 0; i < states.size(); ++i) {
        MarketState &state = states[i];
        if (state.pulse(moves, activity) && publisher.wants(topics[i].book))
            publisher.publish(topics[i].book, state.book.deltaJson(state.symbol.symbol, state.symbol.decimals, state.change), timeNs);
    }
}

void MarketSource::Private::trade(Publisher &publisher)
{
    std::pop_heap(arrivals.begin(), arrivals.end());
    const Arrival arrival = arrivals.back();
    arrivals.pop_back();
    MarketState &state = states[arrival.symbol];
    state.trade(arrival.timeNs / base::kNsPerSecond);
    publisher.publish(topics[arrival.symbol].market, state.tradeJson(), arrival.timeNs);
    scheduleTrade(arrival.symbol, arrival.timeNs);
}

void MarketSource::Private::publishCandles(qint64 timeNs, bool coarse, Publisher &publisher)
{
    for (size_t i = 0; i < states.size(); ++i) {
        MarketState &state = states[i];
        for (size_t interval = 0; interval < kCandleIntervals.size(); ++interval) {
            const bool isDue = interval == 0 ? state.hasNewTrades : coarse && state.hasNewTradesCoarse;
            if (!isDue || !publisher.wants(topics[i].candles[interval]))
                continue;
            needPast(state);
            publisher.publish(topics[i].candles[interval], state.candleJson(interval), timeNs);
        }
        state.hasNewTrades = false;
        state.hasNewTradesCoarse = state.hasNewTradesCoarse && !coarse;
    }
}

void MarketSource::Private::needPast(MarketState &state)
{
    if (!state.candles.hasPast())
        state.candles.prepend(past.candles(state.symbol, state.index, pastClose[static_cast<size_t>(state.index)], state.tradesPerSecond));
}

std::optional<QByteArray> MarketSource::Private::snapshot(const QByteArray &topic, bool isShort)
{
    const auto key = keys.constFind(topic);
    if (key == keys.cend())
        return std::nullopt;
    MarketState &state = states[key->symbol];
    if (key->kind == Kind::Book)
        return state.book.snapshotJson(state.symbol.symbol, state.symbol.decimals);
    needPast(state);
    if (key->kind == Kind::Trade)
        return state.snapshotJson();
    return state.candlesJson(key->interval, isShort ? kShortHistory : kCandleIntervals[key->interval].capacity);
}

MarketSource::MarketSource(const Config &config)
    : d(new Private(config))
{
}

MarketSource::~MarketSource() = default;

std::vector<QByteArray> MarketSource::symbols() const
{
    std::vector<QByteArray> names;
    for (const MarketState &state : d->states)
        names.push_back(state.symbol.symbol);
    return names;
}

QByteArray MarketSource::name() const
{
    return "market";
}

std::vector<QByteArray> MarketSource::topics() const
{
    std::vector<QByteArray> names;
    for (const Topics &topics : d->topics)
        names.push_back(topics.market);
    for (const Topics &topics : d->topics)
        names.push_back(topics.book);
    for (const Topics &topics : d->topics)
        names.insert(names.end(), topics.candles.begin(), topics.candles.end());
    return names;
}

void MarketSource::advance(qint64 wallNs, Publisher &publisher)
{
    if (wallNs - d->positionNs > kLongestLagNs)
        d->jump(wallNs, publisher);
    for (int steps = 0; steps < kMostPerAdvance && d->dueNs() <= wallNs; ++steps)
        d->step(d->dueNs(), publisher);
    if (d->dueNs() > wallNs)
        d->positionNs = qMax(d->positionNs, wallNs);
}

qint64 MarketSource::nextDueNs() const
{
    return d->dueNs();
}

std::optional<QByteArray> MarketSource::snapshot(const QByteArray &topic) const
{
    return d->snapshot(topic, false);
}

std::optional<QByteArray> MarketSource::shortSnapshot(const QByteArray &topic) const
{
    return d->snapshot(topic, true);
}

} // namespace feedscope::feed
