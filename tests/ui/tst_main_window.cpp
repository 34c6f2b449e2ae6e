// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/dashboard/dashboard_page.h"
#include "ui/inspector/connection_list.h"
#include "ui/inspector/filter_edit.h"
#include "ui/inspector/frame_table.h"
#include "ui/inspector/inspector_page.h"
#include "ui/shell/address_field.h"
#include "ui/shell/frame_meter.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/page_rail.h"
#include "ui/shell/sources_panel.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/theme.h"
#include "ui/widgets/colors.h"

#include <QDir>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr int kPatienceMs = 30'000;

} // namespace

#define TRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT(expression, kPatienceMs)
#define TRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT(expression, expected, kPatienceMs)

/// The whole program but main(): a real engine on a free port, and the window driven off-screen by mouse and keyboard.
class TestMainWindow : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<engine::Engine> m_engine;
    std::unique_ptr<MainWindow> m_window;

    static FrameMeter &meter() { return static_cast<Application *>(qApp)->meter(); }

    engine::EngineOptions options(const QString &capture = QStringLiteral("live.fscap")) const
    {
        engine::EngineOptions options;
        options.server.port = 0;
        options.capturePath = m_folder->filePath(capture);
        return options;
    }

    /// As main() does it. `keepEngine`: another window on what already runs.
    void openWindow(const engine::EngineOptions &options, bool keepEngine = false)
    {
        m_window.reset();
        std::vector<base::Error> problems;
        if (!keepEngine) {
            m_engine.reset();
            m_engine = std::make_unique<engine::Engine>(options);
            problems = m_engine->start();
        }
        m_window = std::make_unique<MainWindow>(*m_engine, meter());
        m_window->showProblems(problems);
        m_window->connectToOwnServer();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void open() { openWindow(options()); }

    template <class T> T *part(const char *name) const
    {
        T *found = m_window->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("no such part: %s", name);
        return found;
    }
    void click(const char *name) const { QTest::mouseClick(part<QWidget>(name), Qt::LeftButton); }
    void clickRail(int page) const { QTest::mouseClick(part<PageRail>("pageRail")->findChildren<QToolButton *>().at(page), Qt::LeftButton); }
    void type(const QString &text) const
    {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(part<AddressField>("addressField")->hasFocus());
        QTest::keyClicks(QApplication::focusWidget(), text);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }

    DashboardPage &dashboard() const { return m_window->dashboard(); }
    InspectorPage &inspector() const { return m_window->inspector(); }
    bool onDashboard() const { return dashboard().isVisible() && !inspector().isVisible(); }
    bool onInspector() const { return inspector().isVisible() && !dashboard().isVisible(); }
    QString notice() const { return part<NoticeBar>("noticeBar")->text(); }
    QString banner() const
    {
        const auto *shown = dashboard().findChild<ConnectionBanner *>();
        return shown->isHidden() ? QString() : shown->text();
    }
    void waitForTicks(quint64 more = 20) const
    {
        const quint64 before = m_window->ticks();
        TRY_VERIFY(m_window->ticks() > before + more);
    }

    QTreeView *sources() const { return part<SourcesPanel>("sourcesPanel")->findChild<QTreeView *>(); }
    /// "name|state" of each row of a group: 0 this server, 1 connections, 2 captures.
    QStringList sourceRows(int group) const
    {
        const QAbstractItemModel *model = sources()->model();
        const QModelIndex parent = model->index(group, 0);
        QStringList rows;
        for (int row = 0; row < model->rowCount(parent); ++row)
            rows.append(model->index(row, 0, parent).data().toString() + QLatin1Char('|') + model->index(row, 1, parent).data().toString());
        return rows;
    }
    void clickSource(int group, int row) const
    {
        const QModelIndex index = sources()->model()->index(row, 0, sources()->model()->index(group, 0));
        QTest::mouseClick(sources()->viewport(), Qt::LeftButton, {}, sources()->visualRect(index).center());
    }

    /// A capture of another day: what the engine has recorded so far, under another name.
    QString oldCapture(const QString &name = QStringLiteral("monday.fscap")) const
    {
        const QString path = m_folder->filePath(name);
        QFile::copy(m_engine->capturePath(), path);
        return path;
    }

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void firstStartIsAlive();
    void pagesAreReachedByRailAndKeyboard();
    void addressFieldSelectsASymbol();
    void addressFieldFilters();
    void addressFieldShowsATopic();
    void slashFocusesTheFilterOfTheInspector();
    void spacePausesTheViewAndEndGoesLive();
    void sourcesShowServerConnectionAndCapture();
    void sourceThatIsChosenIsShown();
    void lostConnectionIsABannerAndNoDialog();
    void refusedHandshakeIsABannerThatCanBeStopped();
    void badAddressIsANotice_data();
    void badAddressIsANotice();
    void captureIsOpenedByItsName();
    void captureThatIsNoneIsANotice();
    void connectionIsShownInTheLiveCapture();
    void portInUseIsANoticeWithBothPorts();
    void withoutAServerTheWindowSaysWhatWillAppear();
    void themeIsToggled();
    void recordingOffIsSeenEverywhere();
    void droppedExplainsItselfOnAClick();
    void welcomeDoesNotComeBack();
    void welcomeLeadsToTheFrames();
    void windowComesBackAsItWas();
    void damagedSettingsAreIgnored();
    void menuHasEveryAction();
    void pictures_data();
    void pictures();
};

void TestMainWindow::initTestCase()
{
    QVERIFY(m_home.isValid());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("FeedscopeTests"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home.path());
    prepareTheme();
}

void TestMainWindow::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestMainWindow::cleanup()
{
    QVERIFY(!QApplication::activeModalWidget());
    m_window.reset();
    m_engine.reset();
}

void TestMainWindow::firstStartIsAlive()
{
    open();
    QVERIFY(onDashboard());
    QVERIFY2(notice().contains(QStringLiteral("synthetic market")), qPrintable(notice()));
    waitForTicks(100);
    const MarketModel &market = dashboard().market();
    TRY_VERIFY(market.indexOf(QStringLiteral("AAPL")) >= 0);
    TRY_VERIFY(market.at(market.indexOf(QStringLiteral("AAPL"))).tick.price > 0);
    TRY_VERIFY(banner().isEmpty());
    const quint64 drawn = meter().repaints();
    TRY_VERIFY(meter().repaints() > drawn + 5);
    const auto *status = part<StatusStrip>("statusStrip");
    TRY_VERIFY(status->trafficText().contains(QStringLiteral("RTT")) && !status->trafficText().startsWith(QStringLiteral("0")));
    TRY_VERIFY(!status->recordingText().startsWith(QStringLiteral("0 frames")));
    QVERIFY(status->recordingText().contains(QStringLiteral(" 0 dropped")));
}

void TestMainWindow::pagesAreReachedByRailAndKeyboard()
{
    open();
    clickRail(1);
    QVERIFY(onInspector());
    QCOMPARE(part<PageRail>("pageRail")->currentPage(), 1);
    TRY_VERIFY(inspector().model()->rowCount() > 50);
    clickRail(0);
    QVERIFY(onDashboard());
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QVERIFY(onInspector());
    QCOMPARE(part<PageRail>("pageRail")->currentPage(), 1);
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QVERIFY(onDashboard());
    QCOMPARE(part<PageRail>("pageRail")->currentPage(), 0);
}

void TestMainWindow::addressFieldSelectsASymbol()
{
    open();
    waitForTicks();
    auto *address = part<AddressField>("addressField");
    TRY_VERIFY(address->kindOf(QStringLiteral("MSFT")) == AddressField::Kind::Symbol);
    clickRail(1);
    type(QStringLiteral("msft"));
    QVERIFY(onDashboard());
    QCOMPARE(dashboard().symbol(), QStringLiteral("MSFT"));
    QVERIFY(dashboard().wantedTopics().contains(QStringLiteral("book.MSFT")));
    const MarketModel &market = dashboard().market();
    TRY_VERIFY(market.at(market.indexOf(QStringLiteral("MSFT"))).tradesSeen > 0);
}

void TestMainWindow::addressFieldFilters()
{
    open();
    waitForTicks();
    type(QStringLiteral("opcode == pong"));
    QVERIFY(onInspector());
    QCOMPARE(inspector().filter(), QStringLiteral("opcode == pong"));
    // The connection's own round trip is one pong, seen at both of its ends.
    TRY_VERIFY(inspector().model()->rowCount() >= 1);
    QVERIFY(static_cast<quint64>(inspector().model()->rowCount()) < m_engine->reader()->size() / 4);
}

void TestMainWindow::addressFieldShowsATopic()
{
    open();
    waitForTicks();
    auto *address = part<AddressField>("addressField");
    TRY_VERIFY(address->kindOf(QStringLiteral("system.cpu")) == AddressField::Kind::Topic);
    type(QStringLiteral("system.cpu"));
    QVERIFY(onDashboard());
    QCOMPARE(dashboard().shownMetric(), QStringLiteral("system.cpu"));
    type(QStringLiteral("market.AAPL"));
    QVERIFY(onInspector());
    QCOMPARE(inspector().filter(), QStringLiteral("topic == \"market.AAPL\""));
    TRY_VERIFY(inspector().model()->rowCount() > 0);
}

void TestMainWindow::slashFocusesTheFilterOfTheInspector()
{
    open();
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QVERIFY(!inspector().filterEdit()->hasFocus());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Slash);
    QVERIFY(inspector().filterEdit()->hasFocus());
    QVERIFY(inspector().filter().isEmpty());
}

void TestMainWindow::spacePausesTheViewAndEndGoesLive()
{
    open();
    waitForTicks();
    clickRail(1);
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QVERIFY(dashboard().isFollowing());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QVERIFY(!dashboard().isFollowing());
    waitForTicks(); // intake never stops
    QVERIFY(!dashboard().isFollowing());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_End);
    QVERIFY(dashboard().isFollowing());
}

void TestMainWindow::sourcesShowServerConnectionAndCapture()
{
    open();
    TRY_COMPARE(sources()->model()->index(0, 1).data().toString(), QStringLiteral("● 1"));
    const auto hasRate = [this](const QString &feed) {
        static const QRegularExpression rate(QStringLiteral("\\|[1-9][0-9.]*.*/s$"));
        for (const QString &row : sourceRows(0)) {
            if (row.startsWith(feed) && row.contains(rate))
                return true;
        }
        return false;
    };
    TRY_VERIFY(hasRate(QStringLiteral("market")));
    TRY_VERIFY(hasRate(QStringLiteral("system")));
    static const QRegularExpression duration(QStringLiteral("^● local\\|[0-9.]+.(µs|ms|s)$"));
    TRY_VERIFY(sourceRows(1).value(0).contains(duration));
    QCOMPARE(sourceRows(2), QStringList{QStringLiteral("live|● rec")});
}

void TestMainWindow::sourceThatIsChosenIsShown()
{
    open();
    waitForTicks();
    TRY_COMPARE(sourceRows(0).size(), 2);
    clickSource(0, 1);
    QVERIFY(onDashboard());
    QCOMPARE(dashboard().shownMetric(), QStringLiteral("system.cpu"));
    clickSource(2, 0);
    QVERIFY(onInspector());
    clickSource(0, 0);
    QVERIFY(onDashboard());
    QVERIFY(dashboard().shownMetric().isEmpty());
}

void TestMainWindow::lostConnectionIsABannerAndNoDialog()
{
    open();
    auto peer = std::make_unique<engine::Engine>(options(QStringLiteral("peer.fscap")));
    QVERIFY(peer->start().empty());
    const quint16 port = static_cast<quint16>(QUrl::fromEncoded(peer->serverUrl()).port());
    type(QString::fromUtf8(peer->serverUrl()) + QStringLiteral("feed"));
    TRY_COMPARE(sourceRows(1).size(), 2);
    waitForTicks(100);
    TRY_VERIFY(banner().isEmpty());

    peer.reset();
    QString lost;
    const auto isLost = [&] {
        if (lost.isEmpty() && banner().startsWith(QStringLiteral("Connection lost")))
            lost = banner();
        return !lost.isEmpty();
    };
    TRY_VERIFY(isLost());
    QVERIFY2(lost.contains(QStringLiteral("attempt")), qPrintable(lost));
    QVERIFY(onDashboard());
    QVERIFY(!QApplication::activeModalWidget());
    QVERIFY(m_window->rect().contains(QRect(dashboard().mapTo(m_window.get(), QPoint()), dashboard().size())));

    click("stopRetrying");
    TRY_VERIFY(banner().startsWith(QStringLiteral("Connection closed")));
    TRY_VERIFY(sourceRows(1).at(1).startsWith(QStringLiteral("○")));

    QTcpServer again;
    QVERIFY(again.listen(QHostAddress::LocalHost, port));
    click("retryNow");
    TRY_VERIFY(again.hasPendingConnections());
}

void TestMainWindow::refusedHandshakeIsABannerThatCanBeStopped()
{
    open();
    QTcpServer hangsUp;
    connect(&hangsUp, &QTcpServer::newConnection, &hangsUp, [&hangsUp] {
        while (QTcpSocket *socket = hangsUp.nextPendingConnection())
            socket->close();
    });
    QVERIFY(hangsUp.listen(QHostAddress::LocalHost, 0));
    QVERIFY(m_window->connectTo(QStringLiteral("ws://127.0.0.1:%1/").arg(hangsUp.serverPort())) > 0);
    bool lost = false;
    TRY_VERIFY(lost = lost || banner().startsWith(QStringLiteral("Connection lost")));
    QVERIFY(!QApplication::activeModalWidget());
    click("stopRetrying");
    TRY_VERIFY(banner().startsWith(QStringLiteral("Connection closed")));
}

void TestMainWindow::badAddressIsANotice_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("no host") << QStringLiteral("ws://");
    QTest::newRow("no WebSocket") << QStringLiteral("http://127.0.0.1/");
    QTest::newRow("port out of range") << QStringLiteral("ws://127.0.0.1:99999/");
}

void TestMainWindow::badAddressIsANotice()
{
    QFETCH(QString, url);
    open();
    const QString before = notice();
    type(url);
    QVERIFY(notice() != before);
    QVERIFY2(notice().contains(url), qPrintable(notice()));
    QCOMPARE(m_engine->connections().size(), size_t(1));
    QVERIFY(onDashboard());
}

void TestMainWindow::captureIsOpenedByItsName()
{
    open();
    waitForTicks(100);
    TRY_VERIFY(m_engine->recorderStatus().framesRecorded > 100);
    const QString path = oldCapture();
    const auto reader = capture::CaptureReader::open(path);
    QVERIFY(reader);
    QVERIFY((*reader)->size() > 100);

    type(path);
    QVERIFY(onInspector());
    TRY_COMPARE(inspector().model()->rows().total(), (*reader)->size());
    QTRY_VERIFY(sourceRows(2).contains(QStringLiteral("monday.fscap|")));
    waitForTicks(50); // the live one goes on, this one does not
    QCOMPARE(inspector().model()->rows().total(), (*reader)->size());

    clickSource(2, 0); // back to the live one
    TRY_VERIFY(inspector().model()->rows().total() > (*reader)->size());
    m_window->openCapture(path);
    TRY_COMPARE(inspector().model()->rows().total(), (*reader)->size());
    QCOMPARE(sourceRows(2).size(), 2); // opened twice is one row
    m_window->openCapture(m_engine->capturePath());
    TRY_VERIFY(inspector().model()->rows().total() > (*reader)->size());
    QCOMPARE(sourceRows(2).size(), 2);
}

void TestMainWindow::captureThatIsNoneIsANotice()
{
    open();
    const QString missing = m_folder->filePath(QStringLiteral("missing.fscap"));
    type(missing);
    QVERIFY2(notice().contains(QStringLiteral("missing.fscap")), qPrintable(notice()));
    QVERIFY(onDashboard());

    const QString letter = m_folder->filePath(QStringLiteral("letter.txt"));
    QFile file(letter);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Dear reader,\n");
    file.close();
    type(letter);
    QVERIFY2(notice().contains(QStringLiteral("letter.txt")), qPrintable(notice()));
    QCOMPARE(sourceRows(2).size(), 1);
}

void TestMainWindow::connectionIsShownInTheLiveCapture()
{
    open();
    waitForTicks(100);
    TRY_VERIFY(m_engine->recorderStatus().framesRecorded > 100);
    m_window->openCapture(oldCapture());
    const quint64 old = inspector().model()->rows().total();
    clickSource(1, 0);
    QVERIFY(onInspector());
    const auto id = m_engine->connections().front().connection;
    QCOMPARE(inspector().connectionList()->selected(), id);
    TRY_VERIFY(inspector().model()->rows().total() > old);
}

void TestMainWindow::portInUseIsANoticeWithBothPorts()
{
    QTcpServer occupant;
    QVERIFY(occupant.listen(QHostAddress::LocalHost, 0));
    engine::EngineOptions wanted = options();
    wanted.server.port = occupant.serverPort();
    openWindow(wanted);
    const int taken = QUrl::fromEncoded(m_engine->serverUrl()).port();
    QVERIFY(taken > 0 && taken != occupant.serverPort());
    QVERIFY2(notice().contains(QString::number(occupant.serverPort())) && notice().contains(QString::number(taken)), qPrintable(notice()));
    QCOMPARE(part<NoticeBar>("noticeBar")->waiting(), 1); // the welcome
    waitForTicks();
}

void TestMainWindow::withoutAServerTheWindowSaysWhatWillAppear()
{
    engine::EngineOptions silent = options();
    silent.serve = false;
    openWindow(silent);
    QVERIFY(notice().isEmpty());
    TRY_COMPARE(sources()->model()->index(0, 1).data().toString(), QStringLiteral("○"));
    TRY_VERIFY(banner().startsWith(QStringLiteral("Not connected")));
    QVERIFY(sourceRows(1).isEmpty());
    QCOMPARE(m_window->ticks(), quint64(0));
    QVERIFY(m_window->grab().save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/window_without_server.png")));
}

void TestMainWindow::themeIsToggled()
{
    open();
    const auto isDark = [](const QWidget &widget) { return colorsFor(widget.palette()).dark; };
    m_window->setTheme(Theme::Dark);
    TRY_VERIFY(isDark(*m_window));
    click("theme");
    TRY_VERIFY(!isDark(*m_window) && !isDark(inspector()) && !isDark(dashboard()));
    QTest::keyClick(m_window.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    TRY_VERIFY(isDark(*m_window) && isDark(inspector()) && isDark(dashboard()));
    TRY_COMPARE(sources()->palette().color(QPalette::HighlightedText), darkPalette().color(QPalette::Text));
}

void TestMainWindow::recordingOffIsSeenEverywhere()
{
    open();
    waitForTicks();
    const auto *status = part<StatusStrip>("statusStrip");
    const auto *dropped = part<QToolButton>("dropped");
    TRY_VERIFY(status->recordingText().contains(QStringLiteral(" 0 dropped")));
    click("record");
    TRY_VERIFY(status->recordingText().startsWith(QStringLiteral("not recording")));
    TRY_VERIFY(m_engine->recorderStatus().framesDropped > 0);
    TRY_VERIFY(!dropped->text().startsWith(QStringLiteral("0")));
    QCOMPARE(dropped->palette().color(QPalette::ButtonText), colorsFor(m_window->palette()).error);
    TRY_COMPARE(sourceRows(2), QStringList{QStringLiteral("live|○ off")});
    QVERIFY(!part<QToolButton>("record")->isChecked());
    waitForTicks(); // what is drawn does not depend on it

    click("record");
    TRY_VERIFY(!status->recordingText().startsWith(QStringLiteral("not recording")));
    TRY_COMPARE(sourceRows(2), QStringList{QStringLiteral("live|● rec")});
    QVERIFY(!dropped->text().startsWith(QStringLiteral("0"))); // the gap stays counted
}

void TestMainWindow::droppedExplainsItselfOnAClick()
{
    open();
    click("dropped");
    QVERIFY2(notice().startsWith(QStringLiteral("No frame was dropped")), qPrintable(notice()));
    click("record");
    TRY_VERIFY(!part<QToolButton>("dropped")->text().startsWith(QStringLiteral("0")));
    click("dropped");
    QVERIFY2(notice().contains(QStringLiteral("Recording is off")), qPrintable(notice()));
    QVERIFY(!QApplication::activeModalWidget());
}

void TestMainWindow::welcomeDoesNotComeBack()
{
    open();
    QVERIFY(!notice().isEmpty());
    openWindow(options(), true);
    QVERIFY(!notice().isEmpty()); // not dismissed yet
    click("noticeDismiss");
    QVERIFY(notice().isEmpty());
    openWindow(options(), true);
    QVERIFY(notice().isEmpty());
    QVERIFY(part<NoticeBar>("noticeBar")->isHidden());
}

void TestMainWindow::welcomeLeadsToTheFrames()
{
    open();
    click("noticeAction");
    QVERIFY(onInspector());
}

void TestMainWindow::windowComesBackAsItWas()
{
    open();
    waitForTicks();
    m_window->resize(1100, 700);
    m_window->setTheme(Theme::Light);
    auto *splitter = part<QSplitter>("sourcesSplitter");
    splitter->setSizes({260, splitter->width() - 261});
    const int width = splitter->sizes().constFirst();
    type(QStringLiteral("opcode == text"));
    QVERIFY(onInspector());
    QVERIFY(m_window->close());

    openWindow(options());
    QCOMPARE(m_window->size(), QSize(1100, 700));
    QVERIFY(onInspector());
    QCOMPARE(part<PageRail>("pageRail")->currentPage(), 1);
    QCOMPARE(inspector().filter(), QStringLiteral("opcode == text"));
    QCOMPARE(part<QSplitter>("sourcesSplitter")->sizes().constFirst(), width);
    TRY_VERIFY(!colorsFor(m_window->palette()).dark);
}

void TestMainWindow::damagedSettingsAreIgnored()
{
    QSettings settings;
    for (const char *key : {"window/geometry", "window/sources", "dashboard/state", "inspector/state"})
        settings.setValue(QLatin1String(key), QByteArrayLiteral("\x00\x01garbage"));
    settings.setValue(QStringLiteral("window/theme"), QStringLiteral("plaid"));
    settings.setValue(QStringLiteral("window/page"), 17);
    settings.sync();
    open();
    QVERIFY(onDashboard());
    QVERIFY(m_window->width() >= 960 && m_window->height() >= 600);
    QVERIFY(part<QSplitter>("sourcesSplitter")->sizes().constFirst() >= 140);
    waitForTicks();
}

void TestMainWindow::menuHasEveryAction()
{
    open();
    click("menuButton");
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QStringList shortcuts;
    for (const QAction *action : menu->actions()) {
        if (!action->shortcut().isEmpty())
            shortcuts.append(action->shortcut().toString(QKeySequence::PortableText));
    }
    for (const char *expected : {"Ctrl+1", "Ctrl+2", "Ctrl+K", "Ctrl+O", "Ctrl+Shift+D", "F11", "F1", "Ctrl+Q"})
        QVERIFY2(shortcuts.contains(QLatin1String(expected)), expected);
    QVERIFY(menu->geometry().right() <= m_window->geometry().right() + 1);
    menu->close();
}

void TestMainWindow::pictures_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("theme");
    QTest::addColumn<QSize>("size");
    // Under QT_SCALE_FACTOR=2 (an entry of its own in CTest) 1920×1080 is a picture of 3840×2160.
    const QList<QSize> sizes = qApp->devicePixelRatio() > 1 ? QList<QSize>{{1920, 1080}} : QList<QSize>{{1280, 800}, {1920, 1080}};
    for (const char *page : {"dashboard", "inspector"}) {
        for (const char *theme : {"dark", "light"}) {
            for (const QSize &size : sizes) {
                QTest::addRow("%s %s %dx%d", page, theme, size.width(), size.height())
                    << QString::fromLatin1(page) << QString::fromLatin1(theme) << size;
            }
        }
    }
}

void TestMainWindow::pictures()
{
    QFETCH(QString, page);
    QFETCH(QString, theme);
    QFETCH(QSize, size);
    open();
    m_window->setTheme(themeFromName(theme));
    m_window->resize(size);
    m_window->showPage(page == QLatin1String("inspector") ? Page::Inspector : Page::Dashboard);
    waitForTicks(400);
    TRY_VERIFY(part<StatusStrip>("statusStrip")->trafficText().contains(QStringLiteral("RTT")));
    TRY_VERIFY(sourceRows(0).size() == 2);
    if (onInspector()) {
        FrameTable *table = inspector().table();
        TRY_VERIFY(inspector().model()->rowCount() > table->visibleRows() + 3);
        const QRect cell = table->cellRect(table->topRow() + 3, FrameColumn::Opcode);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
        QVERIFY(table->currentRecord());
        waitForTicks(20);
    }

    const QImage image = m_window->grab().toImage();
    const double ratio = m_window->devicePixelRatio();
    QCOMPARE(image.size(), size * ratio);
    const QColor corner = image.pixelColor(2, image.height() / 2);
    QCOMPARE(corner.lightness() < 128, theme == QLatin1String("dark"));
    // Something is drawn everywhere: a pane that stayed empty would be of one colour.
    const QWidget &shown = onInspector() ? static_cast<QWidget &>(inspector()) : static_cast<QWidget &>(dashboard());
    const QPoint origin = shown.mapTo(m_window.get(), QPoint());
    for (int y = 0; y < 2; ++y) {
        for (int x = 0; x < 3; ++x) {
            const QRect part(static_cast<int>((origin.x() + x * shown.width() / 3) * ratio), static_cast<int>((origin.y() + y * shown.height() / 2) * ratio),
                static_cast<int>(shown.width() / 3 * ratio), static_cast<int>(shown.height() / 2 * ratio));
            QSet<QRgb> colors;
            for (int row = part.top(); row < part.bottom(); row += 2) {
                for (int column = part.left(); column < part.right(); ++column)
                    colors.insert(image.pixel(column, row));
            }
            QVERIFY2(colors.size() > 8, qPrintable(QStringLiteral("part %1, %2 of the page").arg(x).arg(y)));
        }
    }
    QVERIFY(QDir().mkpath(QStringLiteral(FEEDSCOPE_ARTEFACTS)));
    QVERIFY(image.save(QStringLiteral(FEEDSCOPE_ARTEFACTS "/window_%1_%2_%3x%4.png").arg(page, theme).arg(image.width()).arg(image.height())));
}

int main(int argc, char **argv)
{
    Application application(argc, argv);
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_main_window.moc"
