// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/chart_header.h"

#include "ui/widgets/colors.h"

#include <QEvent>
#include <QPainter>

namespace feedscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kBetween = 16;
constexpr int kArrow = 14;

} // namespace

ChartHeader::ChartHeader(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("chartHeader"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    makeFonts();
}

// The sizes of the interface rules, as ratios of the application's font so that projector mode enlarges them too.
void ChartHeader::makeFonts()
{
    const double base = font().pointSizeF();
    QFont large = font();
    large.setPointSizeF(base * 2);
    large.setWeight(QFont::DemiBold);
    m_nameFont = large;
    m_large = std::make_unique<Figures>(large);
    QFont middle = font();
    middle.setPointSizeF(base * 16 / 11);
    m_middle = std::make_unique<Figures>(middle);
    m_small = std::make_unique<Figures>(font());
}

QSize ChartHeader::sizeHint() const
{
    return {320, (m_large->height() + 8 + 3) / 4 * 4};
}

QSize ChartHeader::minimumSizeHint() const
{
    return {240, sizeHint().height()};
}

void ChartHeader::show(const Content &content)
{
    if (content == m_content)
        return;
    m_content = content;
    setAccessibleName(content.name + QLatin1Char(' ') + content.last);
    update();
}

void ChartHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_large) {
        makeFonts();
        updateGeometry();
        update();
    }
}

void ChartHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QColor text = palette().color(QPalette::Text);
    QRect area = rect().adjusted(kMargin, 2, -kMargin, -2);
    painter.setFont(m_nameFont);
    painter.setPen(m_content.name.isEmpty() ? colors.muted : text);
    const QString name = m_content.name.isEmpty() ? QStringLiteral("No symbol") : m_content.name;
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, name);
    area.setLeft(area.left() + painter.fontMetrics().horizontalAdvance(name) + kBetween);
    const int numbers = m_large->width(m_content.last) + m_middle->width(m_content.change) + kArrow + 6 + kBetween;
    const QFontMetrics middle(m_middle->font());
    const int longName = middle.horizontalAdvance(m_content.longName);
    if (!m_content.longName.isEmpty() && longName + kBetween + numbers <= area.width()) {
        painter.setFont(m_middle->font());
        painter.setPen(colors.muted);
        painter.drawText(area.adjusted(-4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_content.longName);
        area.setLeft(area.left() + longName + kBetween);
    }
    if (m_content.last.isEmpty())
        return;
    m_large->drawLeft(painter, area, m_content.last, text);
    area.setLeft(area.left() + m_large->width(m_content.last) + kBetween);
    const QColor color = m_content.direction > 0 ? colors.up : m_content.direction < 0 ? colors.down : colors.flat;
    if (m_content.direction != 0) {
        drawArrow(painter, QRect(area.left(), area.top() + 1, kArrow, area.height()), m_content.direction, color);
        area.setLeft(area.left() + kArrow + 6);
    }
    m_middle->drawLeft(painter, area, m_content.change, color);
    area.setLeft(area.left() + m_middle->width(m_content.change) + 2 * kBetween);
    if (m_small->width(m_content.details) <= area.width())
        m_small->drawRight(painter, area, m_content.details, colors.muted);
}

} // namespace feedscope::ui
