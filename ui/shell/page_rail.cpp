// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/page_rail.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QButtonGroup>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace feedscope::ui {

namespace {

/// A page's button; the checked one carries a bar at the edge, so that it is told by shape as well as by colour.
class RailButton final : public QToolButton {
public:
    using QToolButton::QToolButton;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Colors &colors = colorsFor(palette());
        if (isChecked() || underMouse())
            painter.fillRect(rect(), palette().color(isChecked() ? QPalette::AlternateBase : QPalette::Button));
        if (isChecked())
            painter.fillRect(QRect(0, 0, 3, height()), colors.accent);
        const QSize size(24, 24);
        icon().paint(&painter, QRect(QPoint((width() - size.width()) / 2, 10), size), Qt::AlignCenter,
            isEnabled() ? QIcon::Normal : QIcon::Disabled);
        painter.setPen(isChecked() ? palette().color(QPalette::WindowText) : colors.muted);
        painter.drawText(QRect(0, 36, width(), height() - 38), Qt::AlignHCenter | Qt::AlignVCenter, text());
        if (hasFocus()) {
            painter.setPen(colors.accent);
            painter.drawRect(rect().adjusted(1, 1, -2, -2));
        }
    }
};

} // namespace

PageRail::PageRail(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_buttons(new QButtonGroup(this))
{
    setObjectName(QStringLiteral("pageRail"));
    m_layout->setContentsMargins(0, 4, 1, 4);
    m_layout->setSpacing(0);
    m_layout->addStretch();
    connect(m_buttons, &QButtonGroup::idClicked, this, &PageRail::pageChosen);
}

void PageRail::addPage(const QString &name, const QString &iconName, const QKeySequence &shortcut)
{
    auto *button = new RailButton(this);
    button->setText(name);
    button->setIcon(QIcon(iconName));
    button->setCheckable(true);
    button->setAccessibleName(tr("Page %1").arg(name));
    button->setToolTip(tr("%1 (%2)").arg(name, shortcut.toString(QKeySequence::NativeText)));
    button->setFont(wordFont(9));
    button->setFixedSize(72, 60);
    m_buttons->addButton(button, static_cast<int>(m_buttons->buttons().size()));
    m_layout->insertWidget(m_layout->count() - 1, button);
}

int PageRail::currentPage() const
{
    return m_buttons->checkedId();
}

void PageRail::setCurrentPage(int index)
{
    if (auto *button = m_buttons->button(index))
        button->setChecked(true);
}

void PageRail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), colorsFor(palette()).border);
}

} // namespace feedscope::ui
