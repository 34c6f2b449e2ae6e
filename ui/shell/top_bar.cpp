// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/top_bar.h"

#include "ui/shell/address_field.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace feedscope::ui {

namespace {

QToolButton *buttonFor(QAction *action, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(name);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->toolTip());
    return button;
}

} // namespace

TopBar::TopBar(QWidget *parent)
    : QWidget(parent)
    , m_address(new AddressField(this))
    , m_record(new QAction(QIcon(QStringLiteral(":/feedscope/icons/record.svg")), tr("rec"), this))
    , m_theme(new QAction(QIcon(QStringLiteral(":/feedscope/icons/theme.svg")), tr("theme"), this))
    , m_menu(new QMenu(this))
{
    setObjectName(QStringLiteral("topBar"));
    m_record->setCheckable(true);
    m_record->setChecked(true);
    m_record->setToolTip(tr("Record every frame of every connection"));
    m_theme->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
    m_theme->setToolTip(tr("Dark or light (Ctrl+Shift+D)"));

    // Not setMenu(): the style would draw its arrow over the sign.
    auto *menuButton = new QToolButton(this);
    menuButton->setObjectName(QStringLiteral("menuButton"));
    menuButton->setText(QStringLiteral("≡"));
    menuButton->setAccessibleName(tr("Menu"));
    menuButton->setToolTip(tr("Menu"));
    menuButton->setAutoRaise(true);
    connect(menuButton, &QToolButton::clicked, this, [this, menuButton] {
        const QSize size = m_menu->sizeHint();
        m_menu->popup(menuButton->mapToGlobal(QPoint(menuButton->width() - size.width(), menuButton->height())));
    });

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_address, 1);
    layout->addSpacing(8);
    layout->addWidget(buttonFor(m_record, QStringLiteral("record"), this));
    layout->addWidget(buttonFor(m_theme, QStringLiteral("theme"), this));
    layout->addWidget(menuButton);
}

} // namespace feedscope::ui
