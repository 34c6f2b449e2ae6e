// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"
#include "ui/models/latency_window.h"

#include <QWidget>

#include <array>
#include <memory>

class QToolButton;

namespace feedscope::ui {

class ToolChip;

/// Latency as text and a small histogram. Reckons anew at most four times a second.
class LatencyView : public QWidget {
    Q_OBJECT
public:
    explicit LatencyView(QWidget *parent = nullptr);
    void displayTick(qint64 nowNs, const LatencyWindow &latency);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    std::unique_ptr<Figures> m_figures;
    QString m_text;
    std::array<int, LatencyWindow::kBuckets> m_histogram{};
    quint64 m_shown = 0;
    qint64 m_shownNs = 0;
};

/// The line under the chart: what is missing, how late the values are, and whether the view is live.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setQuality(const QString &summary, bool clean);
    void setLive(bool following, quint64 newSincePaused);
    LatencyView &latency() { return *m_latency; }
    QString liveText() const;

signals:
    void liveToggled(); ///< pause when live, live when paused

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QRect qualityArea() const;

    LatencyView *m_latency;
    ToolChip *m_live;
    QString m_quality;
    bool m_clean = true;
};

} // namespace feedscope::ui
