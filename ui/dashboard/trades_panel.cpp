// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/trades_panel.h"

#include "base/clock.h"
#include "ui/dashboard/data_table.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"

#include <QAction>
#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>

namespace feedscope::ui {

namespace {

constexpr int kMargin = 6;
constexpr int kArrow = 9;

class TradesDelegate : public QStyledItemDelegate {
public:
    TradesDelegate(const DataTable &table, const TradesModel &model, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_table(table)
        , m_model(model)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = colorsFor(option.palette);
        const Trade &trade = m_model.trade(index.row());
        m_table.paintGround(*painter, option, index);
        const QColor hue = trade.direction > 0 ? colors.up : trade.direction < 0 ? colors.down : colors.flat;
        const QRect area = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        const Figures &figures = m_table.figures();
        switch (index.column()) {
        case TradesModel::Time:
            figures.drawLeft(*painter, area.adjusted(2, 0, 0, 0), m_model.timeText(index.row()), colors.muted);
            break;
        case TradesModel::Price: {
            const QString text = m_model.priceText(index.row());
            figures.drawRight(*painter, area, text, hue);
            const int left = area.right() + 1 - figures.width(text) - kArrow - 3;
            drawArrow(*painter, QRect(left, area.top(), kArrow, area.height()), trade.direction, hue);
            break;
        }
        case TradesModel::Size:
            figures.drawRight(*painter, area, m_model.sizeText(index.row()), option.palette.color(QPalette::Text));
            break;
        }
    }

private:
    const DataTable &m_table;
    const TradesModel &m_model;
};

} // namespace

TradesPanel::TradesPanel(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_model(new TradesModel(market, this))
    , m_title(new PanelTitle(QStringLiteral("Trades")))
    , m_table(new DataTable)
{
    m_table->setObjectName(QStringLiteral("trades"));
    m_table->setAccessibleName(QStringLiteral("Trades, newest first"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new TradesDelegate(*m_table, *m_model, m_table));
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setEmptyText(QStringLiteral("The trades of the selected symbol will appear here"));

    auto *frames = new QAction(QStringLiteral("Show frames"), m_table);
    m_table->addAction(frames);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(frames, &QAction::triggered, this, [this] {
        if (m_table->currentIndex().isValid())
            showFrames(m_table->currentIndex().row());
    });
    connect(m_table, &DataTable::rowActivated, this, &TradesPanel::showFrames);
    connect(m_table, &DataTable::resized, this, &TradesPanel::layOut);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addWidget(m_table, 1);
    const Figures &figures = m_table->figures();
    const int needed = figures.width(QStringLiteral("00:00:00")) + figures.width(QStringLiteral("00000.00")) + figures.width(QStringLiteral("0000"));
    setMinimumSize(needed + kArrow + 3 + 6 * kMargin + 12, 96);
}

void TradesPanel::showFrames(int row)
{
    // The second that the trade lies in: the frame carries the source's time and was received a little later.
    const qint64 second = m_model->trade(row).timeNs / base::kNsPerSecond * base::kNsPerSecond;
    emit framesRequested(second, second + base::kNsPerSecond);
}

void TradesPanel::layOut()
{
    const int width = m_table->viewport()->width();
    const int time = m_table->figures().width(QStringLiteral("00:00:00")) + 2 * kMargin + 2;
    const int price = (width - time) * 64 / 100;
    m_table->setColumnWidth(TradesModel::Time, time);
    m_table->setColumnWidth(TradesModel::Price, price);
    m_table->setColumnWidth(TradesModel::Size, width - time - price);
}

void TradesPanel::setSymbol(const QString &symbol)
{
    m_model->setSymbol(symbol);
    m_table->setEmptyText(symbol.isEmpty() ? QStringLiteral("The trades of the selected symbol will appear here")
                                           : QStringLiteral("Waiting for trades of %1\u00a0…").arg(symbol));
    m_table->scrollToTop();
}

void TradesPanel::reset()
{
    m_model->reset();
}

void TradesPanel::displayTick()
{
    const int place = m_table->verticalScrollBar()->value();
    const int added = m_model->displayTick();
    if (added > 0 && place > 0)
        m_table->verticalScrollBar()->setValue(place + added * m_table->rowHeight());
}

void TradesPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_table->viewport()->update();
}

} // namespace feedscope::ui
