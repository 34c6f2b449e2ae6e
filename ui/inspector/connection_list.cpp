// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/connection_list.h"

#include "ui/inspector/inspector_style.h"
#include "ui/models/frame_fields.h"
#include "ui/widgets/format.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace feedscope::ui {

namespace {

QColor stateColor(const Colors &colors, ConnectionListModel::State state)
{
    switch (state) {
    case ConnectionListModel::State::Open:
        return colors.good;
    case ConnectionListModel::State::Closed:
        return colors.flat;
    case ConnectionListModel::State::Refused:
    case ConnectionListModel::State::Broken:
        break;
    }
    return colors.error;
}

class ConnectionDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return {100, (index.row() == 0 ? 1 : 3) * option.fontMetrics.height() + 10};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QPalette &palette = option.palette;
        const Colors &colors = colorsFor(palette);
        const bool selected = option.state & QStyle::State_Selected;
        const QColor ink = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        const QColor quiet = selected ? ink : colors.muted;
        painter->fillRect(option.rect, selected ? palette.color(QPalette::Highlight) : palette.color(QPalette::Base));
        const int line = option.fontMetrics.height();
        QRect row(option.rect.left() + 8, option.rect.top() + 5, option.rect.width() - 16, line);
        const auto write = [&](const QString &text, const QColor &color, Qt::Alignment alignment) {
            painter->setPen(color);
            painter->drawText(row, alignment | Qt::AlignVCenter, option.fontMetrics.elidedText(text, Qt::ElideRight, row.width()));
        };
        painter->setFont(option.font);
        if (index.row() == 0) {
            write(index.data(Qt::DisplayRole).toString(), ink, Qt::AlignLeft);
            return;
        }
        const auto state = static_cast<ConnectionListModel::State>(index.data(ConnectionListModel::StateRole).toInt());
        const QColor dot = selected ? ink : stateColor(colors, state);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(dot, 1.5));
        painter->setBrush(state == ConnectionListModel::State::Open ? QBrush(dot) : QBrush(Qt::NoBrush)); // shape before colour
        painter->drawEllipse(QPointF(row.left() + 4, row.center().y() + 1), 3.5, 3.5);
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->setBrush(Qt::NoBrush);

        const auto writePair = [&](const QString &left, const QColor &color, const QString &right, const QColor &rightColor) {
            const QRect whole = row;
            write(right, rightColor, Qt::AlignRight);
            row.setRight(whole.right() - (right.isEmpty() ? 0 : option.fontMetrics.horizontalAdvance(right) + 6));
            write(left, color, Qt::AlignLeft);
            row = whole.translated(0, line);
        };
        row.adjust(14, 0, 0, 0);
        const QString path = index.data(ConnectionListModel::PathRole).toString();
        writePair(QStringLiteral("%1  %2").arg(index.data(ConnectionListModel::IdRole).toUInt()).arg(path), ink, stateName(state), quiet);
        // The arrow says who connected: ← somebody to us, the server; → we, the client, to somebody.
        const bool isServer = index.data(ConnectionListModel::LocalRoleRole).toString() == roleName(wire::Role::Server);
        writePair(QStringLiteral("%1 %2").arg(isServer ? QStringLiteral("←") : QStringLiteral("→"),
                      index.data(ConnectionListModel::PeerRole).toString()),
            quiet, {}, quiet);
        const QVariant rtt = index.data(ConnectionListModel::RttRole);
        writePair(QStringLiteral("%1 · %2").arg(formatCount(index.data(ConnectionListModel::FramesRole).toULongLong()),
                      formatBytes(index.data(ConnectionListModel::BytesRole).toDouble())),
            quiet, rtt.isValid() ? formatDuration(rtt.toLongLong()) : QString(), quiet);
    }
};

} // namespace

ConnectionList::ConnectionList(QWidget *parent)
    : QListView(parent)
    , m_connections(new ConnectionListModel(this))
{
    setModel(m_connections);
    setItemDelegate(new ConnectionDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(QStringLiteral("Connections"));
    setCurrentIndex(m_connections->index(0));
}

void ConnectionList::setReader(const capture::CaptureReader *reader)
{
    const QSignalBlocker blocker(this);
    m_connections->setReader(reader);
    setCurrentIndex(m_connections->index(0));
}

void ConnectionList::refresh()
{
    m_connections->refresh();
}

wire::ConnectionId ConnectionList::selected() const
{
    return m_connections->idAt(currentIndex().row());
}

void ConnectionList::select(wire::ConnectionId id)
{
    const int row = m_connections->rowOf(id);
    if (row >= 0)
        setCurrentIndex(m_connections->index(row));
}

void ConnectionList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    emit selectionMade(selected());
}

} // namespace feedscope::ui
