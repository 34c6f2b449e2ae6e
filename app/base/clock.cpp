// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <chrono>

namespace feedscope::base {

Timestamp SystemClock::now() const
{
    using namespace std::chrono;
    return {duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count(),
        duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count()};
}

} // namespace feedscope::base
