// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"
#include "ui/models/market_model.h"

#include <QWidget>

#include <memory>
#include <span>

namespace feedscope::ui {

/// Prices running past, right to left, moved by whole device pixels at the display tick. Stands still under the mouse, while it has the focus and
/// with reduced motion. An item keeps its width when its price changes, so that nothing jerks.
class TickerTape : public QWidget {
    Q_OBJECT
public:
    explicit TickerTape(const MarketModel &market, QWidget *parent = nullptr);

    void displayTick(qint64 nowNs, std::span<const int> changed);
    void setMoving(bool on); ///< off: reduced motion
    void reset();
    QString symbolAt(int x) const; ///< empty: none
    double offset() const { return m_offset; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void symbolSelected(const QString &symbol);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Item {
        int left = 0;
        int width = 0;
        QPixmap picture; // null: to be painted again
    };
    void layOut();
    int widthOf(const SymbolState &state) const;
    void paintItem(int index);
    int firstAt(double position) const;
    int period() const; // after how many pixels it begins again

    const MarketModel &m_market;
    std::unique_ptr<Figures> m_figures;
    QFont m_nameFont;
    std::vector<Item> m_items;
    std::vector<int> m_drawn; // the items whose pictures are held: those painted last
    int m_total = 0;
    double m_offset = 0;
    qint64 m_lastNs = 0;
    bool m_moving = true;
    int m_focused = 0;
};

} // namespace feedscope::ui
