// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/frame_meter.h"

#include <QThread>
#include <QWidget>

#include <algorithm>
#include <utility>
#include <vector>

namespace feedscope::ui {

namespace {

constexpr qint64 kWaitNs = 100'000; // between two events: the loop has waited; going round once without takes a tenth of it

double quantileMs(const base::RingBuffer<qint64> &values, double quantile)
{
    if (values.isEmpty())
        return 0;
    std::vector<qint64> sorted;
    sorted.reserve(static_cast<size_t>(values.size()));
    for (qsizetype i = 0; i < values.size(); ++i)
        sorted.push_back(values[i]);
    const auto at = sorted.begin() + static_cast<qsizetype>(quantile * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), at, sorted.end());
    return static_cast<double>(*at) / 1e6;
}

} // namespace

void FrameMeter::addRepaint(qint64 ns)
{
    ++m_repaints;
    m_repaintNs.append(ns);
}

void FrameMeter::addBusy(qint64 beginNs, qint64 endNs)
{
    if (m_stretchBeginNs < 0 || beginNs - m_stretchEndNs > kWaitNs) {
        if (m_stretchBeginNs >= 0)
            m_busyNs.append(m_stretchEndNs - m_stretchBeginNs);
        m_stretchBeginNs = beginNs;
    }
    m_stretchEndNs = endNs;
    m_longestNs = std::max(m_longestNs, m_stretchEndNs - m_stretchBeginNs);
}

void FrameMeter::addTick(qint64 monoNs)
{
    m_tickNs.append(monoNs);
}

void FrameMeter::reset()
{
    m_repaints = 0;
    m_longestNs = 0;
    m_stretchBeginNs = -1;
    m_repaintNs.clear();
    m_busyNs.clear();
}

double FrameMeter::repaintMs(double quantile) const
{
    return quantileMs(m_repaintNs, quantile);
}

double FrameMeter::stallMs(double quantile) const
{
    return quantileMs(m_busyNs, quantile);
}

double FrameMeter::ticksPerSecond() const
{
    if (m_tickNs.size() < 2)
        return 0;
    const auto span = static_cast<double>(m_tickNs.back() - m_tickNs[0]);
    return span > 0 ? static_cast<double>(m_tickNs.size() - 1) / span * 1e9 : 0;
}

Application::Application(int &argc, char **argv)
    : QApplication(argc, argv)
{
    m_clock.start();
}

bool Application::notify(QObject *receiver, QEvent *event)
{
    if (QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);
    // All dirty widgets of a window are painted while its UpdateRequest is handled.
    const bool repaints = event->type() == QEvent::UpdateRequest && receiver->isWidgetType() && static_cast<QWidget *>(receiver)->isWindow();
    const int loop = thread()->loopLevel();
    if (loop == m_loop && !repaints)
        return QApplication::notify(receiver, event); // sent by the event that is being handled

    const qint64 beginNs = m_clock.nsecsElapsed();
    const int outerLoop = std::exchange(m_loop, loop);
    if (loop != outerLoop)
        m_beginNs = beginNs;
    const bool handled = QApplication::notify(receiver, event);
    const qint64 endNs = m_clock.nsecsElapsed();
    if (repaints)
        m_meter.addRepaint(endNs - beginNs);
    if (loop != outerLoop) {
        m_meter.addBusy(m_beginNs, endNs);
        m_beginNs = endNs; // what the outer event goes on with
        m_loop = outerLoop;
    }
    return handled;
}

} // namespace feedscope::ui
