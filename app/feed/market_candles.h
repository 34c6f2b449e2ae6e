// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <array>
#include <deque>
#include <vector>

namespace feedscope::feed {

/// Candle intervals of the market's topics, finest first, and how many candles of each are kept.
struct CandleInterval {
    const char *name;
    qint64 seconds;
    qsizetype capacity;
};
constexpr std::array<CandleInterval, 5> kCandleIntervals = {{{"1s", 1, 900}, {"5s", 5, 720}, {"1m", 60, 1440}, {"5m", 300, 576}, {"1h", 3600, 500}}};

/// Prices in ticks of the symbol (10^-decimals), since integers are the same everywhere.
struct TickCandle {
    qint64 start = 0; ///< Unix seconds
    qint32 open = 0;
    qint32 high = 0;
    qint32 low = 0;
    qint32 close = 0;
    qint64 volume = 0;

    bool operator==(const TickCandle &) const = default;
};

/// The candles of one symbol in all intervals: those built from trades, and in front of them, once it was asked for, the past.
class MarketCandles {
public:
    using Past = std::array<std::vector<TickCandle>, kCandleIntervals.size()>;

    void addTrade(qint64 second, qint32 price, qint64 size);
    /// Once: a candle that began before the market and went on in it becomes one.
    void prepend(const Past &past);
    bool hasPast() const { return m_hasPast; }
    const std::deque<TickCandle> &of(size_t interval) const { return m_candles[interval]; }

private:
    void trim(size_t interval);

    std::array<std::deque<TickCandle>, kCandleIntervals.size()> m_candles;
    bool m_hasPast = false;
};

} // namespace feedscope::feed
