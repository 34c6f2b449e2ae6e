// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace feedscope::ui {

struct ValueTick {
    double value = 0;
    QString label;
};

/// The smallest of 1, 2, 5 × 10^n that is at least as large; `least` must be positive and finite.
double niceStepAtLeast(double least);
/// How many decimals a multiple of the step needs, at least `decimals`.
int decimalsForStep(double step, int decimals);
/// The multiples of the step in [low, high].
std::vector<ValueTick> valueTicks(double low, double high, double step, int decimals);

/// A value range that holds still: it follows the data with a margin, moves only when the data leaves it or has become much smaller than it, and
/// then glides to its new place over a few display ticks. Plain value.
class SteadyRange {
public:
    double low() const { return m_low; }
    double high() const { return m_high; }
    bool isSet() const { return m_set; }
    /// Where it comes to rest: what ticks are chosen by.
    double targetHeight() const { return m_targetHigh - m_targetLow; }

    /// `topShare` and `bottomShare` of the height are kept free of data. `least` is the smallest height that makes sense.
    void fit(double min, double max, double topShare, double bottomShare, double least);
    /// One display tick on the way; true while it moves.
    bool glide();
    /// To its place at once.
    void settle();
    /// By hand: stays until fit() is called again.
    void set(double low, double high);
    void reset() { m_set = false; }

private:
    bool m_set = false;
    double m_low = 0;
    double m_high = 1;
    double m_targetLow = 0;
    double m_targetHigh = 1;
};

} // namespace feedscope::ui
