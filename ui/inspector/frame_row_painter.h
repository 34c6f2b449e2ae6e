// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_columns.h"
#include "ui/models/frame_list_model.h"
#include "ui/widgets/colors.h"

#include <QFont>

class QPainter;
class QWidget;

namespace feedscope::ui {

/// Draws rows of the frame list. Lives for one repaint.
class FrameRowPainter {
public:
    /// Everything outlives this. `scrollX`: how far the columns that are not frozen are scrolled sideways.
    FrameRowPainter(QPainter &painter, const QWidget &table, const FrameListModel &model, const FrameColumns &columns, int scrollX);

    void paintRow(int row, const QRect &area, bool selected);

private:
    void paintCell(const FrameLine &line, FrameColumn column, const QRect &area, bool selected);

    QPainter &m_painter;
    const QWidget &m_table;
    const FrameListModel &m_model;
    const FrameColumns &m_columns;
    int m_scrollX;
    const Colors &m_colors;
    QFont m_words;
    QFont m_bytes;
};

} // namespace feedscope::ui
