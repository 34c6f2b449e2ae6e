// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one repaint of a live chart costs the GUI thread, in its own CPU time: from displayTick() to the end of the paint event. Prints
// `name value unit`, and exits with 3 where a median is above the budget.
#include "base/clock.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/live_chart.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kStart = 1'795'257'000 * kSecond;
constexpr int kFrames = 400;
constexpr int kWarmUp = 40;
constexpr double kBudgetMs = 2.0;
constexpr QSize kSize(1200, 500);

double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

class Report {
public:
    /// `change` is not measured: the data comes from elsewhere. It returns the wall time of the frame.
    void measure(const char *name, LiveChart &chart, const std::function<qint64(int)> &change)
    {
        chart.resize(kSize);
        chart.show();
        std::vector<double> costs;
        std::vector<double> choosing;
        int painted = 0;
        for (int frame = 0; frame < kFrames + kWarmUp; ++frame) {
            const qint64 now = change(frame);
            QCoreApplication::processEvents();
            const int before = chart.repaints();
            const double from = threadMs();
            chart.displayTick(now);
            const double chosen = threadMs() - from;
            QCoreApplication::processEvents();
            const double cost = threadMs() - from;
            if (frame < kWarmUp)
                continue;
            costs.push_back(cost);
            choosing.push_back(chosen);
            painted += chart.repaints() - before;
        }
        std::sort(costs.begin(), costs.end());
        std::sort(choosing.begin(), choosing.end());
        const double median = costs[costs.size() / 2];
        std::printf("%s_median %.3f ms\n", name, median);
        std::printf("%s_p99 %.3f ms\n", name, costs[costs.size() * 99 / 100]);
        std::printf("%s_tick_median %.3f ms\n", name, choosing[choosing.size() / 2]); // the part before the paint event
        std::printf("%s_repaints %d of %d frames\n", name, painted, kFrames);
        if (painted < kFrames * 9 / 10) {
            std::printf("%s did not repaint: nothing was measured\n", name);
            m_code = 4;
        }
        if (median > kBudgetMs) {
            std::printf("%s misses the budget of %.1f ms\n", name, kBudgetMs);
            m_code = std::max(m_code, 3);
        }
    }
    void still(const char *name, LiveChart &chart, qint64 now)
    {
        while (chart.displayTick(now)) { }
        QCoreApplication::processEvents();
        const double from = threadMs();
        for (int i = 0; i < 1000; ++i)
            chart.displayTick(now);
        std::printf("%s_idle_tick %.4f ms\n", name, (threadMs() - from) / 1000);
    }
    int code() const { return m_code; }

private:
    int m_code = 0;
};

void line(Report &report, const char *name, bool wholeHistory)
{
    constexpr qint64 kStep = 10 * base::kNsPerMs;
    QRandomGenerator random(1);
    series::Series samples(100'000);
    double value = 10;
    qint64 time = kStart;
    const auto append = [&] {
        value = std::max(0.0, value + random.generateDouble() - 0.5);
        time += kStep;
        samples.append({time, value});
    };
    for (int i = 0; i < 100'000; ++i)
        append();
    LiveChart chart;
    chart.resize(kSize);
    chart.setTitle(QStringLiteral("latency"), 2, QStringLiteral("ms"));
    chart.setLine(&samples);
    if (wholeHistory) {
        chart.show();
        chart.displayTick(time);
        for (int i = 0; i < 12; ++i) { // out, by keys as a person would
            QKeyEvent key(QEvent::KeyPress, Qt::Key_Minus, Qt::NoModifier);
            QCoreApplication::sendEvent(&chart, &key);
        }
    }
    report.measure(name, chart, [&](int) {
        // Where a pixel stands for a second, so many come per frame that each frame differs.
        for (int i = 0; i < (wholeHistory ? 100 : 30); ++i)
            append();
        return time;
    });
    report.still(name, chart, time);
}

void candles(Report &report, const char *name, int visible, bool crosshair = false)
{
    QRandomGenerator random(2);
    series::CandleSeries series(kSecond, 100'000);
    double price = 189;
    for (int i = 0; i < 100'000; ++i) {
        for (int trade = 0; trade < 3; ++trade) {
            price += (random.generateDouble() - 0.5) * 0.1 + (189 - price) * 0.0005;
            series.addTrade(kStart + i * kSecond + trade, price, random.bounded(1, 100));
        }
    }
    LiveChart chart;
    chart.resize(kSize);
    chart.setTitle(QStringLiteral("AAPL"), 2, QStringLiteral("USD"));
    chart.setCandles(&series);
    chart.show();
    const qint64 now = series.back().startNs;
    chart.displayTick(now);
    chart.setVisibleRange(now - visible * kSecond + 5 * kSecond, now + 5 * kSecond);
    int x = 100;
    report.measure(name, chart, [&](int frame) {
        price += (random.generateDouble() - 0.5) * 0.1;
        series.addTrade(now + frame + 10, price, 5);
        if (crosshair) {
            const QPoint at(x = x > 1000 ? 100 : x + 3, 200);
            QMouseEvent move(QEvent::MouseMove, at, chart.viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
            QCoreApplication::sendEvent(chart.viewport(), &move);
        }
        return now;
    });
    report.still(name, chart, now);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(darkPalette());
    QApplication::setFont(wordFont());
    Report report;
    line(report, "chart_line_100k_live", false);
    line(report, "chart_line_100k_whole", true);
    candles(report, "chart_candles_300_of_100k", 300);
    candles(report, "chart_candles_1000_of_100k", 1000);
    candles(report, "chart_candles_all_100k", 100'000);
    candles(report, "chart_candles_300_crosshair", 300, true);
    return report.code();
}
