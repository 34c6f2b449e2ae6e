// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector_page.h"

#include "inspector_traffic.h"
#include "ui/inspector/bit_grid.h"
#include "ui/inspector/bits_view.h"
#include "ui/inspector/connection_list.h"
#include "ui/inspector/connection_panel.h"
#include "ui/inspector/filter_edit.h"
#include "ui/inspector/frame_copy.h"
#include "ui/inspector/frame_detail.h"
#include "ui/inspector/frame_table.h"
#include "ui/inspector/hex_view.h"
#include "ui/inspector/message_view.h"
#include "ui/inspector/payload_view.h"
#include "ui/inspector/rich_text.h"
#include "ui/inspector/timeline_strip.h"
#include "ui/models/json_tree_model.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QAbstractItemView>
#include <QCompleter>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollArea>
#include <QScrollBar>
#include <QTreeWidget>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;
using feedscope::tests::InspectorTraffic;

namespace {

/// A page on a capture, driven by a clock that the test moves.
class Bench {
public:
    explicit Bench(InspectorTraffic &traffic, QSize size = {1280, 800})
        : reader(traffic.reader())
        , m_traffic(traffic)
    {
        page.resize(size);
        page.show();
        page.setReader(reader.get());
        settle();
    }
    void tick()
    {
        m_now += base::kNsPerSecond;
        page.displayTick(m_now);
    }
    /// Ticks until everything is scanned.
    void settle()
    {
        for (int i = 0; i < 10'000; ++i) {
            tick();
            if (page.model()->rows().isComplete() && i > 1)
                break;
        }
        QCoreApplication::processEvents();
    }
    /// New records arrive.
    void take()
    {
        m_traffic.flushInto(*reader);
        settle();
    }
    quint64 rowOf(wire::Opcode opcode, int nth = 0)
    {
        for (quint64 row = 0; row < reader->size(); ++row) {
            const capture::Record record = reader->record(row);
            if (record.kind == capture::RecordKind::Frame && record.header.opcode == opcode && nth-- == 0)
                return row;
        }
        qFatal("no such frame");
    }
    quint64 rowOf(capture::RecordKind kind)
    {
        for (quint64 row = 0; row < reader->size(); ++row) {
            if (reader->record(row).kind == kind)
                return row;
        }
        qFatal("no such record");
    }

    std::unique_ptr<capture::CaptureReader> reader;
    InspectorPage page;

private:
    InspectorTraffic &m_traffic;
    qint64 m_now = 0;
};

void hover(QWidget *widget, QPoint at)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(widget, &event);
}

} // namespace

class TstInspectorPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void withoutACaptureItSaysWhatWillAppear();
    void recordsAppearAsRows();
    void clickShowsTheBitsOfTheFrame();
    void keyboardWalksTheList();
    void filterReducesTheRows();
    void brokenFilterPointsAtItsColumn();
    void fieldNamesAreCompleted();
    void filtersAreRemembered();
    void slashFocusesTheFilterAndEscapeReturns();
    void heartbeatsAreHiddenByOneKey();
    void selectedConnectionLimitsTheList();
    void brushLimitsTheListToAStretchOfTime();
    void listFollowsTheNewestRow();
    void listStaysPutUnderItsReader();
    void wheelUpLeavesFollowing();
    void changeOfFilterKeepsThePlace();
    void handshakeIsCheckedStepByStep();
    void longHandshakeIsScrolled();
    void workOfATickDoesNotGrowWithTheCapture();
    void refusedHandshakeNamesItsRule();
    void heartbeatsArePaired();
    void missingPongIsNamed();
    void endSaysWhoAndHow();
    void fragmentedMessageIsShownWhole();
    void jsonIsDecodedWithNumbersAsWritten();
    void violationsAreExplained();
    void columnsAreDraggedAndHidden();
    void numberAndTimeStayWhileScrollingSideways();
    void recordsAreCopied();
    void stateIsRestored();
    void damagedStateIsIgnored();
    void quietTickRepaintsNothing();
    void paletteChangeRepaintsInItsColours();
    void anotherCaptureStartsAfresh();
    void pictures_data();
    void pictures();
};

void TstInspectorPage::initTestCase()
{
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(darkPalette());
    QApplication::setFont(wordFont(11));
}

void TstInspectorPage::withoutACaptureItSaysWhatWillAppear()
{
    InspectorPage page;
    page.resize(1280, 800);
    page.show();
    page.displayTick(0);
    QCOMPARE(page.model()->rowCount(), 0);
    QVERIFY(page.connectionPanel()->plainText().contains(QLatin1String("appear here")));
    QVERIFY(!page.grab().isNull());
    page.showRow(7); // nothing there: nothing happens
    QVERIFY(!page.table()->currentRecord());
}

void TstInspectorPage::recordsAppearAsRows()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromClient(id, "Hello");
    Bench bench(traffic);
    QCOMPARE(bench.page.model()->rowCount(), 2);
    traffic.fromServer(id, "World");
    bench.take();
    QCOMPARE(bench.page.model()->rowCount(), 3);
    QCOMPARE(bench.page.filterEdit()->note(), QStringLiteral("3 records"));
}

void TstInspectorPage::clickShowsTheBitsOfTheFrame()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromClient(id, "Hello");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    QSignalSpy status(&bench.page, &InspectorPage::statusText);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->cellRect(1, FrameColumn::What).center());
    QCOMPARE(table->currentRecord(), std::optional<quint64>(1));
    const FrameAnatomy &anatomy = bench.page.detail()->anatomy();
    QCOMPARE(anatomy.bitText({0, 16}), QStringLiteral("1000000110000101")); // RFC 6455 5.7: 81 85
    QCOMPARE(anatomy.bitText({16, 32}), QStringLiteral("00110111111110100010000100111101")); // 37 fa 21 3d
    QCOMPARE(bench.page.detail()->bits()->grid()->shownBytes(), 11);
    QVERIFY(status.last().at(0).toString().contains(QStringLiteral("client → text FIN MASK 5")));
    QVERIFY(table->accessibleDescription().contains(QLatin1String("Hello")));

    BitGrid *grid = bench.page.detail()->bits()->grid();
    hover(grid, grid->bitRect(50).center());
    QCOMPARE(bench.page.detail()->bits()->hex()->readout(), QStringLiteral("payload byte 0: 0x7f ^ 0x37 = 0x48 'H'"));
}

void TstInspectorPage::keyboardWalksTheList()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 200; ++i)
        traffic.fromServer(id, QByteArray::number(i));
    Bench bench(traffic);
    bench.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&bench.page));
    FrameTable *table = bench.page.table();
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Home);
    QCOMPARE(table->currentRow(), 0);
    QTest::keyClick(table, Qt::Key_Down);
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(table->currentRow(), 2);
    QTest::keyClick(table, Qt::Key_Up);
    QCOMPARE(table->currentRow(), 1);
    QTest::keyClick(table, Qt::Key_PageDown);
    QCOMPARE(table->currentRow(), table->visibleRows());
    QVERIFY(table->topRow() > 0);
    QTest::keyClick(table, Qt::Key_PageUp);
    QCOMPARE(table->currentRow(), 1);
    QTest::keyClick(table, Qt::Key_Return);
    QVERIFY(bench.page.detail()->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(table->hasFocus());
    QTest::keyClick(table, Qt::Key_Escape);
    QVERIFY(!table->currentRecord());
    QTest::keyClick(table, Qt::Key_End);
    QVERIFY(table->isFollowing());
    QCOMPARE(table->topRow() + table->visibleRows(), 201);
    QTest::keyClick(table, Qt::Key_Space);
    QVERIFY(!table->isFollowing());
}

void TstInspectorPage::filterReducesTheRows()
{
    InspectorTraffic traffic;
    traffic.playMarket(80);
    Bench bench(traffic);
    const int all = bench.page.model()->rowCount();
    bench.page.setFilter(QStringLiteral("opcode == text and json.data.symbol == \"AAPL\""));
    bench.settle();
    const int hits = bench.page.model()->rowCount();
    QVERIFY(hits > 0);
    QVERIFY(hits < all);
    for (int row = 0; row < hits; ++row)
        QVERIFY(bench.page.model()->cell(row, FrameColumn::What).contains(QLatin1String("AAPL")));
    QVERIFY2(bench.page.filterEdit()->note().startsWith(
                 QStringLiteral("%1 of %2 · ").arg(formatCount(quint64(hits)), formatCount(quint64(all)))),
        qUtf8Printable(bench.page.filterEdit()->note()));
    bench.page.setFilter({});
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), all);
}

void TstInspectorPage::brokenFilterPointsAtItsColumn()
{
    InspectorTraffic traffic;
    traffic.playMarket(20);
    Bench bench(traffic);
    bench.page.setFilter(QStringLiteral("opcode == close"));
    bench.settle();
    const int hits = bench.page.model()->rowCount();
    bench.page.setFilter(QStringLiteral("len > 3 and opcod == text"));
    QCOMPARE(bench.page.filterEdit()->errorColumn(), 13);
    QVERIFY(bench.page.filterEdit()->errorText().contains(QLatin1String("opcod")));
    QVERIFY(bench.page.filterEdit()->errorRect().width() > 20);
    QVERIFY(bench.page.filterEdit()->note().startsWith(QLatin1String("column 13: ")));
    QCOMPARE(bench.page.model()->rowCount(), hits); // what was found before stays
    bench.page.setFilter(QStringLiteral("len > 3"));
    QCOMPARE(bench.page.filterEdit()->errorColumn(), 0);
}

void TstInspectorPage::fieldNamesAreCompleted()
{
    InspectorTraffic traffic;
    traffic.open();
    Bench bench(traffic);
    FilterEdit *edit = bench.page.filterEdit();
    edit->setFocus();
    QTest::keyClicks(edit, QStringLiteral("fin and opc"));
    QCOMPARE(edit->fieldCompleter()->completionPrefix(), QStringLiteral("opc"));
    QVERIFY(edit->fieldCompleter()->popup()->isVisible());
    QTest::keyClick(edit->fieldCompleter()->popup(), Qt::Key_Down);
    QTest::keyClick(edit->fieldCompleter()->popup(), Qt::Key_Return);
    QCOMPARE(edit->text(), QStringLiteral("fin and opcode"));
    QCOMPARE(edit->errorColumn(), 0);
}

void TstInspectorPage::filtersAreRemembered()
{
    InspectorTraffic traffic;
    traffic.open();
    Bench bench(traffic);
    FilterEdit *edit = bench.page.filterEdit();
    for (const char *text : {"fin", "masked", "fin"}) {
        edit->setText(QLatin1String(text));
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_Return);
    }
    QCOMPARE(edit->history(), QStringList({QStringLiteral("fin"), QStringLiteral("masked")}));
    edit->clear();
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), QStringLiteral("fin"));
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), QStringLiteral("masked"));
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Down);
    QCOMPARE(edit->text(), QString());
}

void TstInspectorPage::slashFocusesTheFilterAndEscapeReturns()
{
    InspectorTraffic traffic;
    traffic.open();
    Bench bench(traffic);
    bench.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&bench.page));
    bench.page.table()->setFocus();
    QTest::keyClick(bench.page.table(), Qt::Key_Slash);
    QVERIFY(bench.page.filterEdit()->hasFocus());
    QTest::keyClicks(bench.page.filterEdit(), QStringLiteral("h"));
    QVERIFY(bench.page.areHeartbeatsShown()); // a letter typed is not a shortcut
    QAbstractItemView *names = bench.page.filterEdit()->fieldCompleter()->popup();
    QVERIFY(names->isVisible());
    QTest::keyClick(names, Qt::Key_Escape); // the completion goes first
    QVERIFY(!names->isVisible());
    QVERIFY(bench.page.filterEdit()->hasFocus());
    QTest::keyClick(bench.page.filterEdit(), Qt::Key_Escape);
    QVERIFY(bench.page.table()->hasFocus());
}

void TstInspectorPage::heartbeatsAreHiddenByOneKey()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromServer(id, "a");
    traffic.pingFromServer(id, "hb", base::kNsPerMs);
    Bench bench(traffic);
    bench.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&bench.page));
    QCOMPARE(bench.page.model()->rowCount(), 4);
    bench.page.table()->setFocus();
    QTest::keyClick(bench.page.table(), Qt::Key_H);
    QVERIFY(!bench.page.areHeartbeatsShown());
    QCOMPARE(bench.page.model()->rowCount(), 2);
    QTest::keyClick(bench.page.table(), Qt::Key_H);
    QCOMPARE(bench.page.model()->rowCount(), 4);
}

void TstInspectorPage::selectedConnectionLimitsTheList()
{
    InspectorTraffic traffic;
    const auto one = traffic.open();
    const auto two = traffic.open("/other");
    traffic.fromServer(one, "a");
    traffic.fromServer(two, "b");
    Bench bench(traffic);
    ConnectionList *list = bench.page.connectionList();
    QVERIFY(list->isVisible());
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->connections()->index(2)).center());
    QCOMPARE(list->selected(), two);
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), 2);
    QCOMPARE(bench.page.connectionPanel()->shown(), two);
    bench.page.selectConnection(0);
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), 4);
}

void TstInspectorPage::brushLimitsTheListToAStretchOfTime()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 100; ++i) {
        traffic.wait(100 * base::kNsPerMs);
        traffic.fromServer(id, "tick");
    }
    Bench bench(traffic);
    TimelineStrip *strip = bench.page.timeline();
    const int left = strip->xOf(bench.reader->record(20).time.monoNs);
    const int right = strip->xOf(bench.reader->record(40).time.monoNs);
    QTest::mousePress(strip, Qt::LeftButton, {}, {left, 10});
    QMouseEvent drag(QEvent::MouseMove, QPointF(right, 10), strip->mapToGlobal(QPointF(right, 10)), Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(strip, &drag);
    QTest::mouseRelease(strip, Qt::LeftButton, {}, {right, 10});
    QVERIFY(strip->brush());
    bench.settle();
    const int rows = bench.page.model()->rowCount();
    QVERIFY2(rows >= 17 && rows <= 23, qPrintable(QString::number(rows)));
    bench.page.table()->setFocus();
    QTest::keyClick(bench.page.table(), Qt::Key_Escape);
    QVERIFY(!strip->brush());
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), 101);
    QTest::mouseClick(strip, Qt::LeftButton, {}, {left, 10});
    QVERIFY(qAbs(bench.page.table()->currentRow() - 20) <= 2);
}

void TstInspectorPage::listFollowsTheNewestRow()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 100; ++i)
        traffic.fromServer(id, "tick");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    QVERIFY(table->isFollowing());
    QCOMPARE(table->topRow() + table->visibleRows(), 101);
    for (int i = 0; i < 10; ++i)
        traffic.fromServer(id, "tock");
    bench.take();
    QCOMPARE(table->topRow() + table->visibleRows(), 111);
    QVERIFY(table->pillText().isEmpty());
}

void TstInspectorPage::listStaysPutUnderItsReader()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 100; ++i)
        traffic.fromServer(id, "tick");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    const int top = table->topRow();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->cellRect(top + 2, FrameColumn::What).center());
    QVERIFY(!table->isFollowing());
    const QImage before = table->viewport()->grab().toImage();
    for (int i = 0; i < 1234; ++i)
        traffic.fromServer(id, "tock");
    bench.take();
    QCOMPARE(table->topRow(), top);
    QCOMPARE(table->currentRow(), top + 2);
    QCOMPARE(table->pillText(), formatCount(1234) + QStringLiteral(" new ▾"));
    QVERIFY(table->viewport()->grab().toImage() != before); // the pill
    QTest::keyClick(table, Qt::Key_End);
    QVERIFY(table->isFollowing());
    QVERIFY(table->pillText().isEmpty());
    QCOMPARE(table->topRow() + table->visibleRows(), 1335);
}

void TstInspectorPage::wheelUpLeavesFollowing()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 100; ++i)
        traffic.fromServer(id, "tick");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    const int top = table->topRow();
    QWheelEvent wheel({50, 50}, table->viewport()->mapToGlobal(QPointF(50, 50)), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(table->viewport(), &wheel);
    QVERIFY(!table->isFollowing());
    QVERIFY(table->topRow() < top);
}

void TstInspectorPage::changeOfFilterKeepsThePlace()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 400; ++i)
        traffic.fromServer(id, i % 2 ? "odd" : "even");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    bench.page.showRow(201); // "even", the 201st record
    bench.settle();
    const int offset = table->currentRow() - table->topRow();
    QVERIFY(offset >= 0 && offset < table->visibleRows());
    bench.page.setFilter(QStringLiteral("payload contains \"even\""));
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), 200);
    QCOMPARE(table->currentRecord(), std::optional<quint64>(201));
    QCOMPARE(table->currentRow() - table->topRow(), offset);
    bench.page.setFilter({});
    bench.settle();
    QCOMPARE(table->currentRow(), 201);
    QCOMPARE(table->currentRow() - table->topRow(), offset);
}

void TstInspectorPage::handshakeIsCheckedStepByStep()
{
    InspectorTraffic traffic;
    const auto id = traffic.open("/feed", "feedscope.v1");
    traffic.fromServer(id, "x");
    Bench bench(traffic);
    bench.page.showRow(0);
    bench.settle();
    const QString text = bench.page.connectionPanel()->plainText();
    // RFC 6455 1.3: the key, its SHA-1 with the GUID, and the base64 of that.
    QVERIFY2(text.contains(QLatin1String("dGhlIHNhbXBsZSBub25jZQ==")), qUtf8Printable(text));
    QVERIFY(text.contains(QLatin1String("258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
    QVERIFY(text.contains(QLatin1String("b3 7a 4f 2c c0 62 4f 16 90 f6 46 06 cf 38 59 45 b2 be c4 ea")));
    QVERIFY(text.contains(QLatin1String("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")));
    QVERIFY(text.contains(QStringLiteral("✔ the server sent the same")));
    QVERIFY(text.contains(QStringLiteral("feedscope.v1, feedscope.v1.cbor → feedscope.v1")));
    QVERIFY(text.contains(QLatin1String("GET /feed HTTP/1.1")));
    QVERIFY(text.contains(QLatin1String("101")));
    QVERIFY(text.contains(QLatin1String("browsers always send it"))); // what Origin is for
}

void TstInspectorPage::longHandshakeIsScrolled()
{
    InspectorTraffic traffic;
    traffic.fromServer(traffic.open("/feed", "feedscope.v1"), "x");
    Bench bench(traffic);
    bench.page.showRow(0);
    bench.settle();
    bool found = false;
    for (const QScrollArea *area : bench.page.detail()->findChildren<QScrollArea *>()) {
        if (!area->isVisible())
            continue;
        found = true;
        const auto *words = area->findChild<RichText *>();
        QVERIFY(words->height() > area->viewport()->height());
        QTRY_COMPARE(area->verticalScrollBar()->maximum(), words->height() - area->viewport()->height());
        QVERIFY(words->toPlainText().contains(QLatin1String("HTTP/1.1 101 Switching Protocols")));
    }
    QVERIFY(found);
}

void TstInspectorPage::workOfATickDoesNotGrowWithTheCapture()
{
    constexpr int kNew = 200;
    struct Work {
        quint64 decoded = 0;
        quint64 scanned = 0;
        bool operator==(const Work &) const = default;
    };
    const auto workAfter = [](int before) {
        InspectorTraffic traffic;
        const auto id = traffic.open();
        for (int i = 0; i < before; ++i)
            traffic.fromServer(id, "tick");
        Bench bench(traffic);
        const Work old{bench.page.model()->linesDecoded(), bench.page.model()->rows().scanned()};
        for (int i = 0; i < kNew; ++i)
            traffic.fromServer(id, "tock");
        traffic.flushInto(*bench.reader);
        bench.tick();
        QCoreApplication::processEvents();
        return Work{bench.page.model()->linesDecoded() - old.decoded, bench.page.model()->rows().scanned() - old.scanned};
    };
    const Work small = workAfter(1'000);
    const Work large = workAfter(100'000);
    QCOMPARE(large.scanned, quint64(kNew));
    QVERIFY(small == large);
}

void TstInspectorPage::refusedHandshakeNamesItsRule()
{
    InspectorTraffic traffic;
    traffic.refuse("/feed", "https://evil.example");
    Bench bench(traffic);
    bench.page.showRow(0);
    bench.settle();
    QVERIFY(bench.page.model()->cell(0, FrameColumn::What).startsWith(QStringLiteral("handshake ✘ 403")));
    QVERIFY(bench.page.connectionPanel()->plainText().contains(QLatin1String(wire::ruleInfo(wire::Rule::ForbiddenOrigin).name)));
}

void TstInspectorPage::heartbeatsArePaired()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.pingFromServer(id, "a", 2 * base::kNsPerMs);
    traffic.pingFromServer(id, "b", 2 * base::kNsPerMs);
    traffic.pingFromServer(id, "c", 8 * base::kNsPerMs);
    Bench bench(traffic);
    const QString text = bench.page.connectionPanel()->plainText();
    const QString wanted = QStringLiteral("p50 %1 · p95 %1 · max %2")
                               .arg(formatDuration(2 * base::kNsPerMs), formatDuration(8 * base::kNsPerMs))
                               .replace(QChar(0x202f), QLatin1Char(' '));
    QVERIFY2(text.contains(wanted), qUtf8Printable(text));
    QVERIFY(text.contains(QLatin1String("3 pings, 3 answered")));
    QCOMPARE(bench.page.model()->cell(1, FrameColumn::RttOrCode), formatDuration(2 * base::kNsPerMs)); // on the ping as well
    QCOMPARE(bench.page.model()->cell(6, FrameColumn::RttOrCode), formatDuration(8 * base::kNsPerMs));
}

void TstInspectorPage::missingPongIsNamed()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.pingWithoutPong(id, "lost");
    Bench bench(traffic);
    QVERIFY(bench.page.connectionPanel()->plainText().contains(QStringLiteral("⚠ 1 without a pong")));
}

void TstInspectorPage::endSaysWhoAndHow()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.closeByClient(id, 1000, "bye");
    Bench bench(traffic);
    bench.page.showRow(bench.rowOf(capture::RecordKind::End));
    bench.settle();
    const QString text = bench.page.connectionPanel()->plainText();
    QVERIFY2(text.contains(QLatin1String("1000 normal closure by the client, clean")), qUtf8Printable(text));
    QVERIFY(text.contains(QStringLiteral("“bye”")));
    QVERIFY(text.contains(QLatin1String("sent 1000, received 1000")));
}

void TstInspectorPage::fragmentedMessageIsShownWhole()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.clientBytes(id, tests::hex("01 83 37 fa 21 3d 7f 9f 4d"));
    traffic.pingFromServer(id, "hb", base::kNsPerMs);
    traffic.clientBytes(id, tests::hex("80 82 37 fa 21 3d 5b 95"));
    Bench bench(traffic);
    bench.page.detail()->setTab(FrameDetail::Tab::Message);
    bench.page.showRow(bench.rowOf(wire::Opcode::Continuation));
    QTreeWidget *frames = bench.page.detail()->message()->frames();
    QCOMPARE(frames->topLevelItemCount(), 4);
    QCOMPARE(bench.page.detail()->message()->note(), QStringLiteral("2 fragments, 5 bytes · 2 control frames between"));
    emit frames->itemActivated(frames->topLevelItem(0), 0);
    QCOMPARE(bench.page.table()->currentRecord(), std::optional<quint64>(1));
    bench.page.detail()->setTab(FrameDetail::Tab::Text);
    QCOMPARE(bench.page.detail()->text()->text(), QStringLiteral("Hello"));
}

void TstInspectorPage::jsonIsDecodedWithNumbersAsWritten()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromServer(id, R"({"volume":0.00100000})");
    traffic.fromServer(id, "{not json");
    Bench bench(traffic);
    bench.page.detail()->setTab(FrameDetail::Tab::Decoded);
    bench.page.showRow(1);
    PayloadView *decoded = bench.page.detail()->decoded();
    QVERIFY(decoded->text().contains(QLatin1String("0.00100000")));
    QCOMPARE(decoded->json()->rowCount(decoded->json()->index(0, 0)), 1);
    bench.page.showRow(2);
    QVERIFY(decoded->note().startsWith(QLatin1String("not JSON at byte ")));
    QCOMPARE(decoded->json()->rowCount(), 0);
}

void TstInspectorPage::violationsAreExplained()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.clientBytes(id, tests::hex("81 05 48 65 6c 6c 6f"));
    Bench bench(traffic);
    const quint64 row = bench.rowOf(wire::Opcode::Text);
    bench.page.detail()->setTab(FrameDetail::Tab::Violations);
    bench.page.showRow(row);
    const QString text = bench.page.detail()->violations()->toPlainText();
    QVERIFY2(text.contains(QLatin1String("unmasked-client-frame")), qUtf8Printable(text));
    QVERIFY(text.contains(QLatin1String("RFC 6455 5.1")));
    QVERIFY(text.contains(QLatin1String("1002")));
    const auto index = int(*bench.page.model()->rows().indexOf(row));
    QVERIFY(bench.page.model()->line(index).isViolation);
}

void TstInspectorPage::columnsAreDraggedAndHidden()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromServer(id, "x");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    auto *header = table->findChild<QWidget *>(QString(), Qt::FindDirectChildrenOnly);
    for (QWidget *child : table->findChildren<QWidget *>()) {
        if (child->accessibleName() == QLatin1String("Columns of the frame list"))
            header = child;
    }
    const int before = table->columns().width(FrameColumn::Opcode);
    const int edge = table->cellRect(0, FrameColumn::Opcode).right() + 1;
    QTest::mousePress(header, Qt::LeftButton, {}, {edge, 8});
    QMouseEvent drag(QEvent::MouseMove, QPointF(edge + 40, 8), header->mapToGlobal(QPointF(edge + 40, 8)), Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(header, &drag);
    QTest::mouseRelease(header, Qt::LeftButton, {}, {edge + 40, 8});
    QCOMPARE(table->columns().width(FrameColumn::Opcode), before + 40);
    table->columns().setVisible(FrameColumn::Flags, false);
    QVERIFY(table->cellRect(0, FrameColumn::Flags).isEmpty());
    QCOMPARE(table->cellRect(0, FrameColumn::What).right(), table->viewport()->width() - 1); // the last one takes what is left
}

void TstInspectorPage::numberAndTimeStayWhileScrollingSideways()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromServer(id, "x");
    Bench bench(traffic);
    FrameTable *table = bench.page.table();
    table->columns().setWidth(FrameColumn::What, 2000);
    bench.page.resize(1290, 800);
    bench.tick();
    QVERIFY(table->horizontalScrollBar()->maximum() > 0);
    const QRect time = table->cellRect(0, FrameColumn::Time);
    const QRect opcode = table->cellRect(0, FrameColumn::Opcode);
    table->horizontalScrollBar()->setValue(150);
    QCOMPARE(table->cellRect(0, FrameColumn::Time), time);
    QCOMPARE(table->cellRect(0, FrameColumn::Opcode), opcode.translated(-150, 0));
}

void TstInspectorPage::recordsAreCopied()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromClient(id, "Hello");
    const auto reader = traffic.reader();
    QCOMPARE(copyText(*reader, 1, CopyFormat::Text), QStringLiteral("Hello"));
    QCOMPARE(copyText(*reader, 1, CopyFormat::Hex), QStringLiteral("81 85 37 fa 21 3d 7f 9f 4d 51 58")); // RFC 6455 5.7
    QVERIFY(copyText(*reader, 1, CopyFormat::CArray).contains(QLatin1String("frame_1[11] = {\n    0x81, 0x85, 0x37,")));
    const QJsonObject json = QJsonDocument::fromJson(copyText(*reader, 1, CopyFormat::Json).toUtf8()).object();
    QCOMPARE(json.value(QLatin1String("mask")).toString(), QStringLiteral("37fa213d"));
    QCOMPARE(json.value(QLatin1String("text")).toString(), QStringLiteral("Hello"));
    QCOMPARE(QJsonDocument::fromJson(copyText(*reader, 0, CopyFormat::Json).toUtf8()).object().value(QLatin1String("kind")).toString(),
        QStringLiteral("handshake"));
}

void TstInspectorPage::stateIsRestored()
{
    InspectorTraffic traffic;
    traffic.open();
    QByteArray state;
    {
        Bench bench(traffic);
        bench.page.table()->columns().setWidth(FrameColumn::Opcode, 177);
        bench.page.table()->columns().setVisible(FrameColumn::Flags, false);
        bench.page.setHeartbeatsShown(false);
        bench.page.filterEdit()->remember(QStringLiteral("masked"));
        bench.page.setFilter(QStringLiteral("fin"));
        bench.page.detail()->setTab(FrameDetail::Tab::Hex);
        state = bench.page.saveState();
    }
    Bench bench(traffic);
    bench.page.restoreState(state);
    QCOMPARE(bench.page.table()->columns().width(FrameColumn::Opcode), 177);
    QVERIFY(!bench.page.table()->columns().isVisible(FrameColumn::Flags));
    QVERIFY(!bench.page.areHeartbeatsShown());
    QCOMPARE(bench.page.filterEdit()->history(), QStringList{QStringLiteral("masked")});
    QCOMPARE(bench.page.filter(), QStringLiteral("fin"));
    QCOMPARE(bench.page.detail()->tab(), FrameDetail::Tab::Hex);
}

void TstInspectorPage::damagedStateIsIgnored()
{
    InspectorTraffic traffic;
    traffic.open();
    Bench bench(traffic);
    const int width = bench.page.table()->columns().width(FrameColumn::Opcode);
    const QByteArray state = bench.page.saveState();
    bench.page.restoreState(state.first(state.size() / 2));
    bench.page.restoreState("nonsense");
    bench.page.restoreState({});
    QCOMPARE(bench.page.table()->columns().width(FrameColumn::Opcode), width);
    QVERIFY(bench.page.areHeartbeatsShown());
}

void TstInspectorPage::quietTickRepaintsNothing()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    for (int i = 0; i < 100; ++i)
        traffic.fromServer(id, "tick");
    Bench bench(traffic);
    QCoreApplication::processEvents();
    const int repaints = bench.page.table()->repaints();
    const quint64 decoded = bench.page.model()->linesDecoded();
    for (int i = 0; i < 20; ++i)
        bench.tick();
    QCoreApplication::processEvents();
    QCOMPARE(bench.page.table()->repaints(), repaints);
    QCOMPARE(bench.page.model()->linesDecoded(), decoded);
    QVERIFY(decoded <= quint64(2 * bench.page.table()->visibleRows() + 4)); // of 101 rows, those that were on the screen
}

void TstInspectorPage::paletteChangeRepaintsInItsColours()
{
    InspectorTraffic traffic;
    const auto id = traffic.open();
    traffic.fromClient(id, "Hello");
    Bench bench(traffic);
    bench.page.showRow(1);
    bench.settle();
    QApplication::setPalette(lightPalette());
    QCoreApplication::processEvents();
    const QImage light = bench.page.grab().toImage();
    QApplication::setPalette(darkPalette());
    QCoreApplication::processEvents();
    const QImage dark = bench.page.grab().toImage();
    // The middle of each panel follows the palette.
    for (const QPoint at : {QPoint(700, 300), QPoint(300, 700), QPoint(1240, 700), QPoint(60, 400)}) {
        QVERIFY(light.pixelColor(at * light.devicePixelRatio()).lightness() > 128);
        QVERIFY(dark.pixelColor(at * dark.devicePixelRatio()).lightness() < 128);
    }
}

void TstInspectorPage::anotherCaptureStartsAfresh()
{
    InspectorTraffic one;
    one.playMarket(30);
    InspectorTraffic two;
    two.fromServer(two.open(), "x");
    Bench bench(one);
    bench.page.showRow(5);
    bench.page.setFilter(QStringLiteral("fin"));
    const auto other = two.reader();
    bench.page.setReader(other.get());
    bench.settle();
    QCOMPARE(bench.page.model()->rowCount(), 1); // the filter stays
    QVERIFY(!bench.page.table()->currentRecord());
    QVERIFY(bench.page.table()->isFollowing());
    bench.page.setReader(nullptr);
    bench.tick();
    QCOMPARE(bench.page.model()->rowCount(), 0);
}

void TstInspectorPage::pictures_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QString>("what");
    for (const bool dark : {true, false}) {
        for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
            for (const char *what : {"hello", "close", "event"}) {
                const QByteArray name = QByteArray::number(size.width()) + (dark ? "-dark-" : "-light-") + what;
                QTest::newRow(name.constData()) << size << dark << QString::fromLatin1(what);
            }
        }
    }
    QTest::newRow("1020-dark-narrow") << QSize(1020, 700) << true << QStringLiteral("hello");
    QTest::newRow("1280-dark-empty") << QSize(1280, 800) << true << QStringLiteral("empty");
    for (const char *tab : {"fields", "hex", "text", "decoded", "message", "violations", "error", "live", "handshake"})
        QTest::newRow(QByteArray("1280-dark-").append(tab).constData()) << QSize(1280, 800) << true << QString::fromLatin1(tab);
}

void TstInspectorPage::pictures()
{
    QFETCH(QSize, size);
    QFETCH(bool, dark);
    QFETCH(QString, what);
    QApplication::setPalette(dark ? darkPalette() : lightPalette());
    InspectorTraffic traffic;
    if (what != QLatin1String("empty"))
        traffic.playMarket(600);
    Bench bench(traffic, size);
    FrameDetail *detail = bench.page.detail();
    const auto lastText = [&] {
        for (quint64 row = bench.reader->size(); row-- > 0;) {
            if (bench.reader->record(row, true).payload == "Hello")
                return row;
        }
        return quint64(0);
    };
    if (what == QLatin1String("hello")) {
        bench.page.showRow(lastText());
        BitGrid *grid = detail->bits()->grid();
        bench.settle();
        hover(grid, grid->bitRect(50).center());
    } else if (what == QLatin1String("close")) {
        bench.page.showRow(bench.rowOf(wire::Opcode::Close, 1));
    } else if (what == QLatin1String("event")) {
        bench.page.setFilter(QStringLiteral("opcode == text and json.data.symbol == \"AAPL\""));
        bench.settle();
        bench.page.showRow(bench.page.model()->rows().recordRow(120));
    } else if (what == QLatin1String("fields") || what == QLatin1String("violations")) {
        detail->setTab(what == QLatin1String("fields") ? FrameDetail::Tab::Fields : FrameDetail::Tab::Violations);
        bench.page.setFilter(QStringLiteral("violation"));
        bench.settle();
        bench.page.showRow(bench.page.model()->rows().recordRow(bench.page.model()->rows().size() - 2));
    } else if (what == QLatin1String("hex")) {
        detail->setTab(FrameDetail::Tab::Hex);
        bench.page.showRow(bench.rowOf(wire::Opcode::Text, 2));
    } else if (what == QLatin1String("text") || what == QLatin1String("decoded")) {
        detail->setTab(what == QLatin1String("text") ? FrameDetail::Tab::Text : FrameDetail::Tab::Decoded);
        bench.page.showRow(bench.rowOf(wire::Opcode::Text, 30));
    } else if (what == QLatin1String("message")) {
        detail->setTab(FrameDetail::Tab::Message);
        bench.page.showRow(bench.rowOf(wire::Opcode::Continuation));
    } else if (what == QLatin1String("error")) {
        bench.page.setFilter(QStringLiteral("len > 3 and opcod == text"));
    } else if (what == QLatin1String("live")) {
        bench.page.showRow(bench.rowOf(wire::Opcode::Ping, 20));
        bench.settle();
        traffic.playMarket(300);
        bench.take();
    } else if (what == QLatin1String("handshake")) {
        bench.page.showRow(0);
    }
    bench.settle();
    QCoreApplication::processEvents(); // panels that grow with their text take a round more
    const QDir folder(QStringLiteral(FEEDSCOPE_ARTEFACTS));
    QVERIFY(folder.mkpath(QStringLiteral(".")));
    const QString file = folder.filePath(QStringLiteral("inspector-%1.png").arg(QLatin1String(QTest::currentDataTag())));
    const QImage picture = bench.page.grab().toImage();
    QVERIFY(picture.save(file));
    QCOMPARE(picture.size(), size * picture.devicePixelRatio());
    QApplication::setPalette(darkPalette());
}

QTEST_MAIN(TstInspectorPage)
#include "tst_inspector_page.moc"
