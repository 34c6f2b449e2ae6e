// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

namespace feedscope::dissect {

/// A peer's UTF-8 text as it may stand in one line of a window or terminal: control characters as their pictures (␊), invisible and direction
/// characters spelled out (⟨U+202E⟩), bytes that are no UTF-8 as �. At most `most` characters of it, then `…`.
QString inertText(QByteArrayView utf8, qsizetype most);

} // namespace feedscope::dissect
