// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/listener.h"

#include "base/log.h"
#include "net/address.h"

#include <asio/io_context.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/steady_timer.hpp>

#include <cerrno>
#include <chrono>
#include <list>
#include <optional>

namespace feedscope::net {

namespace {

using asio::ip::tcp;

constexpr int kAcceptsInARow = 64; // then the connections that are there get their turn
constexpr int kPortsToTry = 50;
constexpr int kEphemeralTries = 8;
constexpr qint64 kExhaustedPauseNs = 100 * base::kNsPerMs;

asio::error_code open(tcp::acceptor &acceptor, const asio::ip::address &address, quint16 port)
{
    const tcp::endpoint endpoint(address, port);
    asio::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (error)
        return error;
    asio::error_code ignored;
#ifndef _WIN32 // where it would let two programs share a port
    acceptor.set_option(tcp::acceptor::reuse_address(true), ignored);
#endif
    if (address.is_v6())
        acceptor.set_option(asio::ip::v6_only(!address.is_unspecified()), ignored);
    acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error)
        acceptor.non_blocking(true, error);
    return error;
}

struct Door {
    tcp::acceptor acceptor;
    bool waiting = false; // for a connection
};

struct Addresses {
    std::vector<asio::ip::address> all; // the first one must work, the others where they can
    asio::error_code error;
};

Addresses resolve(asio::io_context &context, const QByteArray &host)
{
    if (host.isEmpty())
        return {{asio::ip::address_v4::any()}, {}};
    if (const auto address = addressOf(host))
        return {{*address}, {}};
    if (isLocalhost(host))
        return {{asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()}, {}};
    Addresses addresses;
    tcp::resolver resolver(context);
    const auto found = resolver.resolve(host.toStdString(), std::string(), addresses.error);
    if (!addresses.error)
        addresses.all = {found.begin()->endpoint().address()};
    return addresses;
}

} // namespace

struct Listener::Private : std::enable_shared_from_this<Private> {
    Private(Reactor &ownReactor, Accepted onAccepted)
        : reactor(ownReactor)
        , accepted(std::move(onAccepted))
        , pauseTimer(ownReactor.context())
    {
    }

    asio::error_code openAll(const std::vector<asio::ip::address> &addresses, quint16 port);
    std::optional<quint16> freePortNear(const std::vector<asio::ip::address> &addresses, quint16 port);
    base::Error describe(const asio::error_code &error, const QByteArray &host, quint16 port,
        const std::vector<asio::ip::address> &addresses);
    void arm(Door &door);
    void acceptWaiting(Door &door);
    void pause(qint64 ns);

    Reactor &reactor;
    Accepted accepted;
    std::list<Door> doors; // handlers refer to its elements; it does not change after listen()
    asio::steady_timer pauseTimer;
    bool paused = false;
    bool closed = false;
    bool exhausted = false; // said once
};

asio::error_code Listener::Private::openAll(const std::vector<asio::ip::address> &addresses, quint16 port)
{
    doors.clear();
    for (const auto &address : addresses) {
        tcp::acceptor acceptor(reactor.context());
        const asio::error_code error = open(acceptor, address, port);
        if (!error) {
            asio::error_code ignored;
            port = acceptor.local_endpoint(ignored).port();
            doors.push_back({std::move(acceptor)});
        } else if (doors.empty() || error == asio::error::address_in_use) {
            doors.clear();
            return error;
        }
    }
    return {};
}

std::optional<quint16> Listener::Private::freePortNear(const std::vector<asio::ip::address> &addresses, quint16 port)
{
    std::optional<quint16> found;
    for (int candidate = port + 1; candidate <= port + kPortsToTry && candidate <= 65535 && !found; ++candidate) {
        if (!openAll(addresses, static_cast<quint16>(candidate)))
            found = static_cast<quint16>(candidate);
    }
    asio::error_code ignored;
    if (!found && !openAll(addresses, 0))
        found = doors.front().acceptor.local_endpoint(ignored).port();
    doors.clear();
    return found;
}

base::Error Listener::Private::describe(const asio::error_code &error, const QByteArray &host, quint16 port,
    const std::vector<asio::ip::address> &addresses)
{
    const QString where = QString::fromUtf8(host.isEmpty() ? QByteArray("0.0.0.0") : host);
    if (error == asio::error::address_in_use) {
        QString what = QStringLiteral("Port %1 on %2 is already in use").arg(port).arg(where);
        const std::optional<quint16> free = freePortNear(addresses, port);
        what += free ? QStringLiteral("; port %1 is free.").arg(*free) : QStringLiteral(", and no other port is free.");
        return {base::ErrorCode::AddressInUse, what, free ? QString::number(*free) : QString()};
    }
    if (error == asio::error::access_denied) {
        return {base::ErrorCode::BadInput,
            QStringLiteral("Port %1 on %2 needs more rights than this program has; choose one above 1023.")
                .arg(port)
                .arg(where),
            inWords(error)};
    }
    if (error == asio::error_code(EADDRNOTAVAIL, asio::error::get_system_category()))
        return {base::ErrorCode::BadInput, QStringLiteral("%1 is not an address of this computer.").arg(where),
            inWords(error)};
    return {base::ErrorCode::Io,
        QStringLiteral("Could not listen on port %1 of %2: %3.").arg(port).arg(where, inWords(error)), {}};
}

void Listener::Private::arm(Door &door)
{
    if (closed || paused || door.waiting)
        return;
    door.waiting = true;
    door.acceptor.async_wait(tcp::acceptor::wait_read, [weak = weak_from_this(), &door](const asio::error_code &error) {
        const auto self = weak.lock();
        if (!self)
            return;
        door.waiting = false;
        if (!error)
            self->acceptWaiting(door);
    });
}

void Listener::Private::acceptWaiting(Door &door)
{
    for (int i = 0; i < kAcceptsInARow && !paused && !closed; ++i) {
        asio::error_code error;
        tcp::socket socket = door.acceptor.accept(error);
        if (!error) {
            exhausted = false;
            accepted(std::move(socket));
        } else if (error == asio::error::would_block || error == asio::error::try_again) {
            break;
        } else if (error != asio::error::connection_aborted) {
            // Most likely no file descriptor is left. The connection stays in the kernel's queue, so that trying again
            // at once would spin.
            if (!std::exchange(exhausted, true))
                qCWarning(base::logNet) << "cannot accept a connection for now:" << inWords(error);
            pause(kExhaustedPauseNs);
        }
    }
    arm(door);
}

void Listener::Private::pause(qint64 ns)
{
    if (closed)
        return;
    paused = true;
    pauseTimer.expires_after(std::chrono::nanoseconds(ns));
    pauseTimer.async_wait([weak = weak_from_this()](const asio::error_code &error) {
        const auto self = weak.lock();
        if (!self || error || self->closed)
            return;
        self->paused = false;
        for (Door &door : self->doors)
            self->arm(door);
    });
}

Listener::Listener(Reactor &reactor, Accepted accepted)
    : d(std::make_shared<Private>(reactor, std::move(accepted)))
{
}

Listener::~Listener()
{
    close();
}

base::Result<quint16> Listener::listen(const QByteArray &host, quint16 port)
{
    Q_ASSERT(d->doors.empty() && !d->closed);
    const Addresses addresses = resolve(d->reactor.context(), host);
    if (addresses.error) {
        return base::failure(base::ErrorCode::BadInput,
            QStringLiteral("Could not find the address of '%1': %2.")
                .arg(QString::fromUtf8(host), inWords(addresses.error)));
    }
    asio::error_code error = d->openAll(addresses.all, port);
    // The port that is free on one address may be taken on the other.
    for (int i = 0; i < kEphemeralTries && port == 0 && error == asio::error::address_in_use; ++i)
        error = d->openAll(addresses.all, port);
    if (error)
        return tl::unexpected(d->describe(error, host, port, addresses.all));

    for (Door &door : d->doors)
        d->arm(door);
    asio::error_code ignored;
    return d->doors.front().acceptor.local_endpoint(ignored).port();
}

void Listener::pause(qint64 ns)
{
    d->pause(ns);
}

void Listener::close()
{
    d->closed = true;
    d->pauseTimer.cancel();
    for (Door &door : d->doors) {
        asio::error_code ignored;
        door.acceptor.close(ignored);
    }
}

} // namespace feedscope::net
