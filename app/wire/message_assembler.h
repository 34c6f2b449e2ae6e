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
};

/// Data frames of one sender become messages; control frames may stand between them. Reports, never refuses: what the sequence breaks
/// (orphan continuation, interleaved data, UTF-8, limits) is inserted into the frame's violations.
class MessageAssembler {
public:
    struct Limits {
        quint64 messageBytes = 1024 * 1024;
        int fragments = 16384; ///< empty ones count
    };
    MessageAssembler();
    explicit MessageAssembler(Limits limits);

    /// Judges `frame` in its sequence, adds to its violations, and gives a message where it finishes one. An unfragmented message is not
    /// copied: the view points into the frame.
    std::optional<MessageView> add(FrameView &frame);

    /// The number of the message that the last added data frame belongs to; 0 for control frames and orphans.
    quint64 messageNumber() const;
    bool isInMessage() const;
    qsizetype bufferedBytes() const;

private:
    Limits m_limits;
};

} // namespace feedscope::wire
