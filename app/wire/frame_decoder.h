// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"

#include <optional>
#include <span>

namespace feedscope::wire {

/// Bytes of one sender, in any chunking, become frames. Never refuses, never answers, knows no sequence of frames: what
/// is wrong with a frame by itself is in its violations (RSV bits are judged by the negotiated extensions, masks by the
/// sender's role). The same code serves server, client, tap, importers and tests.
///
///     decoder.feed(bytes);                       // borrowed, unmasked in place
///     while (auto frame = decoder.next()) …      // the view lives until the next call of next() or feed()
///     if (decoder.isLost()) …                    // the length has its top bit set: framing cannot be followed any
///     further
///
/// Drain next() before the next feed(), or keep the fed bytes alive until then: what is left over is copied. Once
/// next() was empty the decoder needs them no more. Buffers grow with bytes received, never with bytes announced. The
/// frame that loses the framing is given once, incomplete and without payload; bytes after it are only counted.
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
    const FrameHeader *pendingHeader() const { return m_stage == Stage::Payload ? &m_header : nullptr; }
    /// What the bytes of an unfinished frame break so far, from its first byte on: the header need not be complete.
    ViolationSet pendingViolations() const;

    bool isLost() const { return m_stage == Stage::Lost; }
    /// Bytes held for an unfinished frame.
    qsizetype bufferedBytes() const { return m_headSize + m_payload.size(); }
    /// All bytes ever fed.
    quint64 bytesSeen() const { return m_seen; }
    /// What has arrived of a frame that will not be finished; call once when the stream has ended. Empty: it ended
    /// between frames. A header cut short is shown as far as it came: length 0 where that was cut off, and zeros for
    /// the masking key.
    std::optional<Frame> takeUnfinished();

private:
    enum class Stage : quint8 {
        Header, ///< collecting m_head
        Payload, ///< m_header is known, m_payload grows
        Delivered, ///< m_payload was handed out and is let go by the next call
        Lost,
    };
    std::optional<FrameView> nextHeld();
    std::optional<FrameView> nextHeldPayload();
    bool completeHead();
    FrameHeader partialHeader() const;
    FrameView lose();
    void letGo();
    size_t available() const { return static_cast<size_t>(m_end - m_cursor); }
    void take(size_t count);
    void takeHead(size_t count);

    char *m_cursor = nullptr; // into the borrowed bytes
    char *m_end = nullptr;
    quint64 m_offset = 0; // of m_cursor in the stream
    quint64 m_seen = 0;
    QByteArray m_backlog; // what feed() found undrained, and the bytes after it
    // Of the frame that straddles two feeds:
    QByteArray m_payload; // unmasked as it arrives
    FrameHeader m_header;
    quint64 m_frameOffset = 0;
    ViolationSet m_violations; // of m_header
    std::array<quint8, 14> m_head{};
    quint8 m_headSize = 0;
    Stage m_stage = Stage::Header;
    Options m_options;
};

} // namespace feedscope::wire
