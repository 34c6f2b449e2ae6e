// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_candles.h"

namespace feedscope::feed {

void MarketCandles::addTrade(qint64 second, qint32 price, qint64 size)
{
    for (size_t i = 0; i < kCandleIntervals.size(); ++i) {
        const qint64 start = second - second % kCandleIntervals[i].seconds;
        auto &candles = m_candles[i];
        if (candles.empty() || candles.back().start != start) {
            candles.push_back({start, price, price, price, price, size});
            trim(i);
            continue;
        }
        TickCandle &candle = candles.back();
        candle.high = qMax(candle.high, price);
        candle.low = qMin(candle.low, price);
        candle.close = price;
        candle.volume += size;
    }
}

void MarketCandles::prepend(const Past &past)
{
    Q_ASSERT(!m_hasPast);
    m_hasPast = true;
    for (size_t i = 0; i < kCandleIntervals.size(); ++i) {
        auto &candles = m_candles[i];
        auto end = past[i].end();
        if (!candles.empty() && end != past[i].begin() && (end - 1)->start == candles.front().start) {
            --end;
            TickCandle &joint = candles.front();
            joint.open = end->open;
            joint.high = qMax(joint.high, end->high);
            joint.low = qMin(joint.low, end->low);
            joint.volume += end->volume;
        }
        candles.insert(candles.begin(), past[i].begin(), end);
        trim(i);
    }
}

void MarketCandles::trim(size_t interval)
{
    auto &candles = m_candles[interval];
    while (static_cast<qsizetype>(candles.size()) > kCandleIntervals[interval].capacity)
        candles.pop_front();
}

} // namespace feedscope::feed
