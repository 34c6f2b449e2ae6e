// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"

#include <QWidget>

class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace feedscope::ui {

/// The panel shared by all pages: this server with its feeds, the connections with their states, the captures. What is chosen here, with the mouse or
/// Enter, is what the page shows. It shows values it is given and says what was chosen.
class SourcesPanel : public QWidget {
    Q_OBJECT
public:
    enum class Kind : quint8 { None, Server, Feed, Connection, Capture };

    explicit SourcesPanel(QWidget *parent = nullptr);

    void setServer(bool serving, const QByteArray &url, const engine::ServerSnapshot &snapshot);
    void setConnections(const std::vector<engine::LinkStatus> &connections, qint64 monoNowNs);
    /// The capture being written first; `path` empty: none.
    void setCaptures(const QString &livePath, bool recording, const QStringList &opened);

    void selectConnection(int key);

signals:
    void feedChosen(const QString &name);
    void connectionChosen(int key);
    void captureChosen(const QString &path); ///< empty: the live one
    void closeConnectionRequested(int key);
    void retryRequested(int key);
    void connectRequested();
    void openRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void tintSelection();
    QStandardItem *childWith(QStandardItem *group, const QVariant &id, Kind kind);
    void setRow(QStandardItem *item, const QString &state, const QString &toolTip, const QColor &color = {});
    void removeOthers(QStandardItem *group, const QList<QVariant> &keep);
    void showMenu(const QPoint &at);
    void choose(const QModelIndex &index);

    QByteArray m_serverUrl; ///< empty: not serving
    QStandardItemModel *m_model;
    QTreeView *m_view;
    QStandardItem *m_server;
    QStandardItem *m_connections;
    QStandardItem *m_captures;
};

} // namespace feedscope::ui
