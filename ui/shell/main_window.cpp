// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/dashboard/dashboard_page.h"
#include "ui/inspector/inspector_page.h"
#include "ui/shell/address_field.h"
#include "ui/shell/frame_meter.h"
#include "ui/shell/link_words.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/page_rail.h"
#include "ui/shell/sources_panel.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/top_bar.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStandardPaths>
#include <QStackedWidget>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>
#include <QWhatsThis>

namespace feedscope::ui {

namespace {

constexpr int kDisplayTickMs = 16;
constexpr int kSlowTickMs = 500;
constexpr int kSourcesWidth = 198;
const QString kWelcomeKey = QStringLiteral("welcome");

std::vector<QByteArray> bytesOf(const QStringList &texts)
{
    std::vector<QByteArray> bytes;
    for (const QString &text : texts)
        bytes.push_back(text.toUtf8());
    return bytes;
}

} // namespace

MainWindow::MainWindow(engine::Engine &engine, FrameMeter &meter, QWidget *parent)
    : QMainWindow(parent)
    , m_engine(engine)
    , m_meter(meter)
{
    setWindowTitle(tr("Feedscope"));
    setWindowIcon(QIcon(QStringLiteral(":/feedscope/icons/feedscope.svg")));
    resize(1280, 800);
    setMinimumSize(960, 600);
    buildLayout();
    buildActions();
    connectPages();
    restore();
    showPortTaken();

    m_displayTimer = new QTimer(this);
    m_displayTimer->setTimerType(Qt::PreciseTimer);
    m_displayTimer->start(kDisplayTickMs);
    connect(m_displayTimer, &QTimer::timeout, this, &MainWindow::displayTick);
    m_slowTimer = new QTimer(this);
    m_slowTimer->start(kSlowTickMs);
    connect(m_slowTimer, &QTimer::timeout, this, &MainWindow::slowTick);
    m_inspector->setReader(m_engine.reader());
    slowTick();
}

MainWindow::~MainWindow()
{
    m_inspector->setReader(nullptr); // the readers go before the page
}

void MainWindow::buildLayout()
{
    m_rail = new PageRail(this);
    m_top = new TopBar(this);
    m_address = m_top->address();
    m_notice = new NoticeBar(this);
    m_sources = new SourcesPanel(this);
    m_pages = new QStackedWidget(this);
    m_dashboard = new DashboardPage(m_pages);
    m_inspector = new InspectorPage(m_pages);
    m_status = new StatusStrip(this);

    m_rail->addPage(tr("Dashboard"), QStringLiteral(":/feedscope/icons/dashboard.svg"), QKeySequence(Qt::CTRL | Qt::Key_1));
    m_rail->addPage(tr("Inspector"), QStringLiteral(":/feedscope/icons/inspector.svg"), QKeySequence(Qt::CTRL | Qt::Key_2));
    m_pages->addWidget(m_dashboard);
    m_pages->addWidget(m_inspector);

    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("sourcesSplitter"));
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_sources);
    m_splitter->addWidget(m_pages);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({kSourcesWidth, 1000});
    m_sources->setMinimumWidth(140);

    auto *right = new QWidget(this);
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    rightLayout->setSpacing(0);
    rightLayout->addWidget(m_top);
    rightLayout->addWidget(m_notice);
    rightLayout->addWidget(m_splitter, 1);

    auto *middle = new QWidget(this);
    auto *middleLayout = new QHBoxLayout(middle);
    middleLayout->setContentsMargins(0, 0, 0, 0);
    middleLayout->setSpacing(0);
    middleLayout->addWidget(m_rail);
    middleLayout->addWidget(right, 1);

    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(middle, 1);
    layout->addWidget(m_status);
    setCentralWidget(central);
}

void MainWindow::buildActions()
{
    QMenu *menu = m_top->menu();
    const auto add = [this, menu](const QString &text, const QKeySequence &shortcut, auto &&slot) {
        QAction *action = menu->addAction(text);
        action->setShortcut(shortcut);
        addAction(action); // the shortcut works without the menu
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    add(tr("&Dashboard"), QKeySequence(Qt::CTRL | Qt::Key_1), [this] { showPage(Page::Dashboard); });
    add(tr("&Inspector"), QKeySequence(Qt::CTRL | Qt::Key_2), [this] { showPage(Page::Inspector); });
    menu->addSeparator();
    add(tr("&Connect, open or filter"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] {
        m_address->setFocus(Qt::ShortcutFocusReason);
        m_address->selectAll();
    });
    add(tr("&Open a capture …"), QKeySequence::Open, [this] { chooseFile(); });
    menu->addSeparator();
    menu->addAction(m_top->recordAction());
    menu->addAction(m_top->themeAction());
    add(tr("&Full screen"), QKeySequence(Qt::Key_F11), [this] {
        setWindowState(windowState() ^ Qt::WindowFullScreen);
    });
    add(tr("&What is this?"), QKeySequence(Qt::Key_F1), [] { QWhatsThis::enterWhatsThisMode(); });
    menu->addSeparator();
    add(tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); });

    connect(m_top->recordAction(), &QAction::triggered, this, [this](bool on) { m_engine.setRecording(on); });
    connect(m_top->themeAction(), &QAction::triggered, this,
        [this] { setTheme(palette().color(QPalette::Window).lightness() < 128 ? Theme::Light : Theme::Dark); });
    addAction(m_top->themeAction());
}

void MainWindow::connectPages()
{
    connect(m_rail, &PageRail::pageChosen, this, [this](int index) { showPage(static_cast<Page>(index)); });

    connect(m_dashboard, &DashboardPage::topicsWanted, this, [this](const QStringList &topics) {
        m_engine.setTopics(m_current, bytesOf(topics));
    });
    connect(m_dashboard, &DashboardPage::framesWanted, this, [this](const QString &filter) {
        showCapture({});
        m_inspector->setFilter(filter);
        showPage(Page::Inspector);
    });
    connect(m_dashboard, &DashboardPage::exportRequested, this, &MainWindow::exportChart);
    connect(m_dashboard, &DashboardPage::retryRequested, this, [this] { m_engine.retryNow(m_current); });
    connect(m_dashboard, &DashboardPage::stopRequested, this, [this] { m_engine.stopConnection(m_current); });

    connect(m_inspector, &InspectorPage::pointWanted, this, [this](quint32, qint64 wallNs) {
        m_dashboard->showMoment(wallNs);
        showPage(Page::Dashboard);
    });

    connect(m_address, &AddressField::urlEntered, this, [this](const QString &url) { connectTo(url); });
    connect(m_address, &AddressField::fileEntered, this, &MainWindow::openCapture);
    connect(m_address, &AddressField::symbolEntered, this, [this](const QString &symbol) {
        m_dashboard->selectSymbol(symbol);
        showPage(Page::Dashboard);
    });
    connect(m_address, &AddressField::topicEntered, this, [this](const QString &topic) {
        if (topic.startsWith(QLatin1String("system."))) {
            m_dashboard->selectMetric(topic);
            showPage(Page::Dashboard);
        } else {
            m_inspector->setFilter(QStringLiteral("topic == \"%1\"").arg(topic));
            showPage(Page::Inspector);
        }
    });
    connect(m_address, &AddressField::filterEntered, this, [this](const QString &filter) {
        m_inspector->setFilter(filter);
        showPage(Page::Inspector);
    });

    connect(m_sources, &SourcesPanel::feedChosen, this, [this](const QString &name) {
        if (name == QLatin1String("system"))
            m_dashboard->selectMetric(QStringLiteral("system.cpu"));
        else
            m_dashboard->selectSymbol(m_dashboard->symbol()); // back from a metric
        showPage(Page::Dashboard);
    });
    connect(m_sources, &SourcesPanel::connectionChosen, this, &MainWindow::followConnection);
    connect(m_sources, &SourcesPanel::captureChosen, this, [this](const QString &path) {
        showCapture(path);
        showPage(Page::Inspector);
    });
    connect(m_sources, &SourcesPanel::retryRequested, this, [this](int key) { m_engine.retryNow(key); });
    connect(m_sources, &SourcesPanel::closeConnectionRequested, this, [this](int key) { m_engine.stopConnection(key); });
    connect(m_sources, &SourcesPanel::openRequested, this, &MainWindow::chooseFile);
    connect(m_sources, &SourcesPanel::connectRequested, this, [this] {
        m_address->setText(QStringLiteral("ws://"));
        m_address->setFocus();
    });

    connect(m_notice, &NoticeBar::dismissed, this, [](const QString &key) {
        if (key == kWelcomeKey)
            QSettings().setValue(QStringLiteral("dismissed/") + key, true);
    });
    connect(m_notice, &NoticeBar::actionTriggered, this, [this](const QString &key) {
        if (key == kWelcomeKey)
            showPage(Page::Inspector);
    });
    connect(m_status, &StatusStrip::droppedClicked, this,
        [this](const QString &text) { m_notice->show(NoticeBar::Severity::Info, text, QStringLiteral("dropped")); });
    connect(&m_engine, &engine::Engine::failed, this, [this](const base::Error &error) { showProblems({error}); });
}

void MainWindow::restore()
{
    const QSettings settings;
    setTheme(themeFromName(settings.value(QStringLiteral("window/theme")).toString()));
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    if (const QByteArray state = settings.value(QStringLiteral("window/sources")).toByteArray(); !state.isEmpty())
        m_splitter->restoreState(state);
    m_dashboard->restoreState(settings.value(QStringLiteral("dashboard/state")).toByteArray());
    m_inspector->restoreState(settings.value(QStringLiteral("inspector/state")).toByteArray());
    showPage(settings.value(QStringLiteral("window/page")).toInt() == 1 ? Page::Inspector : Page::Dashboard);
    if (!settings.value(QStringLiteral("dismissed/") + kWelcomeKey).toBool() && m_engine.isServing()) {
        m_notice->show(NoticeBar::Severity::Info,
            tr("You are watching a synthetic market that this window's own server publishes over a real WebSocket. Every frame of it is in the Inspector."),
            kWelcomeKey, tr("Show the frames"));
    }
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/theme"), themeName(m_theme));
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/sources"), m_splitter->saveState());
    settings.setValue(QStringLiteral("window/page"), m_pages->currentIndex());
    settings.setValue(QStringLiteral("dashboard/state"), m_dashboard->saveState());
    settings.setValue(QStringLiteral("inspector/state"), m_inspector->saveState());
    QMainWindow::closeEvent(event);
}

void MainWindow::showProblems(const std::vector<base::Error> &problems)
{
    for (const base::Error &problem : problems)
        m_notice->show(NoticeBar::Severity::Error, problem.what);
}

void MainWindow::showPortTaken()
{
    const auto taken = m_engine.portInUse();
    if (!taken || !m_engine.isServing())
        return;
    m_notice->show(NoticeBar::Severity::Warning,
        tr("Port %1 is in use by another program, so this window's server listens on port %2 instead. Start with --serve PORT to choose another.")
            .arg(*taken)
            .arg(QUrl::fromEncoded(m_engine.serverUrl()).port()));
}

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentIndex(static_cast<int>(page));
    m_rail->setCurrentPage(static_cast<int>(page));
    m_pages->currentWidget()->setFocus();
}

void MainWindow::setTheme(Theme theme)
{
    m_theme = theme;
    applyTheme(theme);
}

int MainWindow::connectTo(const QString &url)
{
    const auto key = m_engine.connectTo(url.toUtf8());
    if (!key) {
        m_notice->show(NoticeBar::Severity::Error, key.error().what);
        return 0;
    }
    m_sources->setConnections(m_engine.connections(), m_engine.monoNowNs());
    followConnection(*key);
    m_sources->selectConnection(*key);
    return *key;
}

void MainWindow::connectToOwnServer()
{
    if (m_engine.isServing())
        connectTo(QString::fromUtf8(m_engine.serverUrl()) + QStringLiteral("feed"));
}

void MainWindow::followConnection(int key)
{
    const std::vector<engine::LinkStatus> connections = m_engine.connections();
    const auto found = std::find_if(connections.begin(), connections.end(), [key](const auto &link) { return link.key == key; });
    if (found == connections.end())
        return;
    if (key != m_current) {
        m_current = key;
        m_dashboard->clear();
        m_engine.setTopics(key, bytesOf(m_dashboard->wantedTopics()));
        updateBanner(*found);
    }
    if (m_pages->currentWidget() == m_inspector) {
        showCapture({}); // a connection of now is in no capture of another day
        m_inspector->selectConnection(found->connection);
    }
}

void MainWindow::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a capture"), QString(), tr("Captures (*.fscap);;All files (*)"));
    if (!path.isEmpty())
        openCapture(path);
}

void MainWindow::openCapture(const QString &path)
{
    if (m_engine.reader() && QFileInfo(path) == QFileInfo(m_engine.capturePath())) {
        showCapture({});
        showPage(Page::Inspector);
        return;
    }
    auto reader = capture::CaptureReader::open(path);
    if (!reader) {
        m_notice->show(NoticeBar::Severity::Error, reader.error().what);
        return;
    }
    m_inspector->setReader(nullptr);
    std::erase_if(m_opened, [&path](const auto &entry) { return entry.first == path; });
    m_opened.emplace_back(path, std::move(*reader));
    showCapture(path);
    showPage(Page::Inspector);
    slowTick();
}

void MainWindow::showCapture(const QString &path)
{
    for (const auto &[opened, reader] : m_opened) {
        if (opened == path) {
            m_inspector->setReader(reader.get());
            return;
        }
    }
    if (capture::CaptureReader *live = m_engine.reader())
        live->refresh(); // nobody has while another page was shown
    m_inspector->setReader(m_engine.reader());
}

void MainWindow::displayTick()
{
    const base::Timestamp now = base::SystemClock().now();
    m_meter.addTick(now.monoNs);
    for (const engine::LinkStatus &link : m_engine.connections()) {
        const feed::FeedBatch batch = m_engine.take(link.key);
        if (link.key != m_current || batch.isEmpty())
            continue;
        m_ticks += batch.ticks.size();
        m_dashboard->apply(batch);
    }
    if (m_pages->currentWidget() == m_dashboard)
        m_dashboard->displayTick(now.wallNs);
    else
        m_inspector->displayTick(now.wallNs);
}

void MainWindow::slowTick()
{
    const qint64 now = m_engine.monoNowNs();
    const engine::ServerSnapshot server = m_engine.serverSnapshot();
    const std::vector<engine::LinkStatus> connections = m_engine.connections();
    m_sources->setServer(m_engine.isServing(), m_engine.serverUrl(), server);
    m_sources->setConnections(connections, now);
    QStringList opened;
    for (const auto &entry : m_opened)
        opened.append(entry.first);
    const capture::CaptureReader *live = m_engine.reader();
    m_sources->setCaptures(live ? m_engine.capturePath() : QString(), m_engine.recorderStatus().recording, opened);

    QStringList topics;
    QStringList symbols;
    for (const feed::TopicStatus &status : server.topics) {
        const QString topic = QString::fromUtf8(status.topic);
        topics.append(topic);
        if (topic.startsWith(QLatin1String("market.")))
            symbols.append(topic.sliced(7));
    }
    m_dashboard->setServerTopics(topics);
    m_address->setTopics(topics);
    m_address->setSymbols(symbols);

    StatusStrip::Values values;
    const engine::TrafficMeter::Totals totals = m_engine.clientTraffic();
    if (m_lastRates.monoNs > 0) {
        const double seconds = static_cast<double>(now - m_lastRates.monoNs) / 1e9;
        values.messagesPerSecond = static_cast<double>(totals.dataFrames - m_lastRates.totals.dataFrames) / seconds;
        values.bytesPerSecond = static_cast<double>(totals.bytes - m_lastRates.totals.bytes) / seconds;
    }
    m_lastRates = {totals, now};
    if (connections.empty()) {
        m_dashboard->setConnection(
            tr("Not connected: type a ws:// address above (Ctrl+K), or open a capture (Ctrl+O) to look at its frames."), Severity::Info);
    }
    for (const engine::LinkStatus &link : connections) {
        if (link.key != m_current)
            continue;
        values.rttNs = link.rttNs;
        updateBanner(link);
    }
    values.recorder = m_engine.recorderStatus();
    values.framesPerSecond = m_meter.ticksPerSecond();
    values.repaintMs = m_meter.repaintMs(0.5);
    m_status->setValues(values);
    if (values.recorder.problem.isEmpty())
        m_top->recordAction()->setChecked(values.recorder.recording);
}

void MainWindow::updateBanner(const engine::LinkStatus &link)
{
    const LinkBanner banner = linkBanner(link, m_engine.monoNowNs());
    m_dashboard->setConnection(banner.text, banner.severity, banner.actions);
}

void MainWindow::exportChart(const QString &suggestedName)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save a picture of the chart"), QDir(folder).filePath(suggestedName), tr("PNG pictures (*.png)"));
    if (path.isEmpty())
        return;
    if (const auto saved = m_dashboard->exportPng(path); !saved)
        m_notice->show(NoticeBar::Severity::Error, saved.error().what);
    else
        m_notice->show(NoticeBar::Severity::Info, tr("The chart was saved as %1.").arg(path));
}

} // namespace feedscope::ui
