// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/mask.h"

#include <openssl/rand.h>

#include <bit>
#include <cstring>

namespace feedscope::wire {

void applyMask(std::span<char> bytes, MaskingKey key, quint64 offset)
{
    // The key as it meets the first byte, twice over, so that eight bytes are one exclusive-or on either byte order.
    std::array<quint8, 8> rotated;
    for (size_t i = 0; i < rotated.size(); ++i)
        rotated[i] = key[(offset + i) & 3];
    const auto word = std::bit_cast<quint64>(rotated);
    if (word == 0)
        return;

    char *p = bytes.data();
    size_t left = bytes.size();
    for (; left >= 32; left -= 32, p += 32) {
        quint64 block[4];
        std::memcpy(block, p, sizeof(block));
        block[0] ^= word;
        block[1] ^= word;
        block[2] ^= word;
        block[3] ^= word;
        std::memcpy(p, block, sizeof(block));
    }
    for (; left >= 8; left -= 8, p += 8) {
        quint64 block;
        std::memcpy(&block, p, sizeof(block));
        block ^= word;
        std::memcpy(p, &block, sizeof(block));
    }
    for (size_t i = 0; i < left; ++i)
        p[i] = static_cast<char>(static_cast<quint8>(p[i]) ^ rotated[i]);
}

MaskingKey RandomMaskSource::next()
{
    MaskingKey key;
    if (m_used + key.size() > m_pool.size()) {
        // RFC 6455 10.3: a predictable key gives the attack back that masking is there to stop, so there is no weaker
        // fallback.
        if (RAND_bytes(m_pool.data(), static_cast<int>(m_pool.size())) != 1)
            qFatal("The system's random generator failed; WebSocket frames cannot be masked safely.");
        m_used = 0;
    }
    std::memcpy(key.data(), m_pool.data() + m_used, key.size());
    m_used += key.size();
    return key;
}

} // namespace feedscope::wire
