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
constexpr int kMostTexts = 500; // then they are forgotten: crosshair times are many

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
    m_bold = font;
    m_bold.setWeight(QFont::DemiBold);
    m_texts.clear();
    m_boldTexts.clear();
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
    return laidOut(label).width + 2 * kPad;
}

const ChartInk::Text &ChartInk::laidOut(const QString &text, bool bold) const
{
    QHash<QString, Text> &texts = bold ? m_boldTexts : m_texts;
    const auto it = texts.constFind(text);
    if (it != texts.constEnd())
        return *it;
    if (texts.size() >= kMostTexts)
        texts.clear();
    const QFont &font = bold ? m_bold : m_font;
    Text made;
    made.text.setTextFormat(Qt::PlainText);
    made.text.setText(text);
    made.text.prepare(QTransform(), font);
    made.width = QFontMetrics(font).horizontalAdvance(text);
    return *texts.insert(text, made);
}

void ChartInk::drawText(QPainter &painter, const QRectF &room, Qt::Alignment alignment, const QString &text, bool bold) const
{
    if (text.isEmpty())
        return;
    const Text &made = laidOut(text, bold);
    double x = room.left();
    if (alignment & Qt::AlignRight)
        x = room.right() - made.width;
    else if (alignment & Qt::AlignHCenter)
        x = room.center().x() - made.width / 2.0;
    painter.setFont(bold ? m_bold : m_font);
    painter.drawStaticText(QPointF(std::round(x), std::round(room.center().y() - made.text.size().height() / 2)), made.text);
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
    QList<QRect> lines; // a filled rectangle costs a tenth of a line
    QList<QLine> days;
    for (const TimeTick &tick : m_frame.timeTicks) {
        const int x = static_cast<int>(std::floor(m_frame.xOf(tick.timeNs)));
        if (tick.isDate)
            days.append(QLine(x, plot.top(), x, plot.bottom()));
        else
            lines.append(QRect(x, plot.top(), 1, plot.height()));
    }
    for (const ValueTick &tick : m_frame.valueTicks) {
        const int y = static_cast<int>(std::lround(m_frame.yOf(tick.value)));
        if (y >= plot.top() && y <= plot.bottom())
            lines.append(QRect(plot.left(), y, plot.width(), 1));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_colors.grid);
    painter.drawRects(lines);
    painter.fillRect(plot.left(), plot.bottom() + 1, plot.width() + 1, 1, m_colors.border);
    painter.fillRect(plot.right() + 1, plot.top(), 1, plot.height() + 1, m_colors.border);
    painter.setPen(QPen(m_colors.flat, 1, Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawLines(days);
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
        const int width = laidOut(mark.text).width;
        if (left < textFrom || left + width > plot.right() - 4)
            continue;
        textFrom = left + width + kFieldGap;
        const QRectF text(left, plot.bottom() - metrics.height() - 2, width + 2, metrics.height());
        painter.fillRect(text.adjusted(-2, 0, 2, 0), faded(m_palette.color(QPalette::Base), 0.75F));
        painter.setPen(mark.color);
        drawText(painter, text, Qt::AlignLeft, mark.text);
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
        drawText(painter, room, Qt::AlignRight, tick.label);
    }
    const int top = plot.bottom() + 5;
    const QRect timeTag = m_frame.crosshair ? timeTagRect() : QRect();
    for (const TimeTick &tick : m_frame.timeTicks) {
        const int width = laidOut(tick.label, tick.isDate).width + kPad;
        const double x = m_frame.xOf(tick.timeNs);
        const QRectF room(x - width / 2.0, top, width, metrics.height());
        // A label that is cut or half covered is worse than none.
        if (room.left() < 0 || room.right() > m_frame.size.width() || room.intersects(timeTag))
            continue;
        painter.setPen(tick.isDate ? m_palette.color(QPalette::Text) : m_colors.muted);
        drawText(painter, room, Qt::AlignHCenter, tick.label, tick.isDate);
    }
}

void ChartInk::paintTag(QPainter &painter, const QRect &rect, const QString &text, const QColor &fill) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(textOn(fill));
    drawText(painter, rect, Qt::AlignHCenter, text);
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
        const int label = field.label.isEmpty() ? 0 : laidOut(field.label).width + 5;
        int value = laidOut(field.value).width; // by value: the next call may move what the last one returned
        value = std::max(value, laidOut(field.widest).width);
        if (at.x() > left && at.x() + label + value > right)
            at = QPoint(left, at.y() + row);
        places.push_back({at, label, value});
        at.rx() += label + value;
        widest = std::max(widest, at.x());
        at.rx() += kFieldGap;
    }
    int bottom = at.y() + metrics.height();
    if (!m_frame.note.isEmpty()) {
        widest = std::max(widest, left + laidOut(m_frame.note).width);
        bottom += row;
    }
    const QRect plate(QPoint(left - 5, m_frame.plot.top() + kReadoutInset - 3), QPoint(widest + 5, bottom + 2));
    painter.fillRect(plate, faded(m_palette.color(QPalette::Base), 0.78F));

    for (size_t i = 0; i < places.size(); ++i) {
        const ChartFrame::Field &field = m_frame.readout[i];
        const Placed &place = places[i];
        if (place.labelWidth > 0) {
            painter.setPen(m_colors.muted);
            drawText(painter, QRectF(place.at, QSizeF(place.labelWidth, metrics.height())), Qt::AlignLeft, field.label);
        }
        painter.setPen(field.direction == ChartFrame::Direction::Flat ? m_palette.color(QPalette::Text) : colorOf(field.direction));
        const QPoint value = place.at + QPoint(place.labelWidth, 0);
        drawText(painter, QRectF(value, QSizeF(place.valueWidth, metrics.height())), Qt::AlignLeft, field.value);
    }
    if (!m_frame.note.isEmpty()) {
        painter.setPen(m_colors.warning);
        drawText(painter, QRectF(left, bottom - metrics.height(), widest - left, metrics.height()), Qt::AlignLeft, m_frame.note);
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
