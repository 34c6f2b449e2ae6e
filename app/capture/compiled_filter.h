// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter.h"
#include "capture/header_program.h"

namespace feedscope::capture {

/// What Filter and FilterScan share.
struct Filter::Program {
    QString text;
    std::vector<FilterNode> nodes;
    HeaderProgram header;
    bool needsPayload = false;
};

} // namespace feedscope::capture
