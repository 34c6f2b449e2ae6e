// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/server.h"

#include "net/listener.h"
#include "net/server_session.h"
#include "wire/frame_encoder.h"

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>

namespace feedscope::net {

namespace {

constexpr qint64 kSweepEveryNs = 100 * base::kNsPerMs;
/// So many beyond the limit are told so at the same time; more wait in the kernel.
constexpr size_t kRefusalsAtOnce = 256;

} // namespace

struct Server::Private final : SessionHost, std::enable_shared_from_this<Server::Private> {
    Private(Reactor &ownReactor, ServerOptions ownOptions, Application &ownApplication, wire::WireObserver &ownObserver,
        std::function<wire::ConnectionId()> ownNextId)
        : SessionHost(ownReactor, std::move(ownOptions), ownApplication, ownObserver)
        , nextId(std::move(ownNextId))
    {
    }

    /// Dense and in the order of ids, which is the order of accepting: a broadcast walks it as it lies in memory, and
    /// the sweep touches a session only when its deadline has come.
    struct Slot {
        SessionId id = 0;
        qint64 deadlineNs = 0; ///< not later than the session's
        std::shared_ptr<ServerSession> session; ///< null: gone, until the next sweep
    };

    void accepted(asio::ip::tcp::socket socket);
    void sweep();
    void checkDrained(base::Timestamp now);
    void shutDown();
    size_t lowerBound(SessionId id, size_t from = 0) const;
    ServerSession *find(SessionId id) const;

    void deadlineMoved(const ServerSession &session) override;
    void sessionGone(const ServerSession &session) override;

    std::function<wire::ConnectionId()> nextId;
    std::unique_ptr<Listener> listener;
    std::vector<Slot> table;
    size_t alive = 0; // sessions in it
    std::unique_ptr<Reactor::Timer> sweepTimer; // while somebody is there, or a drain is waited for
    std::vector<std::function<void()>> drained;
    qint64 drainDeadlineNs = 0;
    bool stopped = false;
};

void Server::Private::accepted(asio::ip::tcp::socket socket)
{
    const auto most = static_cast<size_t>(qMax(0, options.maxConnections));
    const base::Timestamp now = reactor.clock().now();
    const SessionId id = nextId();
    auto session = std::make_shared<ServerSession>(*this, std::move(socket), id, alive >= most);
    session->start(now);
    const Slot slot{id, session->deadlineNs(), session};
    if (table.empty() || table.back().id < id)
        table.push_back(slot);
    else
        table.insert(table.begin() + static_cast<std::ptrdiff_t>(lowerBound(id)), slot);
    ++alive;
    if (alive >= most + kRefusalsAtOnce)
        listener->pause(kSweepEveryNs);
    if (!sweepTimer)
        sweepTimer = reactor.every(kSweepEveryNs, [weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->sweep();
        });
}

void Server::Private::sweep()
{
    const base::Timestamp now = reactor.clock().now();
    for (size_t i = 0; i < table.size(); ++i) {
        if (!table[i].session || table[i].deadlineNs > now.monoNs)
            continue;
        const std::shared_ptr<ServerSession> session = table[i].session;
        session->deadlineReached(now);
        if (stopped)
            return;
        table[i].deadlineNs = session->deadlineNs();
    }
    if (alive < table.size())
        table.erase(
            std::remove_if(table.begin(), table.end(), [](const Slot &slot) { return !slot.session; }), table.end());
    checkDrained(now);
    if (table.empty() && drained.empty()) {
        std::vector<Slot>().swap(table);
        sweepTimer.reset();
    }
}

void Server::Private::checkDrained(base::Timestamp now)
{
    if (drained.empty())
        return;
    if (alive > 0 && now.monoNs >= drainDeadlineNs) {
        for (size_t i = 0; i < table.size() && !stopped; ++i) {
            if (const std::shared_ptr<ServerSession> session = table[i].session)
                session->abort(QStringLiteral("the server did not wait longer"), now);
        }
    }
    if (stopped || alive > 0)
        return;
    for (const auto &done : std::exchange(drained, {})) {
        done();
        if (stopped)
            return;
    }
}

void Server::Private::shutDown()
{
    stopped = true;
    sweepTimer.reset();
    listener.reset();
    drained.clear();
    for (Slot &slot : table) {
        if (slot.session)
            slot.session->detach();
    }
    table.clear();
    alive = 0;
}

size_t Server::Private::lowerBound(SessionId id, size_t from) const
{
    const auto first = table.begin() + static_cast<std::ptrdiff_t>(from);
    const auto found =
        std::lower_bound(first, table.end(), id, [](const Slot &slot, SessionId wanted) { return slot.id < wanted; });
    return static_cast<size_t>(found - table.begin());
}

ServerSession *Server::Private::find(SessionId id) const
{
    const size_t i = lowerBound(id);
    return i < table.size() && table[i].id == id ? table[i].session.get() : nullptr;
}

void Server::Private::deadlineMoved(const ServerSession &session)
{
    const size_t i = lowerBound(session.id());
    if (i < table.size() && table[i].id == session.id())
        table[i].deadlineNs = session.deadlineNs();
}

void Server::Private::sessionGone(const ServerSession &session)
{
    const size_t i = lowerBound(session.id());
    if (i >= table.size() || table[i].id != session.id() || !table[i].session)
        return;
    status.bytesSent += session.bytesSent();
    --alive;
    // Not destroyed from inside its own call.
    asio::post(reactor.context(), [gone = std::move(table[i].session)] {});
    if (alive == 0 && !drained.empty()) {
        asio::post(reactor.context(), [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (self && !self->stopped)
                self->checkDrained(self->reactor.clock().now());
        });
    }
}

Server::Server(Reactor &reactor, ServerOptions options, Application &application, wire::WireObserver &observer,
    std::function<wire::ConnectionId()> nextId)
    : d(std::make_shared<Private>(reactor, std::move(options), application, observer, std::move(nextId)))
{
}

Server::~Server()
{
    d->shutDown();
}

void Server::setAllowedOrigins(std::vector<QByteArray> origins)
{
    d->options.handshake.allowedOrigins = std::move(origins);
}

base::Result<quint16> Server::listen()
{
    Q_ASSERT(!d->listener);
    auto listener = std::make_unique<Listener>(d->reactor, [weak = std::weak_ptr(d)](asio::ip::tcp::socket socket) {
        const auto self = weak.lock();
        if (self && !self->stopped)
            self->accepted(std::move(socket));
    });
    auto port = listener->listen(d->options.host, d->options.port);
    if (port) {
        d->listener = std::move(listener);
        d->status.host = d->options.host;
        d->status.port = *port;
    }
    return port;
}

void Server::drain(quint16 code, const QByteArray &reason, qint64 timeoutNs, std::function<void()> done)
{
    const auto self = d; // an application may end the server in closed()
    const base::Timestamp now = self->reactor.clock().now();
    self->draining = true;
    self->listener.reset();
    self->drainDeadlineNs = now.monoNs + timeoutNs;
    self->drained.push_back(std::move(done));
    for (size_t i = 0; i < self->table.size() && !self->stopped; ++i) {
        if (const std::shared_ptr<ServerSession> session = self->table[i].session)
            session->drain(code, reason, now);
    }
    if (self->stopped)
        return;
    if (!self->sweepTimer) {
        self->sweepTimer = self->reactor.every(kSweepEveryNs, [weak = std::weak_ptr(self)] {
            if (const auto strong = weak.lock())
                strong->sweep();
        });
    }
}

bool Server::send(SessionId session, wire::Opcode opcode, QByteArrayView payload)
{
    ServerSession *const found = d->find(session);
    return found && found->send(opcode, payload, d->reactor.clock().now());
}

void Server::broadcast(std::span<const SessionId> sessions, wire::Opcode opcode, const QByteArray &payload)
{
    if (sessions.empty())
        return;
    wire::FrameView frame;
    frame.header = wire::makeHeader(opcode, static_cast<quint64>(payload.size()));
    frame.payload = payload;
    const QByteArray bytes = wire::encodeFrame(frame.header, payload);
    const base::Timestamp now = d->reactor.clock().now();

    // Ids mostly come in the order of the table: the next one is looked for where the last one was found.
    size_t next = 0;
    for (const SessionId id : sessions) {
        if (next >= d->table.size() || d->table[next].id != id)
            next = d->lowerBound(id, next < d->table.size() && d->table[next].id < id ? next : 0);
        if (next >= d->table.size() || d->table[next].id != id)
            continue;
        if (ServerSession *const session = d->table[next].session.get())
            session->sendShared(frame, bytes, now);
        ++next;
    }
}

void Server::ping(SessionId session, QByteArrayView payload)
{
    if (ServerSession *const found = d->find(session))
        found->ping(payload, d->reactor.clock().now());
}

void Server::close(SessionId session, quint16 code, const QByteArray &reason)
{
    if (ServerSession *const found = d->find(session))
        found->close(code, reason, d->reactor.clock().now());
}

ServerStatus Server::status() const
{
    ServerStatus status = d->status;
    for (const Private::Slot &slot : d->table) {
        if (slot.session)
            status.bytesSent += slot.session->bytesSent();
    }
    return status;
}

std::vector<SessionStatus> Server::sessions() const
{
    std::vector<SessionStatus> all;
    all.reserve(d->status.connections);
    for (const Private::Slot &slot : d->table) {
        if (slot.session && slot.session->isOpen())
            all.push_back(slot.session->status());
    }
    return all;
}

} // namespace feedscope::net
