// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/random.h"

#include <QByteArray>

#include <vector>

namespace feedscope::feed {

/// The order book of one symbol of the synthetic market, in ticks: fifteen levels a side around the present quote, on a grid of its own, so that
/// levels stay and keep their sizes while the price moves among them.
class MarketBook {
public:
    struct Level {
        qint32 price = 0; ///< ticks
        qint64 size = 0; ///< shares; 0 in a change: removed
        bool operator==(const Level &) const = default;
    };
    struct Change {
        std::vector<Level> bids;
        std::vector<Level> asks;
        bool isEmpty() const { return bids.empty() && asks.empty(); }
    };

    /// `grid`: distance of the deeper levels, in ticks.
    explicit MarketBook(qint32 grid)
        : m_grid(qMax(1, grid))
    {
    }

    /// Moves the book to a quote and lets some sizes change. What changed is left in `change`.
    void move(qint32 bid, qint32 ask, Random &random, Change &change);

    const std::vector<Level> &bids() const { return m_bids; } ///< best first
    const std::vector<Level> &asks() const { return m_asks; }

    QByteArray snapshotJson(const QByteArray &symbol, int decimals) const;
    QByteArray deltaJson(const QByteArray &symbol, int decimals, const Change &change) const;

private:
    quint32 checksum(int decimals) const;

    qint32 m_grid;
    std::vector<Level> m_bids;
    std::vector<Level> m_asks;
    std::vector<Level> m_next; // scratch
};

} // namespace feedscope::feed
