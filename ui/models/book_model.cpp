// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/book_model.h"

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

// The next 1, 2 or 5 times a power of ten.
double roundUp(double value)
{
    if (!(value > 0))
        return 1;
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (value <= step * decade)
            return step * decade;
    }
    return 10 * decade;
}

bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

} // namespace

BookModel::BookModel(const MarketModel &market, QObject *parent)
    : QAbstractTableModel(parent)
    , m_market(market)
    , m_rows(static_cast<size_t>(2 * m_depth + 1))
    , m_flashUntilNs(m_rows.size(), 0)
{
}

int BookModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BookModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::vector<BookModel::Row> BookModel::rows(const BookState &state) const
{
    std::vector<Row> rows(static_cast<size_t>(2 * m_depth + 1));
    const auto fill = [&](const std::vector<series::BookLevel> &levels, int first, int step) {
        double total = 0;
        const int count = std::min(m_depth, static_cast<int>(levels.size()));
        for (int i = 0; i < count; ++i) {
            const series::BookLevel &level = levels[static_cast<size_t>(i)];
            total += level.size;
            rows[static_cast<size_t>(first + i * step)] = {level.price, level.size, total, false};
        }
    };
    fill(state.book.asks(), m_depth - 1, -1);
    fill(state.book.bids(), m_depth + 1, 1);
    return rows;
}

bool BookModel::displayTick(qint64 nowNs)
{
    const BookState *state = m_market.book(m_symbol);
    std::vector<int> changed;
    if (m_anyFlash) {
        m_anyFlash = false;
        for (size_t i = 0; i < m_rows.size(); ++i) {
            if (!m_rows[i].flashes)
                continue;
            if (m_flashUntilNs[i] <= nowNs || m_flashUntilNs[i] > nowNs + kFlashNs) {
                m_rows[i].flashes = false;
                changed.push_back(static_cast<int>(i));
            } else {
                m_anyFlash = true;
            }
        }
    }
    if (state && state->changes != m_changes) {
        std::vector<Row> now = rows(*state);
        const bool first = m_changes == 0;
        double largest = 0;
        for (size_t i = 0; i < now.size(); ++i) {
            Row &row = now[i];
            const Row &before = m_rows[i];
            if (row.exists())
                largest = std::max(largest, row.size);
            const bool moved = !same(row.price, before.price);
            const bool sized = !same(row.size, before.size);
            row.flashes = before.flashes && !moved;
            // A level that only moved a row up or down is not news; one whose size changed, or that was not there, is.
            if (m_flash && !first && row.exists() && (moved || sized)) {
                const bool known = std::any_of(m_rows.begin(), m_rows.end(), [&](const Row &r) { return r.price == row.price && r.size == row.size; });
                if (!known) {
                    row.flashes = true;
                    m_anyFlash = true;
                    m_flashUntilNs[i] = nowNs + kFlashNs;
                }
            }
            if (moved || sized || !same(row.total, before.total) || row.flashes != before.flashes)
                changed.push_back(static_cast<int>(i));
        }
        changed.push_back(m_depth);
        m_rows = std::move(now);
        const double scale = roundUp(largest);
        // Down only when far too large: otherwise every bar would change with the largest level.
        if (scale > m_scale || scale < m_scale / 2.5 || first) {
            m_scale = scale;
            changed.clear();
            for (int i = 0; i < rowCount(); ++i)
                changed.push_back(i);
        }
        m_changes = state->changes;
        m_verified = state->verified;
        m_mismatched = state->mismatched;
        m_agrees = state->agrees;
        m_priceDecimals = state->priceDecimals;
        m_sizeDecimals = state->sizeDecimals;
    }
    if (changed.empty())
        return false;
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    for (size_t i = 0; i < changed.size();) {
        size_t end = i + 1;
        while (end < changed.size() && changed[end] == changed[end - 1] + 1)
            ++end;
        emit dataChanged(index(changed[i], 0), index(changed[end - 1], ColumnCount - 1));
        i = end;
    }
    return true;
}

void BookModel::setFlashing(bool on)
{
    m_flash = on;
}

void BookModel::setSymbol(const QString &symbol)
{
    if (symbol == m_symbol)
        return;
    m_symbol = symbol;
    reset();
}

void BookModel::setDepth(int levels)
{
    levels = std::max(1, levels);
    if (levels == m_depth)
        return;
    m_depth = levels;
    reset();
}

void BookModel::reset()
{
    beginResetModel();
    m_rows.assign(static_cast<size_t>(2 * m_depth + 1), Row());
    m_flashUntilNs.assign(m_rows.size(), 0);
    m_anyFlash = false;
    m_changes = 0;
    m_verified = 0;
    m_mismatched = 0;
    m_agrees = true;
    if (const BookState *state = m_market.book(m_symbol)) {
        m_rows = rows(*state);
        double largest = 0;
        for (const Row &row : m_rows)
            largest = row.exists() ? std::max(largest, row.size) : largest;
        m_scale = roundUp(largest);
        m_changes = state->changes;
        m_verified = state->verified;
        m_mismatched = state->mismatched;
        m_agrees = state->agrees;
        m_priceDecimals = state->priceDecimals;
        m_sizeDecimals = state->sizeDecimals;
    }
    endResetModel();
}

QString BookModel::spreadText() const
{
    const Row &ask = m_rows[static_cast<size_t>(m_depth - 1)];
    const Row &bid = m_rows[static_cast<size_t>(m_depth + 1)];
    if (!ask.exists() || !bid.exists())
        return QStringLiteral("–");
    const double spread = ask.price - bid.price;
    QString text = QString::number(spread, 'f', m_priceDecimals);
    if (ask.price + bid.price > 0)
        text += QStringLiteral(" · %1 bp").arg(spread / (ask.price + bid.price) * 2e4, 0, 'f', 1);
    return text;
}

QString BookModel::verification() const
{
    if (!m_agrees)
        return QStringLiteral("does not agree with its checksum (%1 of %2)").arg(m_mismatched).arg(m_mismatched + m_verified);
    if (m_verified + m_mismatched == 0)
        return {};
    const QString agreed = m_verified == 1 ? QStringLiteral("1 checksum agrees") : QStringLiteral("%1 checksums agree").arg(m_verified);
    return m_mismatched == 0 ? agreed : agreed + QStringLiteral(", %1 did not").arg(m_mismatched);
}

QVariant BookModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &level = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        if (isSpread(index.row()))
            return index.column() == Price ? QVariant(spreadText()) : QVariant();
        if (!level.exists())
            return {};
        switch (index.column()) {
        case Price:
            return QString::number(level.price, 'f', m_priceDecimals);
        case Size:
            return QString::number(level.size, 'f', m_sizeDecimals);
        case Total:
            return QString::number(level.total, 'f', m_sizeDecimals);
        }
        return {};
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | Qt::AlignRight));
    case Qt::AccessibleTextRole:
        if (isSpread(index.row()))
            return QStringLiteral("spread %1").arg(spreadText());
        if (!level.exists())
            return QStringLiteral("no level");
        return QStringLiteral("%1 %2, size %3, total %4")
            .arg(isAsk(index.row()) ? QStringLiteral("ask") : QStringLiteral("bid"), QString::number(level.price, 'f', m_priceDecimals),
                QString::number(level.size, 'f', m_sizeDecimals), QString::number(level.total, 'f', m_sizeDecimals));
    default:
        return {};
    }
}

QVariant BookModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static constexpr const char *kTitles[] = {"Price", "Size", "Total"};
    if (role == Qt::DisplayRole)
        return QLatin1String(kTitles[section]);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | Qt::AlignRight));
    return {};
}

} // namespace feedscope::ui
