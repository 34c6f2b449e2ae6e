// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/frame_fields.h"
#include "ui/models/frame_rows.h"

#include <QAbstractTableModel>
#include <QCache>

#include <functional>

namespace feedscope::ui {

/// The rows of the frame list. Data is decoded when a row is asked for, and remembered for the rows on the screen; taking in new records costs the
/// same however many there are. Does not own the reader. GUI thread.
class FrameListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    /// How a cell is written: numbers with their units and times belong to the screen.
    using CellText = std::function<QString(const FrameLine &, FrameColumn)>;
    enum Role { RecordRowRole = Qt::UserRole, ViolationRole };

    explicit FrameListModel(CellText cellText, QObject *parent = nullptr);

    void setReader(const capture::CaptureReader *reader);
    void setCriteria(RowCriteria criteria);
    /// Takes in what the reader has, within the budget; inserts rows at the end. Returns whether anything was looked at.
    bool takeNew(qint64 budgetNs);

    const FrameRows &rows() const { return m_rows; }
    const capture::CaptureReader *reader() const { return m_reader; }
    const FrameLine &line(int row) const; ///< valid until the next call

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QString cell(int row, FrameColumn column) const { return cell(line(row), column); }
    QString cell(const FrameLine &line, FrameColumn column) const { return m_cellText(line, column); }
    /// The whole row in one sentence, for screen readers and the clipboard.
    QString rowText(int row) const;

    quint64 linesDecoded() const { return m_decoded; }

private:
    CellText m_cellText;
    const capture::CaptureReader *m_reader = nullptr;
    FrameRows m_rows;
    int m_count = 0; // what views have been told
    mutable QCache<quint64, FrameLine> m_lines;
    mutable quint64 m_decoded = 0;
};

} // namespace feedscope::ui
