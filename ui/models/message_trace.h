// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <vector>

namespace feedscope::ui {

/// The frames of one message with the control frames that stood between them, found in a capture around one of them.
struct MessageTrace {
    struct Part {
        quint64 row = 0;
        bool isFragment = false; ///< false: a control frame in between, of either sender
    };
    std::vector<Part> parts; ///< in wire order
    int fragments = 0;
    QByteArray payload; ///< of the fragments found, in order
    bool isText = false;
    bool hasStart = false;
    bool hasEnd = false;
    quint64 looked = 0; ///< records looked at
    bool boundHit = false; ///< the search ended at its bound and not at an end of the message
    bool payloadCut = false; ///< more than kMostPayload
    static constexpr qsizetype kMostPayload = 4 * 1024 * 1024;
};

/// `row`: a frame record. Looks at no more than `bound` records in each direction. A control frame has no message: it is its own only part.
MessageTrace traceMessage(const capture::CaptureReader &reader, quint64 row, quint64 bound = 20'000);

} // namespace feedscope::ui
