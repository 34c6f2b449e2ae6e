// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/frame_meter.h"

#include <QAbstractEventDispatcher>
#include <QWidget>

#include <algorithm>
#include <vector>

namespace feedscope::ui {

namespace {

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

void FrameMeter::addBusyStretch(qint64 ns)
{
    m_longestNs = std::max(m_longestNs, ns);
    m_busyNs.append(ns);
}

void FrameMeter::addTick(qint64 monoNs)
{
    m_tickNs.append(monoNs);
}

void FrameMeter::reset()
{
    m_repaints = 0;
    m_longestNs = 0;
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
    auto *dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { m_sinceAwake.start(); });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
        if (m_sinceAwake.isValid())
            m_meter.addBusyStretch(m_sinceAwake.nsecsElapsed());
        m_sinceAwake.invalidate();
    });
}

bool Application::notify(QObject *receiver, QEvent *event)
{
    // All dirty widgets of a window are painted while its UpdateRequest is handled.
    if (event->type() != QEvent::UpdateRequest || !receiver->isWidgetType() || !static_cast<QWidget *>(receiver)->isWindow())
        return QApplication::notify(receiver, event);
    QElapsedTimer timer;
    timer.start();
    const bool handled = QApplication::notify(receiver, event);
    m_meter.addRepaint(timer.nsecsElapsed());
    return handled;
}

} // namespace feedscope::ui
