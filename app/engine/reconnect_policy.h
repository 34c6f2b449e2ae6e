// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "wire/connection.h"

#include <optional>

namespace feedscope::engine {

/// When to try again: full jitter between 0.5 s and a ceiling that doubles up to 30 s; back to the beginning only after 30 s of stable
/// connection; close codes 3500–3999 and a normal closure that the server began mean "do not come back". Sans-I/O: time and chance are handed in.
class ReconnectPolicy {
public:
    void opened(qint64 monoNs) { m_openedNs = monoNs; }
    /// Empty: do not reconnect. `chance` is uniform in [0, 1).
    std::optional<qint64> delayAfter(const wire::Ending &ending, qint64 monoNs, double chance);
    /// After an attempt that never opened.
    qint64 delayAfterFailure(double chance);
    int attempts() const { return m_attempts; }
    void reset();

private:
    qint64 nextDelay(double chance);
    int m_attempts = 0;
    std::optional<qint64> m_openedNs;
};

} // namespace feedscope::engine
