// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace feedscope::ui {

/// The button on a chart or list that is off its live edge: "paused view · 1 234 new ▸". A click returns to the edge.
class ViewPill : public QAbstractButton {
    Q_OBJECT
public:
    explicit ViewPill(QWidget *parent);

    void setCount(quint64 count);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    quint64 m_count = 0;
};

} // namespace feedscope::ui
