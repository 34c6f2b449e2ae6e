// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_strip.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace feedscope::ui {

StatusStrip::StatusStrip(QWidget *parent)
    : QWidget(parent)
    , m_traffic(new QLabel(this))
    , m_recording(new QLabel(this))
    , m_dropped(new QToolButton(this))
    , m_size(new QLabel(this))
    , m_drawing(new QLabel(this))
{
    setObjectName(QStringLiteral("statusStrip"));
    setWhatsThis(tr("Rates of this window's connections, what was recorded and what was dropped, and what drawing costs. A click on "
                    "'dropped' says how many frames are missing and why."));
    m_traffic->setAccessibleName(tr("Traffic"));
    m_recording->setAccessibleName(tr("Recording"));
    m_size->setAccessibleName(tr("Size of the capture"));
    m_drawing->setAccessibleName(tr("Drawing"));
    m_dropped->setAutoRaise(true);
    m_dropped->setObjectName(QStringLiteral("dropped"));
    m_dropped->setToolTip(tr("Frames that were seen but are not in the capture. Click: where and why."));
    m_traffic->setToolTip(tr("What this window's connections bring and send; round trip of the connection shown"));
    m_drawing->setToolTip(tr("Display ticks per second, and the median time that one repaint takes"));

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 2, 12, 2);
    layout->setSpacing(0);
    layout->addWidget(m_traffic);
    layout->addSpacing(24);
    layout->addWidget(m_recording);
    layout->addWidget(m_dropped);
    layout->addWidget(m_size);
    layout->addStretch();
    layout->addWidget(m_drawing);
    connect(m_dropped, &QToolButton::clicked, this, [this] {
        const capture::RecorderStatus &recorder = m_values.recorder;
        QString text = recorder.framesDropped == 0
            ? tr("No frame was dropped: everything that went over the wire is in the capture.")
            : tr("%1 frames went over the wire and are not in the capture.").arg(formatCount(recorder.framesDropped));
        if (!recorder.recording && recorder.problem.isEmpty())
            text = tr("Recording is off: %1 frames so far went over the wire and are not in the capture. Switch it on with rec, at the top.")
                       .arg(formatCount(recorder.framesDropped));
        else if (!recorder.problem.isEmpty())
            text += QLatin1Char(' ') + recorder.problem;
        else if (recorder.framesDropped > 0)
            text += tr(" They were dropped by the recorder, while recording was off or while its queue to the disk was full.");
        emit droppedClicked(text);
    });
    setValues({});
}

void StatusStrip::setValues(const Values &values)
{
    m_values = values;
    const QString dot = QStringLiteral(" · ");
    QString traffic = formatRate(values.messagesPerSecond, tr("msg")) + dot + formatBytes(values.bytesPerSecond) + QStringLiteral("/s");
    if (values.rttNs)
        traffic += dot + tr("RTT %1").arg(formatDuration(*values.rttNs));
    m_traffic->setText(traffic);

    const capture::RecorderStatus &recorder = values.recorder;
    QString recording = tr("%1 frames recorded").arg(formatCount(recorder.framesRecorded));
    if (!recorder.recording)
        recording = tr("not recording") + dot + recording;
    m_recording->setText(recording + QStringLiteral(" ·"));
    m_size->setText(QStringLiteral("· ") + formatBytes(static_cast<double>(recorder.bytesWritten)));
    m_recording->setToolTip(recorder.problem.isEmpty() ? tr("Everything that goes over the wire is recorded") : recorder.problem);

    const Colors &colors = colorsFor(palette());
    m_dropped->setText(tr("%1 dropped").arg(formatCount(recorder.framesDropped)));
    const QColor color = recorder.framesDropped > 0 ? colors.error : palette().color(QPalette::WindowText);
    if (m_dropped->palette().color(QPalette::ButtonText) != color) {
        QPalette own = m_dropped->palette();
        own.setColor(QPalette::ButtonText, color);
        m_dropped->setPalette(own);
    }
    m_drawing->setText(tr("%1 fps").arg(values.framesPerSecond, 0, 'f', 0) + dot + tr("%1 ms").arg(values.repaintMs, 0, 'f', 1));
}

QString StatusStrip::trafficText() const
{
    return m_traffic->text();
}

QString StatusStrip::recordingText() const
{
    return m_recording->text() + QLatin1Char(' ') + m_dropped->text() + QLatin1Char(' ') + m_size->text();
}

void StatusStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), colorsFor(palette()).border);
}

} // namespace feedscope::ui
