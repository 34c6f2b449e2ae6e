// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QFontInfo>
#include <QTest>

#include <cmath>
#include <limits>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

/// As written here, with ordinary spaces for the thin ones.
QString plain(QString text)
{
    return text.replace(QChar(0x202f), QLatin1Char(' '));
}

/// WCAG 2.1 contrast ratio.
double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double channel) {
            return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const double one = luminance(a);
    const double two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

} // namespace

class TestFormat : public QObject {
    Q_OBJECT
private slots:
    void counts_data()
    {
        QTest::addColumn<quint64>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << quint64(0) << QStringLiteral("0");
        QTest::newRow("999") << quint64(999) << QStringLiteral("999");
        QTest::newRow("1 000") << quint64(1000) << QStringLiteral("1 000");
        QTest::newRow("1 204 331") << quint64(1'204'331) << QStringLiteral("1 204 331");
        QTest::newRow("largest") << std::numeric_limits<quint64>::max() << QStringLiteral("18 446 744 073 709 551 615");
    }
    void counts()
    {
        QFETCH(quint64, count);
        QTEST(plain(formatCount(count)), "text");
    }

    void bytes_data()
    {
        QTest::addColumn<double>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << 0.0 << QStringLiteral("0 B");
        QTest::newRow("812") << 812.0 << QStringLiteral("812 B");
        QTest::newRow("999.7 is not 1000 B") << 999.7 << QStringLiteral("1.0 kB");
        QTest::newRow("48 200") << 48'200.0 << QStringLiteral("48.2 kB");
        QTest::newRow("just below a MB") << 999'999.0 << QStringLiteral("1.0 MB");
        QTest::newRow("412 M") << 412e6 << QStringLiteral("412 MB");
        QTest::newRow("2.5 G") << 2.5e9 << QStringLiteral("2.5 GB");
        QTest::newRow("4000 T") << 4e15 << QStringLiteral("4000 TB");
    }
    void bytes()
    {
        QFETCH(double, bytes);
        QTEST(plain(formatBytes(bytes)), "text");
    }

    void rates_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << 0.0 << QStringLiteral("0 msg/s");
        QTest::newRow("0.8") << 0.8 << QStringLiteral("0.8 msg/s");
        QTest::newRow("9.96 is not 10.0") << 9.96 << QStringLiteral("10 msg/s");
        QTest::newRow("231.4") << 231.4 << QStringLiteral("231 msg/s");
        QTest::newRow("12 345") << 12'345.0 << QStringLiteral("12 345 msg/s");
        QTest::newRow("not a number") << std::nan("") << QStringLiteral("– msg/s");
    }
    void rates()
    {
        QFETCH(double, rate);
        QTEST(plain(formatRate(rate, QStringLiteral("msg"))), "text");
    }

    void durations_data()
    {
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << qint64(0) << QStringLiteral("0 ns");
        QTest::newRow("812 ns") << qint64(812) << QStringLiteral("812 ns");
        QTest::newRow("8.4 us") << qint64(8'400) << QStringLiteral("8.4 µs");
        QTest::newRow("just below 100 us") << qint64(99'999) << QStringLiteral("0.1 ms");
        QTest::newRow("0.8 ms") << qint64(800'000) << QStringLiteral("0.8 ms");
        QTest::newRow("9.96 ms is not 10.0") << qint64(9'960'000) << QStringLiteral("10 ms");
        QTest::newRow("just below a second") << qint64(999'999'999) << QStringLiteral("1.0 s");
        QTest::newRow("3.2 s") << qint64(3'200'000'000) << QStringLiteral("3.2 s");
        QTest::newRow("just below a minute") << qint64(59'999'000'000) << QStringLiteral("1 min 0 s");
        QTest::newRow("4 min 10 s") << qint64(250'000'000'000) << QStringLiteral("4 min 10 s");
        QTest::newRow("2 h 5 min") << qint64(7'500'000'000'000) << QStringLiteral("2 h 5 min");
        QTest::newRow("negative") << qint64(-3'200'000'000) << QStringLiteral("−3.2 s");
    }
    void durations()
    {
        QFETCH(qint64, ns);
        QTEST(plain(formatDuration(ns)), "text");
    }

    void aPriceKeepsItsDecimals()
    {
        QCOMPARE(formatPrice(189.1, 2), QStringLiteral("189.10"));
        QCOMPARE(formatPrice(189.126, 2), QStringLiteral("189.13"));
        QCOMPARE(formatPrice(5, 0), QStringLiteral("5"));
        QCOMPARE(formatPrice(-0.001, 2), QStringLiteral("0.00"));
        QCOMPARE(formatPrice(std::nan(""), 2), QStringLiteral("–"));
        QCOMPARE(formatPrice(std::numeric_limits<double>::infinity(), 2), QStringLiteral("–"));
    }

    void percentHasAShape()
    {
        QCOMPARE(plain(formatPercent(0.42)), QStringLiteral("▲ 0.42 %"));
        QCOMPARE(plain(formatPercent(-0.1)), QStringLiteral("▼ 0.10 %"));
        QCOMPARE(plain(formatPercent(0)), QStringLiteral("= 0.00 %"));
        QCOMPARE(plain(formatPercent(-0.004)), QStringLiteral("= 0.00 %")); // no shape that the number does not show
        QCOMPARE(formatPercent(std::nan("")), QStringLiteral("–"));
    }

    void timeIsCutAndNotRounded()
    {
        const qint64 noon = 1'795'262'405 * base::kNsPerSecond; // 2026-11-21 12:00:05 UTC
        QCOMPARE(formatTime(noon + 123'999'999, 3, TimeZone::Utc), QStringLiteral("12:00:05.123"));
        QCOMPARE(formatTime(noon, 0, TimeZone::Utc), QStringLiteral("12:00:05"));
        QCOMPARE(formatTime(noon + 7, 9, TimeZone::Utc), QStringLiteral("12:00:05.000000007"));
        QCOMPARE(formatTime(-1, 3, TimeZone::Utc), QStringLiteral("23:59:59.999"));
    }

    void fontsHaveTheAskedSize()
    {
        QCOMPARE(wordFont(16).pointSize(), 16);
        QCOMPARE(byteFont(13).pointSize(), 13);
        QVERIFY(QFontInfo(byteFont()).fixedPitch());
    }

    void textColoursHaveContrast_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("pair");
        for (const bool dark : {true, false}) {
            for (int pair = 0; pair < 3; ++pair)
                QTest::addRow("%s %d", dark ? "dark" : "light", pair) << dark << pair;
        }
    }

    void textColoursHaveContrast()
    {
        QFETCH(bool, dark);
        QFETCH(int, pair);
        setUpDown(static_cast<UpDown>(pair));
        const QPalette palette = dark ? darkPalette() : lightPalette();
        const Colors colors = colorsFor(palette);
        setUpDown(UpDown::BlueOrange);
        QCOMPARE(colors.dark, dark);
        for (const QPalette::ColorRole base : {QPalette::Base, QPalette::Window, QPalette::AlternateBase}) {
            const QColor background = palette.color(base);
            for (const QColor &color : {colors.up, colors.down, colors.flat, colors.muted, colors.warning, colors.error, colors.good,
                     colors.accent, colors.text, colors.binary, colors.continuation, colors.control, colors.close,
                     colors.handshake, palette.color(QPalette::Text), palette.color(QPalette::Link)}) {
                QVERIFY2(contrast(color, background) >= 4.5,
                    qPrintable(QStringLiteral("%1 on %2: %3").arg(color.name(), background.name()).arg(contrast(color, background))));
            }
        }
        QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::ToolTipText), palette.color(QPalette::ToolTipBase)) >= 4.5);
    }

    void everyOpcodeHasAColour()
    {
        const Colors &colors = colorsFor(darkPalette());
        QCOMPARE(opcodeColor(colors, wire::Opcode::Text), colors.text);
        QCOMPARE(opcodeColor(colors, wire::Opcode::Pong), colors.control);
        QCOMPARE(opcodeColor(colors, static_cast<wire::Opcode>(0xb)), colors.error); // reserved
    }
};

QTEST_MAIN(TestFormat)
#include "tst_format.moc"
