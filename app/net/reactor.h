// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <functional>
#include <memory>
#include <span>

namespace asio {
class io_context;
}
namespace feedscope::wire {
class MaskSource;
}

namespace feedscope::net {

/// The seam that hides how readiness is learned (DECISIONS: Asio first). One thread calls run(); everything in net that
/// belongs to this reactor lives on that thread. post(), runSync() and stop() may be called from any other thread.
class Reactor {
public:
    Reactor();
    ~Reactor();
    Reactor(const Reactor &) = delete;
    Reactor &operator=(const Reactor &) = delete;

    void run(); ///< until stop()
    void stop();
    void post(std::function<void()> work);
    /// Runs `work` on the reactor's thread and waits for it. Not from the reactor's thread, and not before run() was
    /// entered or after stop().
    void runSync(const std::function<void()> &work);
    /// Calls `tick` about every `intervalNs` from now until the handle is destroyed (on the reactor's thread).
    class Timer;
    std::unique_ptr<Timer> every(qint64 intervalNs, std::function<void()> tick);

    bool isInThread() const;
    const base::Clock &clock() const;

    // For net's own .cpp files:
    asio::io_context &context();
    /// Shared by all connections of this reactor; what is in it lasts until the handler that read it returns.
    std::span<char> readBuffer();
    /// Masking keys for all clients of this reactor.
    wire::MaskSource &masks();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

class Reactor::Timer {
public:
    virtual ~Timer() = default;
};

} // namespace feedscope::net
