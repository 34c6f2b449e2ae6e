// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_writer.h"

#include <QWidget>

#include <optional>

class QLabel;
class QToolButton;

namespace feedscope::ui {

/// The window's conscience: rates, round trip, what was recorded and what was dropped, what drawing costs. Shows what it is given, twice a second.
class StatusStrip : public QWidget {
    Q_OBJECT
public:
    struct Values {
        double messagesPerSecond = 0;
        double bytesPerSecond = 0;
        std::optional<qint64> rttNs;
        capture::RecorderStatus recorder;
        double framesPerSecond = 0; ///< of the window
        double repaintMs = 0; ///< median
    };
    explicit StatusStrip(QWidget *parent = nullptr);
    void setValues(const Values &values);

    QString trafficText() const;
    QString recordingText() const;

signals:
    /// The dropped frames were clicked: what was dropped, where, and why.
    void droppedClicked(const QString &explanation);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_traffic;
    QLabel *m_recording;
    QToolButton *m_dropped; // without a margin, between the two labels
    QLabel *m_size;
    QLabel *m_drawing;
    Values m_values;
};

} // namespace feedscope::ui
