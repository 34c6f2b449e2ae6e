// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/frame.h"

#include <span>

namespace feedscope::wire {

constexpr size_t kMostHeaderBytes = 14;

/// The smallest header for a payload of `length` bytes. RFC 6455 5.2: minimal length encoding.
FrameHeader makeHeader(Opcode opcode, quint64 length, bool fin = true);

/// The header's bytes exactly as the struct says, also where that breaks a rule. Inverse of the decoder's header
/// parsing.
QByteArray encodeHeader(const FrameHeader &header);
/// The same without an allocation; gives the number of bytes written, which is header.size().
qsizetype writeHeader(const FrameHeader &header, std::span<char, kMostHeaderBytes> to);

/// Header and payload; masks the payload where header.masked. Role is not checked: what the caller says is written.
QByteArray encodeFrame(const FrameHeader &header, QByteArrayView payload);

} // namespace feedscope::wire
