// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_highlight.h"
#include "ui/widgets/panel.h"

#include <QWidget>

class QScrollArea;
class QSplitter;

namespace feedscope::ui {

class BitGrid;
class FieldList;
class HexView;
class PanelTitle;

/// Grid, bytes and fields of one frame together: the bytes under the grid, the fields beside both.
class BitsView final : public QWidget {
    Q_OBJECT
public:
    explicit BitsView(FrameHighlight *highlight, QWidget *parent = nullptr);

    void setFrame(const FrameAnatomy *anatomy);
    BitGrid *grid() { return m_grid; }
    FieldList *fields() { return m_fields; }
    HexView *hex() { return m_hex; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void sizeRows();

    BitGrid *m_grid;
    QScrollArea *m_gridScroll;
    FieldList *m_fields;
    HexView *m_hex;
    QSplitter *m_columns;
    QSplitter *m_left;
    bool m_userSized = false;
};

} // namespace feedscope::ui
