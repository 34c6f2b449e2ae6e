// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/watchlist_panel.h"

#include "ui/dashboard/data_table.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/sparkline.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kMargin = 8;
constexpr int kArrow = 9;
constexpr qint64 kSortEveryNs = 1'000'000'000;

/// Flat, with the panels' line around it: the style's own frame does not show on a dark ground.
class SearchField : public QLineEdit {
public:
    SearchField()
    {
        setFrame(false);
        setTextMargins(6, 4, 2, 4);
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QLineEdit::paintEvent(event);
        QPainter painter(this);
        const Colors &colors = colorsFor(palette());
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(hasFocus() ? colors.accent : colors.border);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
};

class WatchlistDelegate : public QStyledItemDelegate {
public:
    WatchlistDelegate(const DataTable &table, const WatchlistModel &model, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_table(table)
        , m_model(model)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = colorsFor(option.palette);
        const SymbolState &state = m_model.state(index.row());
        m_table.paintGround(*painter, option, index);
        const QColor text = option.palette.color(QPalette::Text);
        const double change = state.tick.changePercent;
        const int sign = std::isfinite(change) && std::abs(change) >= 0.005 ? (change > 0 ? 1 : -1) : 0;
        const QColor signColor = sign > 0 ? colors.up : sign < 0 ? colors.down : colors.flat;
        const QRect area = option.rect.adjusted(kMargin / 2, 0, -kMargin / 2, 0);
        const Figures &figures = m_table.figures();
        switch (index.column()) {
        case WatchlistModel::Symbol: {
            QFont font = option.font;
            font.setWeight(QFont::DemiBold);
            painter->setFont(font);
            painter->setPen(text);
            const QRect name = option.rect.adjusted(kMargin, 0, -2, 0);
            painter->drawText(name, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(state.symbol, Qt::ElideRight, name.width()));
            break;
        }
        case WatchlistModel::Last: {
            Figures::Changed changed;
            changed.from = m_model.flashFrom(index.row());
            if (changed.from >= 0) {
                const QColor hue = state.direction < 0 ? colors.down : colors.up;
                changed.ground = blend(option.palette.color(QPalette::Base), hue, colors.dark ? 0.34 : 0.22);
                changed.color = text;
            }
            figures.drawRight(*painter, area, m_model.lastText(index.row()), text, changed);
            break;
        }
        case WatchlistModel::Change:
            figures.drawRight(*painter, area, index.data().toString(), signColor);
            break;
        case WatchlistModel::ChangePercent: {
            const QString number = std::isfinite(change) ? QString::number(std::abs(change), 'f', 2) : QStringLiteral("–");
            figures.drawRight(*painter, area, number, signColor);
            const int left = area.right() + 1 - figures.width(number) - kArrow - 3;
            drawArrow(*painter, QRect(left, area.top(), kArrow, area.height()), sign, signColor);
            break;
        }
        case WatchlistModel::TrendLine:
            paintSparkline(*painter, option.rect.adjusted(6, 4, -6, -4), state.trend.points(), colors);
            break;
        case WatchlistModel::Volume:
            figures.drawRight(*painter, area, WatchlistModel::volumeText(state.tick.volume), colors.muted);
            break;
        }
    }

private:
    const DataTable &m_table;
    const WatchlistModel &m_model;
};

} // namespace

WatchlistPanel::WatchlistPanel(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_model(new WatchlistModel(market, this))
    , m_title(new PanelTitle(QStringLiteral("Watchlist")))
    , m_search(new SearchField)
    , m_table(new DataTable)
{
    m_search->setPlaceholderText(QStringLiteral("Find a symbol"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(QStringLiteral("Find a symbol"));
    m_search->setObjectName(QStringLiteral("watchlistSearch"));
    m_search->installEventFilter(this);

    m_table->setObjectName(QStringLiteral("watchlist"));
    m_table->setAccessibleName(QStringLiteral("Watchlist"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new WatchlistDelegate(*m_table, *m_model, m_table));
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setFocusPolicy(Qt::NoFocus);

    auto *field = new QHBoxLayout;
    field->setContentsMargins(kMargin, 0, kMargin, 4);
    field->addWidget(m_search);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addLayout(field);
    column->addWidget(m_table, 1);

    setTabOrder(m_search, m_table);
    setMinimumWidth(232);

    connect(m_search, &QLineEdit::textChanged, this, &WatchlistPanel::search);
    connect(m_table, &DataTable::typed, this, [this](const QString &text) {
        m_search->setFocus(Qt::ShortcutFocusReason);
        if (text != QLatin1String("/"))
            m_search->setText(m_search->text() + text);
    });
    connect(m_table, &DataTable::resized, this, &WatchlistPanel::layOutColumns);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (m_selecting || !current.isValid())
            return;
        m_selected = m_model->symbol(current.row());
        emit symbolSelected(m_selected);
    });
    // The current row again: back from a metric that was in the chart.
    const auto again = [this](int row) { emit symbolSelected(m_model->symbol(row)); };
    connect(m_table, &DataTable::rowActivated, this, again);
    connect(m_table, &DataTable::clicked, this, [again](const QModelIndex &index) { again(index.row()); });
    showTitle();
}

WatchlistPanel::~WatchlistPanel() = default;

void WatchlistPanel::setEmptyText(const QString &text)
{
    m_emptyText = text;
    if (m_search->text().isEmpty())
        m_table->setEmptyText(text);
}

void WatchlistPanel::setFlashing(bool on)
{
    m_model->setFlashing(on);
}

void WatchlistPanel::focusTable()
{
    m_table->setFocus(Qt::OtherFocusReason);
}

void WatchlistPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void WatchlistPanel::reset()
{
    m_selecting = true;
    m_model->reset();
    m_selecting = false;
    m_figureWidth = 0;
    showTitle();
}

void WatchlistPanel::showTitle()
{
    const int rows = m_model->rowCount();
    m_title->setDetail(m_search->text().isEmpty() ? (rows == 0 ? QString() : QStringLiteral("%1 symbols").arg(formatCount(static_cast<quint64>(rows))))
                                                  : QStringLiteral("%1 found").arg(formatCount(static_cast<quint64>(rows))));
}

void WatchlistPanel::search(const QString &text)
{
    m_table->setEmptyText(text.isEmpty() ? m_emptyText : QStringLiteral("No symbol contains “%1”. Esc shows all again.").arg(text));
    m_selecting = true;
    m_model->setSearch(text.trimmed());
    m_selecting = false;
    showTitle();
    select(m_selected);
}

void WatchlistPanel::select(const QString &symbol)
{
    m_selected = symbol;
    const int row = m_model->rowOf(symbol);
    m_selecting = true;
    if (row < 0)
        m_table->selectionModel()->clear();
    else if (m_table->currentIndex().row() != row)
        m_table->selectRow(row);
    m_selecting = false;
}

void WatchlistPanel::setSort(int column, Qt::SortOrder order)
{
    if (column < 0) {
        m_model->sort(WatchlistModel::kUnsorted, order);
        m_table->horizontalHeader()->setSortIndicator(-1, order);
    } else {
        m_table->sortByColumn(column, order);
    }
}

void WatchlistPanel::step(int rows)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    const int row = m_table->currentIndex().isValid() ? m_table->currentIndex().row() + rows : 0;
    m_table->selectRow(std::clamp(row, 0, count - 1));
}

bool WatchlistPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_model->rowOf(m_selected) < 0)
                step(0);
            m_table->setFocus();
            return true;
        case Qt::Key_Escape:
            m_search->clear();
            m_table->setFocus();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void WatchlistPanel::displayTick(qint64 nowNs, std::span<const int> changed)
{
    const int before = m_model->rowCount();
    m_model->displayTick(nowNs, changed, m_table->firstVisibleRow(), m_table->lastVisibleRow());
    if (m_model->rowCount() != before) {
        showTitle();
        if (m_model->rowOf(m_selected) >= 0)
            select(m_selected);
    }
    int widest = 0;
    for (const int symbol : changed) {
        const int row = symbol < 0 ? -1 : m_model->rowOfIndex(symbol);
        if (row >= m_table->firstVisibleRow() && row >= 0)
            widest = std::max(widest, m_table->figures().width(m_model->lastText(row)));
    }
    if (widest > m_figureWidth) {
        m_figureWidth = widest;
        layOutColumns();
    }
    if (nowNs - m_sortedNs >= kSortEveryNs || nowNs < m_sortedNs) {
        m_sortedNs = nowNs;
        m_model->resort(m_table->hoveredRow());
    }
}

// Columns have the width their numbers need; what does not fit is left out, the least needed first, and never cut.
void WatchlistPanel::layOutColumns()
{
    const Figures &figures = m_table->figures();
    const int digit = figures.digitWidth();
    const int last = std::max(m_figureWidth, figures.width(QStringLiteral("0000.00"))) + kMargin;
    std::array<int, WatchlistModel::ColumnCount> widths{};
    widths[WatchlistModel::Symbol] = 6 * digit + kMargin;
    widths[WatchlistModel::Last] = last;
    widths[WatchlistModel::Change] = figures.width(QStringLiteral("+000.00")) + kMargin;
    widths[WatchlistModel::ChangePercent] = figures.width(QStringLiteral("00.00")) + kArrow + 3 + kMargin;
    widths[WatchlistModel::TrendLine] = 56;
    widths[WatchlistModel::Volume] = figures.width(QStringLiteral("000.0M")) + kMargin;

    int left = m_table->viewport()->width();
    std::array<bool, WatchlistModel::ColumnCount> shown{};
    for (const int column : {WatchlistModel::Symbol, WatchlistModel::Last, WatchlistModel::ChangePercent, WatchlistModel::TrendLine,
             WatchlistModel::Volume, WatchlistModel::Change}) {
        const auto i = static_cast<size_t>(column);
        shown[i] = column <= WatchlistModel::Last || widths[i] <= left;
        if (!shown[i])
            break;
        left -= widths[i];
    }
    // The rest goes to the trend first, then to all alike.
    if (left > 0) {
        const int toTrend = shown[WatchlistModel::TrendLine] ? std::min(left, 48) : 0;
        widths[WatchlistModel::TrendLine] += toTrend;
        left -= toTrend;
        int count = static_cast<int>(std::count(shown.begin(), shown.end(), true));
        for (size_t i = 0; i < widths.size(); ++i) {
            if (!shown[i])
                continue;
            const int share = left / count--;
            widths[i] += share;
            left -= share;
        }
    }
    for (size_t i = 0; i < widths.size(); ++i) {
        const int column = static_cast<int>(i);
        m_table->setColumnHidden(column, !shown[i]);
        if (shown[i] && m_table->columnWidth(column) != widths[i])
            m_table->setColumnWidth(column, widths[i]);
    }
}

} // namespace feedscope::ui
