// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/frame_columns.h"
#include "ui/models/frame_list_model.h"

#include <QAbstractScrollArea>

class QToolButton;

namespace feedscope::ui {

class FrameTableHeader;

/// The frame list: any number of rows of one height; only the visible ones are decoded and drawn. Follows the newest row, or stays where its reader
/// is: then nothing moves, and a pill says how many rows are new. The current row is a record, so it survives a change of filter.
class FrameTable final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit FrameTable(FrameListModel *model, QWidget *parent = nullptr);

    /// After the model took in rows: repaints if what is visible changed. Returns whether it did.
    bool displayTick();
    void readerChanged(); ///< another capture: nothing of the old one is current

    bool isFollowing() const { return m_following; }
    void setFollowing(bool on);
    quint64 newRows() const; ///< since following ended
    QString pillText() const; ///< empty: no pill

    std::optional<quint64> currentRecord() const { return m_current; }
    int currentRow() const; ///< in the model; -1: none, or not among the rows shown
    void setCurrentRow(int row);
    void setCurrentRecord(quint64 recordRow); ///< scrolls there once it is among the rows
    void clearCurrent();

    int topRow() const;
    int visibleRows() const; ///< whole ones
    int rowAt(QPoint position) const; ///< -1: none
    QRect cellRect(int row, FrameColumn column) const; ///< in the viewport
    FrameColumns &columns() { return m_columns; }
    void setEmptyText(const QString &text);
    int repaints() const { return m_repaints; }

    QByteArray saveState() const;
    void restoreState(const QByteArray &state);

signals:
    void currentChanged(std::optional<quint64> recordRow);
    void activated(quint64 recordRow); ///< Enter or double click
    void followingChanged(bool following);
    void escaped(); ///< Esc with nothing left to undo here
    void menuRequested(quint64 recordRow, QPoint globalPosition);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    int rowHeight() const;
    void rememberPlace(); ///< before a reset: what was in view stays there, as soon as it is known again
    void modelReset();
    void updateScrollBars();
    void updatePill();
    void scrollTo(int row); ///< so that it is visible
    void leaveFollowing();
    void announce();

    FrameListModel *m_model;
    FrameColumns m_columns;
    FrameTableHeader *m_header;
    QToolButton *m_pill;
    QString m_emptyText;
    std::optional<quint64> m_current;
    std::optional<quint64> m_anchor; // record that is to be in view again, so many rows from the top
    int m_anchorOffset = 0;
    bool m_scrollToCurrent = false;
    bool m_following = true;
    bool m_scrollingByUs = false;
    int m_rowsAtLeave = 0;
    int m_paintedRows = 0;
    int m_repaints = 0;
};

} // namespace feedscope::ui
