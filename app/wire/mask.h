// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"

#include <span>

namespace feedscope::wire {

/// RFC 6455 5.3: octet i is XORed with key octet (offset + i) mod 4. Masking and unmasking are the same.
void applyMask(std::span<char> bytes, MaskingKey key, quint64 offset = 0);

/// Where fresh masking keys come from. RFC 6455 5.3: unpredictable, one per frame.
class MaskSource {
public:
    virtual ~MaskSource() = default;
    virtual MaskingKey next() = 0;
};

/// Keys from the operating system's random generator (OpenSSL's RAND_bytes), drawn in blocks. One owner, one thread.
class RandomMaskSource final : public MaskSource {
public:
    MaskingKey next() override;

private:
    std::array<quint8, 4096> m_pool{};
    size_t m_used = sizeof(m_pool);
};

} // namespace feedscope::wire
