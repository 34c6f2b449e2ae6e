// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

class QButtonGroup;

namespace feedscope::ui {

class ToolChip;

/// The tool row over the chart: intervals, candles or line, crosshair, pause, live, export. Where it is narrow the signs lose their words.
class ChartTools : public QWidget {
    Q_OBJECT
public:
    struct Interval {
        const char *name; ///< as in the topic: "1m"
        qint64 ns;
    };
    static constexpr std::array<Interval, 5> kIntervals{{
        {"1s", 1'000'000'000}, {"5s", 5'000'000'000}, {"1m", 60'000'000'000}, {"5m", 300'000'000'000}, {"1h", 3'600'000'000'000}}};

    explicit ChartTools(QWidget *parent = nullptr);

    void setInterval(int index); ///< into kIntervals; without a signal
    void setCandles(bool candles);
    void setCrosshair(bool on);
    void setFollowing(bool following);
    void setCandlesAvailable(bool available); ///< off for a metric: it has neither candles nor intervals

signals:
    void intervalChosen(int index);
    void candlesChosen(bool candles);
    void crosshairToggled(bool on);
    void pauseRequested();
    void liveRequested();
    void exportRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    std::array<ToolChip *, kIntervals.size()> m_intervals{};
    ToolChip *m_candles;
    ToolChip *m_line;
    ToolChip *m_crosshair;
    ToolChip *m_pause;
    ToolChip *m_live;
    ToolChip *m_export;
};

} // namespace feedscope::ui
