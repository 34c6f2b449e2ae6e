// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/reactor.h"

#include <asio/ip/tcp.hpp>

#include <functional>
#include <memory>

namespace feedscope::net {

/// Listens on one port and hands over what connects. Where file descriptors run out it waits a moment instead of
/// spinning. Reactor's thread only; destroying it stops listening.
class Listener {
public:
    using Accepted = std::function<void(asio::ip::tcp::socket)>;
    Listener(Reactor &reactor, Accepted accepted);
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    /// "localhost" is 127.0.0.1 and, where the computer has it, ::1. Other names are looked up, which may block. Gives
    /// the port.
    base::Result<quint16> listen(const QByteArray &host, quint16 port);
    /// What connects meanwhile waits in the kernel.
    void pause(qint64 ns);
    void close();

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace feedscope::net
