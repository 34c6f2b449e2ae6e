// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace feedscope::base {

constexpr qint64 kNsPerUs = 1'000;
constexpr qint64 kNsPerMs = 1'000'000;
constexpr qint64 kNsPerSecond = 1'000'000'000;

/// One moment on both clocks. Wall time is for showing; order, durations and deadlines come from the monotonic clock.
struct Timestamp {
    qint64 wallNs = 0; ///< Unix time in nanoseconds
    qint64 monoNs = 0; ///< CLOCK_MONOTONIC in nanoseconds; meaningless outside this boot
};

/// Where the present comes from. Sans-I/O code is handed a Timestamp; only the edges ask a Clock.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

/// The computer's own clocks. Thread-safe, stateless.
class SystemClock final : public Clock {
public:
    Timestamp now() const override;
};

} // namespace feedscope::base
