// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/watchlist_model.h"

#include <QWidget>

class QLineEdit;

namespace feedscope::ui {

class DataTable;
class PanelTitle;

/// The watchlist: a search field over the table of symbols. Reports what is selected; shows nothing by itself between display ticks.
class WatchlistPanel : public QWidget {
    Q_OBJECT
public:
    explicit WatchlistPanel(const MarketModel &market, QWidget *parent = nullptr);
    ~WatchlistPanel() override;

    void displayTick(qint64 nowNs, std::span<const int> changed);
    void select(const QString &symbol); ///< without symbolSelected()
    void setSort(int column, Qt::SortOrder order);
    void setFlashing(bool on);
    void setEmptyText(const QString &text);
    void focusSearch();
    void focusTable();
    void reset();
    const WatchlistModel &model() const { return *m_model; }

signals:
    void symbolSelected(const QString &symbol);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void layOutColumns();
    void search(const QString &text);
    void step(int rows);
    void showTitle();

    WatchlistModel *m_model;
    PanelTitle *m_title;
    QLineEdit *m_search;
    DataTable *m_table;
    QString m_selected;
    QString m_emptyText;
    qint64 m_sortedNs = 0;
    int m_figureWidth = 0; // what the widest last price needs
    bool m_selecting = false;
};

} // namespace feedscope::ui
