// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"
#include "ui/models/latency_window.h"

#include <QStringList>
#include <QWidget>

#include <array>
#include <memory>

namespace feedscope::ui {

class ToolChip;

/// Latency as text and a small histogram. Reckons anew at most four times a second.
class LatencyView : public QWidget {
    Q_OBJECT
public:
    explicit LatencyView(QWidget *parent = nullptr);
    void displayTick(qint64 nowNs, const LatencyWindow &latency);
    QString text() const { return m_text; }
    void setCompact(bool compact); ///< without the histogram
    void setBare(bool bare); ///< the figures without the word before them
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    std::unique_ptr<Figures> m_figures;
    QString m_text;
    bool m_compact = false;
    bool m_bare = false;
    std::array<int, LatencyWindow::kBuckets> m_histogram{};
    quint64 m_shown = 0;
    qint64 m_shownNs = 0;
};

/// The line under the chart: what is missing, how late the values are, and whether the view is live.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    /// `parts`: "3 gaps (72 missing)", "1 reconnect"; empty: nothing is missing. Shows as many as there is room for and the number of the rest.
    void setQuality(const QStringList &parts, quint64 marks);
    void setLive(bool following, quint64 newSincePaused);
    LatencyView &latency() { return *m_latency; }
    QString liveText() const;

signals:
    void liveToggled(); ///< pause when live, live when paused

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showTint();
    QRect qualityArea() const;

    LatencyView *m_latency = nullptr;
    ToolChip *m_live = nullptr;
    QString qualityLine(int width) const;

    QStringList m_quality;
    quint64 m_marks = 0;
    bool m_following = true;
};

} // namespace feedscope::ui
