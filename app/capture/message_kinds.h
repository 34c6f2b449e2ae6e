// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/observer.h"

#include <unordered_map>

namespace feedscope::capture {

/// Remembers of each unfinished message whether it is text: a continuation frame does not say so itself. Costs nothing where nobody fragments.
class MessageKinds {
public:
    /// Frames in wire order per connection and sender.
    bool isOfTextMessage(wire::ConnectionId connection, wire::Role from, const wire::FrameHeader &header)
    {
        using enum wire::Opcode;
        const bool isText = header.opcode == Text;
        if (header.fin && header.opcode != Continuation)
            return isText;
        const quint64 key = quint64(connection) << 1 | (from == wire::Role::Server ? 1 : 0);
        if (isText || header.opcode == Binary) {
            m_unfinished[key] = isText;
            return isText;
        }
        if (header.opcode != Continuation)
            return false;
        const auto found = m_unfinished.find(key);
        if (found == m_unfinished.end())
            return false;
        const bool ofText = found->second;
        if (header.fin)
            m_unfinished.erase(found);
        return ofText;
    }
    void forget(wire::ConnectionId connection)
    {
        m_unfinished.erase(quint64(connection) << 1);
        m_unfinished.erase(quint64(connection) << 1 | 1);
    }

private:
    std::unordered_map<quint64, bool> m_unfinished;
};

} // namespace feedscope::capture
