// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/random.h"

#include <QTest>

#include <cmath>

using namespace feedscope::feed;

class TestRandom : public QObject {
    Q_OBJECT
private slots:
    void theSameSeedGivesTheSameNumbers();
    void streamsOfOneSeedDiffer();
    void distributionsHaveTheirMoments();
};

void TestRandom::theSameSeedGivesTheSameNumbers()
{
    Random a(7, 3);
    Random b(7, 3);
    for (int i = 0; i < 1000; ++i) {
        QCOMPARE(a.next(), b.next());
        QCOMPARE(a.exponential(), b.exponential());
    }
}

void TestRandom::streamsOfOneSeedDiffer()
{
    Random a(7, 1);
    Random b(7, 2);
    Random c(8, 1);
    int same = 0;
    for (int i = 0; i < 1000; ++i) {
        const quint64 value = a.next();
        same += value == b.next() ? 1 : 0;
        same += value == c.next() ? 1 : 0;
    }
    QCOMPARE(same, 0);
}

void TestRandom::distributionsHaveTheirMoments()
{
    Random random(1);
    constexpr int kDraws = 100'000;
    double uniform = 0;
    double normal = 0;
    double square = 0;
    double exponential = 0;
    double exponentialSquare = 0;
    int aboveEight = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double u = random.uniform();
        QVERIFY(u >= 0 && u < 1);
        uniform += u;
        const double n = random.normal();
        normal += n;
        square += n * n;
        const double e = random.exponential();
        QVERIFY(e >= 0);
        exponential += e;
        exponentialSquare += e * e;
        const double p = random.pareto();
        QVERIFY(p >= 1);
        aboveEight += p > 8 ? 1 : 0;
    }
    QVERIFY(std::abs(uniform / kDraws - 0.5) < 0.01);
    QVERIFY(std::abs(normal / kDraws) < 0.02);
    QVERIFY(std::abs(square / kDraws - 1) < 0.03);
    QVERIFY(std::abs(exponential / kDraws - 1) < 0.02);
    QVERIFY(std::abs(exponentialSquare / kDraws - 2) < 0.1);
    QVERIFY(std::abs(static_cast<double>(aboveEight) / kDraws - 1.0 / 16) < 0.005); // 8^(-4/3)
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
