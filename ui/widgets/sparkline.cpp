// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sparkline.h"

#include "series/series.h"

#include <QPolygonF>

#include <cmath>

namespace feedscope::ui {

namespace {

constexpr double kDot = 1.75; // radius

/// First, smallest, largest and last of each pixel column, once there are more values than the rectangle has room for.
void addColumn(QPolygonF &line, std::span<const double> values, double x, auto yOf)
{
    series::Extent extent;
    for (const double value : values)
        extent.add(value);
    line.append(QPointF(x, yOf(values.front())));
    line.append(QPointF(x, yOf(extent.min)));
    line.append(QPointF(x, yOf(extent.max)));
    line.append(QPointF(x, yOf(values.back())));
}

} // namespace

void paintSparkline(QPainter &painter, const QRectF &rect, std::span<const double> values, const Colors &colors,
    double baseline)
{
    const bool hasBaseline = std::isfinite(baseline);
    series::Extent extent;
    std::optional<double> first;
    std::optional<double> last;
    for (const double value : values) {
        extent.add(value);
        if (!std::isfinite(value))
            continue;
        if (!first)
            first = value;
        last = value;
    }
    const QRectF room = rect.adjusted(kDot, kDot, -kDot, -kDot);
    if (!first || room.width() < 2 || room.height() < 2)
        return;
    extent.add(hasBaseline ? baseline : *first);

    const double height = extent.max - extent.min;
    const auto yOf = [&](double value) {
        return height > 0 ? room.bottom() - (value - extent.min) / height * room.height() : room.center().y();
    };
    const double step = values.size() > 1 ? room.width() / static_cast<double>(values.size() - 1) : 0;
    const auto xOf = [&](size_t index) { return values.size() > 1 ? room.left() + step * static_cast<double>(index) : room.right(); };

    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setBrush(Qt::NoBrush);
    if (hasBaseline) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        QPen pen(colors.border, 1, Qt::CustomDashLine);
        pen.setDashPattern({2, 2});
        painter.setPen(pen);
        const double y = std::floor(yOf(baseline)) + 0.5;
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y));
    }
    const double reference = hasBaseline ? baseline : *first;
    const QColor color = *last > reference ? colors.up : *last < reference ? colors.down : colors.flat;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(color, 1));

    QPolygonF line;
    const auto flush = [&] {
        if (line.size() == 1)
            painter.drawPoint(line.first());
        else if (!line.isEmpty())
            painter.drawPolyline(line);
        line.clear();
    };
    const bool dense = step > 0 && step < 0.5;
    for (size_t i = 0; i < values.size();) {
        if (!std::isfinite(values[i])) {
            flush();
            ++i;
            continue;
        }
        size_t end = i + 1;
        if (dense) {
            const double column = std::floor(xOf(i));
            while (end < values.size() && std::isfinite(values[end]) && std::floor(xOf(end)) == column)
                ++end;
        }
        if (end - i > 4)
            addColumn(line, values.subspan(i, end - i), xOf(i), yOf);
        else
            for (size_t k = i; k < end; ++k)
                line.append(QPointF(xOf(k), yOf(values[k])));
        i = end;
    }
    flush();
    if (std::isfinite(values.back())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(QPointF(xOf(values.size() - 1), yOf(values.back())), kDot, kDot);
    }
    painter.restore();
}

} // namespace feedscope::ui
