// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/book_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = 1'000'000'000;

feed::FeedBatch book(bool snapshot, std::vector<series::BookLevel> bids, std::vector<series::BookLevel> asks)
{
    feed::BookChange change;
    change.symbol = QStringLiteral("A");
    change.snapshot = snapshot;
    change.bids = std::move(bids);
    change.asks = std::move(asks);
    feed::FeedBatch batch;
    batch.books.push_back(change);
    return batch;
}

QString text(const BookModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class TestBookModel : public QObject {
    Q_OBJECT
private slots:
    void bestPricesMeetAtTheSpread()
    {
        MarketModel market;
        BookModel model(market);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSymbol(QStringLiteral("A"));
        model.setDepth(3);
        QVERIFY(model.isEmpty());
        market.apply(book(true, {{100, 5}, {99, 6}}, {{101, 7}, {102, 8}, {103, 9}, {104, 10}}));
        QVERIFY(model.displayTick(0));
        QCOMPARE(model.rowCount(), 7);
        QCOMPARE(text(model, 0, BookModel::Price), QStringLiteral("103.00"));
        QCOMPARE(text(model, 2, BookModel::Price), QStringLiteral("101.00"));
        QCOMPARE(text(model, 0, BookModel::Total), QStringLiteral("24"));
        QVERIFY(model.isSpread(3));
        QVERIFY(model.spreadText().startsWith(QStringLiteral("1.00")));
        QCOMPARE(text(model, 4, BookModel::Price), QStringLiteral("100.00"));
        QCOMPARE(text(model, 6, BookModel::Price), QString()); // there is no third bid
        model.setDepth(1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(text(model, 0, BookModel::Price), QStringLiteral("101.00"));
    }

    void onlyRowsThatDifferAreSaid()
    {
        MarketModel market;
        BookModel model(market);
        model.setSymbol(QStringLiteral("A"));
        model.setDepth(2);
        market.apply(book(true, {{100, 5}, {99, 9}}, {{101, 7}, {102, 8}}));
        model.displayTick(kSecond);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QVERIFY(!model.displayTick(2 * kSecond));
        QCOMPARE(changed.size(), 0);
        market.apply(book(false, {{99, 8}}, {}));
        QVERIFY(model.displayTick(3 * kSecond));
        QVERIFY(model.row(4).flashes);
        QVERIFY(!model.row(3).flashes);
        for (const auto &arguments : changed)
            QVERIFY(arguments.at(0).toModelIndex().row() >= 2);
        changed.clear();
        QVERIFY(model.displayTick(3 * kSecond + BookModel::kFlashNs));
        QVERIFY(!model.row(4).flashes);
        QCOMPARE(changed.size(), 1);
    }

    void levelThatOnlyMovesARowDoesNotFlash()
    {
        MarketModel market;
        BookModel model(market);
        model.setSymbol(QStringLiteral("A"));
        model.setDepth(3);
        market.apply(book(true, {{100, 5}, {99, 6}}, {{103, 7}}));
        model.displayTick(kSecond);
        market.apply(book(false, {{101, 1}}, {}));
        model.displayTick(2 * kSecond);
        QVERIFY(model.row(4).flashes); // 101 is new
        QVERIFY(!model.row(5).flashes); // 100 went down a row
        QVERIFY(!model.row(6).flashes);
    }

    void barsHaveAScaleInSteps()
    {
        MarketModel market;
        BookModel model(market);
        model.setSymbol(QStringLiteral("A"));
        market.apply(book(true, {{100, 430}}, {{101, 120}}));
        model.displayTick(0);
        QCOMPARE(model.scale(), 500.0);
        market.apply(book(false, {{100, 470}}, {}));
        model.displayTick(1);
        QCOMPARE(model.scale(), 500.0);
        market.apply(book(false, {{100, 600}}, {}));
        model.displayTick(2);
        QCOMPARE(model.scale(), 1000.0);
    }

    void saysWhetherTheBookAgreesWithItsChecksums()
    {
        MarketModel market;
        BookModel model(market);
        model.setSymbol(QStringLiteral("A"));
        feed::FeedBatch batch = book(true, {{100, 5}}, {{101, 5}});
        market.apply(batch);
        model.displayTick(0);
        QCOMPARE(model.verification(), QString());
        series::OrderBook expected;
        expected.reset({{100, 5}}, {{101, 5}});
        batch.books[0].hasChecksum = true;
        batch.books[0].checksum = expected.checksum(2, 0);
        market.apply(batch);
        model.displayTick(1);
        QVERIFY(model.agrees());
        QVERIFY(model.verification().contains(QStringLiteral("agrees")));
        batch.books[0].checksum ^= 1;
        market.apply(batch);
        model.displayTick(2);
        QVERIFY(!model.agrees());
        QVERIFY(model.verification().contains(QStringLiteral("does not agree")));
    }
};

QTEST_APPLESS_MAIN(TestBookModel)
#include "tst_book_model.moc"
