// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/watchlist_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace feedscope::ui {

namespace {

QString number(double value, int decimals)
{
    return std::isfinite(value) ? QString::number(value, 'f', decimals) : QStringLiteral("–");
}

QString signedNumber(double value, int decimals)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    const QString digits = QString::number(std::abs(value), 'f', decimals);
    const bool zero = std::all_of(digits.begin(), digits.end(), [](QChar c) { return c == QLatin1Char('0') || c == QLatin1Char('.'); });
    return zero ? digits : (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) + digits;
}

// What is missing sorts below every number.
double key(const SymbolState &state, int column)
{
    double value = series::kMissing;
    switch (column) {
    case WatchlistModel::Last:
        value = state.tick.price;
        break;
    case WatchlistModel::Change:
        value = state.tick.change;
        break;
    case WatchlistModel::ChangePercent:
    case WatchlistModel::TrendLine:
        value = state.tick.changePercent;
        break;
    case WatchlistModel::Volume:
        value = state.tick.volume;
        break;
    }
    return std::isfinite(value) ? value : -std::numeric_limits<double>::infinity();
}

int firstDifference(const QString &before, const QString &after)
{
    if (before.size() != after.size())
        return 0;
    const auto [a, b] = std::mismatch(before.begin(), before.end(), after.begin());
    return static_cast<int>(b - after.begin());
}

} // namespace

WatchlistModel::WatchlistModel(const MarketModel &market, QObject *parent)
    : QAbstractTableModel(parent)
    , m_market(market)
{
    rebuild();
}

int WatchlistModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int WatchlistModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const SymbolState &WatchlistModel::state(int row) const
{
    return m_market.at(m_order[static_cast<size_t>(row)]);
}

int WatchlistModel::rowOf(const QString &symbol) const
{
    const int index = m_market.indexOf(symbol);
    return index < 0 || static_cast<size_t>(index) >= m_rows.size() ? -1 : m_rows[static_cast<size_t>(index)];
}

QString WatchlistModel::lastText(int row) const
{
    const SymbolState &symbol = state(row);
    return number(symbol.tick.price, symbol.decimals);
}

int WatchlistModel::flashFrom(int row) const
{
    return m_shown[static_cast<size_t>(m_order[static_cast<size_t>(row)])].flashFrom;
}

QString WatchlistModel::volumeText(double volume)
{
    if (!std::isfinite(volume))
        return QStringLiteral("–");
    static constexpr const char *kSuffixes[] = {"", "k", "M", "G", "T"};
    size_t suffix = 0;
    for (; std::abs(volume) >= 999.5 && suffix + 1 < std::size(kSuffixes); ++suffix)
        volume /= 1000;
    const int decimals = suffix == 0 || std::abs(volume) >= 99.95 ? 0 : std::abs(volume) >= 9.995 ? 1 : 2;
    return QString::number(volume, 'f', decimals) + QLatin1String(kSuffixes[suffix]);
}

QVariant WatchlistModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SymbolState &symbol = state(index.row());
    const series::Tick &tick = symbol.tick;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Symbol:
            return symbol.symbol;
        case Last:
            return lastText(index.row());
        case Change:
            return signedNumber(tick.change, symbol.decimals);
        case ChangePercent:
            return signedNumber(tick.changePercent, 2);
        case TrendLine:
            return {};
        case Volume:
            return volumeText(tick.volume);
        }
        return {};
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (index.column() == Symbol ? Qt::AlignLeft : Qt::AlignRight)));
    case Qt::ToolTipRole:
        return QStringLiteral("%1\nlast %2   bid %3   ask %4\nchange %5 (%6 %)   volume %7\n%8 ticks; the line shows the last %9 s")
            .arg(symbol.name.isEmpty() ? symbol.symbol : symbol.symbol + QStringLiteral(" ") + symbol.name, number(tick.price, symbol.decimals), number(tick.bid, symbol.decimals), number(tick.ask, symbol.decimals),
                signedNumber(tick.change, symbol.decimals), signedNumber(tick.changePercent, 2), number(tick.volume, 0))
            .arg(symbol.ticks)
            .arg(symbol.trend.spanNs() / 1'000'000'000);
    case Qt::AccessibleTextRole:
        if (index.column() == Symbol)
            return symbol.name.isEmpty() ? symbol.symbol : symbol.symbol + QLatin1Char(' ') + symbol.name;
        return headerData(index.column(), Qt::Horizontal, Qt::ToolTipRole).toString() + QLatin1Char(' ')
            + (index.column() == TrendLine ? signedNumber(tick.changePercent, 2) : data(index, Qt::DisplayRole).toString());
    default:
        return {};
    }
}

QVariant WatchlistModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static constexpr const char *kTitles[] = {"Sym", "Last", "Chg", "Chg %", "Trend", "Vol"};
    static constexpr const char *kNames[] = {
        "Symbol", "Last price", "Change since the session opened", "Change in percent", "Course of the last price", "Volume of the session"};
    switch (role) {
    case Qt::DisplayRole:
        return QLatin1String(kTitles[section]);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return QLatin1String(kNames[section]);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (section == Symbol ? Qt::AlignLeft : Qt::AlignRight)));
    default:
        return {};
    }
}

bool WatchlistModel::passes(int symbol) const
{
    const SymbolState &state = m_market.at(symbol);
    return m_search.isEmpty() || state.symbol.contains(m_search, Qt::CaseInsensitive) || state.name.contains(m_search, Qt::CaseInsensitive);
}

std::vector<int> WatchlistModel::sorted(std::vector<int> order) const
{
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    if (m_sortColumn == kUnsorted) {
        std::sort(order.begin(), order.end());
    } else if (m_sortColumn == Symbol) {
        std::sort(order.begin(), order.end(), [&](int a, int b) {
            const int compared = m_market.at(a).symbol.compare(m_market.at(b).symbol);
            return descending ? compared > 0 : compared < 0;
        });
    } else {
        // Equal keys keep the feed's order, or rows would change places for nothing.
        std::vector<std::pair<double, int>> keyed;
        keyed.reserve(order.size());
        for (const int symbol : order)
            keyed.emplace_back(key(m_market.at(symbol), m_sortColumn), symbol);
        std::sort(keyed.begin(), keyed.end(), [&](const auto &a, const auto &b) {
            if (a.first != b.first)
                return descending ? a.first > b.first : a.first < b.first;
            return a.second < b.second;
        });
        std::transform(keyed.begin(), keyed.end(), order.begin(), [](const auto &entry) { return entry.second; });
    }
    return order;
}

void WatchlistModel::reindex()
{
    m_rows.assign(static_cast<size_t>(m_market.size()), -1);
    for (size_t row = 0; row < m_order.size(); ++row)
        m_rows[static_cast<size_t>(m_order[row])] = static_cast<int>(row);
}

void WatchlistModel::rebuild()
{
    std::vector<int> order;
    for (int symbol = 0; symbol < m_market.size(); ++symbol) {
        if (passes(symbol))
            order.push_back(symbol);
    }
    m_order = sorted(std::move(order));
    m_shown.resize(static_cast<size_t>(m_market.size()));
    reindex();
    m_orderStale = false;
}

void WatchlistModel::reset()
{
    beginResetModel();
    m_shown.clear();
    m_flashing.clear();
    rebuild();
    endResetModel();
}

void WatchlistModel::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    beginResetModel();
    m_search = text;
    rebuild();
    endResetModel();
}

void WatchlistModel::setFlashing(bool on)
{
    m_flash = on;
}

void WatchlistModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column < 0 || column >= ColumnCount ? kUnsorted : column;
    m_sortOrder = order;
    m_orderStale = true;
    resort(-1);
}

bool WatchlistModel::resort(int pinned)
{
    if (!std::exchange(m_orderStale, false))
        return false;
    std::vector<int> order = sorted(m_order);
    if (pinned >= 0 && static_cast<size_t>(pinned) < order.size()) {
        const int symbol = m_order[static_cast<size_t>(pinned)];
        order.erase(std::find(order.begin(), order.end(), symbol));
        order.insert(order.begin() + pinned, symbol);
    }
    if (order == m_order)
        return false;
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const std::vector<int> before = std::exchange(m_order, std::move(order));
    reindex();
    QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex &index : from)
        to.append(this->index(m_rows[static_cast<size_t>(before[static_cast<size_t>(index.row())])], index.column()));
    changePersistentIndexList(from, to);
    emit layoutChanged({}, VerticalSortHint);
    return true;
}

void WatchlistModel::displayTick(qint64 nowNs, std::span<const int> changed, int firstVisible, int lastVisible)
{
    const size_t known = m_shown.size();
    const auto size = static_cast<size_t>(m_market.size());
    if (size > known) {
        // New symbols go to the end, whatever the order: the next resort() finds them their place.
        std::vector<int> added;
        for (size_t symbol = known; symbol < size; ++symbol) {
            if (passes(static_cast<int>(symbol)))
                added.push_back(static_cast<int>(symbol));
        }
        m_shown.resize(size);
        m_rows.resize(size, -1);
        if (!added.empty()) {
            const int first = rowCount();
            beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
            m_order.insert(m_order.end(), added.begin(), added.end());
            for (size_t i = 0; i < added.size(); ++i)
                m_rows[static_cast<size_t>(added[i])] = first + static_cast<int>(i);
            endInsertRows();
            m_orderStale = true;
        }
    }

    std::vector<int> rows;
    for (const int symbol : changed) {
        m_orderStale = m_orderStale || m_sortColumn > Symbol;
        const int row = m_rows[static_cast<size_t>(symbol)];
        if (row < 0 || row < firstVisible || row > lastVisible)
            continue; // its text is compared with what was last painted once it is seen
        rows.push_back(row);
        Shown &shown = m_shown[static_cast<size_t>(symbol)];
        QString text = lastText(row);
        if (text == shown.text)
            continue;
        if (m_flash && !shown.text.isEmpty()) {
            if (shown.flashFrom < 0)
                m_flashing.push_back(symbol);
            shown.flashFrom = firstDifference(shown.text, text);
            shown.flashUntilNs = nowNs + kFlashNs;
        }
        shown.text = std::move(text);
    }
    std::erase_if(m_flashing, [&](int symbol) {
        Shown &shown = m_shown[static_cast<size_t>(symbol)];
        if (shown.flashUntilNs > nowNs && shown.flashUntilNs <= nowNs + kFlashNs)
            return false;
        shown.flashFrom = -1;
        const int row = m_rows[static_cast<size_t>(symbol)];
        if (row >= 0 && row >= firstVisible && row <= lastVisible)
            rows.push_back(row);
        return true;
    });
    changeRows(std::move(rows));
}

void WatchlistModel::changeRows(std::vector<int> rows)
{
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        emit dataChanged(index(rows[i], Last), index(rows[end - 1], Volume));
        i = end;
    }
}

} // namespace feedscope::ui
