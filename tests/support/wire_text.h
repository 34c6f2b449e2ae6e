// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame_decoder.h"
#include "wire/mask.h"

#include <functional>
#include <vector>

namespace feedscope::tests {

/// Bytes as an RFC writes them: hex("81 05 48 65 6c 6c 6f"). Aborts on anything else.
QByteArray hex(const char *text);

/// One line: "text fin masked 37fa213d len 5 at 0 "Hello" !non-minimal-length".
QByteArray frameText(const wire::FrameView &frame);
/// Printable payloads as "text", others as hexadecimal, long ones cut with their length.
QByteArray payloadText(QByteArrayView payload);

/// Gives the same masking key every time: the one of the examples in RFC 6455 5.7 unless told otherwise.
class FixedMaskSource final : public wire::MaskSource {
public:
    explicit FixedMaskSource(wire::MaskingKey key = {0x37, 0xfa, 0x21, 0x3d})
        : m_key(key)
    {
    }
    wire::MaskingKey next() override { return m_key; }

private:
    wire::MaskingKey m_key;
};

using Chunks = std::vector<QByteArray>;
Chunks eachByte(const QByteArray &bytes);
/// Calls `check` with the bytes whole, byte by byte, and in every split into two and into three pieces.
void forEveryChunking(const QByteArray &bytes, const std::function<void(const Chunks &)> &check);

/// Every frame of `chunks`, each chunk fed from memory that is overwritten afterwards; what is unfinished at the end
/// comes last.
std::vector<wire::Frame> decodeAll(wire::FrameDecoder::Options options, const Chunks &chunks);

} // namespace feedscope::tests

namespace feedscope::wire {

// Found by QCOMPARE.
char *toString(const Frame &frame);
char *toString(const std::vector<Frame> &frames);
char *toString(const ViolationSet &violations);

} // namespace feedscope::wire
