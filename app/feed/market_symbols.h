// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace feedscope::feed {

constexpr int kMarketSectors = 8;

/// What stays the same about a symbol of the synthetic market.
struct MarketSymbol {
    QByteArray symbol;
    QByteArray name; ///< made up, since nothing here says anything about a real company
    int sector = 0;
    double beta = 1; ///< to the common factor
    double price = 100; ///< around which it begins
    int decimals = 2;
    double dailyVolatility = 0.02;
};

/// `count` symbols, busiest first: the well-known ones, then made-up ones of four letters.
std::vector<MarketSymbol> marketSymbols(quint64 seed, int count);

} // namespace feedscope::feed
