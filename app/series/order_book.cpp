// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/order_book.h"

#include "base/crc32.h"

#include <algorithm>
#include <cmath>

namespace feedscope::series {

namespace {

constexpr size_t kChecksumLevels = 10;

bool isLevel(const BookLevel &level)
{
    return std::isfinite(level.price) && std::isfinite(level.size);
}

template <class Before> void applyTo(std::vector<BookLevel> &levels, BookLevel level, Before before)
{
    const auto it = std::lower_bound(levels.begin(), levels.end(), level.price,
        [&](const BookLevel &held, double price) { return before(held.price, price); });
    const bool held = it != levels.end() && it->price == level.price;
    if (level.size <= 0) {
        if (held)
            levels.erase(it);
    } else if (held) {
        it->size = level.size;
    } else {
        levels.insert(it, level);
    }
}

void addTo(QByteArray &text, const std::vector<BookLevel> &levels, int priceDecimals, int sizeDecimals)
{
    for (size_t i = 0; i < std::min(levels.size(), kChecksumLevels); ++i) {
        text += QByteArray::number(levels[i].price, 'f', priceDecimals) + ':'
            + QByteArray::number(levels[i].size, 'f', sizeDecimals) + '|';
    }
}

} // namespace

void OrderBook::reset(std::vector<BookLevel> bids, std::vector<BookLevel> asks)
{
    m_bids.clear();
    m_asks.clear();
    for (const BookLevel &level : bids)
        apply(Side::Buy, level);
    for (const BookLevel &level : asks)
        apply(Side::Sell, level);
}

void OrderBook::apply(Side side, BookLevel level)
{
    if (!isLevel(level))
        return;
    if (side == Side::Buy)
        applyTo(m_bids, level, [](double a, double b) { return a > b; });
    else if (side == Side::Sell)
        applyTo(m_asks, level, [](double a, double b) { return a < b; });
}

quint32 OrderBook::checksum(int priceDecimals, int sizeDecimals) const
{
    QByteArray text;
    text.reserve(512);
    addTo(text, m_bids, priceDecimals, sizeDecimals);
    addTo(text, m_asks, priceDecimals, sizeDecimals);
    return base::crc32(text);
}

} // namespace feedscope::series
