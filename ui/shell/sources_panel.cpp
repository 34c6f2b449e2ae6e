// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sources_panel.h"

#include "ui/shell/link_words.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHash>
#include <QHeaderView>
#include <QMenu>
#include <QStandardItemModel>
#include <QTreeView>
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

} // namespace

SourcesPanel::SourcesPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new QStandardItemModel(0, 2, this))
    , m_view(new QTreeView(this))
{
    setObjectName(QStringLiteral("sourcesPanel"));
    setWhatsThis(tr("Everything that brings frames: this window's own server and its feeds, the connections, and captures. What is selected "
                    "here is what the page shows."));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    const auto addGroup = [this](const QString &name, Kind kind) {
        auto *item = new QStandardItem(name);
        item->setData(static_cast<int>(kind), kKindRole);
        item->setSelectable(false);
        item->setSizeHint(QSize(0, fontMetrics().height() + 8)); // of all rows, which are of one height
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
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setAllColumnsShowFocus(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("Sources"));
    m_view->expandAll();
    tintSelection();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new PanelTitle(tr("Sources"), this));
    auto *margin = new QHBoxLayout; // between the states and the line to the page
    margin->setContentsMargins(0, 0, 6, 0);
    margin->addWidget(m_view);
    layout->addLayout(margin, 1);

    // Not when the current row changes: walking over a row with the keyboard must not turn the page.
    connect(m_view, &QTreeView::clicked, this, &SourcesPanel::choose);
    connect(m_view, &QTreeView::activated, this, &SourcesPanel::choose);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &SourcesPanel::showMenu);
}

void SourcesPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        tintSelection();
    QWidget::changeEvent(event);
}

// As light as in the other lists, so that what is written in a selected row keeps its colour.
void SourcesPanel::tintSelection()
{
    QPalette own;
    const QPalette whole = palette();
    own.setColor(QPalette::Highlight, blend(whole.color(QPalette::Base), whole.color(QPalette::Highlight), 0.3));
    own.setColor(QPalette::HighlightedText, whole.color(QPalette::Text));
    m_view->setPalette(own);
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

void SourcesPanel::setRow(QStandardItem *item, const QString &state, const QString &toolTip, const QColor &color)
{
    QStandardItem *parent = item->parent() ? item->parent() : m_model->invisibleRootItem();
    QStandardItem *second = parent->child(item->row(), 1);
    if (second->text() != state)
        second->setText(state);
    if (color.isValid() && second->foreground().color() != color)
        second->setForeground(color);
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
    m_serverUrl = serving ? url : QByteArray();
    setRow(m_server, serving ? QStringLiteral("● %1").arg(formatCount(snapshot.server.connections)) : QStringLiteral("○"),
        serving ? tr("%1 · %n client(s) connected · reachable from this computer only", nullptr, static_cast<int>(snapshot.server.connections))
                      .arg(QString::fromUtf8(url))
                : tr("The embedded server is off"),
        serving ? colorsFor(palette()).good : colorsFor(palette()).muted);
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
        if (item->text().isEmpty())
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
        const LinkRow row = linkRow(link, m_serverUrl, monoNowNs, palette());
        if (item->text() != row.name)
            item->setText(row.name);
        setRow(item, row.state, row.toolTip, row.color);
    }
    removeOthers(m_connections, keep);
}

void SourcesPanel::setCaptures(const QString &livePath, bool recording, const QStringList &opened)
{
    QList<QVariant> keep;
    const auto add = [&](const QString &path, const QString &name, const QString &state, const QColor &color = {}) {
        keep.append(path);
        QStandardItem *item = childWith(m_captures, path, Kind::Capture);
        if (item->text() != name)
            item->setText(name);
        setRow(item, state, path, color);
    };
    const Colors &colors = colorsFor(palette());
    if (!livePath.isEmpty())
        add(livePath, tr("live"), recording ? tr("● rec") : tr("○ off"), recording ? colors.good : colors.warning);
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
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (kindOf(index) == Kind::Connection) {
        const int key = idOf(index).toInt();
        menu->addAction(tr("Connect again now"), this, [this, key] { emit retryRequested(key); });
        menu->addAction(tr("Close this connection"), this, [this, key] { emit closeConnectionRequested(key); });
        menu->addSeparator();
    }
    if (const QString tip = index.siblingAtColumn(0).data(Qt::ToolTipRole).toString(); !tip.isEmpty())
        menu->addAction(tr("Copy address"), this, [tip] {
            const QString firstLine = tip.section(QLatin1Char('\n'), 0, 0);
            QApplication::clipboard()->setText(firstLine.section(QLatin1String(" · "), 0, 0));
        });
    menu->addAction(tr("Connect to …"), this, &SourcesPanel::connectRequested);
    menu->addAction(tr("Open a capture …"), this, &SourcesPanel::openRequested);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

} // namespace feedscope::ui
