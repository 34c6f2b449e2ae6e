// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/tick.h"

#include <QByteArray>

#include <vector>

namespace feedscope::series {

struct BookLevel {
    double price = 0;
    double size = 0; ///< 0 removes the level
    bool operator==(const BookLevel &) const = default;
};

/// Price levels of one symbol, best first. Snapshot and deltas come from the feed; the checksum tells whether they were all seen.
class OrderBook {
public:
    void reset(std::vector<BookLevel> bids, std::vector<BookLevel> asks);
    /// A level that is no number, or no side, is left out: the checksum tells.
    void apply(Side side /* Buy: bids */, BookLevel level);
    const std::vector<BookLevel> &bids() const { return m_bids; }
    const std::vector<BookLevel> &asks() const { return m_asks; }

    /// CRC-32 over the ten best levels of each side, bids first, each as "price:size|" with the given decimals.
    quint32 checksum(int priceDecimals, int sizeDecimals) const;
    bool operator==(const OrderBook &) const = default;

private:
    std::vector<BookLevel> m_bids; // descending
    std::vector<BookLevel> m_asks; // ascending
};

} // namespace feedscope::series
