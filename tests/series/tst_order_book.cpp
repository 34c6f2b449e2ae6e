// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.h"
#include "series/order_book.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <map>

using namespace feedscope;
using namespace feedscope::series;

class TestOrderBook : public QObject {
    Q_OBJECT
private slots:
    void theSnapshotIsSortedBestFirst()
    {
        OrderBook book;
        book.reset({{99, 1}, {101, 2}, {100, 3}}, {{104, 1}, {102, 2}, {103, 3}});
        QCOMPARE(book.bids(), (std::vector<BookLevel>{{101, 2}, {100, 3}, {99, 1}}));
        QCOMPARE(book.asks(), (std::vector<BookLevel>{{102, 2}, {103, 3}, {104, 1}}));
    }

    void aSnapshotReplacesWhatWasThere()
    {
        OrderBook book;
        book.reset({{99, 1}}, {{104, 1}});
        book.reset({{50, 2}}, {});
        QCOMPARE(book.bids(), (std::vector<BookLevel>{{50, 2}}));
        QVERIFY(book.asks().empty());
    }

    void aDeltaAddsChangesAndRemoves()
    {
        OrderBook book;
        book.reset({{100, 1}}, {{102, 1}});
        book.apply(Side::Buy, {101, 5});
        book.apply(Side::Buy, {100, 9});
        book.apply(Side::Sell, {103, 4});
        book.apply(Side::Sell, {102, 0});
        QCOMPARE(book.bids(), (std::vector<BookLevel>{{101, 5}, {100, 9}}));
        QCOMPARE(book.asks(), (std::vector<BookLevel>{{103, 4}}));
    }

    void removingWhatIsNotThereChangesNothing()
    {
        OrderBook book;
        book.reset({{100, 1}}, {});
        book.apply(Side::Buy, {99, 0});
        book.apply(Side::Sell, {101, 0});
        QCOMPARE(book.bids().size(), 1U);
        QVERIFY(book.asks().empty());
    }

    void whatIsNoLevelIsLeftOut()
    {
        OrderBook book;
        book.reset({{100, 1}, {std::nan(""), 1}, {99, 0}}, {});
        const OrderBook before = book;
        book.apply(Side::Buy, {100, std::nan("")});
        book.apply(Side::Sell, {HUGE_VAL, 1});
        book.apply(Side::None, {98, 1});
        QVERIFY(book == before);
        QCOMPARE(book.bids().size(), 1U);
    }

    void deltasLeadToTheSameBookAsAMap()
    {
        QRandomGenerator random(7);
        OrderBook book;
        std::map<double, double, std::greater<>> bids;
        std::map<double, double> asks;
        for (int i = 0; i < 20'000; ++i) {
            const double price = 100 + random.bounded(200) * 0.01;
            const double size = random.bounded(4);
            const auto change = [&](auto &side) {
                if (size == 0)
                    side.erase(price);
                else
                    side[price] = size;
            };
            if (random.bounded(2)) {
                book.apply(Side::Buy, {price, size});
                change(bids);
            } else {
                book.apply(Side::Sell, {price, size});
                change(asks);
            }
        }
        QCOMPARE(book.bids().size(), bids.size());
        QCOMPARE(book.asks().size(), asks.size());
        size_t i = 0;
        for (const auto &[price, size] : bids)
            QCOMPARE(book.bids()[i++], (BookLevel{price, size}));
        i = 0;
        for (const auto &[price, size] : asks)
            QCOMPARE(book.asks()[i++], (BookLevel{price, size}));
    }

    void theChecksumIsOverTheTextOfTheBestTen()
    {
        OrderBook book;
        QCOMPARE(book.checksum(2, 0), 0U); // of nothing
        book.reset({{189.14, 300}, {189.12, 100}}, {{189.15, 200}});
        QCOMPARE(book.checksum(2, 0), base::crc32("189.14:300|189.12:100|189.15:200|"));
        QCOMPARE(book.checksum(1, 2), base::crc32("189.1:300.00|189.1:100.00|189.2:200.00|"));

        std::vector<BookLevel> many;
        for (int i = 0; i < 30; ++i)
            many.push_back({200.0 - i, 1});
        book.reset(many, {});
        const quint32 sum = book.checksum(2, 0);
        book.apply(Side::Buy, {200.0 - 10, 5}); // the eleventh level
        QCOMPARE(book.checksum(2, 0), sum);
        book.apply(Side::Buy, {200.0 - 9, 5}); // the tenth
        QVERIFY(book.checksum(2, 0) != sum);
    }
};

QTEST_APPLESS_MAIN(TestOrderBook)
#include "tst_order_book.moc"
