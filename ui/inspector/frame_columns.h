// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/frame_fields.h"

#include <QFontMetrics>
#include <QRect>

#include <array>

namespace feedscope::ui {

constexpr int kCellPad = 6; ///< pixels between a cell's edge and its text

/// Widths and visibility of the frame list's columns. No and Time do not scroll sideways; the last one takes the room that is left. A value.
class FrameColumns {
public:
    void reset(const QFontMetrics &words, const QFontMetrics &bytes);

    bool isVisible(FrameColumn column) const { return m_visible[index(column)]; }
    void setVisible(FrameColumn column, bool visible) { m_visible[index(column)] = visible; }
    int width(FrameColumn column) const { return m_widths[index(column)]; }
    void setWidth(FrameColumn column, int width) { m_widths[index(column)] = qBound(24, width, 4000); }
    static bool isFrozen(FrameColumn column) { return column == FrameColumn::No || column == FrameColumn::Time; }

    int frozenWidth() const;
    int totalWidth() const;
    /// Where a column is when the others are scrolled by `scrollX`; empty for one that is not visible.
    QRect rect(FrameColumn column, int scrollX, int viewportWidth, int height) const;
    /// The column whose right edge is within `tolerance` of x; empty if there is none.
    std::optional<FrameColumn> edgeAt(int x, int scrollX, int viewportWidth, int tolerance) const;
    std::optional<FrameColumn> columnAt(int x, int scrollX, int viewportWidth) const;

private:
    static size_t index(FrameColumn column) { return static_cast<size_t>(column); }
    FrameColumn last() const;

    std::array<int, kFrameColumns> m_widths{};
    std::array<bool, kFrameColumns> m_visible{true, true, true, true, true, true, true, true, true};
};

} // namespace feedscope::ui
