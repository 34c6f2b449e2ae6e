// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_highlight.h"

#include <QWidget>

namespace feedscope::ui {

/// A frame as RFC 6455 5.2 draws it: 32 bits in a row, with the bits that were on the wire. The header is always whole; of the payload the first
/// kMostPayloadBytes, and how many more there are. Hovering and clicking go through the highlight.
class BitGrid final : public QWidget {
    Q_OBJECT
public:
    static constexpr qsizetype kMostPayloadBytes = 64;

    explicit BitGrid(FrameHighlight *highlight, QWidget *parent = nullptr);

    void setFrame(const FrameAnatomy *anatomy); ///< outlives the next call; nullptr: nothing
    int shownBytes() const;
    QRect bitRect(qint64 bit) const; ///< empty for bits that are not shown
    qint64 bitAt(QPoint position) const; ///< -1: none

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Metrics {
        int left; // of the first bit
        int cell; // width of one bit
        int top; // of the first row
        int bits; // height of the bits of a row
        int firstLabel; // height of the labels under the first row: its one-bit fields are written downwards
        int label; // under the other rows
    };
    Metrics metrics() const;
    int rowTop(int row, const Metrics &m) const;
    int rowHeight(int row, const Metrics &m) const;
    BitRange rangeAt(qint64 bit) const; ///< what lights up: a field, or one byte of the payload
    void paintRuler(QPainter &painter, const Metrics &m) const;
    void paintRow(QPainter &painter, int row, const Metrics &m) const;
    void paintLabels(QPainter &painter, const FrameField &field, const BitRange &run, int row, const Metrics &m) const;
    QFont smallFont() const;

    FrameHighlight *m_highlight;
    const FrameAnatomy *m_anatomy = nullptr;
};

} // namespace feedscope::ui
