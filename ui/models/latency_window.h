// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace feedscope::ui {

/// The newest latencies (received minus source time) and what they amount to. Values may be negative where the two clocks disagree; they are kept
/// as they are and counted, not made zero. Plain value, one thread.
class LatencyWindow {
public:
    static constexpr int kCapacity = 2000;
    static constexpr int kBuckets = 16; ///< bucket i > 0 holds [2^(i-1), 2^i) × 64 µs, the last everything above; 0 also what is negative

    void add(std::span<const qint64> latenciesNs);
    void clear();

    quint64 added() const { return m_added; } ///< ever
    int size() const { return static_cast<int>(m_values.size()); }
    int negative() const { return m_negative; } ///< among those held
    /// `fraction` 0 … 1; nothing where there is no value.
    std::optional<qint64> percentile(double fraction) const;
    const std::array<int, kBuckets> &histogram() const { return m_histogram; }
    static int bucketOf(qint64 latencyNs);

private:
    std::vector<qint64> m_values; // a ring once it is full
    size_t m_next = 0;
    quint64 m_added = 0;
    int m_negative = 0;
    std::array<int, kBuckets> m_histogram{};
};

} // namespace feedscope::ui
