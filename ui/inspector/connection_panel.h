// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <QWidget>

class QScrollArea;

namespace feedscope::ui {

class HeartbeatLog;
class PanelTitle;
class RichText;
class RttSparkline;

/// One connection: its handshake checked step by step, its heartbeats, its end.
class ConnectionPanel final : public QWidget {
    Q_OBJECT
public:
    explicit ConnectionPanel(const HeartbeatLog *heartbeats, QWidget *parent = nullptr);

    void setReader(const capture::CaptureReader *reader);
    void showConnection(wire::ConnectionId id); ///< 0: says what will appear here
    wire::ConnectionId shown() const { return m_id; }
    /// Takes in what has changed; cheap where nothing has.
    void refresh();
    QString plainText() const; ///< everything it says

protected:
    void changeEvent(QEvent *event) override;

private:
    void write();

    const HeartbeatLog *m_heartbeats;
    const capture::CaptureReader *m_reader = nullptr;
    wire::ConnectionId m_id = 0;
    quint64 m_writtenFor = 0;
    PanelTitle *m_title;
    QScrollArea *m_scroll;
    RichText *m_summary;
    PanelTitle *m_rttTitle;
    RttSparkline *m_sparkline;
    RichText *m_rtt;
    PanelTitle *m_endTitle;
    RichText *m_end;
    PanelTitle *m_handshakeTitle;
    RichText *m_handshake;
};

} // namespace feedscope::ui
