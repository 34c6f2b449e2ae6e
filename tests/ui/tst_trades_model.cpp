// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trades_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

void trade(MarketModel &market, const QString &symbol, double price, series::Side side = series::Side::None, double size = 1)
{
    feed::SymbolTick tick;
    tick.symbol = symbol;
    tick.tick.timeNs = 1'000'000'000;
    tick.tick.price = price;
    tick.tick.size = size;
    tick.tick.side = side;
    feed::FeedBatch batch;
    batch.ticks.push_back(tick);
    market.apply(batch);
}

} // namespace

class TestTradesModel : public QObject {
    Q_OBJECT
private slots:
    void newestIsOnTopAndAtMost500AreKept()
    {
        MarketModel market;
        TradesModel model(market);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSymbol(QStringLiteral("A"));
        for (int i = 0; i < 640; ++i) {
            trade(market, QStringLiteral("A"), i + 1);
            trade(market, QStringLiteral("B"), 1);
            if (i % 3 == 0)
                model.displayTick();
        }
        model.displayTick();
        QCOMPARE(model.rowCount(), 500);
        QCOMPARE(model.trade(0).price, 640.0);
        QCOMPARE(model.trade(499).price, 141.0);
        model.setSymbol(QStringLiteral("B"));
        QCOMPARE(model.trade(0).price, 1.0);
        model.setSymbol(QStringLiteral("unknown"));
        QCOMPARE(model.rowCount(), 0);
    }

    void arrivingTradesAreInsertedNotReset()
    {
        MarketModel market;
        TradesModel model(market);
        model.setSymbol(QStringLiteral("A"));
        trade(market, QStringLiteral("A"), 1);
        trade(market, QStringLiteral("A"), 2);
        trade(market, QStringLiteral("A"), 3);
        model.displayTick();
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex three(model.index(0, 0));
        trade(market, QStringLiteral("A"), 4);
        trade(market, QStringLiteral("A"), 5);
        QCOMPARE(model.displayTick(), 2);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(three.row(), 2);
        QCOMPARE(model.displayTick(), 0);
        QCOMPARE(inserted.size(), 1);
    }

    void directionIsTheSideElseTheMove()
    {
        MarketModel market;
        TradesModel model(market);
        model.setSymbol(QStringLiteral("A"));
        trade(market, QStringLiteral("A"), 10);
        trade(market, QStringLiteral("A"), 11);
        trade(market, QStringLiteral("A"), 12, series::Side::Sell);
        model.displayTick();
        QCOMPARE(model.trade(2).direction, 0);
        QCOMPARE(model.trade(1).direction, 1);
        QCOMPARE(model.trade(0).direction, -1);
        QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("sold 1 at 12.00")));
    }
};

QTEST_APPLESS_MAIN(TestTradesModel)
#include "tst_trades_model.moc"
