// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/market_model.h"

#include <QAbstractTableModel>

namespace feedscope::ui {

/// The depth ladder of one symbol: the best asks above (best one lowest), a row for the spread, the best bids below. The number of rows is fixed by
/// setDepth(), a level that does not exist is an empty row. GUI thread; the market outlives it.
class BookModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Price, Size, Total, ColumnCount };
    static constexpr qint64 kFlashNs = 400'000'000;

    struct Row {
        double price = series::kMissing;
        double size = series::kMissing;
        double total = series::kMissing; ///< of this level and all better ones
        bool flashes = false;
        bool exists() const { return price == price; }
    };

    explicit BookModel(const MarketModel &market, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setSymbol(const QString &symbol);
    void setDepth(int levels); ///< per side, at least 1
    void setFlashing(bool on); ///< off: reduced motion
    int depth() const { return m_depth; }
    bool displayTick(qint64 nowNs); ///< whether anything changed
    void reset(); ///< the market was cleared

    bool isEmpty() const { return m_changes == 0; }
    bool isSpread(int row) const { return row == m_depth; }
    bool isAsk(int row) const { return row < m_depth; }
    const Row &row(int row) const { return m_rows[static_cast<size_t>(row)]; }
    double scale() const { return m_scale; } ///< the size at which a bar is full; moves in steps, so that bars do not breathe
    QString spreadText() const; ///< "0.03 · 1.6 bp"
    /// "in order, 214 checksums agree", "does not agree with its checksum", empty without checksums.
    QString verification() const;
    bool agrees() const { return m_agrees; }

private:
    std::vector<Row> rows(const BookState &state) const;

    const MarketModel &m_market;
    QString m_symbol;
    int m_depth = 10;
    std::vector<Row> m_rows;
    std::vector<qint64> m_flashUntilNs; // by row
    bool m_flash = true;
    bool m_anyFlash = false;
    double m_scale = 1;
    quint64 m_changes = 0;
    quint64 m_verified = 0;
    quint64 m_mismatched = 0;
    bool m_agrees = true;
    int m_priceDecimals = 2;
    int m_sizeDecimals = 0;
};

} // namespace feedscope::ui
