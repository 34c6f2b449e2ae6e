// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace feedscope::ui {

/// The rail of pages at the left edge: icon over word, one of them checked. Knows no page.
class PageRail : public QWidget {
    Q_OBJECT
public:
    explicit PageRail(QWidget *parent = nullptr);
    void addPage(const QString &name, const QString &iconName, const QKeySequence &shortcut);
    int currentPage() const;
    void setCurrentPage(int index);

signals:
    void pageChosen(int index);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_layout;
    QButtonGroup *m_buttons;
};

} // namespace feedscope::ui
