// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/connector.h"

#include "net/address.h"

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <chrono>

namespace feedscope::net {

namespace {

using asio::ip::tcp;

base::ErrorCode codeOf(const asio::error_code &error)
{
    if (error == asio::error::connection_refused || error == asio::error::connection_reset)
        return base::ErrorCode::Refused;
    if (error == asio::error::timed_out)
        return base::ErrorCode::TimedOut;
    if (error == asio::error::host_unreachable || error == asio::error::network_unreachable)
        return base::ErrorCode::Unreachable;
    return base::ErrorCode::Io;
}

QString inSeconds(qint64 ns)
{
    return QString::number(static_cast<double>(ns) / base::kNsPerSecond, 'f', 1) + QStringLiteral(" s");
}

} // namespace

Connector::Connector(Reactor &reactor, QByteArray host, quint16 port, qint64 deadlineNs, Done done)
    : m_reactor(reactor)
    , m_host(std::move(host))
    , m_port(port)
    , m_startedNs(reactor.clock().now().monoNs)
    , m_deadlineNs(deadlineNs)
    , m_done(std::move(done))
    , m_resolver(reactor.context())
    , m_socket(reactor.context())
    , m_timer(reactor.context())
{
}

void Connector::start()
{
    if (const auto address = addressOf(m_host)) {
        m_addresses = {*address};
    } else if (isLocalhost(m_host)) {
        m_addresses = loopbackAddresses();
    } else {
        waitUntil(m_deadlineNs, &Connector::nameTimedOut);
        m_resolver.async_resolve(m_host.toStdString(), std::string(),
            [self = shared_from_this()](const asio::error_code &error, const tcp::resolver::results_type &found) {
                if (!self->m_done)
                    return;
                if (error) {
                    self->finish(base::failure(base::ErrorCode::Unreachable,
                        QStringLiteral("Could not find the host '%1': %2.")
                            .arg(QString::fromUtf8(self->m_host), inWords(error))));
                    return;
                }
                for (const auto &entry : found)
                    self->m_addresses.push_back(entry.endpoint().address());
                self->tryNext();
            });
        return;
    }
    asio::post(m_reactor.context(), [self = shared_from_this()] { self->tryNext(); });
}

void Connector::cancel()
{
    m_done = nullptr;
    m_resolver.cancel();
    m_timer.cancel();
    asio::error_code ignored;
    m_socket.close(ignored);
}

void Connector::tryNext()
{
    if (!m_done)
        return;
    const tcp::endpoint endpoint(m_addresses[m_tried], m_port);
    const qint64 now = m_reactor.clock().now().monoNs;
    const auto left = static_cast<qint64>(m_addresses.size() - m_tried);
    ++m_tried;
    const int attempt = ++m_attempt;
    waitUntil(now + qMax<qint64>(0, m_deadlineNs - now) / left, &Connector::attemptTimedOut);
    m_socket = tcp::socket(m_reactor.context());
    m_socket.async_connect(endpoint, [self = shared_from_this(), attempt](const asio::error_code &error) {
        if (self->m_done && attempt == self->m_attempt)
            self->attemptEnded(error);
    });
}

void Connector::attemptTimedOut()
{
    attemptEnded(asio::error::timed_out);
}

void Connector::attemptEnded(const asio::error_code &error)
{
    ++m_attempt;
    if (!error) {
        finish(std::move(m_socket));
        return;
    }
    asio::error_code ignored;
    m_socket.close(ignored);
    m_log += QString::fromUtf8(toText({m_addresses[m_tried - 1], m_port})) + QStringLiteral(": ") + inWords(error);
    if (m_tried < m_addresses.size() && !isLate())
        tryNext();
    else
        finish(tl::unexpected(unreachable(error)));
}

bool Connector::isLate() const
{
    return m_reactor.clock().now().monoNs >= m_deadlineNs;
}

base::Error Connector::unreachable(const asio::error_code &last) const
{
    const QString where = QString::fromUtf8(hostAndPort(m_host, m_port));
    const QString why = last == asio::error::timed_out
        ? QStringLiteral("no answer within %1").arg(inSeconds(m_reactor.clock().now().monoNs - m_startedNs))
        : inWords(last);
    const QString tried = m_tried > 1 ? QStringLiteral(" (%1 addresses tried)").arg(m_tried) : QString();
    return {codeOf(last), QStringLiteral("Could not reach %1%2: %3.").arg(where, tried, why),
        m_log.join(QStringLiteral("; "))};
}

void Connector::nameTimedOut()
{
    finish(base::failure(base::ErrorCode::TimedOut,
        QStringLiteral("Could not find the host '%1' within %2.")
            .arg(QString::fromUtf8(m_host), inSeconds(m_deadlineNs - m_startedNs))));
}

void Connector::waitUntil(qint64 monoNs, void (Connector::*then)())
{
    m_timer.expires_after(std::chrono::nanoseconds(qMax<qint64>(0, monoNs - m_reactor.clock().now().monoNs)));
    m_timer.async_wait([self = shared_from_this(), then, attempt = m_attempt](const asio::error_code &error) {
        if (!error && self->m_done && attempt == self->m_attempt)
            ((*self).*then)();
    });
}

void Connector::finish(base::Result<tcp::socket> result)
{
    const Done done = std::exchange(m_done, nullptr);
    m_timer.cancel();
    m_resolver.cancel();
    done(std::move(result));
}

} // namespace feedscope::net
