// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/reactor.h"

#include <thread>

namespace feedscope::engine {

/// The net thread: a reactor and the thread that runs it. What lives on the reactor is destroyed before this.
class ReactorThread {
public:
    ReactorThread()
        : m_thread([this] { m_reactor.run(); })
    {
    }
    ~ReactorThread()
    {
        m_reactor.stop();
        m_thread.join();
    }
    ReactorThread(const ReactorThread &) = delete;
    ReactorThread &operator=(const ReactorThread &) = delete;

    net::Reactor &reactor() { return m_reactor; }

private:
    net::Reactor m_reactor;
    std::thread m_thread; // last: it runs the reactor
};

} // namespace feedscope::engine
