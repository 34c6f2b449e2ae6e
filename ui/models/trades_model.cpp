// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trades_model.h"

#include "base/clock.h"

#include <QDateTime>

#include <cmath>

namespace feedscope::ui {

TradesModel::TradesModel(const MarketModel &market, QObject *parent)
    : QAbstractTableModel(parent)
    , m_market(market)
{
}

int TradesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_trades.size());
}

int TradesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TradesModel::timeText(int row) const
{
    return QDateTime::fromMSecsSinceEpoch(trade(row).timeNs / base::kNsPerMs).toString(QStringLiteral("HH:mm:ss"));
}

QString TradesModel::priceText(int row) const
{
    return QString::number(trade(row).price, 'f', m_decimals);
}

QString TradesModel::sizeText(int row) const
{
    const double size = trade(row).size;
    return std::isfinite(size) ? QString::number(size, 'f', decimalsOf(size)) : QStringLiteral("–");
}

QVariant TradesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Trade &row = trade(index.row());
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Time:
            return timeText(index.row());
        case Price:
            return priceText(index.row());
        case Size:
            return sizeText(index.row());
        }
        return {};
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (index.column() == Time ? Qt::AlignLeft : Qt::AlignRight)));
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1 %2 %3 at %4")
            .arg(timeText(index.row()), row.direction > 0 ? QStringLiteral("bought") : row.direction < 0 ? QStringLiteral("sold") : QStringLiteral("traded"),
                sizeText(index.row()), priceText(index.row()));
    case Qt::ToolTipRole:
        return QDateTime::fromMSecsSinceEpoch(row.timeNs / base::kNsPerMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"))
            + QStringLiteral("\nEnter or double click: show the frames");
    default:
        return {};
    }
}

QVariant TradesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static constexpr const char *kTitles[] = {"Time", "Price", "Size"};
    if (role == Qt::DisplayRole)
        return QLatin1String(kTitles[section]);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (section == Time ? Qt::AlignLeft : Qt::AlignRight)));
    return {};
}

void TradesModel::load()
{
    m_trades.clear();
    m_seen = 0;
    const int index = m_market.indexOf(m_symbol);
    if (index < 0)
        return;
    const SymbolState &state = m_market.at(index);
    m_trades.assign(state.trades.rbegin(), state.trades.rend());
    m_seen = state.tradesSeen;
    m_decimals = state.decimals;
}

void TradesModel::setSymbol(const QString &symbol)
{
    if (symbol == m_symbol)
        return;
    beginResetModel();
    m_symbol = symbol;
    load();
    endResetModel();
}

void TradesModel::reset()
{
    beginResetModel();
    load();
    endResetModel();
}

int TradesModel::displayTick()
{
    const int index = m_market.indexOf(m_symbol);
    if (index < 0 || m_market.at(index).tradesSeen == m_seen)
        return 0;
    const SymbolState &state = m_market.at(index);
    const quint64 arrived = state.tradesSeen - m_seen;
    if (arrived >= state.trades.size() || state.decimals != m_decimals) {
        reset();
        return static_cast<int>(std::min<quint64>(arrived, state.trades.size()));
    }
    const auto added = static_cast<int>(arrived);
    const int surplus = static_cast<int>(m_trades.size()) + added - static_cast<int>(state.trades.size());
    if (surplus > 0) {
        beginRemoveRows({}, rowCount() - surplus, rowCount() - 1);
        m_trades.resize(m_trades.size() - static_cast<size_t>(surplus));
        endRemoveRows();
    }
    beginInsertRows({}, 0, added - 1);
    m_trades.insert(m_trades.begin(), state.trades.rbegin(), state.trades.rbegin() + added);
    m_seen = state.tradesSeen;
    endInsertRows();
    return added;
}

} // namespace feedscope::ui
