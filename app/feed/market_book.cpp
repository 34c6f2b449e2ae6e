// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_book.h"

#include "feed/json_writer.h"
#include "series/order_book.h"

#include <algorithm>
#include <cmath>

namespace feedscope::feed {

namespace {

using Level = MarketBook::Level;

constexpr size_t kLevels = 15;
constexpr double kRefreshed = 0.12; // share of levels whose size changes with a move

qint64 newSize(size_t depth, Random &random)
{
    const double lots = qMin(400.0, random.pareto()) * (1 + 0.35 * static_cast<double>(depth));
    return 100 * static_cast<qint64>(lots);
}

/// Rebuilds one side from its best price outwards. `direction`: -1 for bids, +1 for asks.
void rebuild(std::vector<Level> &levels, std::vector<Level> &next, std::vector<Level> &changed, qint32 best, qint32 grid, int direction,
    Random &random)
{
    next.clear();
    changed.clear();
    const auto isBefore = [direction](qint32 a, qint32 b) { return direction < 0 ? a > b : a < b; };
    auto old = levels.cbegin();
    qint32 price = best;
    for (size_t depth = 0; depth < kLevels && price >= 1; ++depth) {
        while (old != levels.cend() && isBefore(old->price, price)) {
            changed.push_back({old->price, 0});
            ++old;
        }
        const bool wasThere = old != levels.cend() && old->price == price;
        Level level{price, wasThere ? old->size : 0};
        if (!wasThere || random.chance(kRefreshed))
            level.size = newSize(depth, random);
        if (!wasThere || level.size != old->size)
            changed.push_back(level);
        if (wasThere)
            ++old;
        next.push_back(level);
        // The next price on the grid, away from the middle.
        const qint32 rest = price % grid;
        price = direction < 0 ? price - (rest == 0 ? grid : rest) : price + grid - rest;
    }
    for (; old != levels.cend(); ++old)
        changed.push_back({old->price, 0});
    levels.swap(next);
}

void writeLevels(JsonWriter &json, const std::vector<Level> &levels, int decimals)
{
    json.beginArray();
    for (const Level &level : levels)
        json.beginArray().scaledString(level.price, decimals).scaledString(level.size, 0).endArray();
    json.endArray();
}

std::vector<series::BookLevel> values(const std::vector<Level> &levels, int decimals)
{
    double scale = 1;
    for (int i = 0; i < decimals; ++i)
        scale *= 10;
    std::vector<series::BookLevel> result;
    result.reserve(levels.size());
    for (const Level &level : levels)
        result.push_back({level.price / scale, static_cast<double>(level.size)});
    return result;
}

} // namespace

void MarketBook::move(qint32 bid, qint32 ask, Random &random, Change &change)
{
    Q_ASSERT(bid < ask);
    rebuild(m_bids, m_next, change.bids, bid, m_grid, -1, random);
    rebuild(m_asks, m_next, change.asks, ask, m_grid, +1, random);
}

quint32 MarketBook::checksum(int decimals) const
{
    series::OrderBook book;
    book.reset(values(m_bids, decimals), values(m_asks, decimals));
    return book.checksum(decimals, 0);
}

QByteArray MarketBook::snapshotJson(const QByteArray &symbol, int decimals) const
{
    QByteArray text;
    text.reserve(1200);
    JsonWriter json(text);
    json.beginObject().key("symbol").string(symbol).key("bids");
    writeLevels(json, m_bids, decimals);
    json.key("asks");
    writeLevels(json, m_asks, decimals);
    json.key("checksum").unsignedInteger(checksum(decimals)).key("price_decimals").integer(decimals).key("size_decimals").integer(0).endObject();
    return text;
}

QByteArray MarketBook::deltaJson(const QByteArray &symbol, int decimals, const Change &change) const
{
    QByteArray text;
    text.reserve(400);
    JsonWriter json(text);
    json.beginObject().key("symbol").string(symbol).key("bids");
    writeLevels(json, change.bids, decimals);
    json.key("asks");
    writeLevels(json, change.asks, decimals);
    json.key("checksum").unsignedInteger(checksum(decimals)).endObject();
    return text;
}

} // namespace feedscope::feed
