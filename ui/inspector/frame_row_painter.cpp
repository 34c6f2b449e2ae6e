// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_row_painter.h"

#include "ui/inspector/inspector_style.h"

#include <QPainter>
#include <QWidget>

namespace feedscope::ui {

namespace {

Qt::Alignment alignmentOf(FrameColumn column)
{
    switch (column) {
    case FrameColumn::No:
    case FrameColumn::Conn:
    case FrameColumn::Length:
    case FrameColumn::RttOrCode:
        return Qt::AlignRight | Qt::AlignVCenter;
    default:
        return Qt::AlignLeft | Qt::AlignVCenter;
    }
}

} // namespace

FrameRowPainter::FrameRowPainter(
    QPainter &painter, const QWidget &table, const FrameListModel &model, const FrameColumns &columns, int scrollX)
    : m_painter(painter)
    , m_table(table)
    , m_model(model)
    , m_columns(columns)
    , m_scrollX(scrollX)
    , m_colors(colorsFor(table.palette()))
    , m_words(table.font())
    , m_bytes(byteFontFor(&table))
{
}

void FrameRowPainter::paintCell(const FrameLine &line, FrameColumn column, const QRect &area, bool selected)
{
    const QString text = m_model.cell(line, column);
    if (text.isEmpty() && !(column == FrameColumn::What && line.isViolation))
        return;
    const QColor ink = m_table.palette().color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor hue = selected ? ink : rowColor(m_colors, line.record);
    const bool isFrame = line.record.kind == capture::RecordKind::Frame;
    QRect box = area.adjusted(kCellPad, 0, -kCellPad, 0);
    Qt::Alignment alignment = alignmentOf(column);
    m_painter.setFont(m_words);
    m_painter.setPen(ink);
    switch (column) {
    case FrameColumn::No:
    case FrameColumn::Time:
    case FrameColumn::Conn:
        m_painter.setFont(m_bytes);
        m_painter.setPen(selected ? ink : column == FrameColumn::Time ? ink : m_colors.muted);
        break;
    case FrameColumn::Length:
        m_painter.setFont(m_bytes);
        break;
    case FrameColumn::RttOrCode:
        m_painter.setFont(m_bytes);
        m_painter.setPen(line.closeCode ? hue : ink);
        break;
    case FrameColumn::Flags:
        m_painter.setPen(selected ? ink : m_colors.muted);
        break;
    case FrameColumn::From: // the client is always on the left
        alignment = (line.record.from == wire::Role::Client ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
        break;
    case FrameColumn::Opcode: {
        m_painter.setPen(hue);
        const QRect mark(box.left(), box.center().y() - 3, 7, 7);
        if (isFrame)
            m_painter.fillRect(mark, hue);
        else
            m_painter.drawRect(mark.adjusted(0, 0, -1, -1));
        box.adjust(13, 0, 0, 0);
        break;
    }
    case FrameColumn::What: {
        if (line.isViolation || line.isNotice) {
            m_painter.setPen(selected ? ink : line.isViolation ? m_colors.error : m_colors.warning);
            const QString mark = line.isViolation ? QStringLiteral("⚠") : QStringLiteral("△");
            m_painter.drawText(box, alignment, mark);
            box.adjust(m_painter.fontMetrics().horizontalAdvance(mark) + 6, 0, 0, 0);
        }
        const bool quiet = isFrame && wire::isControl(line.record.header.opcode) && !line.isViolation;
        m_painter.setPen(!isFrame || line.closeCode ? hue : selected ? ink : quiet ? m_colors.muted : ink);
        break;
    }
    }
    m_painter.drawText(box, alignment, m_painter.fontMetrics().elidedText(text, Qt::ElideRight, box.width()));
}

void FrameRowPainter::paintRow(int row, const QRect &area, bool selected)
{
    const FrameLine line = m_model.line(row); // a copy: what draws a cell may ask the model for another line
    const QPalette palette = m_table.palette();
    m_painter.fillRect(area, palette.color(row % 2 ? QPalette::AlternateBase : QPalette::Base));
    if (selected)
        m_painter.fillRect(area, palette.color(QPalette::Highlight));
    else if (line.isViolation)
        m_painter.fillRect(area, translucent(m_colors.error, 26));
    else if (line.record.kind != capture::RecordKind::Frame || line.record.header.opcode == wire::Opcode::Close)
        m_painter.fillRect(area, translucent(rowColor(m_colors, line.record), 24));

    for (const bool isFrozen : {false, true}) {
        m_painter.setClipRect(isFrozen ? area : area.adjusted(m_columns.frozenWidth(), 0, 0, 0));
        for (int i = 0; i < kFrameColumns; ++i) {
            const auto column = static_cast<FrameColumn>(i);
            if (FrameColumns::isFrozen(column) != isFrozen || !m_columns.isVisible(column))
                continue;
            const QRect cell = m_columns.rect(column, m_scrollX, area.width(), area.height()).translated(0, area.top());
            if (cell.intersects(area))
                paintCell(line, column, cell, selected);
        }
    }
    m_painter.setClipping(false);
}

} // namespace feedscope::ui
