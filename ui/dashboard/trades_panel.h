// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/trades_model.h"

#include <QWidget>

namespace feedscope::ui {

class DataTable;
class PanelTitle;

/// Time and sales. Whoever has scrolled down to read is left where they are.
class TradesPanel : public QWidget {
    Q_OBJECT
public:
    explicit TradesPanel(const MarketModel &market, QWidget *parent = nullptr);

    void displayTick();
    void setSymbol(const QString &symbol);
    void reset();
    const TradesModel &model() const { return *m_model; }

signals:
    void framesRequested(qint64 fromNs, qint64 toNs); ///< of one trade: Enter, double click or the menu

protected:
    void changeEvent(QEvent *event) override;

private:
    void layOut();
    void showFrames(int row);

    TradesModel *m_model;
    PanelTitle *m_title;
    DataTable *m_table;
};

} // namespace feedscope::ui
