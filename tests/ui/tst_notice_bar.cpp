// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notice_bar.h"

#include "ui/widgets/colors.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace feedscope::ui;
using Severity = NoticeBar::Severity;

class TestNoticeBar : public QObject {
    Q_OBJECT

    static void dismiss(NoticeBar &bar) { QTest::mouseClick(bar.findChild<QToolButton *>(QStringLiteral("noticeDismiss")), Qt::LeftButton); }
    static QPushButton *action(NoticeBar &bar) { return bar.findChild<QPushButton *>(QStringLiteral("noticeAction")); }

private slots:
    void init() { QApplication::setPalette(darkPalette()); }

    void withoutANoticeItTakesNoRoom()
    {
        NoticeBar bar;
        QVERIFY(bar.isHidden());
        QVERIFY(bar.text().isEmpty());
    }

    void dismissedNoticeIsGoneAndNamed()
    {
        NoticeBar bar;
        QSignalSpy dismissed(&bar, &NoticeBar::dismissed);
        bar.show(Severity::Info, QStringLiteral("hello"), QStringLiteral("welcome"));
        QCOMPARE(bar.text(), QStringLiteral("hello"));
        QVERIFY(!bar.isHidden());
        dismiss(bar);
        QVERIFY(bar.isHidden());
        QVERIFY(bar.text().isEmpty());
        QCOMPARE(dismissed.count(), 1);
        QCOMPARE(dismissed.front().front().toString(), QStringLiteral("welcome"));
    }

    void newestIsOnTopAndNoneIsLost()
    {
        NoticeBar bar; // not on the screen yet, as while the window is made
        bar.show(Severity::Info, QStringLiteral("welcome"), QStringLiteral("welcome"));
        bar.show(Severity::Error, QStringLiteral("nothing is recorded"));
        bar.show(Severity::Warning, QStringLiteral("port 8765 is in use"));
        QCOMPARE(bar.text(), QStringLiteral("port 8765 is in use"));
        QCOMPARE(bar.waiting(), 2);
        dismiss(bar);
        QCOMPARE(bar.text(), QStringLiteral("nothing is recorded"));
        QCOMPARE(bar.waiting(), 1);
        dismiss(bar);
        QCOMPARE(bar.text(), QStringLiteral("welcome"));
        dismiss(bar);
        QVERIFY(bar.isHidden());
    }

    void answerToAClickIsSeenOverAnError()
    {
        NoticeBar bar;
        bar.show(Severity::Error, QStringLiteral("x.fscap is no capture"));
        bar.show(Severity::Info, QStringLiteral("No frame was dropped"), QStringLiteral("dropped"));
        QCOMPARE(bar.text(), QStringLiteral("No frame was dropped"));
    }

    void sameKeyOrTextIsReplacedNotStacked()
    {
        NoticeBar bar;
        bar.show(Severity::Info, QStringLiteral("17 frames"), QStringLiteral("dropped"));
        bar.show(Severity::Info, QStringLiteral("18 frames"), QStringLiteral("dropped"));
        bar.show(Severity::Error, QStringLiteral("no such file"));
        bar.show(Severity::Error, QStringLiteral("no such file"));
        QCOMPARE(bar.waiting(), 1);
        dismiss(bar);
        QCOMPARE(bar.text(), QStringLiteral("18 frames"));
        QCOMPARE(bar.waiting(), 0);
    }

    void actionBelongsToTheNoticeThatIsShown()
    {
        NoticeBar bar;
        QSignalSpy triggered(&bar, &NoticeBar::actionTriggered);
        bar.show(Severity::Info, QStringLiteral("hello"), QStringLiteral("welcome"), QStringLiteral("Show the frames"));
        QVERIFY(!action(bar)->isHidden());
        QCOMPARE(action(bar)->text(), QStringLiteral("Show the frames"));
        bar.show(Severity::Error, QStringLiteral("bad"), QStringLiteral("other"));
        QVERIFY(action(bar)->isHidden());
        dismiss(bar);
        QVERIFY(!action(bar)->isHidden());
        QTest::mouseClick(action(bar), Qt::LeftButton);
        QCOMPARE(triggered.count(), 1);
        QCOMPARE(triggered.front().front().toString(), QStringLiteral("welcome"));
        QVERIFY(!bar.isHidden());
    }

    void severityIsAColourAtTheEdge_data()
    {
        QTest::addColumn<int>("severity");
        QTest::addColumn<QColor>("color");
        const Colors &colors = colorsFor(darkPalette());
        QTest::newRow("info") << static_cast<int>(Severity::Info) << colors.accent;
        QTest::newRow("warning") << static_cast<int>(Severity::Warning) << colors.warning;
        QTest::newRow("error") << static_cast<int>(Severity::Error) << colors.error;
    }

    void severityIsAColourAtTheEdge()
    {
        QFETCH(int, severity);
        QFETCH(QColor, color);
        NoticeBar bar;
        bar.resize(600, 40);
        bar.show(static_cast<Severity>(severity), QStringLiteral("text"));
        QCOMPARE(bar.grab().toImage().pixelColor(1, 20), color);
    }

    void markupOfAPeerIsShownAsText()
    {
        NoticeBar bar;
        bar.resize(800, 40);
        bar.show(Severity::Error, QStringLiteral("<b>1006</b>"));
        const auto *label = bar.findChild<QLabel *>();
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
};

QTEST_MAIN(TestNoticeBar)
#include "tst_notice_bar.moc"
