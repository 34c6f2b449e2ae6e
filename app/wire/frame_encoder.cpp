// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/frame_encoder.h"

#include "wire/mask.h"

#include <cstring>

namespace feedscope::wire {

FrameHeader makeHeader(Opcode opcode, quint64 length, bool fin)
{
    FrameHeader header;
    header.fin = fin;
    header.opcode = opcode;
    header.length = length;
    header.extendedLengthBytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
    return header;
}

qsizetype writeHeader(const FrameHeader &header, std::span<char, kMostHeaderBytes> to)
{
    const int extended = header.extendedLengthBytes;
    Q_ASSERT(extended == 2 || extended == 8 || (extended == 0 && header.length < 126));
    const int shortLength = extended == 0 ? static_cast<int>(header.length & 0x7F) : extended == 2 ? 126 : 127;
    const int first =
        header.fin << 7 | header.rsv1 << 6 | header.rsv2 << 5 | header.rsv3 << 4 | static_cast<int>(header.opcode);
    to[0] = static_cast<char>(first);
    to[1] = static_cast<char>(header.masked << 7 | shortLength);
    size_t at = 2;
    for (int shift = extended * 8 - 8; shift >= 0; shift -= 8)
        to[at++] = static_cast<char>(header.length >> shift & 0xFF);
    if (header.masked) {
        std::memcpy(to.data() + at, header.maskingKey.data(), header.maskingKey.size());
        at += header.maskingKey.size();
    }
    return static_cast<qsizetype>(at);
}

QByteArray encodeHeader(const FrameHeader &header)
{
    std::array<char, kMostHeaderBytes> bytes;
    const qsizetype size = writeHeader(header, bytes);
    return {bytes.data(), size};
}

QByteArray encodeFrame(const FrameHeader &header, QByteArrayView payload)
{
    std::array<char, kMostHeaderBytes> head;
    const qsizetype headSize = writeHeader(header, head);
    QByteArray bytes(headSize + payload.size(), Qt::Uninitialized);
    char *to = bytes.data();
    std::memcpy(to, head.data(), static_cast<size_t>(headSize));
    if (!payload.isEmpty()) {
        std::memcpy(to + headSize, payload.data(), static_cast<size_t>(payload.size()));
        if (header.masked)
            applyMask({to + headSize, static_cast<size_t>(payload.size())}, header.maskingKey);
    }
    return bytes;
}

} // namespace feedscope::wire
