// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_highlight.h"

namespace feedscope::ui {

void FrameHighlight::hover(const BitRange &range)
{
    if (m_hovered == range)
        return;
    m_hovered = range;
    emit litChanged(lit());
}

void FrameHighlight::choose(const BitRange &range)
{
    m_chosen = m_chosen == range ? BitRange() : range;
    emit chosenChanged(m_chosen);
    emit litChanged(lit());
}

void FrameHighlight::clear()
{
    m_hovered = {};
    m_chosen = {};
    emit chosenChanged(m_chosen);
    emit litChanged({});
}

} // namespace feedscope::ui
