// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_ink.h"

#include "ui/widgets/chart_shapes.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kPad = 8; // beside a label
constexpr int kReadoutInset = 10;
constexpr int kFieldGap = 14;
constexpr int kShortestMark = 3;

/// Black or white, whichever is read better on it (WCAG relative luminance).
QColor textOn(const QColor &fill)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    const double luminance = 0.2126 * linear(fill.redF()) + 0.7152 * linear(fill.greenF()) + 0.0722 * linear(fill.blueF());
    return luminance > 0.179 ? QColor(0x0c, 0x0f, 0x14) : QColor(Qt::white);
}

QColor faded(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

} // namespace

ChartInk::ChartInk(QGraphicsItem *parent)
    : QGraphicsItem(parent)
{
    setZValue(100);
    setAcceptedMouseButtons(Qt::NoButton);
}

void ChartInk::setFrame(ChartFrame frame)
{
    if (frame.size != m_frame.size)
        prepareGeometryChange();
    m_frame = std::move(frame);
}

void ChartInk::setLook(const QFont &font, const QPalette &palette, const Colors &colors)
{
    m_font = font;
    m_palette = palette;
    m_colors = colors;
}

QRectF ChartInk::boundingRect() const
{
    return QRectF(QPointF(0, 0), QSizeF(m_frame.size));
}

int ChartInk::timeAxisHeight() const
{
    return tagHeight() + 6;
}

int ChartInk::labelWidth(const QString &label) const
{
    return QFontMetrics(m_font).horizontalAdvance(label) + 2 * kPad;
}

int ChartInk::tagHeight() const
{
    return QFontMetrics(m_font).height() + 4;
}

QColor ChartInk::colorOf(ChartFrame::Direction direction) const
{
    switch (direction) {
    case ChartFrame::Direction::Up:
        return m_colors.up;
    case ChartFrame::Direction::Down:
        return m_colors.down;
    case ChartFrame::Direction::Flat:
        break;
    }
    return m_colors.accent;
}

void ChartInk::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (m_frame.plot.isEmpty())
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setFont(m_font);
    paintGrid(*painter);

    // A rectangular clip makes lines and rectangles several times faster in the raster engine.
    painter->save();
    painter->setClipRect(m_frame.plot, Qt::IntersectClip);
    paintMarks(*painter);
    paintVolume(*painter, m_frame, m_colors);
    paintCandles(*painter, m_frame, m_colors, m_palette.color(QPalette::Base));
    if (!m_frame.columns.empty() || !m_frame.points.empty())
        paintLine(*painter, m_frame, m_colors.accent);
    painter->restore();

    paintAxes(*painter);
    paintLast(*painter);
    paintReadout(*painter);
    paintCrosshair(*painter);
    if (!m_frame.empty.isEmpty()) {
        painter->setPen(m_colors.muted);
        painter->drawText(m_frame.plot.adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_frame.empty);
    }
    if (m_frame.focused) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(m_colors.accent, 1));
        painter->drawRect(QRect(QPoint(0, 0), m_frame.size - QSize(1, 1)));
    }
    painter->restore();
}

void ChartInk::paintGrid(QPainter &painter) const
{
    const QRect &plot = m_frame.plot;
    QList<QLine> lines;
    QList<QLine> days;
    for (const TimeTick &tick : m_frame.timeTicks) {
        const int x = static_cast<int>(std::floor(m_frame.xOf(tick.timeNs)));
        (tick.isDate ? days : lines).append(QLine(x, plot.top(), x, plot.bottom()));
    }
    for (const ValueTick &tick : m_frame.valueTicks) {
        const int y = static_cast<int>(std::lround(m_frame.yOf(tick.value)));
        if (y >= plot.top() && y <= plot.bottom())
            lines.append(QLine(plot.left(), y, plot.right(), y));
    }
    painter.setPen(QPen(m_colors.grid, 1));
    painter.drawLines(lines);
    painter.setPen(QPen(m_colors.flat, 1, Qt::DotLine));
    painter.drawLines(days);
    painter.setPen(QPen(m_colors.border, 1));
    painter.drawLine(plot.left(), plot.bottom() + 1, plot.right() + 1, plot.bottom() + 1);
    painter.drawLine(plot.right() + 1, plot.top(), plot.right() + 1, plot.bottom() + 1);
}

void ChartInk::paintMarks(QPainter &painter) const
{
    const QRect &plot = m_frame.plot;
    const QFontMetrics metrics(m_font);
    double textFrom = plot.left();
    for (const ChartMark &mark : m_frame.marks) {
        const double from = std::max<double>(m_frame.xOf(mark.fromNs), plot.left() - kShortestMark);
        const double to = std::min<double>(m_frame.xOf(mark.toNs), plot.right() + kShortestMark);
        if (mark.toNs > mark.fromNs) {
            const QRectF band(std::floor(from), plot.top(), std::max<double>(kShortestMark, std::ceil(to - from)), plot.height());
            painter.fillRect(band, faded(mark.color, 0.13F));
            painter.fillRect(band, QBrush(faded(mark.color, 0.35F), Qt::BDiagPattern)); // shape before colour
        } else {
            painter.setPen(QPen(mark.color, 1, Qt::DashLine));
            painter.drawLine(QPointF(std::floor(from), plot.top()), QPointF(std::floor(from), plot.bottom()));
        }
        // A text that has no room is in the read-out when the crosshair is on its mark.
        const double left = std::max<double>(from, plot.left()) + 4;
        const int width = metrics.horizontalAdvance(mark.text);
        if (left < textFrom || left + width > plot.right() - 4)
            continue;
        textFrom = left + width + kFieldGap;
        const QRectF text(left, plot.bottom() - metrics.height() - 2, width + 2, metrics.height());
        painter.fillRect(text.adjusted(-2, 0, 2, 0), faded(m_palette.color(QPalette::Base), 0.75F));
        painter.setPen(mark.color);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, mark.text);
    }
}

void ChartInk::paintAxes(QPainter &painter) const
{
    const QRect &plot = m_frame.plot;
    const QFontMetrics metrics(m_font);
    painter.setPen(m_colors.muted);
    const int valueRight = m_frame.size.width() - kPad;
    const double lastY = m_frame.last ? std::clamp<double>(m_frame.yOf(m_frame.last->value), plot.top(), plot.bottom()) : -1e9;
    for (const ValueTick &tick : m_frame.valueTicks) {
        const double y = m_frame.yOf(tick.value);
        const bool underCrosshair = m_frame.crosshair && std::abs(y - m_frame.crosshair->at.y()) < tagHeight() * 0.9;
        const bool inside = y - metrics.height() / 2.0 >= plot.top() - 2 && y + metrics.height() / 2.0 <= plot.bottom() + 2;
        if (!inside || underCrosshair || std::abs(y - lastY) < tagHeight() * 0.9)
            continue;
        const QRectF room(plot.right() + 2, y - metrics.height() / 2.0, valueRight - plot.right() - 2, metrics.height());
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    const int top = plot.bottom() + 5;
    const QRect timeTag = m_frame.crosshair ? timeTagRect() : QRect();
    QFont bold = m_font;
    bold.setWeight(QFont::DemiBold);
    for (const TimeTick &tick : m_frame.timeTicks) {
        const int width = metrics.horizontalAdvance(tick.label) + kPad;
        const double x = m_frame.xOf(tick.timeNs);
        const QRectF room(x - width / 2.0, top, width, metrics.height());
        // A label that is cut or half covered is worse than none.
        if (room.left() < 0 || room.right() > m_frame.size.width() || room.intersects(timeTag))
            continue;
        painter.setFont(tick.isDate ? bold : m_font);
        painter.setPen(tick.isDate ? m_palette.color(QPalette::Text) : m_colors.muted);
        painter.drawText(room, Qt::AlignCenter, tick.label);
    }
    painter.setFont(m_font);
}

void ChartInk::paintTag(QPainter &painter, const QRect &rect, const QString &text, const QColor &fill) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(textOn(fill));
    painter.drawText(rect.adjusted(2, 0, -2, 0), Qt::AlignCenter, text);
}

void ChartInk::paintLast(QPainter &painter) const
{
    if (!m_frame.last)
        return;
    const QRect &plot = m_frame.plot;
    const QColor color = colorOf(m_frame.last->direction);
    const double y = m_frame.yOf(m_frame.last->value);
    const int row = static_cast<int>(std::lround(std::clamp<double>(y, plot.top(), plot.bottom())));
    if (y >= plot.top() && y <= plot.bottom()) {
        QPen pen(color, 1, Qt::CustomDashLine);
        pen.setDashPattern({4, 3});
        painter.setPen(pen);
        painter.drawLine(plot.left(), row, plot.right(), row);
    }
    const int height = tagHeight();
    const int top = std::clamp(row - height / 2, 0, std::max(0, m_frame.size.height() - height));
    paintTag(painter, QRect(plot.right() + 2, top, m_frame.size.width() - plot.right() - 4, height), m_frame.last->label, color);
}

void ChartInk::paintReadout(QPainter &painter) const
{
    if (m_frame.readout.empty())
        return;
    const QFontMetrics metrics(m_font);
    const int left = m_frame.plot.left() + kReadoutInset;
    const int right = std::max(m_frame.readoutRight, left + 40);
    const int row = metrics.height() + 2;

    struct Placed {
        QPoint at;
        int labelWidth;
        int valueWidth;
    };
    std::vector<Placed> places;
    QPoint at(left, m_frame.plot.top() + kReadoutInset);
    int widest = 0;
    for (const ChartFrame::Field &field : m_frame.readout) {
        const int label = field.label.isEmpty() ? 0 : metrics.horizontalAdvance(field.label) + 5;
        const int value = std::max(metrics.horizontalAdvance(field.value), metrics.horizontalAdvance(field.widest));
        if (at.x() > left && at.x() + label + value > right)
            at = QPoint(left, at.y() + row);
        places.push_back({at, label, value});
        at.rx() += label + value;
        widest = std::max(widest, at.x());
        at.rx() += kFieldGap;
    }
    int bottom = at.y() + metrics.height();
    if (!m_frame.note.isEmpty()) {
        widest = std::max(widest, left + metrics.horizontalAdvance(m_frame.note));
        bottom += row;
    }
    const QRect plate(QPoint(left - 5, m_frame.plot.top() + kReadoutInset - 3), QPoint(widest + 5, bottom + 2));
    painter.fillRect(plate, faded(m_palette.color(QPalette::Base), 0.78F));

    for (size_t i = 0; i < places.size(); ++i) {
        const ChartFrame::Field &field = m_frame.readout[i];
        const Placed &place = places[i];
        if (place.labelWidth > 0) {
            painter.setPen(m_colors.muted);
            painter.drawText(place.at + QPoint(0, metrics.ascent()), field.label);
        }
        painter.setPen(field.direction == ChartFrame::Direction::Flat ? m_palette.color(QPalette::Text) : colorOf(field.direction));
        painter.drawText(place.at + QPoint(place.labelWidth, metrics.ascent()), field.value);
    }
    if (!m_frame.note.isEmpty()) {
        painter.setPen(m_colors.warning);
        painter.drawText(QPoint(left, bottom - metrics.descent()), m_frame.note);
    }
}

QRect ChartInk::timeTagRect() const
{
    const int width = labelWidth(m_frame.crosshair->timeLabel);
    const int left = std::clamp(m_frame.crosshair->at.x() - width / 2, 0, std::max(0, m_frame.size.width() - width));
    return QRect(left, m_frame.plot.bottom() + 3, width, tagHeight());
}

void ChartInk::paintCrosshair(QPainter &painter) const
{
    if (!m_frame.crosshair)
        return;
    const QRect &plot = m_frame.plot;
    const ChartFrame::Crosshair &crosshair = *m_frame.crosshair;
    QPen pen(m_colors.muted, 1, Qt::CustomDashLine);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawLine(crosshair.at.x(), plot.top(), crosshair.at.x(), plot.bottom());
    painter.drawLine(plot.left(), crosshair.at.y(), plot.right(), crosshair.at.y());

    const QColor fill = m_palette.color(QPalette::Text);
    const int height = tagHeight();
    paintTag(painter, timeTagRect(), crosshair.timeLabel, fill);
    const int top = std::clamp(crosshair.at.y() - height / 2, 0, std::max(0, m_frame.size.height() - height));
    paintTag(painter, QRect(plot.right() + 2, top, m_frame.size.width() - plot.right() - 4, height), crosshair.valueLabel, fill);
}

} // namespace feedscope::ui
