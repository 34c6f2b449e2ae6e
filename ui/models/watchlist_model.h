// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/market_model.h"

#include <QAbstractTableModel>

#include <span>

namespace feedscope::ui {

/// The symbols of a MarketModel as rows: sorted, filtered, and with the digits that have just changed. Reads the market only in displayTick(), search
/// and sort, tells the view about the rows it can see and no others, and re-sorts on request. GUI thread; the market outlives it.
class WatchlistModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Symbol, Last, Change, ChangePercent, TrendLine, Volume, ColumnCount };
    static constexpr int kUnsorted = -1; ///< the order in which the feed named them
    static constexpr qint64 kFlashNs = 400'000'000;

    explicit WatchlistModel(const MarketModel &market, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    /// Takes in new symbols and what changed. dataChanged is sent for rows first … last only: what else changed is read when it is scrolled to.
    void displayTick(qint64 nowNs, std::span<const int> changed, int firstVisible, int lastVisible);
    /// Puts the rows in order again where the order has changed; the row `pinned` (-1: none) keeps its place. Returns whether rows moved.
    bool resort(int pinned);
    void setSearch(const QString &text); ///< symbols that have it in their symbol or name, in any case
    QString search() const { return m_search; }
    void setFlashing(bool on); ///< off: reduced motion
    void reset(); ///< the market was cleared

    const SymbolState &state(int row) const;
    QString symbol(int row) const { return state(row).symbol; }
    int rowOf(const QString &symbol) const; ///< -1: not shown
    int rowOfIndex(int symbol) const { return static_cast<size_t>(symbol) < m_rows.size() ? m_rows[static_cast<size_t>(symbol)] : -1; }
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    QString lastText(int row) const;
    /// Where the flashing part of the last price begins; -1: it does not flash.
    int flashFrom(int row) const;
    static QString volumeText(double volume); ///< "12.3M"

private:
    struct Shown {
        QString text; // of the last price, as painted before
        int flashFrom = -1;
        qint64 flashUntilNs = 0;
    };
    bool passes(int symbol) const;
    std::vector<int> sorted(std::vector<int> order) const;
    void rebuild();
    void reindex();
    void changeRows(std::vector<int> rows);

    const MarketModel &m_market;
    std::vector<int> m_order; // row -> symbol
    std::vector<int> m_rows; // symbol -> row, -1: filtered out
    std::vector<Shown> m_shown; // by symbol
    std::vector<int> m_flashing; // symbols
    QString m_search;
    int m_sortColumn = kUnsorted;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    bool m_flash = true;
    bool m_orderStale = false;
};

} // namespace feedscope::ui
