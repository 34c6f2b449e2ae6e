// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_past.h"

#include "feed/random.h"

#include <cmath>

namespace feedscope::feed {

namespace {

constexpr qint64 kHour = 3600;
constexpr qint64 kDay = 86400;
constexpr int kHours = 500;
constexpr double kFactorShare = 0.55; // of a symbol's variance, at beta 1

// Levels of refinement, coarsest first: index into kCandleIntervals, and how far back it is divided into the next finer one.
struct Level {
    size_t interval;
    qint64 refinedSeconds;
};
constexpr Level kLevels[] = {{4, 2 * kDay}, {3, kDay}, {2, kHour}, {1, 900}, {0, 0}};
constexpr size_t kFinest = 4;

/// Volatility of one hour: variance in units of its mean, GARCH(1,1).
struct Agitation {
    double variance = 1;
    double next(double shock)
    {
        const double now = variance;
        variance = qBound(0.2, 0.06 + 0.10 * shock * shock * now + 0.84 * now, 6.0);
        return std::sqrt(now);
    }
};

class Refiner {
public:
    Refiner(Random random, qint64 end, double ticksPerRootSecond, double tradesPerSecond, MarketCandles::Past &past)
        : m_random(random)
        , m_end(end)
        , m_sigma(ticksPerRootSecond)
        , m_past(past)
    {
        // e^-x by the first terms of 1/e^x: how often a second passes without a trade.
        const double x = tradesPerSecond;
        m_quiet = 1 / (1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4))));
    }

    TickCandle refine(size_t level, qint64 begin, qint64 end, qint32 open, qint32 close, qint64 volume, double agitation)
    {
        const Level &now = kLevels[level];
        TickCandle candle{begin - begin % kCandleIntervals[now.interval].seconds, open, qMax(open, close), qMin(open, close), close, volume};
        if (level == kFinest || end <= m_end - now.refinedSeconds) {
            const double reach = 0.45 * agitation * m_sigma * std::sqrt(static_cast<double>(end - begin));
            candle.high += static_cast<qint32>(std::llround(std::abs(m_random.normal()) * reach));
            candle.low = qMax(1, candle.low - static_cast<qint32>(std::llround(std::abs(m_random.normal()) * reach)));
        } else {
            divide(level, candle, begin, end, agitation);
        }
        m_past[now.interval].push_back(candle);
        return candle;
    }

private:
    void divide(size_t level, TickCandle &whole, qint64 begin, qint64 end, double agitation)
    {
        const qint64 step = kCandleIntervals[kLevels[level + 1].interval].seconds;
        qint32 open = whole.open;
        qint64 volume = whole.volume;
        bool isFirst = true;
        for (qint64 from = begin; from < end;) {
            const qint64 to = qMin(end, from - from % step + step);
            const bool isLast = to == end;
            const double share = static_cast<double>(to - from) / static_cast<double>(end - from);
            const double here = agitation * (0.55 + 0.9 * m_random.uniform());
            if (level + 1 == kFinest && m_random.chance(m_quiet) && !isLast) {
                from = to; // a second without a trade has no candle, as later in the present
                continue;
            }
            qint32 close = whole.close;
            qint64 part = volume;
            if (!isLast) {
                // Brownian bridge to where the whole candle closes.
                const double left = static_cast<double>(end - to);
                const double spread = here * m_sigma * std::sqrt(static_cast<double>(to - from) * left / static_cast<double>(end - from));
                close = static_cast<qint32>(std::llround(open + (whole.close - open) * share + spread * m_random.normal()));
                close = qMax(1, close);
                // A share that is never all of it: the candles that follow traded as well.
                const double weight = share * (0.3 + 0.7 * m_random.exponential());
                part = static_cast<qint64>(static_cast<double>(volume) * weight / (weight + 1 - share));
            }
            const TickCandle child = refine(level + 1, from, to, open, close, part, here);
            if (isFirst) {
                whole.high = child.high;
                whole.low = child.low;
                isFirst = false;
            }
            whole.high = qMax(whole.high, child.high);
            whole.low = qMin(whole.low, child.low);
            open = close;
            volume -= part;
            from = to;
        }
    }

    Random m_random;
    qint64 m_end;
    double m_sigma;
    double m_quiet = 0;
    MarketCandles::Past &m_past;
};

} // namespace

double marketActivity(double secondOfDay)
{
    const double x = 2 * secondOfDay / static_cast<double>(kDay) - 1;
    return 0.75 + 0.75 * x * x; // mean of x² over a day: 1/3
}

MarketPast::MarketPast(quint64 seed, qint64 endSecond)
    : m_seed(seed)
    , m_end(endSecond)
{
    Random random(seed, 0x666163746f72);
    Agitation agitation;
    m_factor.reserve(kHours);
    for (int i = 0; i < kHours; ++i) {
        const double shock = random.normal();
        m_factor.push_back(agitation.next(shock) * shock);
    }
}

std::vector<MarketPast::Hour> MarketPast::hours(const MarketSymbol &symbol, int index, qint32 price, double tradesPerSecond) const
{
    Random random(m_seed, 0x10000u + static_cast<quint64>(index));
    const double hourly = symbol.dailyVolatility * std::sqrt(1.0 / 24);
    const double common = std::sqrt(kFactorShare) * symbol.beta * 0.8;
    const double own = std::sqrt(1 - kFactorShare);
    const qint64 lastBegin = m_end % kHour == 0 ? m_end - kHour : m_end - m_end % kHour;

    Agitation agitation;
    std::vector<Hour> hours(kHours);
    std::vector<double> returns(kHours);
    for (size_t i = 0; i < hours.size(); ++i) {
        Hour &hour = hours[i];
        hour.begin = lastBegin - kHour * static_cast<qint64>(hours.size() - 1 - i);
        hour.end = qMin(m_end, hour.begin + kHour);
        const double duration = static_cast<double>(hour.end - hour.begin);
        const double shock = random.normal();
        hour.agitation = agitation.next(shock);
        const double move = common * m_factor[i] + own * hour.agitation * shock;
        returns[i] = hourly * std::sqrt(duration / static_cast<double>(kHour)) * move;
        const double activity = marketActivity(static_cast<double>(hour.begin % kDay) + duration / 2);
        const double busy = 0.55 + 0.35 * std::abs(move) + 0.35 * random.uniform();
        hour.volume = static_cast<qint64>(tradesPerSecond * duration * kMeanTradeSize * activity * busy);
    }
    qint32 close = price;
    for (size_t i = hours.size(); i-- > 0;) {
        hours[i].close = close;
        close = qMax(1, static_cast<qint32>(std::llround(close / (1 + returns[i]))));
        hours[i].open = close;
    }
    return hours;
}

MarketCandles::Past MarketPast::candles(const MarketSymbol &symbol, int index, qint32 price, double tradesPerSecond) const
{
    MarketCandles::Past past;
    for (size_t i = 0; i < kCandleIntervals.size(); ++i)
        past[i].reserve(static_cast<size_t>(kCandleIntervals[i].capacity + 80));
    const double ticksPerRootSecond = price * symbol.dailyVolatility / std::sqrt(static_cast<double>(kDay));
    Refiner refiner(Random(m_seed, 0x20000u + static_cast<quint64>(index)), m_end, ticksPerRootSecond, tradesPerSecond, past);
    for (const Hour &hour : hours(symbol, index, price, tradesPerSecond))
        refiner.refine(0, hour.begin, hour.end, hour.open, hour.close, hour.volume, hour.agitation);
    return past;
}

} // namespace feedscope::feed
