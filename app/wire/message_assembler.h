// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"
#include "wire/utf8.h"

#include <optional>

namespace feedscope::wire {

/// A message whose payload is valid only during the call that handed it over.
struct MessageView {
    Opcode opcode = Opcode::Text; ///< Text or Binary
    QByteArrayView payload;
    quint64 number = 0; ///< 1-based, per sender
    int fragments = 1;
    /// RSV1 by a negotiated extension: the payload is as on the wire, and its text was not checked.
    bool compressed = false;
};

/// Data frames of one sender become messages; control frames may stand between them. Reports, never refuses: what the
/// sequence breaks (orphan continuation, interleaved data, UTF-8, limits) is inserted into the frame's violations. A
/// message that breaks UTF-8 or a limit is followed to its last frame, so that the numbers stay right, but neither kept
/// nor given.
class MessageAssembler {
public:
    struct Limits {
        quint64 messageBytes = 1024 * 1024;
        int fragments = 16384; ///< empty ones count
    };
    MessageAssembler();
    explicit MessageAssembler(Limits limits);

    /// Judges `frame` in its sequence, adds to its violations, and gives a message where it finishes one. An
    /// unfragmented message is not copied: the view points into the frame.
    std::optional<MessageView> add(FrameView &frame);
    /// What add() would find in a frame by its header alone: everything but UTF-8.
    ViolationSet judge(const FrameHeader &header) const;
    /// Lets the bytes of the last message go now instead of at the next add().
    void release();

    /// The number of the message that the last added data frame belongs to; 0 for control frames and orphans.
    quint64 messageNumber() const { return m_lastNumber; }
    bool isInMessage() const { return m_inMessage; }
    qsizetype bufferedBytes() const { return m_buffer.size(); }

private:
    void begin(const FrameView &frame);
    void judgeText(FrameView &frame);
    bool isCompressed(const FrameView &frame) const;

    Limits m_limits;
    QByteArray m_buffer; // of the unfinished message; of the last one while m_delivered
    quint64 m_messages = 0;
    quint64 m_lastNumber = 0;
    quint64 m_bytes = 0; // of the unfinished message, kept or not
    int m_fragments = 0;
    Opcode m_opcode = Opcode::Text;
    Utf8Validator m_utf8;
    bool m_inMessage = false;
    bool m_compressed = false;
    bool m_spoiled = false; // nothing of this message will be given
    bool m_delivered = false;
};

} // namespace feedscope::wire
