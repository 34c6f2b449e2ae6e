// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/heartbeat_log.h"
#include "ui/widgets/colors.h"

namespace feedscope::ui {

// What the connection panel says, as rich text. Bytes of the peer are escaped.

QString connectionHtml(const capture::ConnectionSummary &connection, const Colors &colors);
/// Request and response line by line with what each header is for, the steps of Sec-WebSocket-Accept, and what was offered and taken.
QString handshakeHtml(const capture::ConnectionSummary &connection, const Colors &colors);
/// `heartbeats` may be nullptr: none seen.
QString heartbeatsHtml(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats, const Colors &colors);
QString endingHtml(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats, const Colors &colors);
/// Rules that a handshake or a frame breaks: name, section, sentence, what an endpoint answers.
QString violationsHtml(const std::vector<wire::Violation> &violations, const Colors &colors);

/// Round trips of pings that we sent: those measure the network and the peer. Where there are none, those of the peer's pings: how fast we answer.
std::vector<Heartbeats::Rtt> shownRtts(const capture::ConnectionSummary &connection, const Heartbeats *heartbeats);

} // namespace feedscope::ui
