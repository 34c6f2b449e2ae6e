// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/panel.h"

#include "ui/widgets/colors.h"

#include <QPainter>
#include <QSplitterHandle>

namespace feedscope::ui {

namespace {

constexpr int kTitleMargin = 8;

class LineHandle : public QSplitterHandle {
public:
    using QSplitterHandle::QSplitterHandle;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Colors &colors = colorsFor(palette());
        if (orientation() == Qt::Horizontal)
            painter.fillRect(QRect(width() / 2, 0, 1, height()), colors.border);
        else
            painter.fillRect(QRect(0, height() / 2, width(), 1), colors.border);
    }
};

QFont titleFont(const QFont &base)
{
    QFont font = base;
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::PercentageSpacing, 106);
    font.setPointSizeF(font.pointSizeF() * 0.8); // capitals of the 11 pt line: as tall as its small letters
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

PanelTitle::PanelTitle(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(title);
}

void PanelTitle::setText(const QString &title)
{
    if (title == m_title)
        return;
    m_title = title;
    setAccessibleName(title);
    update();
}

void PanelTitle::setDetail(const QString &detail, const QColor &color)
{
    if (detail == m_detail && color == m_color)
        return;
    m_detail = detail;
    m_color = color;
    setAccessibleDescription(detail);
    setToolTip(detail);
    update();
}

QSize PanelTitle::sizeHint() const
{
    return {120, fontMetrics().height() + 10};
}

QSize PanelTitle::minimumSizeHint() const
{
    return {40, sizeHint().height()};
}

void PanelTitle::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QRect area = rect().adjusted(kTitleMargin, 0, -kTitleMargin, 0);
    painter.setFont(titleFont(font()));
    painter.setPen(colors.muted);
    const int titleWidth = painter.fontMetrics().horizontalAdvance(m_title.toUpper());
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    if (m_detail.isEmpty())
        return;
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    painter.setFont(small);
    painter.setPen(m_color.isValid() ? m_color : colors.muted);
    const QRect rest = area.adjusted(titleWidth + 2 * kTitleMargin, 0, 0, 0);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter, painter.fontMetrics().elidedText(m_detail, Qt::ElideRight, rest.width()));
}

LineSplitter::LineSplitter(Qt::Orientation orientation, QWidget *parent)
    : QSplitter(orientation, parent)
{
    setHandleWidth(1); // Qt widens the part that the mouse can take hold of
    setChildrenCollapsible(false);
}

QSplitterHandle *LineSplitter::createHandle()
{
    return new LineHandle(orientation(), this);
}

Line::Line(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(1);
}

void Line::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), colorsFor(palette()).border);
}

QColor blend(const QColor &bottom, const QColor &top, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    return QColor(mix(bottom.red(), top.red()), mix(bottom.green(), top.green()), mix(bottom.blue(), top.blue()));
}

} // namespace feedscope::ui
