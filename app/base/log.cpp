// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

namespace feedscope::base {

Q_LOGGING_CATEGORY(logNet, "feedscope.net", QtInfoMsg)
Q_LOGGING_CATEGORY(logCapture, "feedscope.capture", QtInfoMsg)
Q_LOGGING_CATEGORY(logEngine, "feedscope.engine", QtInfoMsg)

} // namespace feedscope::base
