// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/checksum.h"

#include <zlib.h>

namespace feedscope::capture {

quint32 checksum(QByteArrayView bytes, quint32 before)
{
    return static_cast<quint32>(
        ::crc32_z(before, reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<size_t>(bytes.size())));
}

} // namespace feedscope::capture
