// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace feedscope::base {

// One category per layer that speaks to the log. Peers' bytes go through escaped() first. `QT_LOGGING_RULES` chooses.
Q_DECLARE_LOGGING_CATEGORY(logNet)
Q_DECLARE_LOGGING_CATEGORY(logCapture)
Q_DECLARE_LOGGING_CATEGORY(logEngine)

} // namespace feedscope::base
