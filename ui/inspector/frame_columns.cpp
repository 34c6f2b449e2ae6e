// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_columns.h"

namespace feedscope::ui {

void FrameColumns::reset(const QFontMetrics &words, const QFontMetrics &bytes)
{
    const auto wide = [](const QFontMetrics &metrics, const char16_t *text) {
        return metrics.horizontalAdvance(QString::fromUtf16(text)) + 2 * kCellPad + 3;
    };
    setWidth(FrameColumn::No, qMax(wide(bytes, u"999 999"), wide(words, u"No")));
    setWidth(FrameColumn::Time, wide(bytes, u"12:00:05.123"));
    setWidth(FrameColumn::Conn, qMax(wide(bytes, u"100"), wide(words, u"Conn")));
    setWidth(FrameColumn::From, wide(words, u"← server"));
    setWidth(FrameColumn::Opcode, wide(words, u"handshake") + 13);
    setWidth(FrameColumn::Flags, wide(words, u"FIN MASK"));
    setWidth(FrameColumn::Length, wide(bytes, u"65 535"));
    setWidth(FrameColumn::RttOrCode, qMax(wide(words, u"RTT/code"), wide(bytes, u"12 ms")));
    setWidth(FrameColumn::What, 11 * bytes.horizontalAdvance(QLatin1Char('0')));
}

FrameColumn FrameColumns::last() const
{
    for (int i = kFrameColumns - 1; i >= 0; --i) {
        if (m_visible[static_cast<size_t>(i)])
            return static_cast<FrameColumn>(i);
    }
    return FrameColumn::No;
}

int FrameColumns::frozenWidth() const
{
    int width = 0;
    for (const FrameColumn column : {FrameColumn::No, FrameColumn::Time})
        width += isVisible(column) ? this->width(column) : 0;
    return width;
}

int FrameColumns::totalWidth() const
{
    int width = 0;
    for (size_t i = 0; i < m_widths.size(); ++i)
        width += m_visible[i] ? m_widths[i] : 0;
    return width;
}

QRect FrameColumns::rect(FrameColumn column, int scrollX, int viewportWidth, int height) const
{
    if (!isVisible(column))
        return {};
    int left = isFrozen(column) ? 0 : -scrollX;
    for (size_t i = 0; i < index(column); ++i)
        left += m_visible[i] ? m_widths[i] : 0;
    int width = this->width(column);
    if (column == last())
        width += qMax(0, viewportWidth - totalWidth());
    return {left, 0, width, height};
}

std::optional<FrameColumn> FrameColumns::edgeAt(int x, int scrollX, int viewportWidth, int tolerance) const
{
    for (int i = 0; i < kFrameColumns; ++i) {
        const auto column = static_cast<FrameColumn>(i);
        const QRect area = rect(column, scrollX, viewportWidth, 1);
        if (area.isEmpty() || (!isFrozen(column) && area.right() < frozenWidth()))
            continue;
        if (qAbs(area.right() + 1 - x) <= tolerance)
            return column;
    }
    return {};
}

std::optional<FrameColumn> FrameColumns::columnAt(int x, int scrollX, int viewportWidth) const
{
    for (int i = 0; i < kFrameColumns; ++i) {
        const auto column = static_cast<FrameColumn>(i);
        const QRect area = rect(column, scrollX, viewportWidth, 1);
        if (x >= area.left() && x <= area.right() && (isFrozen(column) || x >= frozenWidth()))
            return column;
    }
    return {};
}

} // namespace feedscope::ui
