// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter.h"
#include "capture/filter_program.h"

namespace feedscope::capture {

/// A filter as a tree; children stand before their parents, the last node is the root.
tl::expected<std::vector<FilterNode>, FilterError> parseFilter(const QString &text);

} // namespace feedscope::capture
