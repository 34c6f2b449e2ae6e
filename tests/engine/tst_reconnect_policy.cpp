// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reconnect_policy.h"

#include <QTest>

using namespace feedscope;
using engine::ReconnectPolicy;

namespace {

wire::Ending endingWith(quint16 code)
{
    wire::Ending ending;
    ending.code = code;
    return ending;
}

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr double kAlmostOne = 0.999999;

} // namespace

/// When to try again; that an attempt is really made is tst_engine's.
class TestReconnectPolicy : public QObject {
    Q_OBJECT
private slots:
    void delaysStayBetweenHalfASecondAndTheCeiling();
    void ceilingDoublesUpToThirtySeconds();
    void closeCodesSteer_data();
    void closeCodesSteer();
    void onlyAStableConnectionStartsOver();
};

void TestReconnectPolicy::delaysStayBetweenHalfASecondAndTheCeiling()
{
    ReconnectPolicy policy;
    QCOMPARE(policy.delayAfterFailure(0), kSecond / 2);
    for (int attempt = 0; attempt < 20; ++attempt) {
        const qint64 delay = policy.delayAfterFailure(kAlmostOne);
        QVERIFY(delay >= kSecond / 2);
        QVERIFY(delay <= 30 * kSecond);
    }
}

void TestReconnectPolicy::ceilingDoublesUpToThirtySeconds()
{
    ReconnectPolicy policy;
    for (const qint64 ceiling : {1, 2, 4, 8, 16, 30, 30})
        QCOMPARE((policy.delayAfterFailure(kAlmostOne) + kSecond / 1000) / kSecond, ceiling);
}

void TestReconnectPolicy::closeCodesSteer_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("again");
    QTest::newRow("1000 normal closure") << 1000 << false;
    QTest::newRow("1001 going away") << 1001 << true;
    QTest::newRow("1006 no close frame") << 1006 << true;
    QTest::newRow("1012 restart") << 1012 << true;
    QTest::newRow("3000 first code that steers back") << 3000 << true;
    QTest::newRow("3499 last code that steers back") << 3499 << true;
    QTest::newRow("3500 first code that says stay away") << 3500 << false;
    QTest::newRow("3999 last code that says stay away") << 3999 << false;
    QTest::newRow("4000 application code") << 4000 << true;
}

void TestReconnectPolicy::closeCodesSteer()
{
    QFETCH(int, code);
    QFETCH(bool, again);
    ReconnectPolicy policy;
    policy.opened(0);
    QCOMPARE(policy.delayAfter(endingWith(static_cast<quint16>(code)), kSecond, 0.5).has_value(), again);
}

void TestReconnectPolicy::onlyAStableConnectionStartsOver()
{
    ReconnectPolicy policy;
    for (int i = 0; i < 4; ++i)
        policy.delayAfterFailure(0);
    policy.opened(0);
    policy.delayAfter(endingWith(1006), 29 * kSecond, 0);
    QCOMPARE(policy.attempts(), 5);
    policy.opened(40 * kSecond);
    policy.delayAfter(endingWith(1006), 70 * kSecond, 0);
    QCOMPARE(policy.attempts(), 1);
}

QTEST_APPLESS_MAIN(TestReconnectPolicy)
#include "tst_reconnect_policy.moc"
