// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/bits_view.h"

#include "ui/inspector/bit_grid.h"
#include "ui/inspector/field_list.h"
#include "ui/inspector/hex_view.h"
#include "ui/inspector/inspector_style.h"
#include "ui/widgets/panel.h"

#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

namespace feedscope::ui {

namespace {

constexpr int kLeastHex = 88; // two rows and the line that explains a byte
constexpr int kLeastFields = 300; // width that the words need

} // namespace

BitsView::BitsView(FrameHighlight *highlight, QWidget *parent)
    : QWidget(parent)
    , m_grid(new BitGrid(highlight))
    , m_gridScroll(new QScrollArea)
    , m_fields(new FieldList(highlight))
    , m_hex(new HexView(highlight))
    , m_columns(new LineSplitter(Qt::Horizontal))
    , m_left(new LineSplitter(Qt::Vertical))
{
    m_gridScroll->setWidget(m_grid);
    m_gridScroll->setWidgetResizable(true);
    m_gridScroll->setFrameShape(QFrame::NoFrame);
    m_gridScroll->setBackgroundRole(QPalette::Base);
    m_left->addWidget(m_gridScroll);
    m_left->addWidget(m_hex);
    m_left->setStretchFactor(0, 1);
    m_left->setStretchFactor(1, 0);
    m_hex->setMinimumHeight(64);
    m_columns->addWidget(m_left);
    m_columns->addWidget(m_fields);
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    for (QSplitter *splitter : {m_columns, m_left})
        connect(splitter, &QSplitter::splitterMoved, this, [this] { m_userSized = true; });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_columns);
}

void BitsView::setFrame(const FrameAnatomy *anatomy)
{
    m_grid->setFrame(anatomy);
    m_fields->setFrame(anatomy);
    m_hex->setFrame(anatomy);
    sizeRows();
}

void BitsView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_userSized)
        return;
    const int grid = m_grid->minimumSizeHint().width();
    const int width = event->size().width();
    const int left = qBound(grid, width * 57 / 100, qMax(grid, qMin(820, width - kLeastFields)));
    m_columns->setSizes({left, width - left});
    sizeRows();
}

void BitsView::sizeRows()
{
    if (m_userSized)
        return;
    const int height = this->height();
    const int grid = m_grid->heightForWidth(0) + 2;
    const int hex = qMax(kLeastHex, grid + kLeastHex <= height ? height - grid : height * 2 / 5);
    m_left->setSizes({height - hex, hex});
}

} // namespace feedscope::ui
