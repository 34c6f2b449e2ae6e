// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/market_model.h"

#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = 1'000'000'000;

feed::SymbolTick tick(const QString &symbol, double price, double size = 1, qint64 timeNs = kSecond)
{
    feed::SymbolTick made;
    made.symbol = symbol;
    made.tick.timeNs = timeNs;
    made.tick.price = price;
    made.tick.size = size;
    return made;
}

feed::FeedBatch batch(std::vector<feed::SymbolTick> ticks)
{
    feed::FeedBatch made;
    made.messages = ticks.size();
    made.ticks = std::move(ticks);
    return made;
}

} // namespace

class TestMarketModel : public QObject {
    Q_OBJECT
private slots:
    void fieldThatATickDoesNotBringKeepsItsValue()
    {
        MarketModel market;
        auto first = tick(QStringLiteral("A"), 10);
        first.tick.bid = 9.5;
        market.apply(batch({first, tick(QStringLiteral("A"), 11)}));
        QCOMPARE(market.at(0).tick.bid, 9.5);
        QCOMPARE(market.at(0).tick.price, 11.0);
        QCOMPARE(market.at(0).direction, 1);
        market.apply(batch({tick(QStringLiteral("A"), 11)}));
        QCOMPARE(market.at(0).direction, 1); // an equal price is no move
    }

    void decimalsGrowAndNeverShrink_data()
    {
        QTest::addColumn<double>("price");
        QTest::addColumn<int>("decimals");
        QTest::newRow("whole") << 5.0 << 2;
        QTest::newRow("tenth") << 0.1 << 2;
        QTest::newRow("cent") << 189.12 << 2;
        QTest::newRow("five") << 1.08345 << 5;
        QTest::newRow("satoshi") << 0.00001234 << 8;
        QTest::newRow("large with cents") << 105944.21 << 2;
        QTest::newRow("one third: never more than eight") << 1.0 / 3 << 8;
    }
    void decimalsGrowAndNeverShrink()
    {
        QFETCH(double, price);
        QFETCH(int, decimals);
        MarketModel market;
        market.apply(batch({tick(QStringLiteral("A"), price)}));
        QCOMPARE(market.at(0).decimals, decimals);
        market.apply(batch({tick(QStringLiteral("A"), 7)}));
        QCOMPARE(market.at(0).decimals, decimals);
    }

    void eachChangedSymbolIsSaidOnce()
    {
        MarketModel market;
        market.apply(batch({tick(QStringLiteral("A"), 1), tick(QStringLiteral("B"), 2), tick(QStringLiteral("A"), 3)}));
        QCOMPARE(market.takeChanged(), (std::vector<int>{0, 1}));
        QVERIFY(market.takeChanged().empty());
        market.apply(batch({tick(QStringLiteral("B"), 2)}));
        QCOMPARE(market.takeChanged(), (std::vector<int>{1}));
    }

    void stateFromASnapshotIsNoTrade()
    {
        MarketModel market;
        market.apply(batch({tick(QStringLiteral("A"), 10, series::kMissing)}));
        QCOMPARE(market.at(0).tradesSeen, 0u);
        market.apply(batch({tick(QStringLiteral("A"), 10, 5)}));
        QCOMPARE(market.at(0).tradesSeen, 1u);
    }

    void changeFollowsFromTheOpenWhereTheFeedDoesNotSayIt()
    {
        MarketModel market;
        feed::FeedBatch made = batch({tick(QStringLiteral("A"), 110)});
        made.symbols.push_back({QStringLiteral("A"), QStringLiteral("Ay"), 3, 100, {}});
        market.apply(made);
        QCOMPARE(market.at(0).tick.change, 10.0);
        QCOMPARE(market.at(0).tick.changePercent, 10.0);
        QCOMPARE(market.at(0).decimals, 3);
        QCOMPARE(market.at(0).name, QStringLiteral("Ay"));
    }

    void tradesAreBounded()
    {
        MarketModel market;
        for (int i = 0; i < 700; ++i)
            market.apply(batch({tick(QStringLiteral("A"), i + 1, 1, kSecond * i)}));
        QCOMPARE(market.at(0).trades.size(), 500u);
        QCOMPARE(market.at(0).tradesSeen, 700u);
        QCOMPARE(market.at(0).trades.back().price, 700.0);
    }

    void candlesComeFromTradesUntilTheFeedSendsItsOwn()
    {
        MarketModel market;
        const QString symbol = QStringLiteral("A");
        const series::CandleSeries *candles = market.candles(symbol, kSecond);
        market.apply(batch({tick(symbol, 10, 1, 5 * kSecond), tick(symbol, 12, 1, 5 * kSecond + 1)}));
        QCOMPARE(candles->size(), 1);
        QCOMPARE(candles->back().high, 12.0);
        QVERIFY(!market.candlesFromFeed(symbol, kSecond));

        feed::FeedBatch own;
        own.candles.push_back({symbol, kSecond, true, {{3 * kSecond, 1, 2, 1, 2, 5}, {4 * kSecond, 2, 3, 2, 3, 6}}});
        market.apply(own);
        QCOMPARE(market.candles(symbol, kSecond), candles);
        QCOMPARE(candles->size(), 2);
        QVERIFY(market.candlesFromFeed(symbol, kSecond));
        market.apply(batch({tick(symbol, 99, 1, 6 * kSecond)}));
        QCOMPARE(candles->back().close, 3.0);
    }

    void bookIsHeldAgainstItsChecksum()
    {
        series::OrderBook book;
        book.reset({{10, 5}}, {{11, 6}});
        feed::BookChange change;
        change.symbol = QStringLiteral("A");
        change.snapshot = true;
        change.bids = {{10, 5}};
        change.asks = {{11, 6}};
        change.hasChecksum = true;
        change.checksum = book.checksum(2, 0);
        feed::FeedBatch made;
        made.books.push_back(change);
        MarketModel market;
        market.apply(made);
        QVERIFY(market.book(QStringLiteral("A"))->agrees);
        QCOMPARE(market.book(QStringLiteral("A"))->verified, 1u);

        change.snapshot = false;
        change.bids = {{10, 0}};
        change.asks.clear();
        made.books = {change}; // the checksum of before
        market.apply(made);
        QVERIFY(!market.book(QStringLiteral("A"))->agrees);
        QCOMPARE(market.book(QStringLiteral("A"))->mismatched, 1u);
        market.forgetBook(QStringLiteral("A"));
        QVERIFY(!market.book(QStringLiteral("A")));
    }

    void qualityIsCountedEvenBeyondWhatIsHeld()
    {
        MarketModel market;
        feed::FeedBatch made;
        for (quint64 i = 0; i < MarketModel::kQualityCapacity + 10; ++i)
            made.quality.push_back({feed::QualityKind::Gap, QStringLiteral("market.A"), kSecond, 10 * i, 10 * i + 1, {}});
        made.quality.push_back({feed::QualityKind::Reconnect, {}, kSecond, 0, 0, {}});
        market.apply(made);
        QCOMPARE(market.quality().size(), MarketModel::kQualityCapacity);
        QCOMPARE(market.qualityCount(feed::QualityKind::Gap), MarketModel::kQualityCapacity + 10);
        QCOMPARE(market.qualityCount(feed::QualityKind::Reconnect), 1u);
        QCOMPARE(market.missing(), 2 * (MarketModel::kQualityCapacity + 10));
    }

    void clearForgetsEverything()
    {
        MarketModel market;
        market.apply(batch({tick(QStringLiteral("A"), 1)}));
        market.candles(QStringLiteral("A"), kSecond);
        market.clear();
        QCOMPARE(market.size(), 0);
        QCOMPARE(market.indexOf(QStringLiteral("A")), -1);
        QVERIFY(market.takeChanged().empty());
        QCOMPARE(market.messages(), 0u);
    }

    void trendHalvesItsResolutionWhenFull()
    {
        Trend trend;
        for (int i = 0; i < 1000; ++i) {
            trend.add(i * 250'000'000LL, i);
            QVERIFY(trend.points().size() <= Trend::kPoints);
        }
        QCOMPARE(trend.points().back(), 999.0);
        QVERIFY(std::is_sorted(trend.points().begin(), trend.points().end()));
        QVERIFY(trend.spanNs() >= 120 * kSecond);
    }

    void trendKeepsItsPast()
    {
        Trend trend;
        const std::vector<double> past(100, 3.0);
        trend.setPast(past, 60 * kSecond);
        QCOMPARE(trend.points().size(), Trend::kPoints - 1);
        trend.add(1'000'000 * kSecond, 4);
        trend.add(1'000'001 * kSecond, 5);
        QCOMPARE(trend.points().size(), Trend::kPoints);
        QCOMPARE(trend.points().back(), 5.0);
        trend.add(1'000'100 * kSecond, 6);
        QCOMPARE(trend.points().size(), Trend::kPoints);
        QCOMPARE(trend.points().back(), 6.0);
    }

    void latencyPercentilesAreOfTheNewestValues()
    {
        LatencyWindow window;
        QVERIFY(!window.percentile(0.5));
        std::vector<qint64> values(LatencyWindow::kCapacity, 50'000'000);
        window.add(values);
        for (int i = 0; i < LatencyWindow::kCapacity; ++i)
            values[static_cast<size_t>(i)] = (i + 1) * 1000;
        values[0] = -7;
        window.add(values);
        QCOMPARE(window.size(), LatencyWindow::kCapacity);
        QCOMPARE(window.percentile(0).value(), -7);
        QCOMPARE(window.percentile(1).value(), 2'000'000);
        QVERIFY(std::abs(window.percentile(0.5).value() - 1'000'000) <= 1000);
        QCOMPARE(window.negative(), 1);
        QCOMPARE(std::accumulate(window.histogram().begin(), window.histogram().end(), 0), LatencyWindow::kCapacity);
    }
};

QTEST_APPLESS_MAIN(TestMarketModel)
#include "tst_market_model.moc"
