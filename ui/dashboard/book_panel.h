// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/book_model.h"

#include <QWidget>

namespace feedscope::ui {

class DataTable;
class PanelTitle;

/// The depth ladder: as many levels as there is height for, bars for their sizes, and whether the book agrees with its checksums.
class BookPanel : public QWidget {
    Q_OBJECT
public:
    explicit BookPanel(const MarketModel &market, QWidget *parent = nullptr);

    void displayTick(qint64 nowNs);
    void setSymbol(const QString &symbol);
    void setFlashing(bool on);
    void reset();
    const BookModel &model() const { return *m_model; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();
    void showVerification();

    BookModel *m_model;
    PanelTitle *m_title;
    DataTable *m_table;
    QString m_symbol;
};

} // namespace feedscope::ui
