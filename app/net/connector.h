// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/reactor.h"

#include <QStringList>

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace feedscope::net {

/// From a name to a connected socket: looks the name up, then tries one address after the other, each with its share of
/// the time that is left. Reactor's thread only.
class Connector : public std::enable_shared_from_this<Connector> {
public:
    using Done = std::function<void(base::Result<asio::ip::tcp::socket>)>;
    /// `done` is called once, never from inside start(), and not after cancel().
    Connector(Reactor &reactor, QByteArray host, quint16 port, qint64 deadlineNs, Done done);

    void start();
    void cancel();

private:
    void tryNext();
    void attemptEnded(const asio::error_code &error);
    void finish(base::Result<asio::ip::tcp::socket> result);
    void waitUntil(qint64 monoNs, void (Connector::*then)());
    void nameTimedOut();
    void attemptTimedOut();
    base::Error unreachable(const asio::error_code &last) const;
    bool isLate() const;

    Reactor &m_reactor;
    const QByteArray m_host;
    const quint16 m_port;
    const qint64 m_startedNs;
    const qint64 m_deadlineNs;
    Done m_done; // empty: finished or cancelled
    asio::ip::tcp::resolver m_resolver;
    asio::ip::tcp::socket m_socket;
    asio::steady_timer m_timer;
    std::vector<asio::ip::address> m_addresses;
    size_t m_tried = 0;
    int m_attempt = 0; // so that a handler of an earlier one is known
    QStringList m_log;
};

} // namespace feedscope::net
