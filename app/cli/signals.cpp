// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/signals.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace feedscope::cli {

namespace {

int g_pipe[2] = {-1, -1}; // a signal handler can reach nothing else

void onSignal(int)
{
    const char byte = 1;
    // The pipe being full means that the wish is known already.
    [[maybe_unused]] const auto written = write(g_pipe[1], &byte, 1);
}

} // namespace

TerminationSignals::TerminationSignals(QObject *parent)
    : QObject(parent)
{
    Q_ASSERT(g_pipe[0] < 0);
    if (pipe(g_pipe) != 0)
        return; // then the signals keep their default: the program ends at once
    m_notifier = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte;
        if (read(g_pipe[0], &byte, 1) == 1)
            emit asked();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

TerminationSignals::~TerminationSignals()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    m_notifier.reset();
    for (int &end : g_pipe) {
        if (end >= 0)
            close(end);
        end = -1;
    }
}

InputLines::InputLines(QObject *parent)
    : QObject(parent)
    , m_notifier(std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read))
{
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &InputLines::read);
}

InputLines::~InputLines() = default;

void InputLines::read()
{
    char buffer[16 * 1024];
    const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size > 0) {
        m_anythingRead = true;
        m_partial.append(buffer, static_cast<qsizetype>(size));
        for (qsizetype at = m_partial.indexOf('\n'); at >= 0; at = m_partial.indexOf('\n')) {
            const QByteArray text = m_partial.first(at);
            m_partial.remove(0, at + 1);
            emit line(text.endsWith('\r') ? text.chopped(1) : text);
        }
        return;
    }
    m_notifier->setEnabled(false);
    if (!m_partial.isEmpty())
        emit line(std::exchange(m_partial, {}));
    emit ended(m_anythingRead);
}

} // namespace feedscope::cli
