// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_highlight.h"

#include <QAbstractScrollArea>

namespace feedscope::ui {

/// The fields of a frame in words: name, value, what it means, which section says so; broken rules under the field that breaks them.
class FieldList final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit FieldList(FrameHighlight *highlight, QWidget *parent = nullptr);

    void setFrame(const FrameAnatomy *anatomy); ///< outlives the next call; nullptr: nothing
    QRect fieldRect(int field) const; ///< in the viewport
    int fieldAt(QPoint position) const; ///< -1: none
    QString fieldText(int field) const; ///< one field in one sentence

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void layOut();

    FrameHighlight *m_highlight;
    const FrameAnatomy *m_anatomy = nullptr;
    std::vector<QRect> m_rects; // without scrolling
    int m_contentHeight = 0;
    int m_nameWidth = 0;
    int m_valueWidth = 0;
    int m_sectionWidth = 0;
    bool m_wide = false;
};

} // namespace feedscope::ui
