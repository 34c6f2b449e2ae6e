// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/client.h"

#include "base/bytes.h"
#include "net/client_session.h"
#include "net/connector.h"

#include <algorithm>

namespace feedscope::net {

namespace {

/// What would break the request apart, or be no header field at all.
std::optional<base::Error> checkFields(const ClientOptions &options)
{
    std::vector<wire::HttpHeaders::Field> fields = options.headers;
    if (!options.origin.isEmpty())
        fields.emplace_back("Origin", options.origin);
    for (const auto &field : fields) {
        if (!wire::HttpHeaders::isValidField(field)) {
            return base::Error{base::ErrorCode::BadInput,
                QStringLiteral("'%1' cannot be sent as a header field.")
                    .arg(QString::fromUtf8(base::escaped(field.first + ": " + field.second))),
                {}};
        }
    }
    const auto bad = std::find_if_not(options.subprotocols.begin(), options.subprotocols.end(), wire::isToken);
    if (bad != options.subprotocols.end()) {
        return base::Error{base::ErrorCode::BadInput,
            QStringLiteral("'%1' cannot be a subprotocol: it is one word without separators (RFC 6455 4.1).")
                .arg(QString::fromUtf8(base::escaped(*bad))),
            {}};
    }
    return std::nullopt;
}

} // namespace

struct Client::Private : std::enable_shared_from_this<Client::Private> {
    Private(Reactor &ownReactor, ClientOptions ownOptions, wire::ConnectionId ownId, ClientEvents &ownEvents,
        wire::WireObserver &ownObserver)
        : reactor(ownReactor)
        , options(std::move(ownOptions))
        , id(ownId)
        , events(ownEvents)
        , observer(ownObserver)
    {
    }

    void failLater(base::Error error)
    {
        reactor.post([weak = weak_from_this(), error = std::move(error)] {
            if (const auto self = weak.lock())
                self->fail(error);
        });
    }
    void fail(const base::Error &error)
    {
        if (!std::exchange(over, true))
            events.failed(error);
    }

    Reactor &reactor;
    const ClientOptions options;
    const wire::ConnectionId id;
    ClientEvents &events;
    wire::WireObserver &observer;
    std::shared_ptr<Connector> connector; // until connected
    std::shared_ptr<ClientSession> session;
    bool over = false; // before there was a session
};

Client::Client(
    Reactor &reactor, ClientOptions options, wire::ConnectionId id, ClientEvents &events, wire::WireObserver &observer)
    : d(std::make_shared<Private>(reactor, std::move(options), id, events, observer))
{
}

Client::~Client()
{
    d->over = true;
    if (d->connector)
        d->connector->cancel();
    if (d->session)
        d->session->detach();
}

void Client::start()
{
    Q_ASSERT(!d->connector && !d->session && !d->over);
    const WsUrl &url = d->options.url;
    if (url.tls) {
        d->failLater({base::ErrorCode::Unsupported,
            QStringLiteral("'%1' needs TLS, which this version does not have yet.")
                .arg(QString::fromUtf8(url.toBytes())),
            {}});
        return;
    }
    if (auto error = checkFields(d->options)) {
        d->failLater(std::move(*error));
        return;
    }
    const qint64 deadlineNs = d->reactor.clock().now().monoNs + d->options.connectTimeoutNs;
    d->connector = std::make_shared<Connector>(d->reactor, url.host, url.port, deadlineNs,
        [weak = std::weak_ptr(d), deadlineNs](base::Result<asio::ip::tcp::socket> socket) {
            const auto self = weak.lock();
            if (!self)
                return;
            const auto connector = std::move(self->connector);
            if (!socket) {
                self->fail(socket.error());
                return;
            }
            self->session = std::make_shared<ClientSession>(
                self->reactor, std::move(*socket), self->options, self->id, self->events, self->observer);
            self->session->start(deadlineNs);
        });
    d->connector->start();
}

bool Client::send(wire::Opcode opcode, QByteArrayView payload)
{
    return d->session && d->session->send(opcode, payload);
}

void Client::ping(QByteArrayView payload)
{
    if (d->session)
        d->session->ping(payload);
}

void Client::close(quint16 code, const QByteArray &reason)
{
    if (d->session && d->session->isOpen()) {
        d->session->close(code, reason);
    } else if (d->session) {
        d->reactor.post([weak = std::weak_ptr(d->session)] {
            if (const auto session = weak.lock())
                session->giveUp();
        });
    } else if (d->connector) {
        d->connector->cancel();
        d->failLater({base::ErrorCode::Io, QStringLiteral("The connection was given up before it was made."), {}});
    }
}

wire::ConnectionId Client::id() const
{
    return d->id;
}

} // namespace feedscope::net
