// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_list_model.h"

#include <limits>

namespace feedscope::ui {

namespace {

constexpr int kLinesRemembered = 512; // a few screens

} // namespace

FrameListModel::FrameListModel(CellText cellText, QObject *parent)
    : QAbstractTableModel(parent)
    , m_cellText(std::move(cellText))
    , m_lines(kLinesRemembered)
{
}

void FrameListModel::setReader(const capture::CaptureReader *reader)
{
    beginResetModel();
    m_reader = reader;
    m_lines.clear();
    m_rows.setReader(reader);
    m_count = static_cast<int>(qMin<quint64>(m_rows.size(), std::numeric_limits<int>::max()));
    endResetModel();
}

void FrameListModel::setCriteria(RowCriteria criteria)
{
    beginResetModel();
    m_rows.setCriteria(std::move(criteria));
    m_count = static_cast<int>(qMin<quint64>(m_rows.size(), std::numeric_limits<int>::max()));
    endResetModel();
}

bool FrameListModel::takeNew(qint64 budgetNs)
{
    const bool looked = m_rows.step(budgetNs);
    const auto count = static_cast<int>(qMin<quint64>(m_rows.size(), std::numeric_limits<int>::max()));
    if (count > m_count) {
        beginInsertRows({}, m_count, count - 1);
        m_count = count;
        endInsertRows();
    }
    return looked;
}

const FrameLine &FrameListModel::line(int row) const
{
    Q_ASSERT(m_reader && row >= 0 && row < m_count);
    const quint64 recordRow = m_rows.recordRow(static_cast<quint64>(row));
    if (const FrameLine *known = m_lines.object(recordRow))
        return *known;
    auto *line = new FrameLine(describeRow(*m_reader, recordRow)); // the cache owns it
    ++m_decoded;
    m_lines.insert(recordRow, line);
    return *line;
}

int FrameListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int FrameListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kFrameColumns;
}

QString FrameListModel::rowText(int row) const
{
    QStringList words;
    for (int column = 0; column < kFrameColumns; ++column) {
        const QString text = cell(row, static_cast<FrameColumn>(column));
        if (!text.isEmpty())
            words << text;
    }
    if (line(row).isViolation)
        words << QStringLiteral("violation");
    return words.join(QLatin1Char(' '));
}

QVariant FrameListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_count)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cell(index.row(), static_cast<FrameColumn>(index.column()));
    case Qt::AccessibleTextRole:
        return rowText(index.row());
    case RecordRowRole:
        return m_rows.recordRow(static_cast<quint64>(index.row()));
    case ViolationRole:
        return line(index.row()).isViolation;
    default:
        return {};
    }
}

QVariant FrameListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal || section < 0 || section >= kFrameColumns)
        return {};
    return frameColumnTitle(static_cast<FrameColumn>(section));
}

} // namespace feedscope::ui
