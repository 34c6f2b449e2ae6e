// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QTabBar>
#include <QTabWidget>

namespace feedscope::ui {

/// Tabs as words with a line under the chosen one.
class FlatTabBar final : public QTabBar {
    Q_OBJECT
public:
    explicit FlatTabBar(QWidget *parent = nullptr);

    /// A tab whose words are a warning, such as "Violations 1".
    void setWarning(int tab, bool on);

protected:
    void paintEvent(QPaintEvent *event) override;
    QSize tabSizeHint(int index) const override;

private:
    quint32 m_warnings = 0; // one bit per tab
};

class FlatTabs final : public QTabWidget {
    Q_OBJECT
public:
    explicit FlatTabs(QWidget *parent = nullptr);
    FlatTabBar *bar() { return m_bar; }

private:
    FlatTabBar *m_bar;
};

/// A check box whose box can be seen on every background.
class FlatCheck final : public QCheckBox {
    Q_OBJECT
public:
    using QCheckBox::QCheckBox;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace feedscope::ui
