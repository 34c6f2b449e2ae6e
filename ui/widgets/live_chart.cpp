// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/live_chart.h"

#include "base/clock.h"
#include "ui/widgets/live_chart_p.h"

#include <QEvent>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QPainter>
#include <QtCharts/QChart>
#include <QtCharts/QLegend>

#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kTitleTop = 6;
constexpr int kPillInset = 10;

} // namespace

LiveChart::Private::Private(LiveChart *chart)
    : q(chart)
    , ink(new ChartInk(chart->chart()))
    , pill(new ViewPill(chart->viewport()))
{
}

LiveChart::LiveChart(QWidget *parent)
    : QChartView(parent)
    , d(std::make_unique<Private>(this))
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setRubberBand(QChartView::NoRubberBand);
    setRenderHint(QPainter::Antialiasing, false); // the ink sets it where it is worth it
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setOptimizationFlags(QGraphicsView::DontSavePainterState | QGraphicsView::DontAdjustForAntialiasing);
    setCacheMode(QGraphicsView::CacheNone);
    setFocusPolicy(Qt::StrongFocus);
    // The chart's own background covers all of it: once filled is enough.
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(true);
    scene()->setItemIndexMethod(QGraphicsScene::NoIndex);

    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->legend()->hide();
    chart()->setBackgroundRoundness(0);
    chart()->setPlotAreaBackgroundVisible(false);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setMargins(QMargins(0, kTitleTop, 0, 0));

    d->pill->hide();
    connect(d->pill, &QAbstractButton::clicked, this, &LiveChart::followLive);
    d->composer.restart();
    d->applyLook();
    setAccessibleName(tr("Chart"));
}

LiveChart::~LiveChart() = default;

void LiveChart::Private::applyLook()
{
    const Colors &colors = colorsFor(q->palette());
    ink->setLook(q->font(), q->palette(), colors);
    QFont titleFont = q->font();
    titleFont.setWeight(QFont::DemiBold);
    q->chart()->setTitleFont(titleFont);
    q->chart()->setTitleBrush(q->palette().color(QPalette::Text));
    q->chart()->setBackgroundBrush(q->palette().color(QPalette::Base));
    q->chart()->setBackgroundPen(Qt::NoPen);
    lookChanged = true;
}

ChartMetrics LiveChart::Private::metrics() const
{
    const QFontMetrics font(ink->font());
    ChartMetrics metrics;
    metrics.titleHeight = title.isEmpty() ? 0 : kTitleTop + font.height() + 10;
    metrics.timeAxisHeight = ink->timeAxisHeight();
    metrics.lineHeight = font.height();
    metrics.labelWidth = [this](const QString &label) { return ink->labelWidth(label); };
    return metrics;
}

void LiveChart::Private::restart()
{
    composer.asLine = style == Style::Line;
    composer.restart();
    advance();
    lookChanged = true;
    tellFollowing();
}

void LiveChart::Private::advance()
{
    if (ticked) // before the first tick nobody has said what time it is
        composer.advance(lastNowNs);
}

bool LiveChart::Private::refresh(bool tick)
{
    if (q->viewport()->size().isEmpty() || (!ticked && composer.hasData())) // there is something, but not yet a now to show it by
        return false;
    ChartFrame frame = composer.compose(q->viewport()->size(), metrics(), crosshairEnabled && drag == Drag::None ? cursor : std::nullopt, tick);
    frame.focused = keyboardFocus;
    frame.readoutRight = frame.plot.right() - kPillInset - (pill->isHidden() ? 0 : pill->width() + kPillInset);
    if (frame.fromNs != toldFrom || frame.toNs() != toldTo) {
        toldFrom = frame.fromNs;
        toldTo = frame.toNs();
        emit q->visibleRangeChanged(toldFrom, toldTo);
    }
    if (!lookChanged && frame.looksLike(ink->frame()))
        return false;
    lookChanged = false;
    const bool moved = frame.plot != ink->frame().plot;
    ink->setFrame(std::move(frame));
    if (moved) {
        layOutChart(ink->frame());
        placePill();
    }
    q->viewport()->update();
    return true;
}

void LiveChart::Private::layOutChart(const ChartFrame &frame)
{
    // By margins and not by setPlotArea(), with which a QChart no longer places its title.
    const QRect plot = frame.plot;
    q->chart()->setMargins(QMargins(plot.left(), kTitleTop, frame.size.width() - plot.left() - plot.width(),
        frame.size.height() - plot.top() - plot.height()));
    q->chart()->layout()->activate();
}

void LiveChart::Private::tellFollowing()
{
    const bool now = composer.window.isFollowing();
    if (now == following)
        return;
    following = now;
    pausedAt = composer.taken();
    toldNew = 0;
    pill->setCount(0);
    if (pill->hasFocus())
        q->setFocus();
    pill->setVisible(!now);
    placePill();
    emit q->followingChanged(now);
    emit q->newSincePausedChanged(0);
}

void LiveChart::Private::placePill()
{
    const QRect plot = ink->frame().plot;
    const QSize size = pill->sizeHint();
    pill->setGeometry(QRect(QPoint(std::max(0, plot.right() - size.width() - kPillInset), plot.top() + kPillInset), size));
}

void LiveChart::Private::describe()
{
    if (describedNs != 0 && std::abs(lastNowNs - describedNs) < base::kNsPerSecond)
        return;
    const QString text = q->description();
    if (text == q->accessibleDescription())
        return;
    describedNs = lastNowNs;
    q->setAccessibleDescription(text);
}

void LiveChart::setCandles(const series::CandleSeries *candles)
{
    if (d->composer.candles == candles)
        return;
    d->composer.candles = candles;
    d->restart();
}

void LiveChart::setLine(const series::Series *line)
{
    if (d->composer.line == line)
        return;
    d->composer.line = line;
    d->restart();
}

void LiveChart::setStyle(Style style)
{
    if (d->style == style)
        return;
    // Of the same series, the same stretch is shown in the other style.
    const bool sameSeries = d->composer.candles && !d->composer.line;
    d->style = style;
    d->composer.asLine = style == Style::Line;
    d->lookChanged = true;
    if (sameSeries)
        d->composer.resetValue();
    else
        d->restart();
    d->refresh(false);
}

void LiveChart::setIntervalNs(qint64 intervalNs)
{
    if (d->composer.requestedIntervalNs == intervalNs)
        return;
    d->composer.requestedIntervalNs = intervalNs;
    d->restart();
    d->refresh(false);
}

void LiveChart::setTitle(const QString &title, int decimals, const QString &unit)
{
    d->title = title;
    d->composer.decimals = decimals;
    d->composer.unit = unit;
    d->lookChanged = true;
    chart()->setTitle(unit.isEmpty() ? title : title + QStringLiteral(" · ") + unit);
    setAccessibleName(title.isEmpty() ? tr("Chart") : tr("Chart of %1").arg(title));
    d->refresh(false);
}

void LiveChart::setCrosshairEnabled(bool on)
{
    d->crosshairEnabled = on;
    d->refresh(false);
}

void LiveChart::setMarks(std::vector<ChartMark> marks)
{
    d->composer.marks = std::move(marks);
}

void LiveChart::setEmptyText(const QString &text)
{
    d->composer.emptyText = text;
}

bool LiveChart::displayTick(qint64 nowNs)
{
    d->lastNowNs = nowNs;
    d->ticked = true;
    d->advance();
    const quint64 count = newSincePaused();
    bool repaints = false;
    if (count != d->toldNew) {
        d->toldNew = count;
        d->pill->setCount(count);
        d->placePill();
        repaints = isVisible();
        emit newSincePausedChanged(count);
    }
    if (!isVisible())
        return false;
    repaints = d->refresh(true) || repaints;
    d->describe();
    return repaints;
}

bool LiveChart::isFollowing() const
{
    return d->composer.window.isFollowing();
}

void LiveChart::followLive()
{
    d->composer.window.follow();
    d->tellFollowing();
    d->refresh(false);
}

void LiveChart::pauseView()
{
    d->composer.window.pause();
    d->tellFollowing();
    d->refresh(false);
}

quint64 LiveChart::newSincePaused() const
{
    return d->following ? 0 : d->composer.taken() - d->pausedAt;
}

qint64 LiveChart::visibleFromNs() const
{
    return d->composer.window.fromNs();
}

qint64 LiveChart::visibleToNs() const
{
    return d->composer.window.toNs();
}

void LiveChart::setVisibleRange(qint64 fromNs, qint64 toNs)
{
    d->composer.window.showRange(fromNs, toNs);
    d->tellFollowing();
    d->refresh(false);
}

int LiveChart::repaints() const
{
    return d->repaints;
}

QString LiveChart::description() const
{
    const ChartFrame &frame = d->ink->frame();
    const std::optional<double> last = d->composer.lastValue();
    if (!last)
        return tr("no values yet");
    series::Extent extent;
    std::optional<double> first;
    const auto add = [&](double value) {
        extent.add(value);
        if (!first && std::isfinite(value))
            first = value;
    };
    for (const series::Candle &candle : frame.candles) {
        add(candle.open);
        extent.add(candle.low);
        extent.add(candle.high);
    }
    for (const series::Column &column : frame.columns) {
        add(column.first);
        if (std::isfinite(column.min)) {
            extent.add(column.min);
            extent.add(column.max);
        }
    }
    for (const series::Sample &point : frame.points)
        add(point.value);
    const int decimals = d->composer.decimals;
    const QString state = isFollowing() ? tr("live") : tr("paused view");
    if (!first)
        return tr("%1; last %2").arg(state, formatPrice(*last, decimals));
    const QString trend = *last > *first ? tr("rising") : *last < *first ? tr("falling") : tr("level");
    return tr("%1; last %2, lowest %3, highest %4, %5")
        .arg(state, formatPrice(*last, decimals), formatPrice(extent.min, decimals), formatPrice(extent.max, decimals), trend);
}

void LiveChart::renderTo(QPainter *painter, const QRectF &target)
{
    d->paintInto(painter, target);
}

void LiveChart::Private::paintInto(QPainter *painter, const QRectF &target)
{
    const QSize size = target.size().toSize();
    if (size.isEmpty())
        return;
    // A copy of the composer shows the same stretch of time at the other size; the screen's frame is put back afterwards.
    ChartComposer other = composer;
    const ChartFrame onScreen = ink->frame();
    const QSizeF chartSize = q->chart()->size();
    other.compose(size, metrics(), {}, false); // how wide the plot will be
    other.window.showRange(composer.window.fromNs(), composer.window.toNs());
    ChartFrame frame = other.compose(size, metrics(), {}, false);
    other.settle();
    frame = other.compose(size, metrics(), {}, false);
    frame.readoutRight = frame.plot.right() - kPillInset;

    q->chart()->resize(size);
    layOutChart(frame);
    ink->setFrame(std::move(frame));
    q->scene()->render(painter, target, QRectF(QPointF(0, 0), QSizeF(size)), Qt::IgnoreAspectRatio);
    q->chart()->resize(chartSize);
    ink->setFrame(onScreen);
    if (!onScreen.plot.isEmpty())
        layOutChart(onScreen);
}

bool LiveChart::savePng(const QString &path, QSize size)
{
    if (size.isEmpty())
        return false;
    QImage image(size, QImage::Format_RGB32);
    image.fill(palette().color(QPalette::Base));
    QPainter painter(&image);
    renderTo(&painter, QRectF(QPointF(0, 0), QSizeF(size)));
    painter.end();
    return image.save(path, "PNG");
}

QSize LiveChart::sizeHint() const
{
    return QSize(720, 400);
}

QSize LiveChart::minimumSizeHint() const
{
    return QSize(240, 140);
}

void LiveChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (!d) // while being made
        return;
    switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::FontChange:
    case QEvent::StyleChange:
        d->applyLook();
        d->refresh(false);
        break;
    default:
        break;
    }
}

bool LiveChart::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave && d)
        d->setCursor({});
    return QChartView::viewportEvent(event);
}

void LiveChart::paintEvent(QPaintEvent *event)
{
    ++d->repaints;
    QChartView::paintEvent(event);
}

void LiveChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    if (!d)
        return;
    d->refresh(false);
    d->placePill();
}

void LiveChart::showEvent(QShowEvent *event)
{
    QChartView::showEvent(event);
    d->refresh(false);
}

} // namespace feedscope::ui
