// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_columns.h"

#include <QWidget>

#include <functional>

namespace feedscope::ui {

/// The titles over the frame list: edges are dragged for width (double click: as it was), the context menu chooses columns.
class FrameTableHeader final : public QWidget {
    Q_OBJECT
public:
    /// `columns` belongs to the table and outlives this; `scrollX` says how far it is scrolled sideways.
    FrameTableHeader(FrameColumns *columns, std::function<int()> scrollX, QWidget *parent);

    QSize sizeHint() const override;

signals:
    void columnsChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    FrameColumns *m_columns;
    std::function<int()> m_scrollX;
    std::optional<FrameColumn> m_dragged;
    int m_dragStart = 0;
    int m_widthAtStart = 0;
};

} // namespace feedscope::ui
