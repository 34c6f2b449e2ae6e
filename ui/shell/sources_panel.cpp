// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sources_panel.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QStandardItemModel>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

namespace feedscope::ui {

namespace {

constexpr int kIdRole = Qt::UserRole + 1;
constexpr int kKindRole = Qt::UserRole + 2;

SourcesPanel::Kind kindOf(const QModelIndex &index)
{
    return static_cast<SourcesPanel::Kind>(index.siblingAtColumn(0).data(kKindRole).toInt());
}

QVariant idOf(const QModelIndex &index)
{
    return index.siblingAtColumn(0).data(kIdRole);
}

/// Shape tells the state before colour does.
QString signOf(engine::LinkState state)
{
    switch (state) {
    case engine::LinkState::Open:
        return QStringLiteral("●");
    case engine::LinkState::Connecting:
    case engine::LinkState::Closing:
    case engine::LinkState::Waiting:
        return QStringLiteral("◐");
    case engine::LinkState::Closed:
        break;
    }
    return QStringLiteral("○");
}

QString shortName(const QByteArray &url)
{
    const QUrl parsed(QString::fromUtf8(url));
    const QString host = parsed.host() + (parsed.port() > 0 ? QStringLiteral(":%1").arg(parsed.port()) : QString());
    return host + (parsed.path() == QLatin1String("/") ? QString() : parsed.path());
}

} // namespace

SourcesPanel::SourcesPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new QStandardItemModel(0, 2, this))
    , m_view(new QTreeView(this))
{
    setObjectName(QStringLiteral("sourcesPanel"));
    const auto addGroup = [this](const QString &name, Kind kind) {
        auto *item = new QStandardItem(name);
        item->setData(static_cast<int>(kind), kKindRole);
        item->setSelectable(false);
        auto *state = new QStandardItem;
        state->setSelectable(false);
        m_model->appendRow({item, state});
        return item;
    };
    m_server = addGroup(tr("This server"), Kind::Server);
    m_connections = addGroup(tr("Connections"), Kind::None);
    m_captures = addGroup(tr("Captures"), Kind::None);

    m_view->setModel(m_model);
    m_view->setHeaderHidden(true);
    m_view->setRootIsDecorated(true);
    m_view->setIndentation(12);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setUniformRowHeights(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("Sources"));
    m_view->expandAll();

    auto *title = new QLabel(tr("Sources"), this);
    title->setObjectName(QStringLiteral("panelTitle"));
    title->setContentsMargins(8, 6, 8, 6);
    QPalette muted = title->palette();
    muted.setColor(QPalette::WindowText, colorsFor(muted).muted);
    title->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(title);
    layout->addWidget(m_view, 1);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) { choose(index); });
    connect(m_view, &QTreeView::clicked, this, &SourcesPanel::choose);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &SourcesPanel::showMenu);
}

QStandardItem *SourcesPanel::childWith(QStandardItem *group, const QVariant &id, Kind kind)
{
    for (int row = 0; row < group->rowCount(); ++row) {
        if (group->child(row)->data(kIdRole) == id)
            return group->child(row);
    }
    auto *item = new QStandardItem;
    item->setData(id, kIdRole);
    item->setData(static_cast<int>(kind), kKindRole);
    auto *state = new QStandardItem;
    state->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    group->appendRow({item, state});
    m_view->expand(group->index());
    return item;
}

void SourcesPanel::setRow(QStandardItem *item, const QString &state, const QString &toolTip)
{
    QStandardItem *parent = item->parent() ? item->parent() : m_model->invisibleRootItem();
    QStandardItem *second = parent->child(item->row(), 1);
    if (second->text() != state)
        second->setText(state);
    if (item->toolTip() != toolTip) {
        item->setToolTip(toolTip);
        second->setToolTip(toolTip);
        item->setAccessibleDescription(toolTip);
    }
}

void SourcesPanel::removeOthers(QStandardItem *group, const QList<QVariant> &keep)
{
    for (int row = group->rowCount() - 1; row >= 0; --row) {
        if (!keep.contains(group->child(row)->data(kIdRole)))
            group->removeRow(row);
    }
}

void SourcesPanel::setServer(bool serving, const QByteArray &url, const engine::ServerSnapshot &snapshot)
{
    setRow(m_server, serving ? QStringLiteral("● %1").arg(formatCount(snapshot.server.connections)) : QStringLiteral("○"),
        serving ? tr("%1 · %n client(s) connected · reachable from this computer only", nullptr, static_cast<int>(snapshot.server.connections))
                      .arg(QString::fromUtf8(url))
                : tr("The embedded server is off"));
    QHash<QString, std::pair<double, int>> rates; // of events, and how many topics
    for (const feed::TopicStatus &topic : snapshot.topics) {
        auto &rate = rates[QString::fromUtf8(topic.source)];
        rate.first += topic.eventsPerSecond;
        ++rate.second;
    }
    QList<QVariant> keep;
    for (auto rate = rates.cbegin(); rate != rates.cend(); ++rate)
        keep.append(rate.key());
    std::sort(keep.begin(), keep.end(), [](const QVariant &a, const QVariant &b) { return a.toString() < b.toString(); });
    for (const QVariant &name : keep) {
        QStandardItem *item = childWith(m_server, name, Kind::Feed);
        item->setText(name.toString());
        const auto [rate, topics] = rates.value(name.toString());
        setRow(item, formatRate(rate, QString()).trimmed(), tr("%1 topics, %2 published").arg(topics).arg(formatRate(rate, tr("events"))));
    }
    removeOthers(m_server, keep);
}

void SourcesPanel::setConnections(const std::vector<engine::LinkStatus> &connections, qint64 monoNowNs)
{
    QList<QVariant> keep;
    for (const engine::LinkStatus &link : connections) {
        keep.append(link.key);
        QStandardItem *item = childWith(m_connections, link.key, Kind::Connection);
        const QString name = signOf(link.state) + QLatin1Char(' ') + shortName(link.url);
        if (item->text() != name)
            item->setText(name);
        QString state;
        QString tip = QString::fromUtf8(link.url);
        switch (link.state) {
        case engine::LinkState::Open:
            state = link.rttNs ? formatDuration(*link.rttNs) : tr("open");
            tip += link.speaksFeedProtocol ? tr("\nopen, feed protocol") : tr("\nopen; its frames are in the inspector");
            break;
        case engine::LinkState::Connecting:
            state = tr("connecting");
            break;
        case engine::LinkState::Closing:
            state = tr("closing");
            break;
        case engine::LinkState::Waiting:
            state = tr("retry %1").arg(formatDuration(qMax<qint64>(0, link.retryAtMonoNs - monoNowNs)));
            tip += QLatin1Char('\n') + link.detail;
            break;
        case engine::LinkState::Closed:
            state = tr("closed");
            tip += QLatin1Char('\n') + link.detail;
            break;
        }
        setRow(item, state, tip);
    }
    removeOthers(m_connections, keep);
}

void SourcesPanel::setCaptures(const QString &livePath, const QStringList &opened)
{
    QList<QVariant> keep;
    const auto add = [&](const QString &path, const QString &name, const QString &state) {
        keep.append(path);
        QStandardItem *item = childWith(m_captures, path, Kind::Capture);
        item->setText(name);
        setRow(item, state, path);
    };
    if (!livePath.isEmpty())
        add(livePath, tr("live"), tr("● rec"));
    for (const QString &path : opened)
        add(path, QFileInfo(path).fileName(), QString());
    removeOthers(m_captures, keep);
}

void SourcesPanel::selectConnection(int key)
{
    for (int row = 0; row < m_connections->rowCount(); ++row) {
        if (m_connections->child(row)->data(kIdRole).toInt() == key)
            m_view->setCurrentIndex(m_connections->child(row)->index());
    }
}

void SourcesPanel::choose(const QModelIndex &index)
{
    switch (kindOf(index)) {
    case Kind::Feed:
        emit feedChosen(idOf(index).toString());
        break;
    case Kind::Connection:
        emit connectionChosen(idOf(index).toInt());
        break;
    case Kind::Capture:
        emit captureChosen(idOf(index).toString());
        break;
    case Kind::Server:
    case Kind::None:
        break;
    }
}

void SourcesPanel::showMenu(const QPoint &at)
{
    const QModelIndex index = m_view->indexAt(at);
    QMenu menu(this);
    if (kindOf(index) == Kind::Connection) {
        const int key = idOf(index).toInt();
        menu.addAction(tr("Connect again now"), this, [this, key] { emit retryRequested(key); });
        menu.addAction(tr("Close this connection"), this, [this, key] { emit closeConnectionRequested(key); });
        menu.addSeparator();
    }
    if (const QString tip = index.siblingAtColumn(0).data(Qt::ToolTipRole).toString(); !tip.isEmpty())
        menu.addAction(tr("Copy address"), this, [tip] { QApplication::clipboard()->setText(tip.section(QLatin1Char('\n'), 0, 0).section(QLatin1String(" · "), 0, 0)); });
    menu.addAction(tr("Connect to …"), this, &SourcesPanel::connectRequested);
    menu.addAction(tr("Open a capture …"), this, &SourcesPanel::openRequested);
    menu.exec(m_view->viewport()->mapToGlobal(at));
}

} // namespace feedscope::ui
