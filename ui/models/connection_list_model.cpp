// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/connection_list_model.h"

#include "base/bytes.h"
#include "ui/models/frame_fields.h"

namespace feedscope::ui {

QString stateName(ConnectionListModel::State state)
{
    switch (state) {
    case ConnectionListModel::State::Open:
        return QStringLiteral("open");
    case ConnectionListModel::State::Refused:
        return QStringLiteral("refused");
    case ConnectionListModel::State::Closed:
        return QStringLiteral("closed");
    case ConnectionListModel::State::Broken:
        break;
    }
    return QStringLiteral("broken");
}

QString requestTarget(const wire::HandshakeSeen &handshake)
{
    const QByteArray &head = handshake.requestBytes;
    const qsizetype first = head.indexOf(' ');
    const qsizetype line = head.indexOf("\r\n");
    const qsizetype second = head.indexOf(' ', first + 1);
    if (first < 0 || second < 0 || (line >= 0 && second > line))
        return {};
    return QString::fromLatin1(base::escaped(head.mid(first + 1, second - first - 1)));
}

ConnectionListModel::State ConnectionListModel::stateOf(const capture::ConnectionSummary &connection)
{
    if (!connection.handshake.accepted && !connection.handshake.requestBytes.isEmpty())
        return State::Refused;
    if (!connection.ending)
        return State::Open;
    return connection.ending->clean ? State::Closed : State::Broken;
}

void ConnectionListModel::setReader(const capture::CaptureReader *reader)
{
    beginResetModel();
    m_reader = reader;
    m_connections = reader ? static_cast<int>(reader->connections().size()) : 0;
    m_records = reader ? reader->size() : 0;
    endResetModel();
}

void ConnectionListModel::refresh()
{
    if (!m_reader || m_reader->size() == m_records)
        return;
    m_records = m_reader->size();
    const auto count = static_cast<int>(m_reader->connections().size());
    if (m_connections > 0 || count > 0)
        emit dataChanged(index(0), index(m_connections));
    if (count > m_connections) {
        beginInsertRows({}, m_connections + 1, count);
        m_connections = count;
        endInsertRows();
    }
}

wire::ConnectionId ConnectionListModel::idAt(int row) const
{
    return row >= 1 && row <= m_connections ? m_reader->connections()[static_cast<size_t>(row - 1)].id : 0;
}

int ConnectionListModel::rowOf(wire::ConnectionId id) const
{
    if (id == 0)
        return 0;
    for (int row = 1; row <= m_connections; ++row) {
        if (idAt(row) == id)
            return row;
    }
    return -1;
}

int ConnectionListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_connections + 1;
}

QString ConnectionListModel::text(const capture::ConnectionSummary &connection) const
{
    return QStringLiteral("connection %1, we are the %2, peer %3, path %4, %5, %6 frames")
        .arg(QString::number(connection.id), roleName(connection.handshake.localRole),
            QString::fromLatin1(base::escaped(connection.handshake.peer)), requestTarget(connection.handshake),
            stateName(stateOf(connection)), QString::number(connection.framesFromClient + connection.framesFromServer));
}

QVariant ConnectionListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() > m_connections)
        return {};
    if (index.row() == 0) {
        switch (role) {
        case Qt::DisplayRole:
            return QStringLiteral("All connections");
        case IdRole:
            return 0u;
        case FramesRole:
            return m_reader ? m_reader->frameCount() : 0;
        default:
            return {};
        }
    }
    const capture::ConnectionSummary &connection = m_reader->connections()[static_cast<size_t>(index.row() - 1)];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return text(connection);
    case IdRole:
        return connection.id;
    case LocalRoleRole:
        return roleName(connection.handshake.localRole);
    case PeerRole:
        return QString::fromLatin1(base::escaped(connection.handshake.peer));
    case PathRole:
        return requestTarget(connection.handshake);
    case StateRole:
        return static_cast<int>(stateOf(connection));
    case RttRole:
        return connection.lastRttNs ? QVariant(*connection.lastRttNs) : QVariant();
    case FramesRole:
        return connection.framesFromClient + connection.framesFromServer;
    case BytesRole:
        return connection.bytesFromClient + connection.bytesFromServer;
    default:
        return {};
    }
}

} // namespace feedscope::ui
