// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ring_buffer.h"

#include <QApplication>
#include <QElapsedTimer>

namespace feedscope::ui {

/// How long the GUI thread was busy: each repaint of a window, and each stretch between two waits of the event loop (a stall is a long one).
/// Owned by the Application; GUI thread.
class FrameMeter {
public:
    void addRepaint(qint64 ns);
    void addBusyStretch(qint64 ns);
    void addTick(qint64 monoNs);
    /// Start-up is over: what was measured so far does not count.
    void reset();

    quint64 repaints() const { return m_repaints; }
    double repaintMs(double quantile) const; ///< over the newest 4096
    double longestStallMs() const { return static_cast<double>(m_longestNs) / 1e6; }
    double stallMs(double quantile) const; ///< of the busy stretches, newest 4096
    double ticksPerSecond() const; ///< over the newest second or so

private:
    quint64 m_repaints = 0;
    qint64 m_longestNs = 0;
    base::RingBuffer<qint64> m_repaintNs{4096};
    base::RingBuffer<qint64> m_busyNs{4096};
    base::RingBuffer<qint64> m_tickNs{64};
};

/// The application: Qt's own, with the meter looking on.
class Application : public QApplication {
    Q_OBJECT
public:
    Application(int &argc, char **argv);
    bool notify(QObject *receiver, QEvent *event) override;
    FrameMeter &meter() { return m_meter; }

private:
    FrameMeter m_meter;
    QElapsedTimer m_sinceAwake;
};

} // namespace feedscope::ui
