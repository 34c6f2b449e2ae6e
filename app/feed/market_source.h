// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/source.h"

#include <memory>

namespace feedscope::feed {

/// A synthetic market: at least 50 symbols with drift, volatility clustering, a session's U-shaped activity, spreads, volumes and an order book.
/// Deterministic for seed and start. It has a past: candles before `startNs` exist, so that a chart is full when it opens.
///
/// Topics: market.SYM (trade with quote), candle.SYM.{1s,5s,1m,5m,1h} (snapshot: array of history, oldest first; event: the current candle),
/// book.SYM (snapshot: bids, asks, checksum; event: delta with checksum). A session is a UTC day.
///
/// advance() takes bounded time: what it did not get to is due at once again, and after a pause of more than 30 seconds (a suspended computer) the
/// market goes on from the new time, with a hole where it slept.
class MarketSource final : public Source {
public:
    struct Config {
        quint64 seed = 1;
        int symbols = 50; ///< 1 … 2000; the first 50 have well-known names, later ones are made up
        double eventsPerSecond = 230; ///< market.* events over all symbols, on average over a session
        qint64 startNs = 0; ///< Unix nanoseconds
    };
    explicit MarketSource(const Config &config);
    ~MarketSource() override;

    std::vector<QByteArray> symbols() const;

    QByteArray name() const override;
    std::vector<QByteArray> topics() const override;
    void advance(qint64 wallNs, Publisher &publisher) override;
    qint64 nextDueNs() const override;
    std::optional<QByteArray> snapshot(const QByteArray &topic) const override;
    /// Of candles: the current one only.
    std::optional<QByteArray> shortSnapshot(const QByteArray &topic) const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::feed
