// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/market_model.h"

#include <QAbstractTableModel>

#include <deque>

namespace feedscope::ui {

/// Time and sales of one symbol, newest on top, at most as many as the market keeps. GUI thread; the market outlives it.
class TradesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Price, Size, ColumnCount };

    explicit TradesModel(const MarketModel &market, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setSymbol(const QString &symbol);
    QString symbol() const { return m_symbol; }
    /// Takes in what came since. Returns how many rows were put on top.
    int displayTick();
    void reset(); ///< the market was cleared

    const Trade &trade(int row) const { return m_trades[static_cast<size_t>(row)]; }
    QString timeText(int row) const;
    QString priceText(int row) const;
    QString sizeText(int row) const;

private:
    void load();

    const MarketModel &m_market;
    QString m_symbol;
    std::deque<Trade> m_trades; // newest first
    quint64 m_seen = 0;
    int m_decimals = 2;
};

} // namespace feedscope::ui
