// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sources_panel.h"

#include "ui/shell/link_words.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QMenu>
#include <QSignalSpy>
#include <QTreeView>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;
using engine::LinkState;
using engine::LinkStatus;

Q_DECLARE_METATYPE(feedscope::engine::LinkStatus)

namespace {

constexpr qint64 kSecond = 1'000'000'000;
const QByteArray kOwn = QByteArrayLiteral("ws://127.0.0.1:8765/");

LinkStatus link(int key, LinkState state, const QByteArray &url = QByteArrayLiteral("ws://feed.example.org/v2"))
{
    LinkStatus status;
    status.key = key;
    status.url = url;
    status.state = state;
    status.detail = QStringLiteral("1006: no close frame");
    status.attempts = 2;
    status.retryAtMonoNs = 13 * kSecond;
    return status;
}

engine::ServerSnapshot snapshot()
{
    engine::ServerSnapshot values;
    values.server.port = 8765;
    values.server.connections = 12;
    for (const char *topic : {"market.AAPL", "market.MSFT"})
        values.topics.push_back({topic, "market", 10, 1, 115.5});
    values.topics.push_back({"system.cpu", "system", 10, 1, 1.0});
    return values;
}

} // namespace

class TestSourcesPanel : public QObject {
    Q_OBJECT

    std::unique_ptr<SourcesPanel> m_panel;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    QTreeView *view() const { return m_panel->findChild<QTreeView *>(); }
    QModelIndex group(int row) const { return view()->model()->index(row, 0); }
    QModelIndex row(int groupRow, int childRow, int column = 0) const { return view()->model()->index(childRow, column, group(groupRow)); }
    QString text(int groupRow, int childRow) const
    {
        return row(groupRow, childRow).data().toString() + QLatin1Char('|') + row(groupRow, childRow, 1).data().toString();
    }
    void click(const QModelIndex &index) const
    {
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(index).center());
    }

private slots:
    void init()
    {
        QApplication::setPalette(darkPalette());
        m_panel = std::make_unique<SourcesPanel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(view()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_panel->resize(184, 500);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }

    void cleanup()
    {
        m_tester.reset();
        m_panel.reset();
    }

    void serverShowsItsClientsAndTheRateOfEachFeed()
    {
        m_panel->setServer(true, kOwn, snapshot());
        QCOMPARE(group(0).siblingAtColumn(1).data().toString(), QStringLiteral("● 12"));
        QCOMPARE(view()->model()->rowCount(group(0)), 2);
        QCOMPARE(text(0, 0), QStringLiteral("market|") + formatRate(231, QString()).trimmed());
        QCOMPARE(text(0, 1), QStringLiteral("system|") + formatRate(1, QString()).trimmed());
        QVERIFY(group(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("12 client")));
        QVERIFY(group(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("this computer only")));

        m_panel->setServer(false, {}, {});
        QCOMPARE(group(0).siblingAtColumn(1).data().toString(), QStringLiteral("○"));
        QCOMPARE(view()->model()->rowCount(group(0)), 0);
    }

    void stateOfAConnectionIsShapeWordAndColour_data()
    {
        QTest::addColumn<LinkStatus>("status");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QColor>("color");
        const Colors &colors = colorsFor(darkPalette());
        LinkStatus open = link(1, LinkState::Open);
        QTest::newRow("open, no round trip yet") << open << QStringLiteral("● feed.example.org/v2|open") << colors.good;
        open.rttNs = 800'000;
        QTest::newRow("open") << open << QStringLiteral("● feed.example.org/v2|") + formatDuration(800'000) << colors.good;
        QTest::newRow("connecting") << link(1, LinkState::Connecting) << QStringLiteral("◐ feed.example.org/v2|connecting") << colors.warning;
        QTest::newRow("closing") << link(1, LinkState::Closing) << QStringLiteral("◐ feed.example.org/v2|closing") << colors.warning;
        QTest::newRow("waiting") << link(1, LinkState::Waiting)
                                 << QStringLiteral("◐ feed.example.org/v2|retry ") + formatDuration(3 * kSecond) << colors.warning;
        QTest::newRow("closed") << link(1, LinkState::Closed) << QStringLiteral("○ feed.example.org/v2|closed") << colors.muted;
        QTest::newRow("own server") << link(1, LinkState::Closed, kOwn + "feed") << QStringLiteral("○ local|closed") << colors.muted;
        QTest::newRow("port, no path") << link(1, LinkState::Closed, "ws://10.0.0.1:81/") << QStringLiteral("○ 10.0.0.1:81|closed")
                                       << colors.muted;
    }

    void stateOfAConnectionIsShapeWordAndColour()
    {
        QFETCH(LinkStatus, status);
        QFETCH(QString, shown);
        QFETCH(QColor, color);
        m_panel->setServer(true, kOwn, snapshot());
        m_panel->setConnections({status}, 10 * kSecond);
        QCOMPARE(text(1, 0), shown);
        QCOMPARE(row(1, 0, 1).data(Qt::ForegroundRole).value<QBrush>().color(), color);
        QVERIFY(row(1, 0).data(Qt::ToolTipRole).toString().startsWith(QString::fromUtf8(status.url)));
    }

    void lostConnectionSaysWhyInItsToolTip()
    {
        m_panel->setConnections({link(1, LinkState::Waiting)}, 10 * kSecond);
        QVERIFY(row(1, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("1006: no close frame")));
    }

    void retryTimeThatHasPassedIsNotNegative()
    {
        m_panel->setConnections({link(1, LinkState::Waiting)}, 20 * kSecond);
        QVERIFY(!row(1, 0, 1).data().toString().contains(QLatin1Char('-')));
        const LinkBanner banner = linkBanner(link(1, LinkState::Waiting), 20 * kSecond);
        QVERIFY2(!banner.text.contains(QLatin1Char('-')), qPrintable(banner.text));
    }

    void bannerOffersWhatCanBeDone()
    {
        QVERIFY(linkBanner(link(1, LinkState::Open), 0).text.isEmpty());
        LinkStatus foreign = link(1, LinkState::Open);
        foreign.messages = 3;
        QVERIFY(linkBanner(foreign, 0).text.contains(QStringLiteral("does not speak")));
        QCOMPARE(linkBanner(link(1, LinkState::Connecting), 0).actions, BannerActions(BannerAction::Stop));
        QCOMPARE(linkBanner(link(1, LinkState::Closing), 0).actions, BannerActions(BannerAction::None));
        QCOMPARE(linkBanner(link(1, LinkState::Waiting), 0).actions, BannerAction::Retry | BannerAction::Stop);
        QCOMPARE(linkBanner(link(1, LinkState::Closed), 0).actions, BannerActions(BannerAction::Retry));
        const QString lost = linkBanner(link(1, LinkState::Waiting), 10 * kSecond).text;
        QVERIFY2(lost.contains(QStringLiteral("1006: no close frame")) && lost.contains(QStringLiteral("attempt 2"))
                && lost.contains(formatDuration(3 * kSecond)),
            qPrintable(lost));
    }

    void rowsKeepTheirPlaceAndSelectionWhileValuesChange()
    {
        m_panel->setConnections({link(1, LinkState::Connecting), link(2, LinkState::Connecting)}, 0);
        m_panel->selectConnection(2);
        const QPersistentModelIndex second = row(1, 1);
        m_panel->setConnections({link(1, LinkState::Open), link(2, LinkState::Open)}, 0);
        QVERIFY(second.isValid());
        QCOMPARE(view()->currentIndex(), QModelIndex(second));
        m_panel->setConnections({link(2, LinkState::Closed)}, 0);
        QVERIFY(second.isValid());
        QCOMPARE(view()->model()->rowCount(group(1)), 1);
    }

    void capturesAreTheLiveOneThenTheOpenedOnes()
    {
        m_panel->setCaptures(QStringLiteral("/tmp/live.fscap"), true, {QStringLiteral("/data/monday.fscap")});
        QCOMPARE(text(2, 0), QStringLiteral("live|● rec"));
        QCOMPARE(text(2, 1), QStringLiteral("monday.fscap|"));
        QCOMPARE(row(2, 1).data(Qt::ToolTipRole).toString(), QStringLiteral("/data/monday.fscap"));
        m_panel->setCaptures(QStringLiteral("/tmp/live.fscap"), false, {});
        QCOMPARE(text(2, 0), QStringLiteral("live|○ off"));
        QCOMPARE(view()->model()->rowCount(group(2)), 1);
        m_panel->setCaptures({}, false, {});
        QCOMPARE(view()->model()->rowCount(group(2)), 0);
    }

    void clickChooses()
    {
        m_panel->setServer(true, kOwn, snapshot());
        m_panel->setConnections({link(7, LinkState::Open)}, 0);
        m_panel->setCaptures(QStringLiteral("/tmp/live.fscap"), true, {});
        QSignalSpy feed(m_panel.get(), &SourcesPanel::feedChosen);
        QSignalSpy connection(m_panel.get(), &SourcesPanel::connectionChosen);
        QSignalSpy capture(m_panel.get(), &SourcesPanel::captureChosen);
        click(row(0, 1));
        click(row(1, 0, 1)); // the state belongs to the row
        click(row(2, 0));
        click(group(0));
        QCOMPARE(feed.count(), 1);
        QCOMPARE(feed.front().front().toString(), QStringLiteral("system"));
        QCOMPARE(connection.count(), 1);
        QCOMPARE(connection.front().front().toInt(), 7);
        QCOMPARE(capture.count(), 1);
        QCOMPARE(capture.front().front().toString(), QStringLiteral("/tmp/live.fscap"));
    }

    void keyboardWalksWithoutChoosingAndEnterChooses()
    {
        m_panel->setServer(true, kOwn, snapshot());
        m_panel->setConnections({link(7, LinkState::Open)}, 0);
        QSignalSpy feed(m_panel.get(), &SourcesPanel::feedChosen);
        QSignalSpy connection(m_panel.get(), &SourcesPanel::connectionChosen);
        view()->setFocus();
        view()->setCurrentIndex(row(0, 0));
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(view()->currentIndex(), row(0, 1));
        QCOMPARE(feed.count(), 0);
        QTest::keyClick(view(), Qt::Key_Return);
        QCOMPARE(feed.count(), 1);
        m_panel->selectConnection(7); // told, not chosen
        QCOMPARE(connection.count(), 0);
    }

    void menuOfAConnectionActsOnIt()
    {
        m_panel->setConnections({link(7, LinkState::Waiting)}, 0);
        QSignalSpy retry(m_panel.get(), &SourcesPanel::retryRequested);
        QSignalSpy close(m_panel.get(), &SourcesPanel::closeConnectionRequested);
        const auto choose = [this](int action) {
            emit view()->customContextMenuRequested(view()->visualRect(row(1, 0)).center());
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            menu->actions().at(action)->trigger();
            menu->close();
        };
        choose(0);
        QCOMPARE(retry.count(), 1);
        QCOMPARE(retry.front().front().toInt(), 7);
        choose(1);
        QCOMPARE(close.count(), 1);
        choose(3);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("ws://feed.example.org/v2"));
    }

    void namesAreReadableAtTheWidthItStartsWith()
    {
        m_panel->setServer(true, kOwn, snapshot());
        LinkStatus own = link(1, LinkState::Open, kOwn + "feed");
        own.rttNs = 347'000'000;
        m_panel->setConnections({own, link(2, LinkState::Waiting, "ws://127.0.0.1:9001/")}, 0);
        QTRY_VERIFY(view()->visualRect(row(1, 0)).width() > 0);
        const QModelIndex name = row(1, 0);
        const int room = view()->visualRect(name).width() - 8; // Fusion's margins
        QVERIFY2(view()->fontMetrics().horizontalAdvance(name.data().toString()) <= room,
            qPrintable(QStringLiteral("%1 needs more than %2 px").arg(name.data().toString()).arg(room)));
    }
};

QTEST_MAIN(TestSourcesPanel)
#include "tst_sources_panel.moc"
