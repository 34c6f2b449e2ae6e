// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace feedscope::ui {

/// Dark or light over Fusion, for the whole application. System: what the desktop's palette was when the application started.
enum class Theme : quint8 { System, Dark, Light };

/// Style, palette and font; call once before the first window, and applyTheme() again for each change.
void prepareTheme();
void applyTheme(Theme theme);
Theme themeFromName(const QString &name);
QString themeName(Theme theme);

} // namespace feedscope::ui
