// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace feedscope::feed {

/// Dot-separated words of letters, digits, '_', '-', '/', ':'; 1 to 200 bytes, no empty word.
bool isValidTopic(QByteArrayView topic);
/// The same with `*` for one word and `>` (only last) for one or more.
bool isValidPattern(QByteArrayView pattern);
bool isWildcard(QByteArrayView pattern);
bool matches(QByteArrayView pattern, QByteArrayView topic);

} // namespace feedscope::feed
