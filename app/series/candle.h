// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace feedscope::series {

struct Candle {
    qint64 startNs = 0; ///< Unix nanoseconds, a multiple of the interval
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;

    bool isUp() const { return close >= open; }
    bool operator==(const Candle &) const = default;
};

/// Candles of one interval, oldest first, at most `capacity` of them; built from trades, from finer candles or taken from a feed.
/// A trade older than the last candle goes into its own candle where that is still held. Plain value, no thread of its own.
class CandleSeries {
public:
    explicit CandleSeries(qint64 intervalNs, qsizetype capacity = 100'000);

    qint64 intervalNs() const { return m_intervalNs; }
    qsizetype size() const;
    bool isEmpty() const { return size() == 0; }
    const Candle &operator[](qsizetype index) const; ///< 0 is the oldest
    const Candle &back() const;
    /// Grows by one with every candle started; lets a view tell "new candle" from "last candle changed".
    quint64 started() const;

    /// False where a value is not finite, the size is negative or the time is before the oldest candle held: nothing is taken in then.
    bool addTrade(qint64 timeNs, double price, double size);
    /// Replaces the candle of the same start, or is inserted in order. Same refusals.
    bool put(const Candle &candle);
    void clear();

    /// Index of the first candle with startNs >= timeNs; size() if none.
    qsizetype lowerBound(qint64 timeNs) const;
    /// The candles between two times merged to a coarser interval, candles staying candles.
    std::vector<Candle> merged(qint64 intervalNs, qint64 fromNs, qint64 toNs) const;

private:
    qint64 m_intervalNs;
    qsizetype m_capacity;
    std::vector<Candle> m_candles; // dropped from the front in blocks: m_first is the oldest held
    qsizetype m_first = 0;
    quint64 m_started = 0;
};

} // namespace feedscope::series
