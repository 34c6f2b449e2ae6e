// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/violation.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>

namespace feedscope::wire {

/// The two ends of a connection. Also who sent a frame: the sender is the client or the server, never "in" or "out".
enum class Role : quint8 { Client, Server };

constexpr Role otherRole(Role role)
{
    return role == Role::Client ? Role::Server : Role::Client;
}

/// RFC 6455 11.8, with the values it reserves: an inspector must be able to show them.
enum class Opcode : quint8 {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Reserved3 = 0x3,
    Reserved4 = 0x4,
    Reserved5 = 0x5,
    Reserved6 = 0x6,
    Reserved7 = 0x7,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
    ReservedB = 0xB,
    ReservedC = 0xC,
    ReservedD = 0xD,
    ReservedE = 0xE,
    ReservedF = 0xF,
};

constexpr bool isControl(Opcode opcode)
{
    return static_cast<quint8>(opcode) & 0x8;
}
constexpr bool isReserved(Opcode opcode)
{
    const auto value = static_cast<quint8>(opcode);
    return (value > 0x2 && value < 0x8) || value > 0xA;
}
/// "text", "ping", … and "reserved-3" … "reserved-f".
QByteArray opcodeName(Opcode opcode);

using MaskingKey = std::array<quint8, 4>;

/// The 2 to 14 bytes before the payload, as they stood on the wire: nothing is normalised, so that encodeHeader() gives
/// the same bytes back. The mask bit and the masking key are separate facts; the extended length may be longer than it
/// needs to be.
struct FrameHeader {
    bool fin = true;
    bool rsv1 = false;
    bool rsv2 = false;
    bool rsv3 = false;
    Opcode opcode = Opcode::Text;
    bool masked = false;
    MaskingKey maskingKey{}; ///< zeros where `masked` is false
    quint64 length = 0; ///< declared payload length in bytes; the top bit may be set (a violation)
    quint8 extendedLengthBytes = 0; ///< 0, 2 or 8

    quint8 size() const { return static_cast<quint8>(2 + extendedLengthBytes + (masked ? 4 : 0)); }
    bool operator==(const FrameHeader &) const = default;
};

/// A frame that somebody else owns: `payload` (unmasked) is valid only during the call that handed it over.
struct FrameView {
    FrameHeader header;
    QByteArrayView payload; ///< unmasked; shorter than header.length only where `complete` is false
    quint64 wireOffset = 0; ///< of the first header byte, counted from the first byte after the handshake, per sender
    ViolationSet violations;
    bool complete = true; ///< false: the stream ended, or framing was lost, inside this frame
};

/// A frame with its own payload.
struct Frame {
    FrameHeader header;
    QByteArray payload;
    quint64 wireOffset = 0;
    ViolationSet violations;
    bool complete = true;

    bool operator==(const Frame &) const = default;
};

Frame toFrame(const FrameView &view);

} // namespace feedscope::wire
