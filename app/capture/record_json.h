// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/record.h"

namespace feedscope::capture {

// The frame record of the contract, section 5: one line of JSON without the line break, members in the contract's order.

QByteArray handshakeToJson(wire::ConnectionId connection, const wire::HandshakeSeen &handshake, base::Timestamp time);
/// `record.payload` must be there. `text` only where it is a text message's valid UTF-8.
QByteArray frameToJson(const Record &record);
QByteArray endToJson(wire::ConnectionId connection, const wire::Ending &ending, base::Timestamp time);

/// A record straight from the wire, numbered by the caller.
Record toRecord(quint64 no, wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp time);

} // namespace feedscope::capture
