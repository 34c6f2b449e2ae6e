// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/market_candles.h"
#include "feed/market_symbols.h"

#include <vector>

namespace feedscope::feed {

/// How busy the market is at a second of the day, mean 1: a session is a UTC day, busiest at its ends.
double marketActivity(double secondOfDay);

/// What came before the market was started, as a pure function of seed, symbol and start: an hourly walk back from the present price, refined to
/// finer candles only where finer candles are kept, so that every coarse candle is exactly the sum of its finer ones.
class MarketPast {
public:
    /// `endSecond`: Unix seconds; the past is everything before it.
    MarketPast(quint64 seed, qint64 endSecond);

    struct Hour {
        qint64 begin = 0;
        qint64 end = 0; ///< the last hour may be cut by the market's start
        qint32 open = 0;
        qint32 close = 0;
        qint64 volume = 0;
        double agitation = 1; ///< volatility against its mean
    };
    /// Oldest first, ending at `price`. `tradesPerSecond`: on average over a session.
    std::vector<Hour> hours(const MarketSymbol &symbol, int index, qint32 price, double tradesPerSecond) const;
    MarketCandles::Past candles(const MarketSymbol &symbol, int index, qint32 price, double tradesPerSecond) const;

private:
    quint64 m_seed;
    qint64 m_end;
    std::vector<double> m_factor; // hourly returns common to all symbols, in units of their volatility
};

/// Mean size of a trade, in shares: ties the volumes of the past to those of the present.
constexpr double kMeanTradeSize = 268;

} // namespace feedscope::feed
