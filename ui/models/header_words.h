// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/http_head.h"

#include <QString>

namespace feedscope::ui {

/// What a header field is for in an opening handshake, in one sentence; empty for those that have no part in it.
QString headerPurpose(const QByteArray &name, wire::HttpHeadParser::Kind kind);
/// What the status means here: "101: the server switches to WebSocket."
QString statusPurpose(int status);

} // namespace feedscope::ui
