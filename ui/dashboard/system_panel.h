// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"
#include "ui/models/market_model.h"

#include <QAbstractButton>
#include <QButtonGroup>

#include <memory>

namespace feedscope::ui {

/// One line of the system panel: name, course, value with its unit. Pressed: it is in the big chart.
class MetricLine : public QAbstractButton {
    Q_OBJECT
public:
    MetricLine(const QString &name, const QString &topic, QWidget *parent = nullptr);
    const QString &topic() const { return m_topic; }
    /// Repaints only if `value` or the number of samples differs.
    /// `brief` stands for `value` where that would leave no room for the course.
    void show(const series::Series *series, const QString &value, bool percent, const QString &brief = {});
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    std::unique_ptr<Figures> m_figures;
    QString m_topic;
    QString m_value;
    QString m_brief;
    std::vector<double> m_course;
    quint64 m_appended = 0;
    bool m_percent = false;
};

/// "This computer": processor, memory and network from the system.* topics.
class SystemPanel : public QWidget {
    Q_OBJECT
public:
    explicit SystemPanel(const MarketModel &market, QWidget *parent = nullptr);
    void displayTick();
    void setChosen(const QString &topic); ///< empty: none of them is in the chart

signals:
    void metricSelected(const QString &topic);

private:
    const MarketModel &m_market;
    MetricLine *m_processor;
    MetricLine *m_memory;
    MetricLine *m_network;
};

} // namespace feedscope::ui
