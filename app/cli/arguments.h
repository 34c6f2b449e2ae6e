// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QCommandLineParser>
#include <QStringList>

namespace feedscope::cli {

/// Exit codes of the contract.
enum ExitCode : int {
    Done = 0,
    RemoteFailed = 1, ///< the remote or the network
    BadUsage = 2, ///< options or input file
    CheckFailed = 3,
};

/// One option as the help and the man page say it.
struct OptionRow {
    const char *name;
    const char *value; ///< nullptr: a switch
    const char *text;
    const char *fallback = nullptr;
};

/// A subcommand's options over QCommandLineParser. parse() answers --help itself; the exit code is set then, and on bad usage (with a line on standard
/// error).
class Arguments {
public:
    Arguments(const QString &command, const QString &description, std::initializer_list<OptionRow> rows, const QString &positional = {});

    std::optional<int> parse(const QStringList &arguments);

    bool has(const char *name) const { return m_parser.isSet(QLatin1String(name)); }
    QString value(const char *name) const { return m_parser.value(QLatin1String(name)); }
    QByteArray bytes(const char *name) const { return value(name).toUtf8(); }
    QStringList values(const char *name) const { return m_parser.values(QLatin1String(name)); }
    QStringList positionals() const { return m_parser.positionalArguments(); }
    /// Bad input names the option, the value and the limits.
    base::Result<double> number(const char *name, double least, double most) const;

private:
    QString m_command;
    QCommandLineParser m_parser;
};

/// One line on standard error: "feedscope-cli serve: …".
void complain(const QString &command, const QString &text);
/// To standard output, with a line break, flushed: others read it line by line. Any thread.
void printLine(const QByteArray &line);

} // namespace feedscope::cli
