// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"

#include <QStyledItemDelegate>
#include <QTableView>

#include <memory>

namespace feedscope::ui {

/// The dashboard's kind of table: flat, rows of one height, columns laid out by their owner and never wider than the view, no grid, no horizontal
/// scrolling. Space and End go on to the page (pause and live), letters to whoever searches.
class DataTable : public QTableView {
    Q_OBJECT
public:
    explicit DataTable(QWidget *parent = nullptr);

    const Figures &figures() const { return *m_figures; }
    int rowHeight() const;
    int firstVisibleRow() const; ///< 0 with no rows
    int lastVisibleRow() const; ///< -1 with no rows
    int hoveredRow() const; ///< under the mouse, -1: none
    void setEmptyText(const QString &text); ///< what will appear here, while there is no row
    /// Ground of a cell by selection, and the mark of the selected row. For delegates.
    void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;

signals:
    void typed(const QString &text); ///< printable keys
    void resized();
    void rowActivated(int row); ///< Enter or double click

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void metricsChanged();

    std::unique_ptr<Figures> m_figures;
    QString m_emptyText;
};

} // namespace feedscope::ui
