// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace feedscope::wire {

/// Incremental UTF-8 check (RFC 3629: no overlongs, no surrogates, nothing above U+10FFFF). A code point may be split
/// anywhere.
class Utf8Validator {
public:
    /// False from the first byte that cannot be part of valid UTF-8; stays false until reset().
    bool feed(QByteArrayView bytes);
    /// Valid so far, and not in the middle of a code point.
    bool isComplete() const { return m_state == 0; }
    void reset() { m_state = 0; }

private:
    quint8 m_state = 0; // 0 between code points; the others are in utf8.cpp
};

bool isValidUtf8(QByteArrayView bytes);

} // namespace feedscope::wire
