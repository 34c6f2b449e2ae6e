// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_highlight.h"

#include <QAbstractScrollArea>

namespace feedscope::ui {

/// The fields of a frame in words: name, value, what it means, which section says so; broken rules under the field that breaks them. The three
/// reserved bits are one row while none of them is set.
class FieldList final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit FieldList(FrameHighlight *highlight, QWidget *parent = nullptr);

    void setFrame(const FrameAnatomy *anatomy); ///< outlives the next call; nullptr: nothing
    int rowCount() const { return static_cast<int>(m_rows.size()); }
    int rowOf(FieldKind kind) const; ///< -1: this frame has no such field
    QRect rowRect(int row) const; ///< in the viewport
    int rowAt(QPoint position) const; ///< -1: none
    QString rowText(int row) const; ///< one row in one sentence

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    struct Row {
        FrameField field; ///< or what stands for several of them
        QRect area; ///< without scrolling
    };
    struct Columns {
        int name; ///< left edges
        int value;
        int meaning;
        int section;
        int meaningWidth;
        bool longSection; ///< "RFC 6455 5.2", and not "§5.2"
        bool oneLine; ///< the meaning beside the value, and not under it
    };
    Columns columns() const;
    void layOut();
    void paintRow(QPainter &painter, const Row &row, const Columns &c) const;

    FrameHighlight *m_highlight;
    const FrameAnatomy *m_anatomy = nullptr;
    std::vector<Row> m_rows;
};

} // namespace feedscope::ui
