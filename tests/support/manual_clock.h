// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

namespace feedscope::tests {

/// A clock that moves only when a test says so. Wall time begins at 1 700 000 000 s, monotonic time at 1 000 s.
class ManualClock final : public base::Clock {
public:
    base::Timestamp now() const override { return m_now; }
    void advance(qint64 ns)
    {
        m_now.wallNs += ns;
        m_now.monoNs += ns;
    }

private:
    base::Timestamp m_now{1'700'000'000 * base::kNsPerSecond, 1'000 * base::kNsPerSecond};
};

} // namespace feedscope::tests
