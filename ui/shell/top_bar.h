// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QMenu;

namespace feedscope::ui {

class AddressField;

/// The line at the top: address field, switches, menu. Its parts belong to it; what they do is the window's.
class TopBar : public QWidget {
    Q_OBJECT
public:
    explicit TopBar(QWidget *parent = nullptr);

    AddressField *address() { return m_address; }
    QAction *recordAction() { return m_record; } ///< checkable
    QAction *themeAction() { return m_theme; }
    QMenu *menu() { return m_menu; }

private:
    AddressField *m_address;
    QAction *m_record;
    QAction *m_theme;
    QMenu *m_menu;
};

} // namespace feedscope::ui
