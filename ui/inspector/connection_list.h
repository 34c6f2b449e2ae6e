// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/connection_list_model.h"

#include <QListView>

namespace feedscope::ui {

/// The connections of the capture, "All connections" first, two lines each. Selecting one limits the frame list to it.
class ConnectionList final : public QListView {
    Q_OBJECT
public:
    explicit ConnectionList(QWidget *parent = nullptr);

    void setReader(const capture::CaptureReader *reader);
    void refresh();
    wire::ConnectionId selected() const; ///< 0: all
    void select(wire::ConnectionId id);
    ConnectionListModel *connections() { return m_connections; }

signals:
    void selectionMade(wire::ConnectionId id);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    ConnectionListModel *m_connections;
};

} // namespace feedscope::ui
