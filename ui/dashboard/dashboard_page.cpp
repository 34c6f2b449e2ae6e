// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/dashboard_page.h"

#include "base/clock.h"
#include "ui/dashboard/book_panel.h"
#include "ui/dashboard/chart_header.h"
#include "ui/dashboard/chart_tools.h"
#include "ui/widgets/panel.h"
#include "ui/dashboard/quality_lane.h"
#include "ui/dashboard/status_line.h"
#include "ui/dashboard/system_panel.h"
#include "ui/dashboard/ticker_tape.h"
#include "ui/dashboard/trades_panel.h"
#include "ui/dashboard/watchlist_panel.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/live_chart.h"

#include <QBoxLayout>
#include <QDataStream>
#include <QDateTime>
#include <QImageWriter>
#include <QKeyEvent>
#include <QPainter>

#include <cmath>

namespace feedscope::ui {

namespace {

constexpr quint32 kStateMagic = 0x46534461; // "FSDa"
constexpr quint16 kStateVersion = 1;
constexpr size_t kMarksInChart = 200;

QString signedText(double value, int decimals)
{
    return std::isfinite(value) ? (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) + QString::number(std::abs(value), 'f', decimals) : QString();
}

QDateTime localTime(qint64 wallNs)
{
    return QDateTime::fromMSecsSinceEpoch(wallNs / base::kNsPerMs);
}

QString metricUnit(const QString &topic, const QString &field)
{
    if (topic == QLatin1String("system.network") || topic == QLatin1String("system.disk"))
        return QStringLiteral("B/s");
    if ((topic == QLatin1String("system.cpu") || topic == QLatin1String("system.memory")) && field == QLatin1String("value"))
        return QStringLiteral("%");
    return {};
}

} // namespace

QString framesFilter(const QString &topic, qint64 fromNs, qint64 toNs)
{
    const auto text = [](const QDateTime &time) {
        return time.toString(time.time().msec() == 0 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm:ss.zzz"));
    };
    const QDateTime from = localTime(fromNs);
    const QDateTime to = localTime(std::max(toNs, fromNs + base::kNsPerMs) + base::kNsPerMs - 1);
    QString filter = topic.isEmpty() ? QString() : QStringLiteral("topic == \"%1\" and ").arg(topic);
    filter += QStringLiteral("time >= ") + text(from);
    // A time of day knows no date: over midnight the range would be empty, so it ends with the day.
    if (from.date() == to.date())
        filter += QStringLiteral(" and time < ") + text(to);
    return filter;
}

struct DashboardPage::Private {
    explicit Private(DashboardPage &page);

    void buildLayout();
    void connectParts();
    void showChart();
    void showHeader();
    void showMarks();
    void showEmptyTexts();
    void wantTopics();
    void chooseInterval(int index);
    QString topic() const;
    QString metricField() const;
    QRect plotArea() const; // in the lane's coordinates

    DashboardPage &page;
    MarketModel market;
    TickerTape *tape;
    ConnectionBanner *banner;
    WatchlistPanel *watchlist;
    SystemPanel *system;
    ChartHeader *header;
    ChartTools *tools;
    LiveChart *chart;
    QualityLane *lane;
    StatusLine *status;
    BookPanel *book;
    TradesPanel *trades;
    QSplitter *columns = nullptr;
    QSplitter *right = nullptr;

    QString symbol;
    QString metric;
    int interval = 0;
    bool candles = true;
    bool crosshair = true;
    QStringList wanted;
    QStringList serverTopics;
    bool sizesChosen = false;
    const series::CandleSeries *shownCandles = nullptr;
    const series::Series *shownLine = nullptr;
    quint64 shownQuality = ~0ULL;
    QString shownTitle;
};

DashboardPage::Private::Private(DashboardPage &owner)
    : page(owner)
    , tape(new TickerTape(market))
    , banner(new ConnectionBanner)
    , watchlist(new WatchlistPanel(market))
    , system(new SystemPanel(market))
    , header(new ChartHeader)
    , tools(new ChartTools)
    , chart(new LiveChart)
    , lane(new QualityLane(market))
    , status(new StatusLine)
    , book(new BookPanel(market))
    , trades(new TradesPanel(market))
{
}

void DashboardPage::Private::buildLayout()
{
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins({});
    leftColumn->setSpacing(0);
    leftColumn->addWidget(watchlist, 1);
    leftColumn->addWidget(new Line);
    leftColumn->addWidget(system);

    auto *centre = new QWidget;
    auto *centreColumn = new QVBoxLayout(centre);
    centreColumn->setContentsMargins({});
    centreColumn->setSpacing(0);
    centreColumn->addWidget(header);
    centreColumn->addWidget(tools);
    centreColumn->addWidget(new Line);
    centreColumn->addWidget(chart, 1);
    centreColumn->addWidget(lane);
    centreColumn->addWidget(status);

    right = new LineSplitter(Qt::Vertical);
    right->addWidget(book);
    right->addWidget(trades);

    columns = new LineSplitter(Qt::Horizontal);
    columns->addWidget(left);
    columns->addWidget(centre);
    columns->addWidget(right);
    for (QSplitter *splitter : {columns, right})
        connect(splitter, &QSplitter::splitterMoved, &page, [this] { sizesChosen = true; });

    auto *rows = new QVBoxLayout(&page);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addWidget(new Line);
    rows->addWidget(banner);
    rows->addWidget(columns, 1);
    // Put in last, and so the last that Tab comes to: it stands still while it has the focus.
    rows->insertWidget(0, tape);

    chart->setObjectName(QStringLiteral("chart"));
    chart->setAccessibleName(QStringLiteral("Chart"));
    chart->setMinimumSize(240, 160);
    chart->setFrameShape(QFrame::NoFrame);
    centre->setMinimumWidth(360);
}

void DashboardPage::Private::connectParts()
{
    connect(tape, &TickerTape::symbolSelected, &page, &DashboardPage::selectSymbol);
    connect(watchlist, &WatchlistPanel::symbolSelected, &page, &DashboardPage::selectSymbol);
    connect(system, &SystemPanel::metricSelected, &page, &DashboardPage::selectMetric);
    connect(banner, &ConnectionBanner::retryRequested, &page, &DashboardPage::retryRequested);
    connect(banner, &ConnectionBanner::stopRequested, &page, &DashboardPage::stopRequested);

    connect(tools, &ChartTools::intervalChosen, &page, [this](int index) { chooseInterval(index); });
    connect(tools, &ChartTools::candlesChosen, &page, [this](bool on) {
        candles = on;
        showChart();
    });
    connect(tools, &ChartTools::crosshairToggled, &page, [this](bool on) {
        crosshair = on;
        chart->setCrosshairEnabled(on);
    });
    connect(tools, &ChartTools::pauseRequested, &page, &DashboardPage::pauseView);
    connect(tools, &ChartTools::liveRequested, &page, &DashboardPage::goLive);
    connect(tools, &ChartTools::exportRequested, &page, [this] { emit page.exportRequested(page.suggestedFileName()); });

    const auto showLive = [this] {
        tools->setFollowing(chart->isFollowing());
        status->setLive(chart->isFollowing(), chart->newSincePaused());
    };
    connect(chart, &LiveChart::followingChanged, &page, showLive);
    connect(chart, &LiveChart::newSincePausedChanged, &page, showLive);
    connect(chart, &LiveChart::framesRequested, &page,
        [this](qint64 fromNs, qint64 toNs) { emit page.framesWanted(framesFilter(topic(), fromNs, toNs)); });
    connect(status, &StatusLine::liveToggled, &page, [this] {
        if (chart->isFollowing())
            page.pauseView();
        else
            page.goLive();
    });
    connect(lane, &QualityLane::framesRequested, &page,
        [this](const QString &of, qint64 fromNs, qint64 toNs) { emit page.framesWanted(framesFilter(of, fromNs, toNs)); });
    connect(trades, &TradesPanel::framesRequested, &page,
        [this](qint64 fromNs, qint64 toNs) { emit page.framesWanted(framesFilter(QStringLiteral("market.") + trades->model().symbol(), fromNs, toNs)); });
    tools->setCrosshair(crosshair);
}

QString DashboardPage::Private::topic() const
{
    return metric.isEmpty() ? QStringLiteral("market.") + symbol : metric;
}

// "value" where the topic has it, else its first field.
QString DashboardPage::Private::metricField() const
{
    const QString value = QStringLiteral("value");
    if (market.metric(metric, value))
        return value;
    for (const QString &name : market.metrics()) {
        if (name.section(QLatin1Char(' '), 0, 0) == metric)
            return name.section(QLatin1Char(' '), 1);
    }
    return value;
}

// Called with each tick: it is cheap while nothing differs.
void DashboardPage::Private::showChart()
{
    const auto &chosen = ChartTools::kIntervals[static_cast<size_t>(interval)];
    QString title;
    int decimals = 2;
    QString unit;
    const series::CandleSeries *candleSeries = nullptr;
    const series::Series *lineSeries = nullptr;
    if (!metric.isEmpty()) {
        const QString field = metricField();
        lineSeries = market.metric(metric, field);
        title = field == QLatin1String("value") ? metric : metric + QLatin1Char(' ') + field;
        unit = metricUnit(metric, field);
        decimals = unit == QLatin1String("B/s") ? 0 : 1;
    } else if (!symbol.isEmpty()) {
        candleSeries = market.candles(symbol, chosen.ns);
        title = symbol + QStringLiteral(" · ") + QLatin1String(chosen.name);
        const int index = market.indexOf(symbol);
        decimals = index < 0 ? 2 : market.at(index).decimals;
    }
    const QString key = title + QLatin1Char('\n') + QString::number(decimals) + QLatin1Char('\n') + unit + (candles ? QLatin1Char('c') : QLatin1Char('l'));
    if (key == shownTitle && candleSeries == shownCandles && lineSeries == shownLine)
        return;
    shownTitle = key;
    shownCandles = candleSeries;
    shownLine = lineSeries;
    // Never both at once, and never a moment with a series of the other kind.
    if (candleSeries) {
        chart->setLine(nullptr);
        chart->setIntervalNs(chosen.ns);
        chart->setCandles(candleSeries);
    } else {
        chart->setCandles(nullptr);
        chart->setLine(lineSeries);
    }
    chart->setStyle(candleSeries && candles ? LiveChart::Style::Candles : LiveChart::Style::Line);
    chart->setTitle({}, decimals, unit); // the header says it, in large type
    chart->setAccessibleName(QStringLiteral("Chart of ") + title);
    tools->setCandlesAvailable(metric.isEmpty());
}

void DashboardPage::Private::showHeader()
{
    ChartHeader::Content content;
    if (!metric.isEmpty()) {
        const QString field = metricField();
        const QString unit = metricUnit(metric, field);
        content.name = metric;
        const series::Series *line = market.metric(metric, field);
        if (line && !line->isEmpty()) {
            const double value = line->back().value;
            content.last = unit == QLatin1String("B/s") ? formatBytes(value) + QStringLiteral("/s")
                                                        : formatPrice(value, 1) + (unit.isEmpty() ? QString() : QLatin1Char(' ') + unit);
        }
    } else {
        content.name = symbol;
        const int index = market.indexOf(symbol);
        if (index >= 0 && std::isfinite(market.at(index).tick.price)) {
            const SymbolState &state = market.at(index);
            content.longName = state.name;
            content.last = formatPrice(state.tick.price, state.decimals);
            if (std::isfinite(state.tick.change)) {
                content.direction = state.tick.change > 0 ? 1 : state.tick.change < 0 ? -1 : 0;
                content.change = signedText(state.tick.change, state.decimals);
            }
            if (std::isfinite(state.tick.changePercent))
                content.change += QStringLiteral(" (%1 %)").arg(std::abs(state.tick.changePercent), 0, 'f', 2);
            QStringList details;
            if (std::isfinite(state.tick.bid))
                details.append(QStringLiteral("bid ") + formatPrice(state.tick.bid, state.decimals));
            if (std::isfinite(state.tick.ask))
                details.append(QStringLiteral("ask ") + formatPrice(state.tick.ask, state.decimals));
            if (std::isfinite(state.tick.volume))
                details.append(QStringLiteral("vol ") + WatchlistModel::volumeText(state.tick.volume));
            content.details = details.join(QStringLiteral("   "));
        }
    }
    header->show(content);
}

void DashboardPage::Private::showMarks()
{
    if (market.qualitySeen() == shownQuality)
        return;
    shownQuality = market.qualitySeen();
    const auto &seen = market.quality();
    std::vector<ChartMark> marks;
    for (auto mark = seen.rbegin(); mark != seen.rend() && marks.size() < kMarksInChart; ++mark) {
        // In the chart itself only what breaks the line; the lane has all of them.
        const bool breaks = mark->kind == feed::QualityKind::Gap || mark->kind == feed::QualityKind::Reconnect || mark->kind == feed::QualityKind::Dropped;
        if (breaks && lane->concerns(*mark))
            marks.push_back({mark->timeNs, mark->timeNs, lane->markColor(mark->kind), qualityName(mark->kind)});
    }
    chart->setMarks(std::move(marks));
    status->setQuality(qualityParts(market), market.qualitySeen());
}

void DashboardPage::Private::showEmptyTexts()
{
    QString text = QStringLiteral("Waiting for market data from this server …\nPrices appear here as soon as the first arrive.");
    if (!serverTopics.isEmpty()) {
        bool market = false;
        for (const QString &name : serverTopics)
            market = market || name.startsWith(QLatin1String("market."));
        if (!market)
            text = QStringLiteral("This server has no market.* topics. Its %1 other topics can be seen in the inspector.").arg(serverTopics.size());
    }
    watchlist->setEmptyText(text);
}

void DashboardPage::Private::wantTopics()
{
    QStringList topics{QStringLiteral("market.*"), QStringLiteral("system.*")};
    if (!symbol.isEmpty()) {
        topics.append(QStringLiteral("candle.%1.%2").arg(symbol, QLatin1String(ChartTools::kIntervals[static_cast<size_t>(interval)].name)));
        topics.append(QStringLiteral("book.") + symbol);
    }
    if (!metric.isEmpty() && !metric.startsWith(QLatin1String("system.")))
        topics.append(metric);
    if (topics == wanted)
        return;
    wanted = topics;
    emit page.topicsWanted(wanted);
}

void DashboardPage::Private::chooseInterval(int index)
{
    if (index == interval)
        return;
    interval = index;
    tools->setInterval(index);
    chart->followLive();
    showChart();
    wantTopics();
}

QRect DashboardPage::Private::plotArea() const
{
    const QRectF plot = chart->chart()->plotArea();
    const QPoint topLeft = chart->viewport()->mapTo(&page, chart->mapFromScene(chart->chart()->mapToScene(plot.topLeft())));
    const QPoint bottomRight = chart->viewport()->mapTo(&page, chart->mapFromScene(chart->chart()->mapToScene(plot.bottomRight())));
    return QRect(lane->mapFrom(&page, topLeft), lane->mapFrom(&page, bottomRight));
}

DashboardPage::DashboardPage(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this))
{
    setObjectName(QStringLiteral("dashboard"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    d->buildLayout();
    d->connectParts();
    d->showEmptyTexts();
    d->showHeader();
    d->showMarks();
    d->wantTopics();
}

DashboardPage::~DashboardPage()
{
    // The chart reads the market's series, and children die after it would.
    d->chart->setCandles(nullptr);
    d->chart->setLine(nullptr);
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void DashboardPage::apply(const feed::FeedBatch &batch)
{
    d->market.apply(batch);
}

void DashboardPage::displayTick(qint64 nowNs)
{
    // Hidden: the values are taken in, what changed adds up, and the first tick that can be seen shows it.
    if (!isVisible())
        return;
    if (d->symbol.isEmpty() && d->metric.isEmpty() && d->market.size() > 0)
        selectSymbol(d->market.at(0).symbol);
    const std::vector<int> changed = d->market.takeChanged();
    d->tape->displayTick(nowNs, changed);
    d->watchlist->displayTick(nowNs, changed);
    d->book->displayTick(nowNs);
    d->trades->displayTick();
    d->system->displayTick();
    d->showHeader();
    d->showChart();
    d->showMarks();
    d->chart->displayTick(nowNs);
    const QRect plot = d->plotArea();
    d->lane->displayTick(d->chart->visibleFromNs(), d->chart->visibleToNs(), plot.left(), plot.right());
    d->status->latency().displayTick(nowNs, d->market.latency());
}

void DashboardPage::setConnection(const QString &text, Severity severity, std::optional<BannerActions> actions)
{
    d->banner->say(text, severity, actions.value_or(BannerActions()));
}

void DashboardPage::setServerTopics(const QStringList &topics)
{
    d->serverTopics = topics;
    for (const QString &topic : topics) {
        if (topic.startsWith(QLatin1String("market.")) && topic.count(QLatin1Char('.')) == 1)
            d->market.ensure(topic.mid(7));
    }
    d->showEmptyTexts();
}

void DashboardPage::selectSymbol(const QString &symbol)
{
    const bool same = symbol == d->symbol;
    if (same && d->metric.isEmpty()) {
        d->watchlist->select(symbol);
        return;
    }
    if (!same)
        d->market.forgetBook(d->symbol);
    d->metric.clear();
    d->symbol = symbol;
    d->system->setChosen({});
    d->watchlist->select(symbol);
    d->lane->setTopicWord(symbol);
    d->shownQuality = ~0ULL;
    d->book->setSymbol(symbol);
    d->trades->setSymbol(symbol);
    d->chart->followLive();
    d->showChart();
    d->showHeader();
    d->showMarks();
    d->wantTopics();
    if (!same)
        emit symbolSelected(symbol);
}

void DashboardPage::selectMetric(const QString &topic)
{
    if (topic.isEmpty() || topic == d->metric) {
        d->system->setChosen(d->metric);
        return;
    }
    d->metric = topic;
    d->system->setChosen(topic);
    d->lane->setTopicWord(topic);
    d->shownQuality = ~0ULL;
    d->chart->followLive();
    d->showChart();
    d->showHeader();
    d->showMarks();
    d->wantTopics();
}

void DashboardPage::showMoment(qint64 wallNs)
{
    const qint64 span = d->chart->visibleToNs() - d->chart->visibleFromNs();
    d->chart->setVisibleRange(wallNs - span / 2, wallNs - span / 2 + span);
}

void DashboardPage::clear()
{
    d->chart->setCandles(nullptr);
    d->chart->setLine(nullptr);
    d->shownCandles = nullptr;
    d->shownLine = nullptr;
    d->market.clear();
    d->tape->reset();
    d->watchlist->reset();
    d->book->reset();
    d->trades->reset();
    d->lane->reset();
    d->shownQuality = ~0ULL;
    d->shownTitle.clear();
    d->showHeader();
    d->showMarks();
}

void DashboardPage::setReducedMotion(bool on)
{
    d->tape->setMoving(!on);
    d->watchlist->setFlashing(!on);
    d->book->setFlashing(!on);
}

QStringList DashboardPage::wantedTopics() const
{
    return d->wanted;
}

QString DashboardPage::symbol() const
{
    return d->symbol;
}

QString DashboardPage::shownMetric() const
{
    return d->metric;
}

bool DashboardPage::isFollowing() const
{
    return d->chart->isFollowing();
}

bool DashboardPage::hasCandles() const
{
    return d->shownCandles && !d->shownCandles->isEmpty();
}

const MarketModel &DashboardPage::market() const
{
    return d->market;
}

void DashboardPage::pauseView()
{
    d->chart->pauseView();
    d->tools->setFollowing(d->chart->isFollowing());
    d->status->setLive(d->chart->isFollowing(), d->chart->newSincePaused());
}

void DashboardPage::goLive()
{
    d->chart->followLive();
    d->tools->setFollowing(d->chart->isFollowing());
    d->status->setLive(d->chart->isFollowing(), d->chart->newSincePaused());
}

void DashboardPage::focusSearch()
{
    d->watchlist->focusSearch();
}

// Not a focus proxy: Qt 6.4 leaves the search field out of the tab chain then.
void DashboardPage::focusInEvent(QFocusEvent *)
{
    d->watchlist->focusTable();
}

void DashboardPage::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (modifiers == Qt::NoModifier && event->key() == Qt::Key_Space) {
        if (isFollowing())
            pauseView();
        else
            goLive();
    } else if (modifiers == Qt::NoModifier && event->key() == Qt::Key_End) {
        goLive();
    } else if (event->text() == QLatin1String("/")) {
        focusSearch();
    } else if (event->matches(QKeySequence::Save)) {
        emit exportRequested(suggestedFileName());
    } else {
        QWidget::keyPressEvent(event);
    }
}

// The side panels get what their numbers need and the chart the rest, until someone moves a line.
void DashboardPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (d->sizesChosen)
        return;
    const double scale = fontMetrics().height() / 18.0;
    const auto within = [scale](double share, int least, int most) {
        return std::clamp(static_cast<int>(share), static_cast<int>(least * scale), static_cast<int>(most * scale));
    };
    const int left = within(width() * 0.29, 240, 430);
    const int book = within(width() * 0.19, 216, 300);
    d->columns->setSizes({left, std::max(1, width() - left - book - 2), book});
    const int half = height() * 55 / 100;
    d->right->setSizes({half, height() - half});
}

void DashboardPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !d || !d->status)
        return;
    d->shownQuality = ~0ULL; // the marks carry colours; by the next tick the parts have the new palette too
}

QByteArray DashboardPage::saveState() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    const WatchlistModel &rows = d->watchlist->model();
    out << kStateMagic << kStateVersion << d->columns->saveState() << d->right->saveState() << qint32(d->interval) << d->candles << d->crosshair
        << d->symbol << qint32(rows.sortColumn()) << qint32(rows.sortOrder());
    return state;
}

bool DashboardPage::restoreState(const QByteArray &state)
{
    QDataStream in(state);
    in.setVersion(QDataStream::Qt_6_4);
    quint32 magic = 0;
    quint16 version = 0;
    QByteArray columns;
    QByteArray right;
    qint32 interval = 0;
    bool candles = true;
    bool crosshair = true;
    QString symbol;
    qint32 sortColumn = -1;
    qint32 sortOrder = 0;
    in >> magic >> version >> columns >> right >> interval >> candles >> crosshair >> symbol >> sortColumn >> sortOrder;
    if (in.status() != QDataStream::Ok || magic != kStateMagic || version != kStateVersion || interval < 0
        || static_cast<size_t>(interval) >= ChartTools::kIntervals.size() || sortColumn >= WatchlistModel::ColumnCount)
        return false;
    d->sizesChosen = d->columns->restoreState(columns) && d->right->restoreState(right);
    d->candles = candles;
    d->tools->setCandles(candles);
    d->tools->setCrosshair(crosshair);
    d->watchlist->setSort(sortColumn, sortOrder == Qt::DescendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder);
    d->chooseInterval(interval);
    if (!symbol.isEmpty())
        selectSymbol(symbol);
    d->showChart();
    return true;
}

QString DashboardPage::suggestedFileName() const
{
    QString name = d->metric.isEmpty() ? d->symbol + QLatin1Char('-') + QLatin1String(ChartTools::kIntervals[static_cast<size_t>(d->interval)].name) : d->metric;
    for (QChar &c : name) {
        if (!c.isLetterOrNumber() && c != QLatin1Char('-') && c != QLatin1Char('.'))
            c = QLatin1Char('_');
    }
    return name + localTime(d->chart->visibleToNs()).toString(QStringLiteral("-yyyyMMdd-HHmmss")) + QStringLiteral(".png");
}

base::Result<void> DashboardPage::exportPng(const QString &path) const
{
    constexpr int kScale = 2;
    constexpr int kCaption = 28;
    const QSize size(d->chart->width(), kCaption + d->chart->height() + d->lane->height());
    QImage image(size * kScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kScale);
    image.fill(palette().color(QPalette::Base));
    {
        QPainter painter(&image);
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::Text));
        const ChartHeader::Content &content = d->header->content();
        const QDateTime from = localTime(d->chart->visibleFromNs());
        const QDateTime to = localTime(d->chart->visibleToNs());
        const QString what = d->metric.isEmpty()
            ? QStringLiteral("%1 · %2").arg(content.name, QLatin1String(ChartTools::kIntervals[static_cast<size_t>(d->interval)].name))
            : content.name;
        const QString span = QStringLiteral("%1 – %2 %3")
                                 .arg(from.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                                     to.toString(from.date() == to.date() ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                                     to.timeZoneAbbreviation());
        const QRect caption(12, 0, size.width() - 24, kCaption);
        painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter, what + QStringLiteral("   ") + content.last);
        painter.setPen(colorsFor(palette()).muted);
        painter.drawText(caption, Qt::AlignRight | Qt::AlignVCenter, span);
        d->chart->QWidget::render(&painter, QPoint(0, kCaption), QRegion(), QWidget::DrawChildren);
        d->lane->render(&painter, QPoint(0, kCaption + d->chart->height()), QRegion(), QWidget::DrawChildren);
    }
    QImageWriter writer(path, "png");
    if (!writer.write(image))
        return base::failure(base::ErrorCode::Io,
            QStringLiteral("The picture could not be written to %1: %2. Choose another folder.").arg(path, writer.errorString()));
    return {};
}

} // namespace feedscope::ui
