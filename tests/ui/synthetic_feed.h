// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/feed_batch.h"
#include "series/order_book.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <random>

namespace feedscope::tests {

/// A random walk of many symbols with candles, a book and this computer's numbers: seeded, and driven by a time that the test hands in.
class SyntheticFeed {
public:
    static constexpr qint64 kSecond = 1'000'000'000;
    static constexpr qint64 kStartNs = 1'783'771'200 * kSecond; // 2026-07-11 12:00:00 UTC

    explicit SyntheticFeed(int symbols = 50)
        : m_random(7)
    {
        static const char *const kNames[][2] = {{"AAPL", "Apple"}, {"MSFT", "Microsoft"}, {"NVDA", "Nvidia"}, {"AMZN", "Amazon"}, {"GOOGL", "Alphabet"},
            {"META", "Meta Platforms"}, {"TSLA", "Tesla"}, {"BRK-B", "Berkshire Hathaway"}, {"JPM", "JPMorgan Chase"}, {"V", "Visa"}, {"UNH", "UnitedHealth"},
            {"XOM", "Exxon Mobil"}, {"JNJ", "Johnson & Johnson"}, {"WMT", "Walmart"}, {"PG", "Procter & Gamble"}, {"MA", "Mastercard"}, {"HD", "Home Depot"},
            {"CVX", "Chevron"}, {"KO", "Coca-Cola"}, {"PEP", "PepsiCo"}, {"COST", "Costco"}, {"AVGO", "Broadcom"}, {"ADBE", "Adobe"}, {"CSCO", "Cisco"}};
        for (int i = 0; i < symbols; ++i) {
            const bool known = static_cast<size_t>(i) < std::size(kNames);
            Walk walk;
            walk.symbol = known ? QLatin1String(kNames[i][0]) : QStringLiteral("SYM%1").arg(i);
            walk.name = known ? QLatin1String(kNames[i][1]) : QString();
            walk.open = walk.price = std::round((20 + m_uniform(m_random) * 460) * 100) / 100;
            walk.volume = 1e6 * (1 + 40 * m_uniform(m_random));
            m_walks.push_back(walk);
        }
        m_walks[0].open = m_walks[0].price = 189.12;
    }

    QStringList symbols() const
    {
        QStringList names;
        for (const Walk &walk : m_walks)
            names.append(walk.symbol);
        return names;
    }

    double price(int symbol) const { return m_walks[static_cast<size_t>(symbol)].price; }

    feed::SymbolInfo info(int symbol)
    {
        const Walk &walk = m_walks[static_cast<size_t>(symbol)];
        feed::SymbolInfo info{walk.symbol, walk.name, 2, walk.open, {}};
        double value = walk.price;
        for (int i = 0; i < 60; ++i)
            info.sparkline.insert(info.sparkline.begin(), value -= m_normal(m_random) * walk.price * 0.0008);
        return info;
    }

    feed::SymbolTick tick(int symbol, qint64 timeNs)
    {
        Walk &walk = m_walks[static_cast<size_t>(symbol)];
        walk.price = std::max(0.05, std::round(walk.price * (1 + 0.0004 * m_normal(m_random)) * 100) / 100);
        const double size = 1 + std::floor(300 * m_uniform(m_random));
        walk.volume += size;
        feed::SymbolTick made;
        made.symbol = walk.symbol;
        made.receivedNs = timeNs + 800'000;
        made.tick.timeNs = timeNs;
        made.tick.price = walk.price;
        made.tick.size = size;
        made.tick.side = m_uniform(m_random) < 0.5 ? series::Side::Buy : series::Side::Sell;
        made.tick.bid = walk.price - 0.01;
        made.tick.ask = walk.price + 0.02;
        made.tick.change = walk.price - walk.open;
        made.tick.changePercent = (walk.price / walk.open - 1) * 100;
        made.tick.volume = walk.volume;
        return made;
    }

    feed::CandleChange candleHistory(int symbol, qint64 intervalNs, int count, qint64 endNs)
    {
        feed::CandleChange change{m_walks[static_cast<size_t>(symbol)].symbol, intervalNs, true, {}};
        double price = m_walks[static_cast<size_t>(symbol)].price;
        const qint64 last = endNs / intervalNs * intervalNs;
        double volatility = 0.0006;
        for (int i = 0; i < count; ++i) {
            volatility = std::clamp(volatility * (1 + 0.08 * m_normal(m_random)), 0.0002, 0.002);
            const double close = price;
            const double open = price * (1 - volatility * m_normal(m_random));
            const double high = std::max(open, close) * (1 + volatility * std::abs(m_normal(m_random)) * 0.6);
            const double low = std::min(open, close) * (1 - volatility * std::abs(m_normal(m_random)) * 0.6);
            change.candles.insert(change.candles.begin(), {last - i * intervalNs, open, high, low, close, 200 + 4e5 * volatility * (0.3 + m_uniform(m_random))});
            price = open;
        }
        m_open = change.candles.back();
        return change;
    }

    feed::CandleChange candleUpdate(int symbol, qint64 intervalNs, qint64 timeNs)
    {
        const double price = m_walks[static_cast<size_t>(symbol)].price;
        const qint64 start = timeNs / intervalNs * intervalNs;
        if (m_open.startNs != start)
            m_open = {start, price, price, price, price, 0};
        m_open.high = std::max(m_open.high, price);
        m_open.low = std::min(m_open.low, price);
        m_open.close = price;
        m_open.volume += 7;
        return {m_walks[static_cast<size_t>(symbol)].symbol, intervalNs, false, {m_open}};
    }

    feed::BookChange bookSnapshot(int symbol)
    {
        const Walk &walk = m_walks[static_cast<size_t>(symbol)];
        feed::BookChange change;
        change.symbol = walk.symbol;
        change.snapshot = true;
        for (int i = 0; i < 25; ++i) {
            change.bids.push_back({cents(walk.price - 0.01 * (i + 1)), std::floor(50 + 900 * m_uniform(m_random))});
            change.asks.push_back({cents(walk.price + 0.01 * (i + 2)), std::floor(50 + 900 * m_uniform(m_random))});
        }
        m_book.reset(change.bids, change.asks);
        change.hasChecksum = true;
        change.checksum = m_book.checksum(2, 0);
        return change;
    }

    feed::BookChange bookDelta(int symbol)
    {
        feed::BookChange change;
        change.symbol = m_walks[static_cast<size_t>(symbol)].symbol;
        const auto level = static_cast<size_t>(m_uniform(m_random) * 12);
        series::BookLevel bid = m_book.bids()[level];
        bid.size = std::floor(50 + 900 * m_uniform(m_random));
        m_book.apply(series::Side::Buy, bid);
        change.bids.push_back(bid);
        change.hasChecksum = true;
        change.checksum = m_book.checksum(2, 0);
        return change;
    }

    void system(feed::FeedBatch &batch, qint64 timeNs)
    {
        m_cpu = std::clamp(m_cpu + 4 * m_normal(m_random), 2.0, 96.0);
        const auto add = [&](const char *topic, const char *field, double value) {
            batch.metrics.push_back({QLatin1String(topic), QLatin1String(field), {timeNs, value}});
        };
        add("system.cpu", "value", m_cpu);
        add("system.memory", "value", 61.5 + 0.4 * m_normal(m_random));
        const double received = 1.1e6 * (1 + 0.4 * m_uniform(m_random));
        add("system.network", "received", received);
        add("system.network", "sent", 4.1e4 * (1 + m_uniform(m_random)));
        add("system.network", "value", received);
    }

    /// One display frame of everything, about `ticks` ticks of random symbols.
    feed::FeedBatch frame(qint64 timeNs, int ticks, int shown, qint64 intervalNs)
    {
        feed::FeedBatch batch;
        for (int i = 0; i < ticks; ++i) {
            const auto symbol = static_cast<int>(m_uniform(m_random) * static_cast<double>(m_walks.size()));
            batch.ticks.push_back(tick(std::min(symbol, static_cast<int>(m_walks.size()) - 1), timeNs));
            batch.latenciesNs.push_back(static_cast<qint64>(8e5 * std::exp(0.5 * m_normal(m_random))));
        }
        if (m_uniform(m_random) < 0.2)
            batch.ticks.push_back(tick(shown, timeNs));
        batch.candles.push_back(candleUpdate(shown, intervalNs, timeNs));
        batch.books.push_back(bookDelta(shown));
        batch.messages = batch.ticks.size() + 2;
        return batch;
    }

private:
    struct Walk {
        QString symbol;
        QString name;
        double open = 0;
        double price = 0;
        double volume = 0;
    };
    static double cents(double value) { return std::round(value * 100) / 100; }

    std::mt19937 m_random;
    std::uniform_real_distribution<double> m_uniform{0, 1};
    std::normal_distribution<double> m_normal{0, 1};
    std::vector<Walk> m_walks;
    series::OrderBook m_book;
    series::Candle m_open;
    double m_cpu = 23;
};

} // namespace feedscope::tests
