// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sparkline.h"

#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QTest>

#include <cmath>
#include <vector>

using namespace feedscope::ui;

namespace {

constexpr QSize kSize(120, 28);
const QColor kBase(0x10, 0x13, 0x19);

QImage paint(const std::vector<double> &values, double baseline = feedscope::series::kMissing, QRectF rect = QRectF(QPointF(0, 0), QSizeF(kSize)))
{
    QImage image(kSize, QImage::Format_RGB32);
    image.fill(kBase);
    QPainter painter(&image);
    paintSparkline(painter, rect, values, colorsFor(darkPalette()), baseline);
    return image;
}

int lit(const QImage &image, QRect where = QRect(QPoint(0, 0), kSize))
{
    int count = 0;
    for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x)
            count += image.pixelColor(x, y) != kBase;
    }
    return count;
}

/// Of the colour's hue, whatever anti-aliasing made of it.
bool has(const QImage &image, QColor color)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue()) < 24)
                return true;
        }
    }
    return false;
}

} // namespace

class TestSparkline : public QObject {
    Q_OBJECT
private slots:
    void nothingIsDrawnOfNothing()
    {
        QCOMPARE(lit(paint({})), 0);
        QCOMPARE(lit(paint({std::nan(""), std::nan("")})), 0);
        QCOMPARE(lit(paint({1, 2, 3}, feedscope::series::kMissing, QRectF(0, 0, 2, 2))), 0);
    }

    void oneValueIsADot()
    {
        const int dot = lit(paint({5}));
        QVERIFY(dot > 2 && dot < 40);
    }

    void itFillsTheHeightAndStaysInside()
    {
        const QImage image = paint({1, 9, 1, 9, 1}, feedscope::series::kMissing, QRectF(20, 6, 80, 16));
        QVERIFY(lit(image, QRect(20, 6, 80, 3)) > 0);
        QVERIFY(lit(image, QRect(20, 19, 80, 3)) > 0);
        QCOMPARE(lit(image), lit(image, QRect(20, 6, 80, 16)));
    }

    void risingIsUpAndFallingIsDown()
    {
        const Colors &colors = colorsFor(darkPalette());
        QVERIFY(has(paint({1, 2, 3}), colors.up));
        QVERIFY(!has(paint({1, 2, 3}), colors.down));
        QVERIFY(has(paint({3, 2, 1}), colors.down));
        QVERIFY(!has(paint({3, 2, 1}), colors.up));
        QVERIFY(has(paint({2, 2, 2}), colors.flat));
    }

    void theBaselineDecidesAndIsInView()
    {
        const Colors &colors = colorsFor(darkPalette());
        const QImage image = paint({1, 2, 3}, 10.0);
        QVERIFY(has(image, colors.down));
        QVERIFY(!has(image, colors.up));
        QVERIFY(has(image, colors.border));
        QVERIFY(lit(image, QRect(0, 0, kSize.width(), 4)) > 10); // dashes on top, the line is far below
        QCOMPARE(paint({1, 2, 3}, std::nan("")), paint({1, 2, 3}));
    }

    void aMissingValueInterruptsTheLine()
    {
        std::vector<double> values(60, 5.0);
        values[0] = 4;
        const int whole = lit(paint(values));
        for (size_t i = 20; i < 40; ++i)
            values[i] = std::nan("");
        const QImage broken = paint(values);
        QVERIFY(lit(broken) < whole);
        QCOMPARE(lit(broken, QRect(45, 0, 28, kSize.height())), 0);
    }

    void aSpikeAmongManyValuesIsSeen()
    {
        std::vector<double> values(100'000, 1.0);
        values[54'321] = 100;
        const QImage image = paint(values);
        QVERIFY(lit(image, QRect(60, 0, 10, 6)) > 0);
        QCOMPARE(lit(image, QRect(0, 0, 50, 6)), 0);
    }

    void picture()
    {
        QVERIFY(QDir().mkpath(QStringLiteral(FEEDSCOPE_ARTEFACTS)));
        QImage image(360, 150, QImage::Format_RGB32);
        image.fill(kBase);
        QPainter painter(&image);
        std::vector<double> values;
        for (int i = 0; i < 64; ++i)
            values.push_back(std::sin(i * 0.21) + 0.4 * std::sin(i * 1.3) + i * 0.01);
        paintSparkline(painter, QRectF(10, 10, 160, 40), values, colorsFor(darkPalette()));
        paintSparkline(painter, QRectF(190, 10, 160, 40), values, colorsFor(darkPalette()), 1.2);
        std::reverse(values.begin(), values.end());
        paintSparkline(painter, QRectF(10, 60, 160, 40), values, colorsFor(darkPalette()), 0.2);
        for (size_t i = 20; i < 26; ++i)
            values[i] = std::nan("");
        paintSparkline(painter, QRectF(190, 60, 160, 40), values, colorsFor(darkPalette()));
        painter.end();
        QVERIFY(image.save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/sparkline.png")));
    }
};

QTEST_MAIN(TestSparkline)
#include "tst_sparkline.moc"
