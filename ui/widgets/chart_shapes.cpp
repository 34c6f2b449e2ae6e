// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_shapes.h"

#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kWidestBody = 41;
constexpr int kVolumeShare = 5; // a fifth of the plot
constexpr double kPixelsPerDot = 14; // from this distance on, each value of a line is shown as a dot
constexpr double kLowestBar = 3; // pixels: what is lower looks better anti-aliased
constexpr double kFar = 1e6; // pixels: beyond, the raster engine loses precision

int pixel(double position)
{
    return static_cast<int>(std::lround(std::clamp(position, -kFar, kFar)));
}

/// Odd, so that the wick is in the middle.
int bodyWidth(const ChartFrame &frame)
{
    const double slot = static_cast<double>(frame.intervalNs) / static_cast<double>(frame.nsPerPixel);
    int width = std::clamp(static_cast<int>(slot * 0.72), 1, kWidestBody) | 1;
    if (width > 1 && width > slot - 1)
        width -= 2;
    return width;
}

int centre(const ChartFrame &frame, const series::Candle &candle)
{
    return pixel(std::floor(frame.xOf(candle.startNs + frame.intervalNs / 2)));
}

/// A polyline that can be interrupted, and of whose steepest parts only the extent matters.
class Chain {
public:
    explicit Chain(QPainter &painter)
        : m_painter(painter)
    {
    }
    ~Chain() { end(); }
    Chain(const Chain &) = delete;
    Chain &operator=(const Chain &) = delete;

    void add(double x, double y)
    {
        m_points.append(QPointF(x, std::clamp(y, -kFar, kFar)));
        m_onBar = false;
    }
    /// Up and down inside one pixel column: a bar, which costs a tenth of the anti-aliased lines that fill it as well.
    void addBar(int x, double first, double top, double bottom, double last)
    {
        const int from = pixel(std::floor(top));
        const int to = pixel(std::ceil(bottom));
        const bool touches = m_onBar && from <= m_barBottom && to >= m_barTop;
        if (!touches)
            add(x + 0.5, first);
        m_onBar = true; // a point alone is on this bar or on the one before
        end();
        m_bars.append(QRect(x, from, 1, std::max(1, to - from)));
        add(x + 0.5, last);
        m_onBar = true;
        m_barTop = from;
        m_barBottom = to;
    }
    void end()
    {
        if (m_points.size() > 1)
            m_painter.drawPolyline(m_points);
        else if (m_points.size() == 1 && !m_onBar)
            m_dots.append(m_points.first());
        m_points.clear();
        m_onBar = false;
    }
    void addDot(double x, double y) { m_dots.append(QPointF(x, y)); }
    void paintBarsAndDots(const QColor &color)
    {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        for (const QPointF &dot : std::as_const(m_dots))
            m_painter.drawEllipse(dot, 2.25, 2.25);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        m_painter.drawRects(m_bars);
    }

private:
    QPainter &m_painter;
    QPolygonF m_points;
    QPolygonF m_dots;
    QList<QRect> m_bars;
    bool m_onBar = false; // the only point is the end of a bar
    int m_barTop = 0;
    int m_barBottom = 0;
};

void addColumns(Chain &chain, const ChartFrame &frame)
{
    if (frame.leftValue)
        chain.add(frame.plot.left(), frame.yOf(*frame.leftValue));
    for (size_t i = 0; i < frame.columns.size(); ++i) {
        const series::Column &column = frame.columns[i];
        if (column.samples == 0)
            continue;
        if (column.gap)
            chain.end();
        if (!std::isfinite(column.min))
            continue;
        const int left = frame.plot.left() + static_cast<int>(i);
        const double x = left + 0.5;
        const double top = frame.yOf(column.max);
        const double bottom = frame.yOf(column.min);
        if (bottom - top >= kLowestBar) {
            chain.addBar(left, frame.yOf(column.first), top, bottom, frame.yOf(column.last));
        } else {
            chain.add(x, frame.yOf(column.first));
            if (column.min != column.max) {
                // The way that the values went is not known inside a pixel; to the nearer extreme first makes the shorter line.
                const bool minFirst = column.first - column.min < column.max - column.first;
                chain.add(x, minFirst ? bottom : top);
                chain.add(x, minFirst ? top : bottom);
                chain.add(x, frame.yOf(column.last));
            }
        }
        if (column.gap)
            chain.end();
    }
}

/// Points outside the plot are far away where values are rare: the line is cut at the plot's edges instead.
void addPoints(Chain &chain, const ChartFrame &frame)
{
    const double left = frame.plot.left() - 1.0;
    const double right = frame.plot.left() + frame.plot.width() + 1.0;
    const bool dots = static_cast<double>(frame.points.size()) * kPixelsPerDot < frame.plot.width();
    for (size_t i = 0; i < frame.points.size(); ++i) {
        const series::Sample &point = frame.points[i];
        if (!std::isfinite(point.value)) {
            chain.end();
            continue;
        }
        double x = frame.xOf(point.timeNs);
        double y = frame.yOf(point.value);
        if (dots && x >= left && x <= right)
            chain.addDot(x, y);
        const auto cutAt = [&](double edge, const series::Sample &other) {
            if (!std::isfinite(other.value))
                return;
            const double otherX = frame.xOf(other.timeNs);
            y += (frame.yOf(other.value) - y) * (edge - x) / (otherX - x);
            x = edge;
        };
        if (x < left && i + 1 < frame.points.size() && frame.points[i + 1].timeNs > point.timeNs)
            cutAt(left, frame.points[i + 1]);
        else if (x > right && i > 0 && frame.points[i - 1].timeNs < point.timeNs)
            cutAt(right, frame.points[i - 1]);
        chain.add(x, y);
    }
}

} // namespace

void paintCandles(QPainter &painter, const ChartFrame &frame, const Colors &colors, const QColor &base)
{
    const int width = bodyWidth(frame);
    QList<QRect> hollow;
    QList<QRect> filled;
    QList<QRect> upStrokes; // rectangles of one pixel: lines are drawn pixel by pixel
    for (const series::Candle &candle : frame.candles) {
        const int x = centre(frame, candle);
        const int high = pixel(frame.yOf(candle.high));
        const int low = pixel(frame.yOf(candle.low));
        const int top = pixel(frame.yOf(std::max(candle.open, candle.close)));
        const int bottom = pixel(frame.yOf(std::min(candle.open, candle.close)));
        QList<QRect> &strokes = candle.isUp() ? upStrokes : filled;
        if (high < top)
            strokes.append(QRect(x, high, 1, top - high));
        if (low > bottom)
            strokes.append(QRect(x, bottom + 1, 1, low - bottom));
        const int left = x - width / 2;
        if (bottom - top < 2 || width < 3) { // no room for a hollow: a stroke, which is neither up nor down
            strokes.append(QRect(left, top, width, bottom - top + 1));
        } else if (candle.isUp()) {
            hollow.append(QRect(left, top, width - 1, bottom - top)); // the pen adds a pixel
        } else {
            filled.append(QRect(left, top, width, bottom - top + 1));
        }
    }
    painter.setPen(QPen(colors.up, 1));
    painter.setBrush(base);
    painter.drawRects(hollow);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.up);
    painter.drawRects(upStrokes);
    painter.setBrush(colors.down);
    painter.drawRects(filled);
}

void paintVolume(QPainter &painter, const ChartFrame &frame, const Colors &colors)
{
    if (!(frame.volumeTop > 0))
        return;
    const int width = bodyWidth(frame);
    const double fullHeight = static_cast<double>(frame.plot.height()) / kVolumeShare;
    const int bottom = frame.plot.top() + frame.plot.height();
    QList<QRect> up;
    QList<QRect> down;
    for (const series::Candle &candle : frame.candles) {
        if (!(candle.volume > 0))
            continue;
        const int height = std::max(1, pixel(std::min(1.0, candle.volume / frame.volumeTop) * fullHeight));
        (candle.isUp() ? up : down).append(QRect(centre(frame, candle) - width / 2, bottom - height, width, height));
    }
    QColor upColor = colors.up;
    QColor downColor = colors.down;
    upColor.setAlphaF(colors.dark ? 0.30F : 0.26F);
    downColor.setAlphaF(colors.dark ? 0.42F : 0.38F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(upColor);
    painter.drawRects(up);
    painter.setBrush(downColor);
    painter.drawRects(down);
}

void paintLine(QPainter &painter, const ChartFrame &frame, const QColor &color)
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1)); // wider than one pixel, a dense line costs several times as much
    Chain chain(painter);
    addColumns(chain, frame);
    addPoints(chain, frame);
    chain.end();
    chain.paintBarsAndDots(color);
}

} // namespace feedscope::ui
