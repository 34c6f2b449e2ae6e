// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace feedscope::base {

/// CRC-32 as in IEEE 802.3, zlib and PNG (polynomial 0xEDB88320, reflected): "123456789" gives 0xCBF43926. A checksum, no digest.
/// To go on over more bytes, pass what came out of the bytes before.
quint32 crc32(QByteArrayView bytes, quint32 before = 0);

} // namespace feedscope::base
