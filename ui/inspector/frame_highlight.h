// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/frame_anatomy.h"

#include <QObject>

namespace feedscope::ui {

/// Which bits of the shown frame light up: shared by the grid, the list of fields and the hex view, so that pointing at one of them points at all.
/// What is hovered goes before what was clicked.
class FrameHighlight final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    void hover(const BitRange &range); ///< an empty one: nothing is hovered
    void choose(const BitRange &range); ///< clicking the chosen range again lets go of it
    void clear();
    BitRange lit() const { return m_hovered.isEmpty() ? m_chosen : m_hovered; }
    const BitRange &hovered() const { return m_hovered; }
    const BitRange &chosen() const { return m_chosen; }

signals:
    void litChanged(const BitRange &range);
    void chosenChanged(const BitRange &range);

private:
    BitRange m_hovered;
    BitRange m_chosen;
};

} // namespace feedscope::ui
