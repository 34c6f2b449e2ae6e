// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/watchlist_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = 1'000'000'000;

void price(MarketModel &market, const QString &symbol, double value, double percent = 0)
{
    feed::SymbolTick tick;
    tick.symbol = symbol;
    tick.tick.timeNs = kSecond;
    tick.tick.price = value;
    tick.tick.size = 1;
    tick.tick.changePercent = percent;
    feed::FeedBatch batch;
    batch.ticks.push_back(tick);
    batch.messages = 1;
    market.apply(batch);
}

QStringList shown(const WatchlistModel &model)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names.append(model.symbol(row));
    return names;
}

void tick(MarketModel &market, WatchlistModel &model, qint64 nowNs)
{
    const std::vector<int> changed = market.takeChanged();
    model.displayTick(nowNs, changed, 0, qMax(0, model.rowCount() - 1));
}

} // namespace

class TestWatchlistModel : public QObject {
    Q_OBJECT
private slots:
    void keepsTheModelContractUnderRandomChanges()
    {
        MarketModel market;
        WatchlistModel model(market);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::srand(5);
        for (int round = 0; round < 300; ++round) {
            for (int i = 0; i < 5; ++i)
                price(market, QStringLiteral("S%1").arg(std::rand() % 40), 1 + std::rand() % 900, std::rand() % 9 - 4);
            tick(market, model, round * kSecond / 10);
            switch (round % 30) {
            case 5:
                model.sort(WatchlistModel::Last, Qt::DescendingOrder);
                break;
            case 12:
                model.setSearch(QStringLiteral("1"));
                break;
            case 18:
                model.setSearch({});
                break;
            case 25:
                model.sort(WatchlistModel::kUnsorted);
                break;
            default:
                model.resort(round % 7 - 1);
            }
        }
        QCOMPARE(model.rowCount(), market.size());
        market.clear();
        model.reset();
        QCOMPARE(model.rowCount(), 0);
    }

    void rowsComeInTheFeedsOrderUntilSorted()
    {
        MarketModel market;
        WatchlistModel model(market);
        price(market, QStringLiteral("C"), 1);
        price(market, QStringLiteral("A"), 3);
        price(market, QStringLiteral("B"), 2);
        tick(market, model, 0);
        QCOMPARE(shown(model), QStringList({QStringLiteral("C"), QStringLiteral("A"), QStringLiteral("B")}));
        model.sort(WatchlistModel::Symbol);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("A B C"));
        model.sort(WatchlistModel::Last, Qt::DescendingOrder);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("A B C"));
        model.sort(WatchlistModel::Last);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("C B A"));
        model.sort(WatchlistModel::kUnsorted);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("C A B"));
    }

    void symbolWithoutAValueSortsBelowAllNumbers()
    {
        MarketModel market;
        WatchlistModel model(market);
        market.ensure(QStringLiteral("NONE"));
        price(market, QStringLiteral("A"), 3, -2);
        price(market, QStringLiteral("B"), 3, 1);
        tick(market, model, 0);
        model.sort(WatchlistModel::ChangePercent, Qt::DescendingOrder);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("B A NONE"));
        QCOMPARE(model.index(2, WatchlistModel::Last).data().toString(), QStringLiteral("–"));
    }

    void valuesDoNotMoveRowsUntilResort()
    {
        MarketModel market;
        WatchlistModel model(market);
        price(market, QStringLiteral("A"), 1);
        price(market, QStringLiteral("B"), 2);
        tick(market, model, 0);
        model.sort(WatchlistModel::Last);
        QSignalSpy moved(&model, &QAbstractItemModel::layoutChanged);
        price(market, QStringLiteral("A"), 9);
        tick(market, model, 1);
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("A B"));
        QCOMPARE(moved.size(), 0);
        const QPersistentModelIndex a(model.index(0, 0));
        QVERIFY(model.resort(-1));
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("B A"));
        QCOMPARE(a.row(), 1); // what was selected stays selected
        QVERIFY(!model.resort(-1));
        QCOMPARE(moved.size(), 1);
    }

    void rowUnderTheMouseKeepsItsPlace()
    {
        MarketModel market;
        WatchlistModel model(market);
        for (int i = 0; i < 5; ++i)
            price(market, QString(QLatin1Char(static_cast<char>('A' + i))), i + 1);
        tick(market, model, 0);
        model.sort(WatchlistModel::Last);
        price(market, QStringLiteral("B"), 100);
        tick(market, model, 1);
        model.resort(1);
        QCOMPARE(model.symbol(1), QStringLiteral("B"));
        QCOMPARE(shown(model).join(QLatin1Char(' ')), QStringLiteral("A B C D E"));
    }

    void searchFindsInAnyCase()
    {
        MarketModel market;
        WatchlistModel model(market);
        feed::FeedBatch names;
        names.symbols.push_back({QStringLiteral("AAPL"), QStringLiteral("Apple"), 2, 1, {}});
        market.apply(names);
        price(market, QStringLiteral("MSFT"), 2);
        tick(market, model, 0);
        model.setSearch(QStringLiteral("aap"));
        QCOMPARE(shown(model), QStringList{QStringLiteral("AAPL")});
        model.setSearch(QStringLiteral("pple"));
        QCOMPARE(shown(model), QStringList{QStringLiteral("AAPL")});
        model.setSearch(QStringLiteral("zzz"));
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.rowOf(QStringLiteral("AAPL")), -1);
        price(market, QStringLiteral("ZZZ9"), 2); // a new symbol that passes appears
        tick(market, model, 1);
        QCOMPARE(shown(model), QStringList{QStringLiteral("ZZZ9")});
        model.setSearch({});
        QCOMPARE(model.rowCount(), 3);
    }

    void onlyTheChangedDigitsFlashAndNotLongerThan400Ms()
    {
        MarketModel market;
        WatchlistModel model(market);
        price(market, QStringLiteral("A"), 189.12);
        tick(market, model, kSecond);
        QCOMPARE(model.flashFrom(0), -1); // the first value is not a change
        price(market, QStringLiteral("A"), 189.15);
        tick(market, model, 2 * kSecond);
        QCOMPARE(model.flashFrom(0), 5);
        tick(market, model, 2 * kSecond + 399'000'000);
        QCOMPARE(model.flashFrom(0), 5);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        tick(market, model, 2 * kSecond + 400'000'000);
        QCOMPARE(model.flashFrom(0), -1);
        QCOMPARE(changed.size(), 1);
        price(market, QStringLiteral("A"), 1189.15); // other length: all of it
        tick(market, model, 3 * kSecond);
        QCOMPARE(model.flashFrom(0), 0);
    }

    void reducedMotionDoesNotFlash()
    {
        MarketModel market;
        WatchlistModel model(market);
        model.setFlashing(false);
        price(market, QStringLiteral("A"), 1);
        tick(market, model, 0);
        price(market, QStringLiteral("A"), 2);
        tick(market, model, 1);
        QCOMPARE(model.flashFrom(0), -1);
    }

    void nothingIsSaidWhenNothingChangedOrCannotBeSeen()
    {
        MarketModel market;
        WatchlistModel model(market);
        for (int i = 0; i < 100; ++i)
            price(market, QStringLiteral("S%1").arg(i), 1);
        tick(market, model, 0);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        tick(market, model, kSecond);
        QCOMPARE(changed.size(), 0);
        price(market, QStringLiteral("S90"), 2);
        model.displayTick(2 * kSecond, market.takeChanged(), 0, 20);
        QCOMPARE(changed.size(), 0);
        QCOMPARE(model.index(90, WatchlistModel::Last).data().toString(), QStringLiteral("2.00"));
    }

    void volumesAreShort_data()
    {
        QTest::addColumn<double>("volume");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << series::kMissing << QStringLiteral("–");
        QTest::newRow("small") << 42.0 << QStringLiteral("42");
        QTest::newRow("thousands") << 1234.0 << QStringLiteral("1.23k");
        QTest::newRow("rounds up to the next unit") << 999'600.0 << QStringLiteral("1.00M");
        QTest::newRow("millions") << 12'345'678.0 << QStringLiteral("12.3M");
        QTest::newRow("hundreds of millions") << 412'000'000.0 << QStringLiteral("412M");
    }
    void volumesAreShort()
    {
        QFETCH(double, volume);
        QTEST(WatchlistModel::volumeText(volume), "text");
    }

    void tenThousandSymbolsTakeAFractionOfAFrame()
    {
        MarketModel market;
        WatchlistModel model(market);
        for (int i = 0; i < 10'000; ++i)
            price(market, QStringLiteral("S%1").arg(i), 1 + i % 977, i % 13);
        tick(market, model, 0);
        model.sort(WatchlistModel::ChangePercent, Qt::DescendingOrder);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy moved(&model, &QAbstractItemModel::layoutChanged);
        for (int i = 0; i < 1000; ++i)
            price(market, QStringLiteral("S%1").arg(i * 7), 5 + i, -i % 17);
        model.displayTick(kSecond, market.takeChanged(), 0, 40);
        QVERIFY(changed.size() <= 41); // it tells about rows that are seen, whatever the number that changed
        QCOMPARE(moved.size(), 0);
        QVERIFY(model.resort(-1));
        QCOMPARE(moved.size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestWatchlistModel)
#include "tst_watchlist_model.moc"
