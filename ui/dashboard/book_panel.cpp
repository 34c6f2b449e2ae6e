// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/book_panel.h"

#include "ui/dashboard/data_table.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace feedscope::ui {

namespace {

constexpr int kMargin = 6;

class BookDelegate : public QStyledItemDelegate {
public:
    BookDelegate(const DataTable &table, const BookModel &model, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_table(table)
        , m_model(model)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = colorsFor(option.palette);
        const QRect area = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        if (m_model.isSpread(index.row())) {
            painter->fillRect(option.rect, option.palette.color(QPalette::AlternateBase));
            // One line over all columns: each cell paints its part of it.
            const QRect whole(0, option.rect.top(), m_table.viewport()->width(), option.rect.height());
            painter->save();
            painter->setClipRect(option.rect);
            painter->setFont(option.font);
            painter->setPen(colors.muted);
            painter->drawText(whole.adjusted(8, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("spread"));
            m_table.figures().drawRight(*painter, whole.adjusted(8, 0, -8, 0), m_model.spreadText(), option.palette.color(QPalette::Text));
            painter->restore();
            return;
        }
        const BookModel::Row &row = m_model.row(index.row());
        if (!row.exists())
            return;
        const bool ask = m_model.isAsk(index.row());
        const QColor hue = ask ? colors.down : colors.up;
        const QColor base = option.palette.color(QPalette::Base);
        const QColor ground = blend(base, hue, colors.dark ? 0.22 : 0.16);
        // The bar runs from the right edge over all columns, so that its length can be compared from row to row.
        const int full = m_table.viewport()->width();
        const int length = static_cast<int>(full * std::min(1.0, row.size / m_model.scale()));
        const QRect bar(full - length, option.rect.top() + 1, length, option.rect.height() - 2);
        painter->fillRect(bar & option.rect, ground);
        switch (index.column()) {
        case BookModel::Price:
            m_table.figures().drawRight(*painter, area, index.data().toString(), hue);
            break;
        case BookModel::Size: {
            const QString text = index.data().toString();
            if (row.flashes) {
                const int width = m_table.figures().width(text);
                painter->fillRect(QRect(area.right() - width - 1, option.rect.top() + 2, width + 4, option.rect.height() - 4), blend(base, hue, colors.dark ? 0.42 : 0.34));
            }
            m_table.figures().drawRight(*painter, area, text, option.palette.color(QPalette::Text));
            break;
        }
        case BookModel::Total:
            m_table.figures().drawRight(*painter, area, index.data().toString(), colors.muted);
            break;
        }
    }

private:
    const DataTable &m_table;
    const BookModel &m_model;
};

} // namespace

BookPanel::BookPanel(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_model(new BookModel(market, this))
    , m_title(new PanelTitle(QStringLiteral("Book")))
    , m_table(new DataTable)
{
    m_table->setObjectName(QStringLiteral("book"));
    m_table->setAccessibleName(QStringLiteral("Order book"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new BookDelegate(*m_table, *m_model, m_table));
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    QSizePolicy policy = m_table->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // the title stays on top of the empty panel
    m_table->setSizePolicy(policy);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addWidget(m_table, 1);
    setMinimumSize(188, 120);
    connect(m_table, &DataTable::resized, this, &BookPanel::layOut);
    showVerification();
}

void BookPanel::layOut()
{
    m_model->setDepth((m_table->viewport()->height() / m_table->rowHeight() - 1) / 2);
    const int width = m_table->viewport()->width();
    // Prices need more room than sizes.
    const int price = width * 38 / 100;
    const int size = width * 30 / 100;
    m_table->setColumnWidth(BookModel::Price, price);
    m_table->setColumnWidth(BookModel::Size, size);
    m_table->setColumnWidth(BookModel::Total, width - price - size);
}

void BookPanel::setFlashing(bool on)
{
    m_model->setFlashing(on);
}

void BookPanel::setSymbol(const QString &symbol)
{
    m_symbol = symbol;
    m_model->setSymbol(symbol);
    showVerification();
    update();
}

void BookPanel::reset()
{
    m_model->reset();
    showVerification();
    update();
}

void BookPanel::displayTick(qint64 nowNs)
{
    const bool wasEmpty = m_model->isEmpty();
    if (!m_model->displayTick(nowNs))
        return;
    if (wasEmpty)
        m_table->viewport()->update();
    showVerification();
}

void BookPanel::showVerification()
{
    const Colors &colors = colorsFor(palette());
    m_table->setVisible(!m_model->isEmpty());
    if (!m_model->agrees())
        m_title->setDetail(QStringLiteral("✕ ") + m_model->verification(), colors.error);
    else if (m_model->verification().isEmpty())
        m_title->setDetail(m_model->isEmpty() ? QString() : QStringLiteral("no checksum"));
    else
        m_title->setDetail(QStringLiteral("✓ verified"), colors.good);
    m_title->setToolTip(m_model->verification());
}

void BookPanel::paintEvent(QPaintEvent *)
{
    if (!m_model->isEmpty())
        return;
    QPainter painter(this);
    painter.setPen(colorsFor(palette()).muted);
    const QString text = m_symbol.isEmpty() ? QStringLiteral("The order book of the selected symbol will appear here")
                                            : QStringLiteral("Waiting for the order book of %1\u00a0…").arg(m_symbol);
    painter.drawText(rect().adjusted(12, m_title->height() + 12, -12, -12), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text);
}

void BookPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showVerification();
}

} // namespace feedscope::ui
