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
/// A trade older than the last candle goes into its own candle where that is still held; a late one changes high, low and volume, but not what
/// a later trade closed at. Trades of equal time count in the order of their arrival. Plain value, no thread of its own.
class CandleSeries {
public:
    explicit CandleSeries(qint64 intervalNs, qsizetype capacity = 100'000);

    qint64 intervalNs() const { return m_intervalNs; }
    qsizetype size() const;
    bool isEmpty() const { return size() == 0; }
    const Candle &operator[](qsizetype index) const; ///< 0 is the oldest
    const Candle &back() const;
    /// Grows by one with every candle started; lets a view tell "new candle" from "last candle changed".
    quint64 started() const { return m_started; }
    /// Grows with everything taken in and with clear(); lets a view tell that nothing changed.
    quint64 revision() const { return m_revision; }
    /// Grows with every change that is not to the newest candle or a candle after it: late trades, insertions, trimming, clear().
    quint64 pastRevision() const { return m_pastRevision; }

    /// False where a value is not finite, the size is negative or the time is before the oldest candle held: nothing is taken in then.
    bool addTrade(qint64 timeNs, double price, double size);
    /// Replaces the candle of the same start, or is inserted in order. Same refusals; refused as well: a start that is no multiple of the
    /// interval, and a body that leaves the range between low and high.
    bool put(const Candle &candle);
    void clear();

    /// Index of the first candle with startNs >= timeNs; size() if none.
    qsizetype lowerBound(qint64 timeNs) const;
    /// The candles between two times merged to a coarser interval, candles staying candles. The two times are widened to multiples of
    /// that interval, so that no candle is made of a part. An interval not coarser than this series' own: the candles as they are.
    std::vector<Candle> merged(qint64 intervalNs, qint64 fromNs, qint64 toNs) const;

private:
    qint64 m_intervalNs;
    qsizetype m_capacity;
    std::vector<Candle> m_candles; // dropped from the front in blocks: m_first is the oldest held
    qsizetype m_first = 0;
    qint64 m_lastTradeNs = 0; // of the newest candle: what is older does not close it
    quint64 m_started = 0;
    quint64 m_revision = 0;
    quint64 m_pastRevision = 0;

    qsizetype insertionPoint(qint64 startNs) const; // into m_candles
    void insert(qsizetype at, const Candle &candle);
    void trim();
};

/// The greatest multiple of `step` that is not after the time; also before 1970.
qint64 floorTo(qint64 timeNs, qint64 step);

} // namespace feedscope::series
