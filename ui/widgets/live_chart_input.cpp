// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/live_chart_p.h"

#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kDragStart = 4; // pixels
constexpr double kWheelZoom = 1.2; // per notch
constexpr double kKeyZoom = 1.25;
constexpr int kKeyPanShare = 10; // of the plot
constexpr double kAxisZoom = 150; // pixels of a drag on an axis for a factor of e
constexpr int kFramesReach = 3; // pixels around the cursor on a line

} // namespace

void LiveChart::Private::setCursor(std::optional<QPoint> position)
{
    if (cursor == position)
        return;
    cursor = position;
    const ChartFrame &frame = ink->frame();
    const QPoint at = position.value_or(QPoint(-1, -1));
    if (drag == Drag::None)
        q->viewport()->setCursor(at.x() > frame.plot.right() ? Qt::SizeVerCursor
                : at.y() > frame.plot.bottom()               ? Qt::SizeHorCursor
                                                             : Qt::CrossCursor);
    refresh(false);
    if (crosshairEnabled && position && frame.plot.contains(at))
        emit q->crosshairMoved(frame.timeAt(at.x() + 0.5), frame.valueAt(at.y() + 0.5));
}

void LiveChart::Private::askForFrames(std::optional<QPoint> at)
{
    const ChartFrame &frame = ink->frame();
    if (!at || !frame.plot.contains(*at)) {
        emit q->framesRequested(composer.window.fromNs(), composer.window.toNs());
        return;
    }
    const qint64 time = frame.timeAt(at->x() + 0.5);
    if (composer.showsCandles() && frame.intervalNs > 0) {
        const qint64 start = series::floorTo(time, frame.intervalNs);
        emit q->framesRequested(start, start + frame.intervalNs);
    } else {
        emit q->framesRequested(time - kFramesReach * frame.nsPerPixel, time + kFramesReach * frame.nsPerPixel);
    }
}

void LiveChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    const QRect plot = d->ink->frame().plot;
    const QPoint at = event->position().toPoint();
    d->drag = at.x() > plot.right() ? Private::Drag::ValueAxis
        : at.y() > plot.bottom()    ? Private::Drag::TimeAxis
                                    : Private::Drag::Plot;
    d->dragFrom = at;
    d->dragged = false;
    event->accept();
}

void LiveChart::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    event->accept();
    if (d->drag == Private::Drag::None || !(event->buttons() & Qt::LeftButton)) {
        d->drag = Private::Drag::None;
        d->setCursor(at);
        return;
    }
    const QPoint by = at - d->dragFrom;
    if (!d->dragged && by.manhattanLength() < kDragStart)
        return;
    d->dragged = true;
    d->dragFrom = at;
    d->cursor = at;
    const ChartFrame &frame = d->ink->frame();
    switch (d->drag) {
    case Private::Drag::Plot:
        viewport()->setCursor(Qt::ClosedHandCursor);
        d->composer.window.pan(by.x());
        d->composer.panValue(static_cast<double>(by.y()) / frame.plot.height());
        break;
    case Private::Drag::ValueAxis:
        d->composer.zoomValue(std::exp(-by.y() / kAxisZoom), 0.5);
        break;
    case Private::Drag::TimeAxis:
        d->composer.window.zoom(std::exp(by.x() / kAxisZoom), frame.plot.width());
        break;
    case Private::Drag::None:
        break;
    }
    d->tellFollowing();
    d->refresh(false);
}

void LiveChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || d->drag == Private::Drag::None) {
        event->ignore();
        return;
    }
    d->drag = Private::Drag::None;
    d->cursor.reset();
    d->setCursor(event->position().toPoint());
    event->accept();
}

void LiveChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    d->composer.resetValue();
    if (event->position().x() <= d->ink->frame().plot.right())
        d->composer.window.reset();
    d->tellFollowing();
    d->refresh(false);
    event->accept();
}

void LiveChart::wheelEvent(QWheelEvent *event)
{
    const ChartFrame &frame = d->ink->frame();
    const QPoint delta = event->angleDelta();
    const QPointF at = event->position();
    event->accept();
    // Some platforms turn Alt or Shift into a sideways wheel; both mean to pan.
    const bool sideways = std::abs(delta.x()) > std::abs(delta.y()) || event->modifiers() & Qt::ShiftModifier;
    const double notches = (sideways && delta.x() != 0 ? delta.x() : delta.y()) / 120.0;
    if (notches == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier || at.x() > frame.plot.right()) {
        const double share = (at.y() - frame.plot.top()) / std::max(1, frame.plot.height());
        d->composer.zoomValue(std::pow(kWheelZoom, notches), std::clamp(share, 0.0, 1.0));
    } else if (sideways) {
        d->composer.window.pan(std::lround(notches * frame.plot.width() / kKeyPanShare));
    } else {
        d->composer.window.zoom(std::pow(kWheelZoom, notches), at.x() - frame.plot.left());
    }
    d->advance();
    d->tellFollowing();
    d->refresh(false);
}

void LiveChart::keyPressEvent(QKeyEvent *event)
{
    TimeWindow &window = d->composer.window;
    const int step = std::max(1, window.pixels() / kKeyPanShare);
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) {
        event->ignore();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        window.pan(step);
        break;
    case Qt::Key_Right:
        window.pan(-step);
        break;
    case Qt::Key_PageUp:
        window.pan(window.pixels());
        break;
    case Qt::Key_PageDown:
        window.pan(-window.pixels());
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        window.zoom(kKeyZoom, window.pixels() / 2.0);
        break;
    case Qt::Key_Minus:
        window.zoom(1 / kKeyZoom, window.pixels() / 2.0);
        break;
    case Qt::Key_Up:
        d->composer.zoomValue(kKeyZoom, 0.5);
        break;
    case Qt::Key_Down:
        d->composer.zoomValue(1 / kKeyZoom, 0.5);
        break;
    case Qt::Key_0:
        d->composer.resetValue();
        window.reset();
        break;
    case Qt::Key_Home:
        window.showOldest();
        break;
    case Qt::Key_End:
        window.follow();
        break;
    case Qt::Key_Space:
        if (window.isFollowing())
            window.pause();
        else
            window.follow();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        d->askForFrames(d->cursor);
        break;
    default:
        event->ignore();
        return;
    }
    event->accept();
    d->advance();
    d->tellFollowing();
    d->refresh(false);
}

void LiveChart::contextMenuEvent(QContextMenuEvent *event)
{
    const std::optional<QPoint> at
        = event->reason() == QContextMenuEvent::Mouse ? std::optional(event->pos()) : d->cursor;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show frames"), this, [this, at] { d->askForFrames(at); });
    menu->addSeparator();
    QAction *live = menu->addAction(tr("Follow the live edge"), this, &LiveChart::followLive);
    live->setEnabled(!isFollowing());
    menu->addAction(tr("Usual view"), this, [this] {
        d->composer.resetValue();
        d->composer.window.reset();
        d->tellFollowing();
        d->refresh(false);
    });
    menu->popup(event->globalPos());
}

void LiveChart::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    d->keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
        || event->reason() == Qt::ShortcutFocusReason;
    d->refresh(false);
}

void LiveChart::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    d->keyboardFocus = false;
    d->refresh(false);
}

} // namespace feedscope::ui
