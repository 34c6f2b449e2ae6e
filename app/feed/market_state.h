// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/market_book.h"
#include "feed/market_candles.h"
#include "feed/market_symbols.h"
#include "feed/random.h"

#include <QByteArray>

#include <array>

namespace feedscope::feed {

/// The moves that all symbols share in one pulse of the market.
struct MarketMoves {
    double factor = 0;
    std::array<double, kMarketSectors> sectors = {};
};

/// One symbol of the synthetic market as it stands: quote, last trade, session, book. Moves in pulses of 200 ms; trades happen in between at its
/// quote, so that trades, quote and book never contradict each other.
class MarketState {
public:
    static constexpr double kPulseSeconds = 0.2;

    MarketState(const MarketSymbol &symbol, quint64 seed, int index, double tradesPerSecond);

    /// Returns false where the book did not change. `activity` scales the variance.
    bool pulse(const MarketMoves &moves, double activity);
    void trade(qint64 second);
    void beginSession(qint32 open, qint64 volume);
    /// Until the next trade, in seconds.
    double nextArrival(double activity) { return m_random.exponential() / (tradesPerSecond * activity); }

    QByteArray tradeJson() const;
    QByteArray snapshotJson() const;
    QByteArray candleJson(size_t interval) const;
    /// `most`: the newest so many, marked as truncated where there are more.
    QByteArray candlesJson(size_t interval, qsizetype most) const;

    MarketSymbol symbol;
    int index;
    double tradesPerSecond;
    qint32 last = 0; ///< price of the last trade, in ticks
    MarketBook book;
    MarketBook::Change change; ///< of the last pulse
    MarketCandles candles;
    bool hasNewTrades = false; ///< since the fine candles were published
    bool hasNewTradesCoarse = false;

private:
    void requote();
    void writeTrade(QByteArray &text) const;

    Random m_random;
    double m_mid; // ticks
    double m_anchor;
    double m_baseVariance; // of one pulse, own part
    double m_variance;
    double m_beta; // per-pulse deviation of the symbol per unit of the factor
    double m_sectorBeta;
    double m_spreadShare; // of the price, at mean volatility
    double m_flow = 0; // signed shares traded since the last pulse
    double m_bookLife; // chance that sizes change in a pulse in which the quote does not
    bool m_isAgitated = false;
    bool m_isBuy = true;
    qint64 m_size = 0;
    qint32 m_bid = 0;
    qint32 m_ask = 0;
    qint32 m_open = 0;
    qint64 m_volume = 0;
};

} // namespace feedscope::feed
