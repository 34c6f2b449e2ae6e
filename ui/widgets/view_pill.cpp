// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/view_pill.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QFontMetrics>
#include <QPainter>

namespace feedscope::ui {

ViewPill::ViewPill(QWidget *parent)
    : QAbstractButton(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent); // a new count does not repaint what lies below
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Back to the live edge (End)"));
    setText(tr("paused view") + QStringLiteral(" ▸"));
}

void ViewPill::setCount(quint64 count)
{
    if (count == m_count)
        return;
    m_count = count;
    setText(count == 0 ? tr("paused view") + QStringLiteral(" ▸")
                       : tr("paused view · %1 new").arg(formatCount(count)) + QStringLiteral(" ▸"));
}

QSize ViewPill::sizeHint() const
{
    const QFontMetrics metrics(font());
    return QSize(metrics.horizontalAdvance(text()) + 24, metrics.height() + 8);
}

void ViewPill::paintEvent(QPaintEvent *)
{
    const Colors &colors = colorsFor(palette());
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor fill = palette().color(isDown() ? QPalette::Dark : QPalette::Highlight);
    painter.setBrush(fill);
    painter.setPen(hasFocus() || underMouse() ? QPen(colors.accent, 1.5) : QPen(fill, 1));
    const double radius = height() / 2.0;
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    painter.setPen(palette().color(QPalette::HighlightedText));
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace feedscope::ui
