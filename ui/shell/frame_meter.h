// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ring_buffer.h"

#include <QApplication>
#include <QElapsedTimer>

namespace feedscope::ui {

/// How long the GUI thread was busy: each repaint of a window, and each stretch of events without a wait in between (a stall is a long one).
/// Owned by the Application; GUI thread.
class FrameMeter {
public:
    void addRepaint(qint64 ns);
    /// One event of the GUI thread; those that follow each other without a wait are one stretch.
    void addBusy(qint64 beginNs, qint64 endNs);
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
    qint64 m_stretchBeginNs = -1; ///< -1: none yet
    qint64 m_stretchEndNs = 0;
    base::RingBuffer<qint64> m_repaintNs{4096};
    base::RingBuffer<qint64> m_busyNs{4096};
    base::RingBuffer<qint64> m_tickNs{64};
};

/// The application: Qt's own, with the meter looking on. Everything that happens on the GUI thread is an event (timers and posted calls too), so a
/// busy stretch is a run of events. What a nested event loop waits for (a menu, a file dialog) is no stall.
class Application : public QApplication {
    Q_OBJECT
public:
    Application(int &argc, char **argv);
    bool notify(QObject *receiver, QEvent *event) override;
    FrameMeter &meter() { return m_meter; }

private:
    FrameMeter m_meter;
    QElapsedTimer m_clock;
    int m_loop = -1; ///< level of the event loop whose event is handled; -1: none
    qint64 m_beginNs = 0; ///< of that event, without what was waited for in it
};

} // namespace feedscope::ui
