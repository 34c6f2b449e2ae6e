// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the feed layer costs: prints `name value unit` lines. Without sockets: what is measured is making and reading messages.
#include "base/clock.h"
#include "feed/feed_reader.h"
#include "feed/hub.h"
#include "feed/market_source.h"

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace feedscope;
using namespace feedscope::feed;

namespace {

constexpr qint64 kStart = 1'700'000'000 * base::kNsPerSecond;

class Discard final : public HubOutput {
public:
    void deliver(std::span<const SubscriberId> to, const QByteArray &message) override
    {
        delivered += to.size();
        bytes += static_cast<quint64>(message.size());
    }
    quint64 delivered = 0;
    quint64 bytes = 0;
};

class Keep final : public HubOutput {
public:
    void deliver(std::span<const SubscriberId>, const QByteArray &message) override { messages.push_back(message); }
    std::vector<QByteArray> messages;
};

class Nothing final : public Publisher {
public:
    void publish(const QByteArray &, const QByteArray &, qint64) override { ++published; }
    bool wants(const QByteArray &) override { return false; }
    quint64 published = 0;
};

qint64 nowNs()
{
    return base::SystemClock().now().monoNs;
}

void print(const char *name, double value, const char *unit)
{
    std::printf("%s %.3f %s\n", name, value, unit);
}

/// The median of five, since one alone says little on a busy computer.
template <class Function> double medianOf(Function &&measured)
{
    std::vector<double> results;
    for (int i = 0; i < 5; ++i)
        results.push_back(measured());
    std::sort(results.begin(), results.end());
    return results[results.size() / 2];
}

void benchPublish(const char *name, SubscriberId subscribers)
{
    Discard output;
    Hub hub({.server = "bench", .node = "n", .epoch = "E"}, output);
    MarketSource market({.symbols = 50, .startNs = kStart});
    hub.addSource(market);
    for (SubscriberId id = 1; id <= subscribers; ++id) {
        hub.join(id, "s");
        hub.receive(id, R"({"type":"subscribe","topics":["market.AAPL"]})", {kStart, 1});
    }
    const QByteArray data
        = R"({"symbol":"AAPL","price":189.14,"size":300,"side":"buy","bid":189.13,"ask":189.15,"change":-1.02,"change_percent":-0.54,"volume":12345678})";
    constexpr int kEvents = 100'000;
    const double ns = medianOf([&] {
        const qint64 begin = nowNs();
        for (int i = 0; i < kEvents; ++i)
            hub.publish("market.AAPL", data, kStart + i);
        return static_cast<double>(nowNs() - begin) / kEvents;
    });
    print(name, ns, "ns/event");
}

void benchReader()
{
    Keep output;
    Hub hub({.server = "bench", .node = "n", .epoch = "E"}, output);
    MarketSource market({.symbols = 50, .eventsPerSecond = 5000, .startNs = kStart});
    hub.addSource(market);
    hub.join(1, "s");
    hub.receive(1, R"({"type":"subscribe","topics":["market.*"]})", {kStart, 1});
    hub.advance({kStart + 20 * base::kNsPerSecond, 20 * base::kNsPerSecond});
    const double ns = medianOf([&] {
        FeedReader reader;
        FeedBatch batch;
        const qint64 begin = nowNs();
        size_t inBatch = 0;
        for (const QByteArray &message : output.messages) {
            reader.receive(message, {kStart, 1}, batch);
            if (++inBatch == 4000) { // as a display tick takes them away
                batch = {};
                inBatch = 0;
            }
        }
        return static_cast<double>(nowNs() - begin) / static_cast<double>(output.messages.size());
    });
    print("feed_reader_market", 1e9 / ns, "events/s");
}

/// False where the budget does not hold.
bool benchMarket()
{
    constexpr double kBudgetMs = 150;
    const double construct = medianOf([] {
        const qint64 begin = nowNs();
        const MarketSource market({.symbols = 50, .startNs = kStart});
        return static_cast<double>(nowNs() - begin) / 1e6;
    });
    print("market_construct_50", construct, "ms");
    print("market_history_50", medianOf([] {
        const MarketSource market({.symbols = 50, .startNs = kStart});
        const qint64 begin = nowNs();
        for (const QByteArray &symbol : market.symbols())
            (void)market.snapshot("market." + symbol);
        return static_cast<double>(nowNs() - begin) / 1e6;
    }), "ms");
    print("market_candle_snapshot_1m", medianOf([] {
        const MarketSource market({.symbols = 1, .startNs = kStart});
        (void)market.snapshot("candle.AAPL.1m");
        const qint64 begin = nowNs();
        (void)market.snapshot("candle.AAPL.1m");
        return static_cast<double>(nowNs() - begin) / 1e3;
    }), "us");
    print("market_advance", medianOf([] {
        MarketSource market({.symbols = 50, .eventsPerSecond = 5000, .startNs = kStart});
        Nothing nothing;
        const qint64 begin = nowNs();
        for (int i = 1; i <= 10; ++i)
            market.advance(kStart + i * base::kNsPerSecond, nothing);
        return static_cast<double>(nowNs() - begin) / static_cast<double>(nothing.published);
    }), "ns/trade");
    return construct <= kBudgetMs;
}

} // namespace

int main()
{
    benchPublish("hub_publish_0_subscribers", 0);
    benchPublish("hub_publish_1000_subscribers", 1000);
    benchReader();
    return benchMarket() ? 0 : 1;
}
