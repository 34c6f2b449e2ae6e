// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/frame_anatomy.h"
#include "ui/models/frame_fields.h"
#include "ui/widgets/colors.h"

#include <QWidget>

namespace feedscope::ui {

// Small things that the parts of the inspector share.

QFont byteFontFor(const QWidget *widget); ///< monospaced, as large as the widget's own font
QColor translucent(QColor color, int alpha);
/// The hue of a field in the grid, the hex view and the list of fields.
QColor fieldColor(const Colors &colors, FieldKind kind, wire::Opcode opcode);
QColor rowColor(const Colors &colors, const capture::Record &record); ///< opcode, handshake or end
/// A cell of the frame list with its units.
QString frameCell(const FrameLine &line, FrameColumn column);

} // namespace feedscope::ui
