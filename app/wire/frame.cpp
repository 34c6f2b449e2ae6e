// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/frame.h"

namespace feedscope::wire {

QByteArray opcodeName(Opcode opcode)
{
    switch (opcode) {
    case Opcode::Continuation:
        return "continuation";
    case Opcode::Text:
        return "text";
    case Opcode::Binary:
        return "binary";
    case Opcode::Close:
        return "close";
    case Opcode::Ping:
        return "ping";
    case Opcode::Pong:
        return "pong";
    default:
        return "reserved-" + QByteArray::number(static_cast<quint8>(opcode), 16);
    }
}

Frame toFrame(const FrameView &view)
{
    return {view.header, view.payload.toByteArray(), view.wireOffset, view.violations, view.complete};
}

} // namespace feedscope::wire
