// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_symbols.h"

#include "feed/random.h"

#include <QSet>

namespace feedscope::feed {

namespace {

enum Sector { Technology, Consumer, Finance, Energy, Health, Industry, Telecom, Materials };

struct Entry {
    const char *symbol;
    const char *name;
    Sector sector;
    double beta;
    double price;
    int decimals;
    double dailyVolatility;
};

constexpr Entry kWellKnown[] = {
    {"AAPL", "Aspen Apparatus", Technology, 1.15, 189.14, 2, 0.021},
    {"NVDA", "Novada Graphics", Technology, 1.65, 131.62, 2, 0.038},
    {"TSLA", "Tessel Motors", Consumer, 1.70, 248.50, 2, 0.042},
    {"AMD", "Ambit Devices", Technology, 1.60, 158.30, 2, 0.037},
    {"MSFT", "Minsoft Works", Technology, 1.05, 417.88, 2, 0.018},
    {"AMZN", "Amberzone Trading", Consumer, 1.25, 186.40, 2, 0.024},
    {"META", "Metaphor Media", Technology, 1.30, 512.76, 2, 0.027},
    {"GOOGL", "Googol Index", Technology, 1.10, 166.22, 2, 0.021},
    {"PLTR", "Palantine Data", Technology, 1.80, 41.35, 2, 0.045},
    {"INTC", "Intercal Circuits", Technology, 1.10, 31.08, 2, 0.031},
    {"BAC", "Banner Atlantic", Finance, 1.20, 39.71, 2, 0.020},
    {"F", "Fjord Motor", Consumer, 1.25, 11.94, 2, 0.024},
    {"NOK", "Norkia Networks", Telecom, 0.85, 4.1325, 4, 0.022},
    {"T", "Teleton", Telecom, 0.60, 19.86, 2, 0.014},
    {"XOM", "Xanthe Oil", Energy, 0.85, 117.42, 2, 0.018},
    {"JPM", "Juniper Moran", Finance, 1.05, 210.93, 2, 0.017},
    {"DIS", "Distill Pictures", Consumer, 1.15, 96.58, 2, 0.021},
    {"NFLX", "Netfolio Video", Consumer, 1.30, 686.10, 2, 0.026},
    {"UBER", "Umber Rides", Technology, 1.35, 72.84, 2, 0.028},
    {"SNAP", "Snapdragonfly", Technology, 1.75, 9.3175, 4, 0.046},
    {"BABA", "Bayside Bazaar", Consumer, 1.05, 83.66, 2, 0.029},
    {"PFE", "Pfalz Pharma", Health, 0.65, 28.95, 2, 0.016},
    {"KO", "Kona Beverage", Consumer, 0.55, 69.77, 2, 0.010},
    {"VZ", "Verizone", Telecom, 0.50, 41.52, 2, 0.012},
    {"WMT", "Walmere Stores", Consumer, 0.60, 77.13, 2, 0.012},
    {"CSCO", "Cisalpine Systems", Technology, 0.90, 50.44, 2, 0.015},
    {"C", "Civic Group", Finance, 1.35, 61.28, 2, 0.020},
    {"BBD", "Banco Bradamar", Finance, 1.10, 2.6140, 4, 0.026},
    {"CVX", "Chevalier Energy", Energy, 0.90, 146.37, 2, 0.018},
    {"ORCL", "Oracular Databases", Technology, 1.00, 139.85, 2, 0.020},
    {"GE", "Generac Engines", Industry, 1.15, 172.61, 2, 0.019},
    {"BA", "Bascom Aerospace", Industry, 1.40, 161.94, 2, 0.026},
    {"PYPL", "Payline", Finance, 1.40, 70.18, 2, 0.028},
    {"CRM", "Cremona Cloud", Technology, 1.20, 253.47, 2, 0.023},
    {"V", "Vista Payments", Finance, 0.95, 276.32, 2, 0.014},
    {"MRK", "Merkur Health", Health, 0.50, 116.05, 2, 0.013},
    {"NKE", "Nikea Sports", Consumer, 1.10, 82.90, 2, 0.021},
    {"ABBV", "Abbeville Bio", Health, 0.60, 191.70, 2, 0.014},
    {"QCOM", "Qualcore", Technology, 1.35, 170.26, 2, 0.026},
    {"FCX", "Freecopper Mining", Materials, 1.60, 44.53, 2, 0.029},
    {"JNJ", "Jonquil & Jay", Health, 0.50, 161.88, 2, 0.010},
    {"PG", "Prairie Goods", Consumer, 0.45, 171.09, 2, 0.010},
    {"CAT", "Caterham Machines", Industry, 1.10, 351.24, 2, 0.019},
    {"UNH", "Unison Health", Health, 0.60, 588.15, 2, 0.016},
    {"HD", "Homestead Depot", Consumer, 1.00, 367.43, 2, 0.015},
    {"NEM", "Newmountain Gold", Materials, 0.55, 52.67, 2, 0.024},
    {"IBM", "Ibex Machines", Technology, 0.75, 199.30, 2, 0.014},
    {"LIN", "Lindgren Gases", Materials, 0.80, 468.21, 2, 0.013},
    {"COST", "Costa Wholesale", Consumer, 0.80, 889.54, 2, 0.014},
    {"BLK", "Blackridge Capital", Finance, 1.25, 883.02, 2, 0.018},
};

QByteArray madeUpSymbol(Random &random)
{
    QByteArray symbol;
    for (int i = 0; i < 4; ++i)
        symbol += static_cast<char>('A' + random.below(26));
    return symbol;
}

QByteArray madeUpName(Random &random)
{
    constexpr const char *kFirst[] = {"Alder", "Boreal", "Cinder", "Dorset", "Ember", "Fallow", "Granite", "Harbour", "Indigo", "Juniper",
        "Kestrel", "Lantern", "Meridian", "Nimbus", "Orchard", "Pioneer", "Quarry", "Rowan", "Saffron", "Tundra", "Umbra", "Vesper", "Willow", "Zephyr"};
    constexpr const char *kSecond[] = {"Logistics", "Optics", "Foods", "Robotics", "Energy", "Textiles", "Systems", "Biologics", "Rail", "Marine",
        "Ceramics", "Media", "Capital", "Water", "Instruments", "Paper"};
    return QByteArray(kFirst[random.below(std::size(kFirst))]) + ' ' + kSecond[random.below(std::size(kSecond))];
}

} // namespace

std::vector<MarketSymbol> marketSymbols(quint64 seed, int count)
{
    std::vector<MarketSymbol> symbols;
    symbols.reserve(static_cast<size_t>(count));
    QSet<QByteArray> taken;
    for (const Entry &entry : kWellKnown) {
        taken.insert(entry.symbol);
        if (static_cast<int>(symbols.size()) < count)
            symbols.push_back({entry.symbol, entry.name, entry.sector, entry.beta, entry.price, entry.decimals, entry.dailyVolatility});
    }
    Random random(seed, 0x73796d626f6c73);
    while (static_cast<int>(symbols.size()) < count) {
        const QByteArray symbol = madeUpSymbol(random);
        if (taken.contains(symbol))
            continue;
        taken.insert(symbol);
        MarketSymbol made;
        made.symbol = symbol;
        made.name = madeUpName(random);
        made.sector = static_cast<int>(random.below(kMarketSectors));
        made.beta = 0.4 + 1.4 * random.uniform();
        made.price = 2 + 12 * random.pareto() * (0.5 + random.uniform());
        made.price = qMin(made.price, 2500.0);
        made.decimals = made.price < 5 ? 4 : 2;
        made.dailyVolatility = 0.009 + 0.03 * random.uniform();
        symbols.push_back(std::move(made));
    }
    return symbols;
}

} // namespace feedscope::feed
