// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"

#include <QColor>
#include <QPalette>

namespace feedscope::ui {

/// The colours that a QPalette has no role for. Contrast against the base colour is at least 4.5 : 1 for text; colour is never the only sign.
struct Colors {
    bool dark = true;
    QColor up; ///< blue in the default pair
    QColor down; ///< orange in the default pair
    QColor flat;
    QColor grid;
    QColor border; ///< the one line between two panels
    QColor muted; ///< secondary text
    QColor warning;
    QColor error; ///< dropped, violations
    QColor good;
    QColor accent;
    QColor text; ///< opcode hues, interface rules section 6
    QColor binary;
    QColor continuation;
    QColor control; ///< ping and pong
    QColor close;
    QColor handshake;
};

/// Which hues stand for up and down. Shape (▲▼, hollow and filled) comes first in any case.
enum class UpDown : quint8 { BlueOrange, GreenRed, RedGreen };
void setUpDown(UpDown pair); ///< GUI thread, before the widgets repaint

/// The set that goes with a palette: dark where its window colour is.
const Colors &colorsFor(const QPalette &palette);
QColor opcodeColor(const Colors &colors, wire::Opcode opcode);

/// The application's two palettes (Fusion style).
QPalette darkPalette();
QPalette lightPalette();

} // namespace feedscope::ui
