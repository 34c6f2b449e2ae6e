// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_table_header.h"

#include "ui/inspector/inspector_style.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>

namespace feedscope::ui {

namespace {

constexpr int kGrab = 4; // pixels on either side of an edge

} // namespace

FrameTableHeader::FrameTableHeader(FrameColumns *columns, std::function<int()> scrollX, QWidget *parent)
    : QWidget(parent)
    , m_columns(columns)
    , m_scrollX(std::move(scrollX))
{
    setMouseTracking(true);
    setAccessibleName(QStringLiteral("Columns of the frame list"));
}

QSize FrameTableHeader::sizeHint() const
{
    return {100, fontMetrics().height() + 9};
}

void FrameTableHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    painter.fillRect(rect(), palette().color(QPalette::Window));
    for (const bool frozen : {false, true}) {
        painter.setClipRect(frozen ? rect() : rect().adjusted(m_columns->frozenWidth(), 0, 0, 0));
        for (int i = 0; i < kFrameColumns; ++i) {
            const auto column = static_cast<FrameColumn>(i);
            const QRect area = m_columns->rect(column, m_scrollX(), width(), height() - 1);
            if (FrameColumns::isFrozen(column) != frozen || area.isEmpty())
                continue;
            const bool right = column == FrameColumn::No || column == FrameColumn::Length || column == FrameColumn::RttOrCode
                || column == FrameColumn::Conn;
            painter.setPen(colors.muted);
            painter.drawText(area.adjusted(kCellPad, 0, -kCellPad, 0), (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                frameColumnTitle(column));
            painter.fillRect(area.right(), 4, 1, height() - 9, colors.border);
        }
    }
    painter.setClipping(false);
    painter.fillRect(0, height() - 1, width(), 1, colors.border);
}

void FrameTableHeader::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragged = m_columns->edgeAt(event->pos().x(), m_scrollX(), width(), kGrab);
    m_dragStart = event->pos().x();
    if (m_dragged)
        m_widthAtStart = m_columns->rect(*m_dragged, 0, width(), 1).width();
}

void FrameTableHeader::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragged) {
        m_columns->setWidth(*m_dragged, m_widthAtStart + event->pos().x() - m_dragStart);
        update();
        emit columnsChanged();
        return;
    }
    const bool atEdge = m_columns->edgeAt(event->pos().x(), m_scrollX(), width(), kGrab).has_value();
    setCursor(atEdge ? Qt::SplitHCursor : Qt::ArrowCursor);
}

void FrameTableHeader::mouseReleaseEvent(QMouseEvent *)
{
    m_dragged.reset();
}

void FrameTableHeader::mouseDoubleClickEvent(QMouseEvent *event)
{
    const auto column = m_columns->edgeAt(event->pos().x(), m_scrollX(), width(), kGrab);
    if (!column)
        return;
    FrameColumns fresh;
    fresh.reset(fontMetrics(), QFontMetrics(byteFontFor(this)));
    m_columns->setWidth(*column, fresh.width(*column));
    update();
    emit columnsChanged();
}

void FrameTableHeader::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int i = 0; i < kFrameColumns; ++i) {
        const auto column = static_cast<FrameColumn>(i);
        QAction *action = menu->addAction(frameColumnTitle(column));
        action->setCheckable(true);
        action->setChecked(m_columns->isVisible(column));
        action->setEnabled(column != FrameColumn::What); // something must be left to hold the room
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            m_columns->setVisible(column, on);
            update();
            emit columnsChanged();
        });
    }
    menu->popup(event->globalPos());
}

} // namespace feedscope::ui
