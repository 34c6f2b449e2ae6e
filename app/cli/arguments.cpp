// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include <cstdio>
#include <mutex>

namespace feedscope::cli {

Arguments::Arguments(
    const QString &command, const QString &description, std::initializer_list<OptionRow> rows, const QString &positional)
    : m_command(command)
{
    m_parser.setApplicationDescription(description);
    m_parser.addHelpOption();
    m_parser.addPositionalArgument(command, QString(), command + (positional.isEmpty() ? QString() : QLatin1Char(' ') + positional));
    for (const OptionRow &row : rows) {
        QCommandLineOption option(QLatin1String(row.name), QString::fromUtf8(row.text));
        if (row.value)
            option.setValueName(QLatin1String(row.value));
        if (row.fallback)
            option.setDefaultValue(QLatin1String(row.fallback));
        m_parser.addOption(option);
    }
}

std::optional<int> Arguments::parse(const QStringList &arguments)
{
    if (!m_parser.parse(arguments)) {
        complain(m_command, m_parser.errorText() + QStringLiteral(" See feedscope-cli %1 --help.").arg(m_command));
        return BadUsage;
    }
    if (m_parser.isSet(QStringLiteral("help"))) {
        std::fputs(qPrintable(m_parser.helpText()), stdout);
        return Done;
    }
    return std::nullopt;
}

base::Result<double> Arguments::number(const char *name, double least, double most) const
{
    bool ok = false;
    const QString text = value(name);
    const double number = text.toDouble(&ok);
    if (!ok || number < least || number > most) {
        return base::failure(base::ErrorCode::BadInput,
            QStringLiteral("--%1 wants a number from %2 to %3, not '%4'.").arg(QLatin1String(name)).arg(least).arg(most).arg(text));
    }
    return number;
}

void complain(const QString &command, const QString &text)
{
    std::fprintf(stderr, "feedscope-cli%s: %s\n", command.isEmpty() ? "" : qPrintable(QLatin1Char(' ') + command), qPrintable(text));
}

void printLine(const QByteArray &line)
{
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

} // namespace feedscope::cli
