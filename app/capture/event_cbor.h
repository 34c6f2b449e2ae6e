// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/observer.h"

namespace feedscope::capture {

// The payload of handshake and end records: a CBOR map with the field names as keys (FORMAT.md). Unknown keys are ignored, missing ones
// keep their defaults, so that both may grow.

QByteArray handshakeToCbor(const wire::HandshakeSeen &handshake);
QByteArray endingToCbor(const wire::Ending &ending);
/// Empty optional: not a CBOR map.
std::optional<wire::HandshakeSeen> handshakeFromCbor(const QByteArray &bytes);
std::optional<wire::Ending> endingFromCbor(const QByteArray &bytes);

} // namespace feedscope::capture
