// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"

#include <optional>
#include <span>

namespace feedscope::wire {

/// Bytes of one sender, in any chunking, become frames. Never refuses, never answers, knows no sequence of frames: what is wrong
/// with a frame by itself is in its violations (RSV bits are judged by the negotiated extensions, masks by the sender's role).
/// The same code serves server, client, tap, importers and tests.
///
///     decoder.feed(bytes);                       // borrowed, unmasked in place
///     while (auto frame = decoder.next()) …      // the view lives until the next call of next() or feed()
///     if (decoder.isLost()) …                    // the length has its top bit set: framing cannot be followed any further
///
/// Drain next() before the next feed(): what is left over then is kept by the decoder itself. Buffers grow with bytes received, never
/// with bytes announced.
class FrameDecoder {
public:
    struct Options {
        Role from = Role::Client;
        bool rsv1Allowed = false; ///< an extension that defines RSV1 was negotiated
    };
    explicit FrameDecoder(Options options);

    void feed(std::span<char> bytes);
    std::optional<FrameView> next();

    /// The header of a frame whose payload has not fully arrived, so that policy can refuse it on its 2–14 bytes.
    const FrameHeader *pendingHeader() const;
    ViolationSet pendingViolations() const;

    bool isLost() const;
    /// Bytes held for an unfinished frame.
    qsizetype bufferedBytes() const;
    /// All bytes ever fed.
    quint64 bytesSeen() const;
    /// What has arrived of a frame that will not be finished; call once when the stream has ended. Empty: it ended between frames.
    /// A header cut short is shown as far as its first two bytes go (fewer: `complete` false, length 0, and TruncatedFrame).
    std::optional<Frame> takeUnfinished();

private:
    // Implementation is the owner's: see frame_decoder.cpp.
    struct Pending;
    Options m_options;
};

} // namespace feedscope::wire
