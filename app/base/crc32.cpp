// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.h"

#include <array>

namespace feedscope::base {

namespace {

constexpr std::array<quint32, 256> makeTable()
{
    std::array<quint32, 256> table{};
    for (quint32 byte = 0; byte < 256; ++byte) {
        quint32 value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) ? 0xedb88320U : 0U);
        table[byte] = value;
    }
    return table;
}

constexpr std::array<quint32, 256> kTable = makeTable();

} // namespace

quint32 crc32(QByteArrayView bytes, quint32 before)
{
    quint32 value = ~before;
    for (const char byte : bytes)
        value = (value >> 8) ^ kTable[(value ^ static_cast<quint8>(byte)) & 0xffU];
    return ~value;
}

} // namespace feedscope::base
