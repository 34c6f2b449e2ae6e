// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/violation.h"

#include "support/wire_text.h"
#include "wire/close_code.h"
#include "wire/frame_encoder.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace feedscope;
using tests::hex;
using wire::Rule;

class tst_Violation : public QObject {
    Q_OBJECT

private slots:
    void theTableHasOneRowPerRuleInTheirOrder();
    void namesAreDistinctAndFitForFilters();
    void frameRulesAreAnsweredByCodesThatMayBeSent();
    void aSetHoldsItsRulesInTheirOrder();
    void detailsSayWhatWasSeen_data();
    void detailsSayWhatWasSeen();
};

void tst_Violation::theTableHasOneRowPerRuleInTheirOrder()
{
    int previous = -1;
    for (const wire::RuleInfo &row : wire::allRules()) {
        const int value = static_cast<int>(row.rule);
        QVERIFY(value == previous + 1 || value == 32);
        QCOMPARE(&wire::ruleInfo(row.rule), &row);
        previous = value;
    }
    QCOMPARE(previous, static_cast<int>(Rule::TooManyConnections));
}

void tst_Violation::namesAreDistinctAndFitForFilters()
{
    QSet<QByteArray> names;
    static const QRegularExpression fit(QStringLiteral("^[a-z][a-z0-9-]+$"));
    static const QRegularExpression address(QStringLiteral("^(RFC [0-9]+ [0-9.]+|limit)$"));
    for (const wire::RuleInfo &row : wire::allRules()) {
        QVERIFY(fit.match(QLatin1String(row.name)).hasMatch());
        QVERIFY2(address.match(QLatin1String(row.section)).hasMatch(), row.section);
        QVERIFY2(QByteArray(row.text).endsWith('.'), row.text);
        names.insert(row.name);
    }
    QCOMPARE(names.size(), static_cast<qsizetype>(wire::allRules().size()));
}

void tst_Violation::frameRulesAreAnsweredByCodesThatMayBeSent()
{
    for (const wire::RuleInfo &row : wire::allRules())
        QVERIFY2(row.closeCode == 0 || wire::isValidOnWire(row.closeCode), row.name);
    QCOMPARE(wire::ruleInfo(Rule::UnmaskedClientFrame).closeCode, quint16(1002));
    QCOMPARE(wire::ruleInfo(Rule::InvalidUtf8).closeCode, quint16(1007));
    QCOMPARE(wire::ruleInfo(Rule::MessageTooBig).closeCode, quint16(1009));
    QCOMPARE(wire::ruleInfo(Rule::TooManyFragments).closeCode, quint16(1008));
    QCOMPARE(wire::ruleInfo(Rule::UnsolicitedPong).closeCode, quint16(0));
}

void tst_Violation::aSetHoldsItsRulesInTheirOrder()
{
    wire::ViolationSet set;
    QVERIFY(set.isEmpty());
    set.insert(Rule::InflateFailed);
    set.insert(Rule::ReservedBit1);
    set.insert(Rule::ReservedBit1);
    QCOMPARE(set.size(), 2);
    QVERIFY(set.contains(Rule::InflateFailed));
    QVERIFY(!set.contains(Rule::ReservedBit2));
    QCOMPARE(set.rules(), (std::vector<Rule>{Rule::ReservedBit1, Rule::InflateFailed}));
    QCOMPARE(wire::ViolationSet::fromBits(set.bits()), set);
}

void tst_Violation::detailsSayWhatWasSeen_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("from");
    QTest::addColumn<QString>("detail");
    const int client = static_cast<int>(wire::Role::Client);
    const int server = static_cast<int>(wire::Role::Server);
    QTest::newRow("RFC 6455 5.2 reserved opcode") << hex("83 00") << server << QStringLiteral("opcode 0x3");
    QTest::newRow("RFC 6455 5.2 non-minimal length")
        << hex("81 7e 0005 48656c6c6f") << server << QStringLiteral("length 5 written in 16 bits");
    QTest::newRow("RFC 6455 5.2 top bit")
        << hex("82 7f 8000000000000001") << server << QStringLiteral("length 0x8000000000000001");
    QTest::newRow("RFC 6455 5.1 masked server frame")
        << hex("81 80 37fa213d") << server << QStringLiteral("masking key 37fa213d");
    QTest::newRow("RFC 6455 5.1 unmasked client frame")
        << hex("81 01 41") << client << QStringLiteral("text frame of 1 bytes");
    QTest::newRow("RFC 6455 7.4 close code") << hex("88 02 03ed") << server << QStringLiteral("code 1005");
    QTest::newRow("RFC 6455 5.5.1 close payload of one byte")
        << hex("88 01 03") << server << QStringLiteral("payload 03");
    QTest::newRow("RFC 6455 5.5.1 reason is escaped")
        << hex("88 05 03e8 41ff0a") << server << QStringLiteral("A\\xff\\x0a");
}

void tst_Violation::detailsSayWhatWasSeen()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, from);
    QFETCH(QString, detail);
    const auto frames = tests::decodeAll({static_cast<wire::Role>(from), false}, {bytes});
    QCOMPARE(frames.size(), size_t(1));
    const auto violations = wire::describe(frames[0].violations, frames[0].header, frames[0].payload);
    QCOMPARE(violations.size(), size_t(1));
    QCOMPARE(violations[0].detail, detail);
}

QTEST_APPLESS_MAIN(tst_Violation)
#include "tst_violation.moc"
