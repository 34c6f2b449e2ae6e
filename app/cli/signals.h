// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace feedscope::cli {

/// SIGINT and SIGTERM as a Qt signal (self-pipe: nothing but write() happens in the handler). One per program.
class TerminationSignals : public QObject {
    Q_OBJECT
public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

signals:
    void asked();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

/// Standard input, line by line, without a thread. Does not own the descriptor.
class InputLines : public QObject {
    Q_OBJECT
public:
    explicit InputLines(QObject *parent = nullptr);
    ~InputLines() override;

signals:
    void line(const QByteArray &text);
    void ended(bool anythingRead);

private:
    void read();
    std::unique_ptr<QSocketNotifier> m_notifier;
    QByteArray m_partial;
    bool m_anythingRead = false;
};

} // namespace feedscope::cli
