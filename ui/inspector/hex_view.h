// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_highlight.h"

#include <QAbstractScrollArea>

namespace feedscope::ui {

/// The bytes of a frame: offset, as on the wire (header tinted by field), unmasked beside it where the frame is masked, and as text. The line at the
/// bottom says what the byte under the pointer is. Draws visible rows only.
class HexView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit HexView(FrameHighlight *highlight, QWidget *parent = nullptr);

    void setFrame(const FrameAnatomy *anatomy); ///< outlives the next call; nullptr: nothing
    int bytesPerRow() const { return m_bytesPerRow; }
    QRect byteRect(qsizetype byte) const; ///< in the viewport, of the wire column
    qsizetype byteAt(QPoint position) const; ///< in any column; -1: none
    QString readout() const; ///< the line at the bottom

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    struct Columns {
        int character; // width of one
        int row; // height of one
        int byte; // distance of two bytes
        int wire; // left edges
        int plain; // -1: not shown
        int text;
    };
    Columns columns() const;
    void layOut();
    int readoutHeight() const;
    void showLit();

    FrameHighlight *m_highlight;
    const FrameAnatomy *m_anatomy = nullptr;
    int m_bytesPerRow = 16;
    bool m_showsPlain = false;
};

} // namespace feedscope::ui
