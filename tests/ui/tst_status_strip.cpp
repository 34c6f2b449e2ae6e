// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_strip.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

class TestStatusStrip : public QObject {
    Q_OBJECT

    static StatusStrip::Values busy()
    {
        StatusStrip::Values values;
        values.messagesPerSecond = 231;
        values.bytesPerSecond = 48'000;
        values.rttNs = 800'000;
        values.recorder.framesRecorded = 1'204'331;
        values.recorder.bytesWritten = 412'000'000;
        values.framesPerSecond = 60;
        values.repaintMs = 3.14;
        return values;
    }
    static QToolButton *dropped(StatusStrip &strip) { return strip.findChild<QToolButton *>(QStringLiteral("dropped")); }
    static QColor colorOf(QToolButton *button) { return button->palette().color(QPalette::ButtonText); }
    static QString explanation(StatusStrip &strip)
    {
        QSignalSpy spy(&strip, &StatusStrip::droppedClicked);
        QTest::mouseClick(dropped(strip), Qt::LeftButton);
        return spy.count() == 1 ? spy.front().front().toString() : QString();
    }

private slots:
    void init() { QApplication::setPalette(darkPalette()); }

    void ratesHaveUnits()
    {
        StatusStrip strip;
        strip.setValues(busy());
        QCOMPARE(strip.trafficText(),
            QStringLiteral("%1 · %2/s · RTT %3").arg(formatRate(231, QStringLiteral("msg")), formatBytes(48'000), formatDuration(800'000)));
    }

    void unknownRoundTripIsLeftOut()
    {
        StatusStrip strip;
        StatusStrip::Values values = busy();
        values.rttNs.reset();
        strip.setValues(values);
        QVERIFY(!strip.trafficText().contains(QStringLiteral("RTT")));
    }

    void countsStandInTheOrderRecordedDroppedSize()
    {
        StatusStrip strip;
        strip.setValues(busy());
        QCOMPARE(strip.recordingText(),
            QStringLiteral("%1 frames recorded · 0 dropped · %2").arg(formatCount(1'204'331), formatBytes(412e6)));
    }

    void droppedIsRedFromTheFirstOneOn_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }

    void droppedIsRedFromTheFirstOneOn()
    {
        QFETCH(bool, dark);
        QApplication::setPalette(dark ? darkPalette() : lightPalette());
        StatusStrip strip;
        StatusStrip::Values values = busy();
        strip.setValues(values);
        QCOMPARE(colorOf(dropped(strip)), strip.palette().color(QPalette::WindowText));
        values.recorder.framesDropped = 1;
        strip.setValues(values);
        QCOMPARE(dropped(strip)->text(), QStringLiteral("1 dropped"));
        QCOMPARE(colorOf(dropped(strip)), colorsFor(strip.palette()).error);
        values.recorder.framesDropped = 0; // another capture
        strip.setValues(values);
        QCOMPARE(colorOf(dropped(strip)), strip.palette().color(QPalette::WindowText));
    }

    void clickExplainsThatNothingIsMissing()
    {
        StatusStrip strip;
        strip.setValues(busy());
        QVERIFY(explanation(strip).startsWith(QStringLiteral("No frame was dropped")));
    }

    void clickNamesTheNumberAndWhy()
    {
        StatusStrip strip;
        StatusStrip::Values values = busy();
        values.recorder.framesDropped = 17;
        strip.setValues(values);
        QString text = explanation(strip);
        QVERIFY2(text.contains(QStringLiteral("17 frames")) && text.contains(QStringLiteral("queue")), qPrintable(text));

        values.recorder.recording = false;
        strip.setValues(values);
        text = explanation(strip);
        QVERIFY2(text.contains(QStringLiteral("17 frames")) && text.startsWith(QStringLiteral("Recording is off")), qPrintable(text));

        values.recorder.problem = QStringLiteral("disk full: recording stopped at 412 MB");
        strip.setValues(values);
        text = explanation(strip);
        QVERIFY2(text.contains(QStringLiteral("17 frames")) && text.contains(values.recorder.problem), qPrintable(text));
    }

    void recordingThatIsOffIsSaid()
    {
        StatusStrip strip;
        StatusStrip::Values values = busy();
        values.recorder.recording = false;
        strip.setValues(values);
        QVERIFY(strip.recordingText().startsWith(QStringLiteral("not recording · ")));
    }
};

QTEST_MAIN(TestStatusStrip)
#include "tst_status_strip.moc"
