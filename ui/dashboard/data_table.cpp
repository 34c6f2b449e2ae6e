// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/data_table.h"

#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>

namespace feedscope::ui {

namespace {

constexpr int kCellMargin = 8;

/// Column titles as muted text with the sort arrow as a shape.
class FlatHeader : public QHeaderView {
public:
    explicit FlatHeader(QWidget *parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
        setHighlightSections(false);
        setSectionResizeMode(QHeaderView::Fixed);
        setMinimumSectionSize(16);
        setSectionsMovable(false);
        viewport()->setBackgroundRole(QPalette::Base);
    }

    QSize sizeHint() const override { return {QHeaderView::sizeHint().width(), fontMetrics().height() + 8}; }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QPainter(viewport()).fillRect(viewport()->rect(), palette().color(QPalette::Base));
        QHeaderView::paintEvent(event);
        QPainter(viewport()).fillRect(QRect(0, height() - 1, width(), 1), colorsFor(palette()).grid);
    }

    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        const Colors &colors = colorsFor(palette());
        painter->fillRect(rect, palette().color(QPalette::Base));
        const auto alignment = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
        const QString title = model()->headerData(section, Qt::Horizontal).toString();
        const bool sorted = sectionsClickable() && isSortIndicatorShown() && sortIndicatorSection() == section;
        QFont small = font();
        small.setPointSizeF(small.pointSizeF() * 0.85);
        painter->setFont(small);
        painter->setPen(sorted ? palette().color(QPalette::Text) : colors.muted);
        const QRect area = rect.adjusted(kCellMargin, 0, -kCellMargin, 0);
        painter->drawText(area, static_cast<int>(alignment), title);
        if (sorted) {
            const int text = painter->fontMetrics().horizontalAdvance(title);
            const bool left = alignment.testFlag(Qt::AlignLeft);
            const QRect arrow(left ? area.left() + text + 3 : area.right() - text - 11, rect.top(), 8, rect.height());
            drawArrow(*painter, arrow, sortIndicatorOrder() == Qt::AscendingOrder ? 1 : -1, colors.accent);
        }
    }
};

/// A handle and nothing else. Not a style sheet: that would keep the colours of the theme it was made in.
class ThinScrollBar : public QScrollBar {
public:
    explicit ThinScrollBar(QWidget *parent)
        : QScrollBar(Qt::Vertical, parent)
    {
    }
    QSize sizeHint() const override { return {10, QScrollBar::sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().color(QPalette::Base));
        const double whole = maximum() - minimum() + pageStep();
        if (maximum() <= minimum() || whole <= 0)
            return;
        const double length = std::max(28.0, height() * pageStep() / whole);
        const double top = (height() - length) * (value() - minimum()) / (maximum() - minimum());
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isSliderDown() || underMouse() ? palette().color(QPalette::Dark).lightness() < 128 ? palette().color(QPalette::Mid).lighter(150)
                                                                                                          : palette().color(QPalette::Dark)
                                                        : palette().color(QPalette::Mid));
        painter.drawRoundedRect(QRectF(2, top + 2, width() - 4, length - 4), 3, 3);
    }
    void mousePressEvent(QMouseEvent *event) override { drag(event->position().y()); }
    void mouseMoveEvent(QMouseEvent *event) override { drag(event->position().y()); }
    void mouseReleaseEvent(QMouseEvent *) override
    {
        setSliderDown(false);
        m_grip = -1;
        update();
    }
    void enterEvent(QEnterEvent *) override { update(); }
    void leaveEvent(QEvent *) override { update(); }

private:
    // Holding the handle moves it; beside it, the handle jumps under the mouse.
    void drag(double y)
    {
        const double whole = maximum() - minimum() + pageStep();
        if (maximum() <= minimum() || whole <= 0)
            return;
        const double length = std::max(28.0, height() * pageStep() / whole);
        const double room = std::max(1.0, height() - length);
        const double top = room * (value() - minimum()) / (maximum() - minimum());
        if (m_grip < 0)
            m_grip = y >= top && y <= top + length ? y - top : length / 2;
        setSliderDown(true);
        setValue(minimum() + static_cast<int>((y - m_grip) / room * (maximum() - minimum())));
    }
    double m_grip = -1;
};

} // namespace

DataTable::DataTable(QWidget *parent)
    : QTableView(parent)
{
    setHorizontalHeader(new FlatHeader(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setAutoScroll(false);
    setCornerButtonEnabled(false);
    setVerticalScrollBar(new ThinScrollBar(this));

    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    metricsChanged();
}

void DataTable::metricsChanged()
{
    m_figures = std::make_unique<Figures>(font());
    const int height = rowHeight();
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
    verticalScrollBar()->setSingleStep(height);
}

int DataTable::rowHeight() const
{
    return (fontMetrics().height() + 4 + 3) / 4 * 4;
}

int DataTable::firstVisibleRow() const
{
    return qMax(0, rowAt(0));
}

int DataTable::lastVisibleRow() const
{
    const int rows = model() ? model()->rowCount() : 0;
    const int last = rowAt(viewport()->height() - 1);
    return last < 0 ? rows - 1 : last;
}

int DataTable::hoveredRow() const
{
    return viewport()->underMouse() ? rowAt(viewport()->mapFromGlobal(QCursor::pos()).y()) : -1;
}

void DataTable::setEmptyText(const QString &text)
{
    if (text == m_emptyText)
        return;
    m_emptyText = text;
    if (!model() || model()->rowCount() == 0)
        viewport()->update();
}

void DataTable::paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QColor base = palette().color(QPalette::Base);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter.fillRect(option.rect, blend(base, palette().color(QPalette::Highlight), hasFocus() ? 0.42 : 0.26));
    if (selected && index.column() == 0)
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), colorsFor(palette()).accent);
}

void DataTable::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_End || event->key() == Qt::Key_Escape) {
        event->ignore();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit rowActivated(currentIndex().row());
        return;
    }
    const auto modifiers = event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    if (modifiers == Qt::NoModifier && !event->text().isEmpty() && event->text().front().isPrint()) {
        emit typed(event->text());
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    QTableView::mouseDoubleClickEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && event->button() == Qt::LeftButton)
        emit rowActivated(index.row());
}

void DataTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (m_emptyText.isEmpty() || (model() && model()->rowCount() > 0))
        return;
    QPainter painter(viewport());
    painter.setPen(colorsFor(palette()).muted);
    painter.drawText(viewport()->rect().adjusted(12, 12, -12, -12), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    emit resized();
}

void DataTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_figures) {
        metricsChanged();
        emit resized();
    }
}

} // namespace feedscope::ui
