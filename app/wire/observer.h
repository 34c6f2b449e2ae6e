// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/connection.h"
#include "wire/http_head.h"

namespace feedscope::wire {

/// 1-based, unique in the process; a loopback connection is seen at both of its ends and has two.
using ConnectionId = quint32;

/// The opening handshake of one connection, accepted or not.
struct HandshakeSeen {
    Role localRole = Role::Server; ///< which end we are
    QByteArray local; ///< "127.0.0.1:8765"
    QByteArray peer;
    bool tls = false;
    QByteArray url; ///< ws://host/path?query
    QByteArray requestBytes; ///< raw head, as far as it came
    QByteArray responseBytes; ///< raw head; may be empty
    bool accepted = false;
    bool acceptOk = false; ///< Sec-WebSocket-Accept was what the key asks for
    QByteArray subprotocol;
    QByteArray extensions;
    std::vector<Violation> violations;
    qint64 requestMonoNs = 0; ///< when the request was sent or fully read; the response is at the record's own time
};

/// The narrow seam between sockets and whoever records. Called on the thread of the connection's session, in wire order
/// per connection; payload views are valid only during the call.
class WireObserver {
public:
    virtual ~WireObserver() = default;
    virtual void handshakeSeen(ConnectionId connection, const HandshakeSeen &handshake, base::Timestamp now) = 0;
    virtual void frameSeen(ConnectionId connection, const ConnectionEvents::FrameSeen &seen, base::Timestamp now) = 0;
    virtual void ended(ConnectionId connection, const Ending &ending, base::Timestamp now) = 0;
};

} // namespace feedscope::wire
