// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <QString>

namespace feedscope::ui {

/// The columns of the frame list, in their order.
enum class FrameColumn : quint8 { No, Time, Conn, From, Opcode, Flags, Length, RttOrCode, What };
constexpr int kFrameColumns = 9;
QString frameColumnTitle(FrameColumn column);

/// One row of the frame list in words, except for numbers and times, whose writing is the screen's affair.
struct FrameLine {
    capture::Record record; ///< without payload
    QString from; ///< "client →", "← server": the client is always on the left
    QString kind; ///< "text", "ping", …, "handshake", "end"
    QString flags; ///< "FIN MASK"
    QString what; ///< what the payload is
    std::optional<quint16> closeCode; ///< close frames and ends
    bool isNotice = false; ///< worth knowing and allowed, such as a pong that nobody asked for
    bool isViolation = false; ///< the frame breaks a rule, the handshake failed, or the connection did not end cleanly
};
FrameLine describeRow(const capture::CaptureReader &reader, quint64 row);

/// "end 1000 normal closure by client, clean".
QString describeEnding(const wire::Ending &ending);
/// "handshake ✔ 101 GET /feed".
QString describeHandshake(const wire::HandshakeSeen &handshake);
QString roleName(wire::Role role); ///< "client", "server"
/// Peer text made inert: control characters and marks that change the direction of text are replaced.
QString inert(QString text);

} // namespace feedscope::ui
