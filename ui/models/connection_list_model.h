// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <QAbstractListModel>

namespace feedscope::ui {

/// "All connections", then every connection of a capture in the order they opened. Numbers are given raw; the delegate writes them. Does not own the
/// reader. GUI thread.
class ConnectionListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum class State : quint8 { Open, Refused, Closed, Broken };
    enum Role {
        IdRole = Qt::UserRole, ///< ConnectionId; 0: all
        LocalRoleRole, ///< "client", "server": which end we are
        PeerRole,
        PathRole,
        StateRole, ///< int(State)
        RttRole, ///< ns, invalid if unknown
        FramesRole,
        BytesRole,
    };

    using QAbstractListModel::QAbstractListModel;

    void setReader(const capture::CaptureReader *reader);
    /// Takes in new connections and what has changed in the old ones. Cheap where nothing has.
    void refresh();

    wire::ConnectionId idAt(int row) const;
    int rowOf(wire::ConnectionId id) const; ///< -1: not there

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    static State stateOf(const capture::ConnectionSummary &connection);

private:
    QString text(const capture::ConnectionSummary &connection) const;

    const capture::CaptureReader *m_reader = nullptr;
    int m_connections = 0;
    quint64 m_records = 0;
};

QString stateName(ConnectionListModel::State state); ///< "open", "refused", "closed", "broken"
/// "/feed?x=1" of a request head; empty where there is none.
QString requestTarget(const wire::HandshakeSeen &handshake);

} // namespace feedscope::ui
