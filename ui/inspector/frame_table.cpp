// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_table.h"

#include "ui/inspector/frame_row_painter.h"
#include "ui/inspector/frame_table_header.h"
#include "ui/inspector/inspector_style.h"
#include "ui/widgets/format.h"

#include <QAccessible>
#include <QDataStream>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

namespace feedscope::ui {

namespace {

constexpr quint8 kStateVersion = 1;

} // namespace

FrameTable::FrameTable(FrameListModel *model, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_model(model)
    , m_header(new FrameTableHeader(&m_columns, [this] { return horizontalScrollBar()->value(); }, this))
    , m_pill(new QToolButton(viewport()))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(QStringLiteral("Frames"));
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    m_columns.reset(fontMetrics(), QFontMetrics(byteFontFor(this)));
    setViewportMargins(0, m_header->sizeHint().height(), 0, 0);
    m_pill->hide();
    m_pill->setCursor(Qt::PointingHandCursor);
    m_pill->setFocusPolicy(Qt::NoFocus);
    connect(m_pill, &QToolButton::clicked, this, [this] { setFollowing(true); });
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this, &FrameTable::rememberPlace);
    connect(m_model, &QAbstractItemModel::modelReset, this, &FrameTable::modelReset);
    connect(m_header, &FrameTableHeader::columnsChanged, this, [this] {
        updateScrollBars();
        viewport()->update();
    });
    // Dragging the bar away from its end, or a click beside the handle, is reading: the list stays put from then on.
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_scrollingByUs)
            m_anchor.reset();
        if (!m_scrollingByUs && value < verticalScrollBar()->maximum())
            leaveFollowing();
    });
    connect(verticalScrollBar(), &QScrollBar::sliderPressed, this, [this] { leaveFollowing(); });
}

int FrameTable::rowHeight() const
{
    return qMax(fontMetrics().height(), QFontMetrics(byteFontFor(this)).height()) + 4;
}

int FrameTable::topRow() const
{
    return verticalScrollBar()->value();
}

int FrameTable::visibleRows() const
{
    return qMax(1, viewport()->height() / rowHeight());
}

void FrameTable::updateScrollBars()
{
    const QScopedValueRollback guard(m_scrollingByUs, true);
    verticalScrollBar()->setPageStep(visibleRows());
    verticalScrollBar()->setRange(0, qMax(0, m_model->rowCount() - visibleRows()));
    horizontalScrollBar()->setSingleStep(24);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, qMax(0, m_columns.totalWidth() - viewport()->width()));
    m_header->update();
}

bool FrameTable::displayTick()
{
    const int rows = m_model->rowCount();
    const bool changed = rows != m_paintedRows;
    const int oldTop = topRow();
    updateScrollBars();
    const QScopedValueRollback guard(m_scrollingByUs, true);
    const bool known = m_model->rows().isComplete();
    if (m_scrollToCurrent && m_current) {
        if (const int row = currentRow(); row >= 0) {
            scrollTo(row);
            m_scrollToCurrent = false;
            m_anchor.reset();
        } else if (known) {
            m_scrollToCurrent = false;
        }
    } else if (m_following) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    } else if (m_anchor) {
        // Where the record is going to be cannot be known before the scan has passed it.
        if (known || m_model->rows().scanned() > *m_anchor) {
            const auto index = static_cast<int>(m_model->rows().lowerBound(*m_anchor));
            verticalScrollBar()->setValue(index - m_anchorOffset);
            if (known || topRow() < verticalScrollBar()->maximum())
                m_anchor.reset();
        }
    }
    const bool visiblyChanged = topRow() != oldTop || (changed && m_paintedRows < topRow() + visibleRows() + 1);
    m_paintedRows = rows;
    updatePill();
    if (visiblyChanged)
        viewport()->update();
    return visiblyChanged;
}

void FrameTable::rememberPlace()
{
    if (m_following || m_anchor || m_model->rowCount() == 0)
        return;
    const int current = currentRow();
    const bool isVisible = current >= topRow() && current < topRow() + visibleRows();
    const int row = isVisible ? current : qMin(topRow(), m_model->rowCount() - 1);
    m_anchor = m_model->rows().recordRow(static_cast<quint64>(row));
    m_anchorOffset = row - topRow();
}

void FrameTable::readerChanged()
{
    m_anchor.reset();
    m_scrollToCurrent = false;
    clearCurrent();
    setFollowing(true);
}

void FrameTable::modelReset()
{
    m_paintedRows = 0;
    m_rowsAtLeave = m_model->rowCount();
    updateScrollBars();
    viewport()->update();
    announce();
}

void FrameTable::setFollowing(bool on)
{
    if (on) {
        m_anchor.reset();
        m_scrollToCurrent = false;
    }
    if (m_following != on) {
        m_following = on;
        m_rowsAtLeave = m_model->rowCount();
        emit followingChanged(on);
    }
    if (on) {
        updateScrollBars();
        const QScopedValueRollback guard(m_scrollingByUs, true);
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        viewport()->update();
    }
    updatePill();
}

void FrameTable::leaveFollowing()
{
    if (m_following)
        setFollowing(false);
}

quint64 FrameTable::newRows() const
{
    return m_following ? 0 : static_cast<quint64>(qMax(0, m_model->rowCount() - m_rowsAtLeave));
}

QString FrameTable::pillText() const
{
    const quint64 count = newRows();
    return count ? QStringLiteral("%1 new ▾").arg(formatCount(count)) : QString();
}

void FrameTable::updatePill()
{
    const QString text = pillText();
    if (text.isEmpty()) {
        m_pill->hide();
        return;
    }
    if (m_pill->text() != text) {
        m_pill->setText(text);
        m_pill->setAccessibleName(QStringLiteral("%1: follow the newest").arg(text));
        m_pill->setStyleSheet(QStringLiteral("QToolButton { background: %1; color: %2; border: none; border-radius: 10px;"
                                             " padding: 3px 12px; }")
                                  .arg(palette().color(QPalette::Highlight).name(),
                                      palette().color(QPalette::HighlightedText).name()));
        m_pill->adjustSize();
    }
    m_pill->move(viewport()->width() - m_pill->width() - 12, viewport()->height() - m_pill->height() - 10);
    m_pill->show();
}

int FrameTable::currentRow() const
{
    if (!m_current)
        return -1;
    const std::optional<quint64> index = m_model->rows().indexOf(*m_current);
    return index && *index < static_cast<quint64>(m_model->rowCount()) ? static_cast<int>(*index) : -1;
}

void FrameTable::setCurrentRow(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    leaveFollowing(); // a followed list would carry the chosen row away
    const quint64 record = m_model->rows().recordRow(static_cast<quint64>(row));
    m_scrollToCurrent = false;
    scrollTo(row);
    viewport()->update();
    if (m_current == record)
        return;
    m_current = record;
    announce();
    emit currentChanged(m_current);
}

void FrameTable::setCurrentRecord(quint64 recordRow)
{
    leaveFollowing();
    const bool changed = m_current != recordRow;
    m_current = recordRow;
    if (const int row = currentRow(); row >= 0) {
        const int half = visibleRows() / 2;
        if (row < topRow() || row >= topRow() + visibleRows()) {
            updateScrollBars();
            verticalScrollBar()->setValue(row - half);
        }
        m_anchor.reset();
    } else {
        m_scrollToCurrent = true;
    }
    viewport()->update();
    if (changed) {
        announce();
        emit currentChanged(m_current);
    }
}

void FrameTable::clearCurrent()
{
    if (!m_current)
        return;
    m_current.reset();
    viewport()->update();
    announce();
    emit currentChanged({});
}

void FrameTable::announce()
{
    const int row = currentRow();
    setAccessibleDescription(row < 0 ? QStringLiteral("%1 rows").arg(m_model->rowCount()) : m_model->rowText(row));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void FrameTable::scrollTo(int row)
{
    updateScrollBars();
    if (row < topRow())
        verticalScrollBar()->setValue(row);
    else if (row >= topRow() + visibleRows())
        verticalScrollBar()->setValue(row - visibleRows() + 1);
}

int FrameTable::rowAt(QPoint position) const
{
    if (position.y() < 0)
        return -1;
    const int row = topRow() + position.y() / rowHeight();
    return row < m_model->rowCount() ? row : -1;
}

QRect FrameTable::cellRect(int row, FrameColumn column) const
{
    QRect area = m_columns.rect(column, horizontalScrollBar()->value(), viewport()->width(), rowHeight());
    return area.translated(0, (row - topRow()) * rowHeight());
}

void FrameTable::setEmptyText(const QString &text)
{
    if (m_emptyText == text)
        return;
    m_emptyText = text;
    if (m_model->rowCount() == 0)
        viewport()->update();
}

void FrameTable::paintEvent(QPaintEvent *)
{
    ++m_repaints;
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    const int count = m_model->rowCount();
    const int height = rowHeight();
    FrameRowPainter rows(painter, *this, *m_model, m_columns, horizontalScrollBar()->value());
    const auto isCurrent = [this](int row) { return m_current && m_current == m_model->rows().recordRow(static_cast<quint64>(row)); };
    int top = 0;
    for (int row = topRow(); row < count && top < viewport()->height(); ++row, top += height)
        rows.paintRow(row, {0, top, viewport()->width(), height}, isCurrent(row));
    if (horizontalScrollBar()->value() > 0)
        painter.fillRect(m_columns.frozenWidth() - 1, 0, 1, top, colorsFor(palette()).border);
    if (count == 0 && !m_emptyText.isEmpty()) {
        painter.setPen(colorsFor(palette()).muted);
        painter.drawText(viewport()->rect().adjusted(24, 12, -24, -12), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
}

void FrameTable::resizeEvent(QResizeEvent *)
{
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - m_header->sizeHint().height(), area.width(), m_header->sizeHint().height());
    updateScrollBars();
    if (m_following) {
        const QScopedValueRollback guard(m_scrollingByUs, true);
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    }
    updatePill();
}

void FrameTable::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_columns.reset(fontMetrics(), QFontMetrics(byteFontFor(this)));
        setViewportMargins(0, m_header->sizeHint().height(), 0, 0);
        updateScrollBars();
    } else if (event->type() == QEvent::PaletteChange) {
        m_pill->setText({}); // its colours are written at the next tick
    }
}

void FrameTable::keyPressEvent(QKeyEvent *event)
{
    const int rows = m_model->rowCount();
    const int current = currentRow();
    const int page = qMax(1, visibleRows() - 1);
    const auto step = [&](int by) {
        if (rows == 0)
            return;
        const int from = current >= 0 ? current : m_following ? rows : topRow() - (by > 0 ? 1 : 0);
        setCurrentRow(qBound(0, from + by, rows - 1));
    };
    switch (event->key()) {
    case Qt::Key_Up:
        step(-1);
        return;
    case Qt::Key_Down:
        step(1);
        return;
    case Qt::Key_PageUp:
        step(-page);
        return;
    case Qt::Key_PageDown:
        step(page);
        return;
    case Qt::Key_Home:
        setCurrentRow(0);
        return;
    case Qt::Key_End:
        clearCurrent();
        setFollowing(true);
        return;
    case Qt::Key_Space:
        setFollowing(!m_following);
        return;
    case Qt::Key_Left:
        horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
        return;
    case Qt::Key_Right:
        horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current)
            emit activated(*m_current);
        return;
    case Qt::Key_Escape:
        emit escaped();
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void FrameTable::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton || event->button() == Qt::RightButton)
        setCurrentRow(rowAt(event->pos()));
}

void FrameTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (rowAt(event->pos()) >= 0 && m_current)
        emit activated(*m_current);
}

void FrameTable::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_current)
        return;
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QPoint at = byKey ? viewport()->mapToGlobal(cellRect(currentRow(), FrameColumn::Time).bottomLeft()) : event->globalPos();
    emit menuRequested(*m_current, at);
}

void FrameTable::wheelEvent(QWheelEvent *event)
{
    if (event->angleDelta().y() > 0 && verticalScrollBar()->maximum() > 0)
        leaveFollowing();
    QAbstractScrollArea::wheelEvent(event);
}

bool FrameTable::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int row = rowAt(help->pos());
        if (row < 0) {
            QToolTip::hideText();
            return true;
        }
        const FrameLine line = m_model->line(row);
        QString text = QStringLiteral("%1\n%2").arg(formatTime(line.record.time.wallNs, 9), line.what);
        for (const wire::Rule rule : line.record.violations.rules())
            text += QStringLiteral("\n⚠ %1 (%2)").arg(
                QLatin1String(wire::ruleInfo(rule).text), QLatin1String(wire::ruleInfo(rule).section));
        QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void FrameTable::scrollContentsBy(int dx, int)
{
    if (dx != 0)
        m_header->update();
    viewport()->update();
}

QByteArray FrameTable::saveState() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out << kStateVersion;
    for (int i = 0; i < kFrameColumns; ++i) {
        const auto column = static_cast<FrameColumn>(i);
        out << static_cast<qint32>(m_columns.width(column)) << m_columns.isVisible(column);
    }
    return state;
}

void FrameTable::restoreState(const QByteArray &state)
{
    QDataStream in(state);
    quint8 version = 0;
    in >> version;
    FrameColumns columns = m_columns;
    for (int i = 0; i < kFrameColumns; ++i) {
        qint32 width = 0;
        bool visible = true;
        in >> width >> visible;
        columns.setWidth(static_cast<FrameColumn>(i), width);
        columns.setVisible(static_cast<FrameColumn>(i), visible);
    }
    if (version != kStateVersion || in.status() != QDataStream::Ok)
        return; // of another version, or damaged: the columns stay as they are
    m_columns = columns;
    updateScrollBars();
    viewport()->update();
}

} // namespace feedscope::ui
