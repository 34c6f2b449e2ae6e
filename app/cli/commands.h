// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace feedscope::cli {

// One function per subcommand. The first element of the list is the program, the second the command itself; the exit code is returned.

int runServe(const QStringList &commandLine);
int runConnect(const QStringList &commandLine);

} // namespace feedscope::cli
