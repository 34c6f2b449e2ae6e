// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/flat_tabs.h"

#include "ui/inspector/inspector_style.h"

#include <QPainter>
#include <QStyleOptionButton>
#include <QStyleOptionFocusRect>

namespace feedscope::ui {

FlatTabBar::FlatTabBar(QWidget *parent)
    : QTabBar(parent)
{
    setDrawBase(false);
    setExpanding(false);
    setElideMode(Qt::ElideNone);
}

void FlatTabBar::setWarning(int tab, bool on)
{
    m_warnings = on ? m_warnings | (1u << tab) : m_warnings & ~(1u << tab);
    update();
}

QSize FlatTabBar::tabSizeHint(int index) const
{
    return {fontMetrics().horizontalAdvance(tabText(index)) + 24, fontMetrics().height() + 10};
}

void FlatTabBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    painter.fillRect(rect(), palette().color(QPalette::Window));
    for (int i = 0; i < count(); ++i) {
        const QRect area = tabRect(i);
        const bool chosen = i == currentIndex();
        const bool warns = m_warnings & (1u << i);
        painter.setPen(warns ? colors.error : chosen ? palette().color(QPalette::WindowText) : colors.muted);
        painter.drawText(area, Qt::AlignCenter, tabText(i));
        if (chosen)
            painter.fillRect(area.left() + 8, area.bottom() - 1, area.width() - 16, 2, warns ? colors.error : colors.accent);
        if (chosen && hasFocus()) {
            QStyleOptionFocusRect option;
            option.initFrom(this);
            option.rect = area.adjusted(4, 3, -4, -4);
            style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
        }
    }
}

FlatTabs::FlatTabs(QWidget *parent)
    : QTabWidget(parent)
    , m_bar(new FlatTabBar)
{
    setTabBar(m_bar);
    setDocumentMode(true);
}

void FlatCheck::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    const Colors &colors = colorsFor(palette());
    const QRect box = style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, this);
    const QRect words = style()->subElementRect(QStyle::SE_CheckBoxContents, &option, this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5);
    painter.setPen(QPen(isChecked() || hasFocus() ? colors.accent : colors.muted, hasFocus() ? 1.8 : 1.2));
    painter.setBrush(isChecked() ? QBrush(colors.accent) : QBrush(palette().color(QPalette::Base)));
    painter.drawRoundedRect(frame, 2, 2);
    if (isChecked()) {
        painter.setPen(QPen(palette().color(QPalette::Base), 1.8));
        painter.setBrush(Qt::NoBrush);
        const QPointF points[] = {{frame.left() + frame.width() * 0.22, frame.top() + frame.height() * 0.52},
            {frame.left() + frame.width() * 0.42, frame.top() + frame.height() * 0.74},
            {frame.left() + frame.width() * 0.8, frame.top() + frame.height() * 0.28}};
        painter.drawPolyline(points, 3);
    }
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextShowMnemonic, text());
}

} // namespace feedscope::ui
