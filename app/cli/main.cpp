// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"
#include "cli/commands.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

namespace {

struct Command {
    const char *name;
    const char *text;
    int (*run)(const QStringList &);
};

constexpr Command kCommands[] = {
    {"serve", "publish the built-in feeds over WebSocket", feedscope::cli::runServe},
    {"connect", "connect to a WebSocket, print what comes, send what is typed", feedscope::cli::runConnect},
};

void printUsage(FILE *to)
{
    std::fputs("Usage: feedscope-cli COMMAND [options]\n\nCommands:\n", to);
    for (const Command &command : kCommands)
        std::fprintf(to, "  %-10s %s\n", command.name, command.text);
    std::fputs("\n--help after a command says its options; --version prints the version.\n"
               "Exit codes: 0 done; 1 the remote or the network failed; 2 bad usage or input file; 3 a check did not hold.\n",
        to);
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a closed socket or pipe is an error to be told, not the end
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("feedscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FEEDSCOPE_VERSION));

    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        printUsage(stderr);
        return feedscope::cli::BadUsage;
    }
    const QString &name = arguments.at(1);
    if (name == QLatin1String("--help") || name == QLatin1String("-h") || name == QLatin1String("help")) {
        printUsage(stdout);
        return feedscope::cli::Done;
    }
    if (name == QLatin1String("--version") || name == QLatin1String("-v")) {
        std::puts("feedscope-cli " FEEDSCOPE_VERSION);
        return feedscope::cli::Done;
    }
    for (const Command &command : kCommands) {
        if (name == QLatin1String(command.name))
            return command.run(arguments);
    }
    feedscope::cli::complain({}, QStringLiteral("There is no command '%1'. See feedscope-cli --help.").arg(name));
    return feedscope::cli::BadUsage;
}
