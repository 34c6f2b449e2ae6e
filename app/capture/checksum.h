// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace feedscope::capture {

/// CRC-32 as base::crc32(), by zlib: every recorded byte goes through here, and a table lookup per byte is four times slower.
quint32 checksum(QByteArrayView bytes, quint32 before = 0);

} // namespace feedscope::capture
