// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/tool_chip.h"

#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

namespace feedscope::ui {

namespace {

constexpr int kSign = 14;
constexpr int kPadding = 9;
constexpr int kGap = 6;

void drawSign(QPainter &painter, const QRect &area, ToolChip::Sign sign, const QColor &color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.translate(area.topLeft());
    painter.setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (sign) {
    case ToolChip::Sign::None:
        break;
    case ToolChip::Sign::Crosshair:
        painter.drawEllipse(QPointF(7, 7), 4, 4);
        painter.drawLine(QPointF(7, 0.8), QPointF(7, 5));
        painter.drawLine(QPointF(7, 9), QPointF(7, 13.2));
        painter.drawLine(QPointF(0.8, 7), QPointF(5, 7));
        painter.drawLine(QPointF(9, 7), QPointF(13.2, 7));
        break;
    case ToolChip::Sign::Pause:
        painter.fillRect(QRectF(3, 2, 3, 10), color);
        painter.fillRect(QRectF(8, 2, 3, 10), color);
        break;
    case ToolChip::Sign::Live: {
        QPainterPath triangle;
        triangle.moveTo(2, 2);
        triangle.lineTo(9, 7);
        triangle.lineTo(2, 12);
        triangle.closeSubpath();
        painter.fillPath(triangle, color);
        painter.fillRect(QRectF(10, 2, 2.4, 10), color);
        break;
    }
    case ToolChip::Sign::Export:
        painter.drawLine(QPointF(7, 1.5), QPointF(7, 8.5));
        painter.drawPolyline(QPolygonF{QPointF(3.8, 5.6), QPointF(7, 8.8), QPointF(10.2, 5.6)});
        painter.drawPolyline(QPolygonF{QPointF(1.5, 9.5), QPointF(1.5, 12.5), QPointF(12.5, 12.5), QPointF(12.5, 9.5)});
        break;
    case ToolChip::Sign::Candles:
        painter.drawLine(QPointF(4, 1), QPointF(4, 13));
        painter.fillRect(QRectF(2, 4, 4, 6), color);
        painter.drawLine(QPointF(10, 1), QPointF(10, 3));
        painter.drawLine(QPointF(10, 11), QPointF(10, 13));
        painter.drawRect(QRectF(8.2, 3, 3.6, 8));
        break;
    case ToolChip::Sign::Line:
        painter.drawPolyline(QPolygonF{QPointF(1, 11), QPointF(4.5, 5.5), QPointF(8, 8.5), QPointF(13, 2)});
        break;
    }
    painter.restore();
}

} // namespace

ToolChip::ToolChip(const QString &text, Sign sign, QWidget *parent)
    : QAbstractButton(parent)
    , m_sign(sign)
{
    setText(text);
    setAccessibleName(text);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ToolChip::setSign(Sign sign)
{
    if (sign == m_sign)
        return;
    m_sign = sign;
    update();
}

void ToolChip::setCompact(bool compact)
{
    if (compact == m_compact)
        return;
    m_compact = compact;
    updateGeometry();
    update();
}

void ToolChip::setTint(const QColor &color)
{
    if (color == m_tint)
        return;
    m_tint = color;
    update();
}

QSize ToolChip::sizeHint() const
{
    int width = 2 * kPadding;
    if (m_sign != Sign::None)
        width += kSign;
    if (!m_compact || m_sign == Sign::None)
        width += fontMetrics().horizontalAdvance(text()) + (m_sign != Sign::None ? kGap : 0);
    return {width, (fontMetrics().height() + 8 + 3) / 4 * 4};
}

void ToolChip::keyPressEvent(QKeyEvent *event)
{
    // The style presses with Space alone; people try Enter too.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void ToolChip::enterEvent(QEnterEvent *)
{
    update();
}

void ToolChip::leaveEvent(QEvent *)
{
    update();
}

void ToolChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QColor base = palette().color(QPalette::Base);
    QColor ground;
    if (isDown())
        ground = blend(base, colors.accent, 0.34);
    else if (isChecked())
        ground = blend(base, colors.accent, 0.22);
    else if (underMouse() && isEnabled())
        ground = palette().color(QPalette::Midlight);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (ground.isValid()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 4, 4);
    }
    if (hasFocus()) {
        painter.setPen(colors.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box, 4, 4);
    }
    QColor ink = isChecked() ? palette().color(QPalette::Text) : blend(palette().color(QPalette::Text), colors.muted, 0.6);
    if (m_tint.isValid())
        ink = m_tint;
    if (!isEnabled())
        ink = palette().color(QPalette::Disabled, QPalette::Text);
    QRect area = rect().adjusted(kPadding, 0, -kPadding, 0);
    if (m_sign != Sign::None) {
        drawSign(painter, QRect(area.left(), (height() - kSign) / 2, kSign, kSign), m_sign, ink);
        area.setLeft(area.left() + kSign + kGap);
    }
    if (m_compact && m_sign != Sign::None)
        return;
    painter.setPen(ink);
    painter.drawText(area.adjusted(0, 0, 2, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
}

} // namespace feedscope::ui
