// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "ui/models/frame_list_model.h"
#include "ui/models/heartbeat_log.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QSplitter;

namespace feedscope::ui {

class ConnectionList;
class ConnectionPanel;
class FilterEdit;
class FrameDetail;
class FrameTable;
class TimelineStrip;

/// Every frame of a capture, live or finished: filter, timeline, connections, frame list, the bits of one frame, and its connection. Knows no engine;
/// reads a capture that somebody else owns and keeps open, on the GUI thread. Nothing happens between two displayTick()s but what a person does.
class InspectorPage final : public QWidget {
    Q_OBJECT
public:
    explicit InspectorPage(QWidget *parent = nullptr);
    ~InspectorPage() override;

    void setReader(capture::CaptureReader *reader); ///< nullptr: none
    /// Once per display frame: takes new records in, goes on with an unfinished scan, repaints what has changed. `nowNs`: any steady clock.
    void displayTick(qint64 nowNs);

    void setFilter(const QString &text);
    QString filter() const;
    void selectConnection(wire::ConnectionId id); ///< 0: all
    void showRow(quint64 row); ///< a record of the capture
    void setHeartbeatsShown(bool shown);
    bool areHeartbeatsShown() const;
    void setFollowing(bool on);

    QByteArray saveState() const;
    void restoreState(const QByteArray &state);

    FilterEdit *filterEdit() { return m_filter; }
    TimelineStrip *timeline() { return m_timeline; }
    ConnectionList *connectionList() { return m_connections; }
    FrameTable *table() { return m_table; }
    FrameListModel *model() { return m_model; }
    FrameDetail *detail() { return m_detail; }
    ConnectionPanel *connectionPanel() { return m_connection; }

signals:
    void statusText(const QString &text);
    /// "Show on the chart": the moment of a frame and the connection it was on.
    void pointWanted(quint32 connection, qint64 wallNs);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void lay();
    void connectParts();
    QString cellText(const FrameLine &line, FrameColumn column) const;
    void sizePanels();
    void applyFilter(const QString &text);
    void applyCriteria();
    void updateNote();
    void updateConnection();
    void currentChanged(std::optional<quint64> row);
    void pickTime(qint64 monoNs);
    void escape();
    void showMenu(quint64 row, QPoint at);

    capture::CaptureReader *m_reader = nullptr;
    FrameListModel *m_model;
    HeartbeatLog m_heartbeats;
    std::optional<capture::Filter> m_compiled;
    bool m_hasError = false;
    bool m_userSized = false;
    qint64 m_slowTickNs = 0;
    bool m_ticked = false;

    FilterEdit *m_filter;
    QCheckBox *m_heartbeatsBox;
    QCheckBox *m_followBox;
    TimelineStrip *m_timeline;
    QWidget *m_connectionSide;
    ConnectionList *m_connections;
    FrameTable *m_table;
    FrameDetail *m_detail;
    ConnectionPanel *m_connection;
    QSplitter *m_columns; // everything | connection panel
    QSplitter *m_rows; // lists / detail
    QSplitter *m_lists; // connections | frames
};

} // namespace feedscope::ui
