// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed_connection.h"

#include "dissect/json.h"

#include <QRandomGenerator>

#include <algorithm>

namespace feedscope::engine {

namespace {

constexpr size_t kMailboxValues = 500'000; // a window that does not draw for this long has stopped
constexpr qint64 kPingEveryNs = 5 * base::kNsPerSecond; // a person watches the round trip
constexpr qint64 kRetryCheckNs = 100 * base::kNsPerMs;

size_t valuesIn(const feed::FeedBatch &batch)
{
    return batch.ticks.size() + batch.candles.size() + batch.books.size() + batch.metrics.size() + batch.latenciesNs.size();
}

template <class T> void moveAppend(std::vector<T> &to, std::vector<T> &from)
{
    if (to.empty())
        to.swap(from);
    else
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

void appendBatch(feed::FeedBatch &to, feed::FeedBatch &from)
{
    moveAppend(to.ticks, from.ticks);
    moveAppend(to.candles, from.candles);
    moveAppend(to.books, from.books);
    moveAppend(to.metrics, from.metrics);
    moveAppend(to.quality, from.quality);
    moveAppend(to.latenciesNs, from.latenciesNs);
    to.messages += std::exchange(from.messages, 0);
    to.malformed += std::exchange(from.malformed, 0);
}

bool isWelcome(QByteArrayView message)
{
    const dissect::JsonResult json = dissect::parseJson(message);
    const dissect::JsonValue *type = json.value ? json.value->find("type") : nullptr;
    const dissect::JsonValue *server = json.value ? json.value->find("server") : nullptr;
    return type && server && type->text == "welcome";
}

} // namespace

/// The half that lives on the reactor's thread, with the mailbox between the two.
class FeedConnection::Link final : public net::ClientEvents, public std::enable_shared_from_this<Link> {
public:
    Link(net::Reactor &reactor, Options options, wire::WireObserver &observer, std::function<wire::ConnectionId()> nextId)
        : m_reactor(reactor)
        , m_options(std::move(options))
        , m_observer(observer)
        , m_nextId(std::move(nextId))
    {
        m_status.key = m_options.key;
        m_status.url = m_options.url.toBytes();
    }

    // Reactor's thread:
    void start()
    {
        m_retryTimer = m_reactor.every(kRetryCheckNs, [this] { retryIfDue(); });
        connectNow();
    }
    void shutDown()
    {
        m_retryTimer.reset();
        m_client.reset();
    }
    void setTopics(const std::vector<QByteArray> &topics);
    void retryNow();
    void stop();

    void opened(wire::ConnectionId connection, const QByteArray &subprotocol) override;
    void messageReceived(const wire::MessageView &message, base::Timestamp now) override;
    void pongReceived(qint64 rttNs) override;
    void closed(const wire::Ending &ending) override;
    void failed(const base::Error &error) override;

    // Any thread:
    feed::FeedBatch take();
    LinkStatus status() const
    {
        const std::lock_guard lock(m_mutex);
        return m_status;
    }

private:
    void connectNow();
    void retryIfDue();
    void waitOrStay(std::optional<qint64> delayNs, const QString &why);
    void sendText(const QByteArray &text);
    void update(const std::function<void(LinkStatus &)> &change)
    {
        const std::lock_guard lock(m_mutex);
        change(m_status);
    }
    static double chance() { return QRandomGenerator::global()->generateDouble(); }

    net::Reactor &m_reactor;
    const Options m_options;
    wire::WireObserver &m_observer;
    std::function<wire::ConnectionId()> m_nextId;

    // Reactor's thread only:
    feed::FeedReader m_reader;
    feed::FeedBatch m_scratch;
    std::vector<QByteArray> m_topics;
    ReconnectPolicy m_policy;
    bool m_stopped = false;
    bool m_welcomed = false;
    std::optional<qint64> m_retryAtNs;
    std::unique_ptr<net::Client> m_client;
    std::unique_ptr<net::Client> m_finished; // a client is not destroyed inside its own events
    std::unique_ptr<net::Reactor::Timer> m_retryTimer;

    mutable std::mutex m_mutex; // guards what follows
    LinkStatus m_status;
    feed::FeedBatch m_mailbox;
    quint64 m_dropped = 0;
};

void FeedConnection::Link::connectNow()
{
    m_retryAtNs.reset();
    m_finished.reset();
    m_welcomed = false;
    net::ClientOptions options;
    options.url = m_options.url;
    options.subprotocols = {"feedscope.v1"};
    options.limits = m_options.limits;
    options.limits.pingIntervalNs = std::min(options.limits.pingIntervalNs, kPingEveryNs);
    const wire::ConnectionId id = m_nextId();
    update([&](LinkStatus &status) {
        status.state = LinkState::Connecting;
        status.connection = id;
        status.rttNs.reset();
    });
    m_client = std::make_unique<net::Client>(m_reactor, options, id, *this, m_observer);
    m_client->start();
}

void FeedConnection::Link::retryIfDue()
{
    if (m_retryAtNs && m_reactor.clock().now().monoNs >= *m_retryAtNs)
        connectNow();
}

void FeedConnection::Link::setTopics(const std::vector<QByteArray> &topics)
{
    const auto missingFrom = [](const std::vector<QByteArray> &list, const std::vector<QByteArray> &wanted) {
        std::vector<QByteArray> missing;
        for (const QByteArray &topic : wanted) {
            if (std::find(list.begin(), list.end(), topic) == list.end())
                missing.push_back(topic);
        }
        return missing;
    };
    const std::vector<QByteArray> added = missingFrom(m_topics, topics);
    const std::vector<QByteArray> gone = missingFrom(topics, m_topics);
    m_topics = topics;
    // The reader remembers both also while there is no connection; they are said again with the next welcome.
    const QByteArray unsubscribe = gone.empty() ? QByteArray() : m_reader.unsubscribe(gone);
    const QByteArray subscribe = added.empty() ? QByteArray() : m_reader.subscribe(added);
    if (m_welcomed) {
        sendText(unsubscribe);
        sendText(subscribe);
    }
}

void FeedConnection::Link::sendText(const QByteArray &text)
{
    if (m_client && !text.isEmpty())
        m_client->send(wire::Opcode::Text, text);
}

void FeedConnection::Link::retryNow()
{
    if (m_client)
        return; // one attempt in flight
    m_stopped = false;
    m_policy.reset();
    connectNow();
}

void FeedConnection::Link::stop()
{
    m_stopped = true;
    m_retryAtNs.reset();
    if (m_client) {
        update([](LinkStatus &status) { status.state = LinkState::Closing; });
        m_client->close(wire::NormalClosure, "stopped by the user");
    } else {
        update([](LinkStatus &status) { status.state = LinkState::Closed; });
    }
}

void FeedConnection::Link::opened(wire::ConnectionId, const QByteArray &)
{
    const qint64 now = m_reactor.clock().now().monoNs;
    m_policy.opened(now);
    update([&](LinkStatus &status) {
        status.state = LinkState::Open;
        status.detail.clear();
        status.attempts = 0;
    });
    m_client->ping("feedscope"); // the round trip is known from the start, not after the first interval
}

void FeedConnection::Link::messageReceived(const wire::MessageView &message, base::Timestamp now)
{
    update([](LinkStatus &status) { ++status.messages; });
    if (!m_welcomed) {
        // Many servers accept any subprotocol that is offered: only the welcome message tells that it is the feed protocol.
        if (message.opcode != wire::Opcode::Text || !isWelcome(message.payload))
            return;
        m_welcomed = true;
        update([](LinkStatus &status) { status.speaksFeedProtocol = true; });
        m_reader.receive(message.payload, now, m_scratch);
        sendText(m_reader.resubscribe());
    } else {
        m_reader.receive(message.payload, now, m_scratch);
    }
    for (const QByteArray &request : m_reader.takeRequests())
        sendText(request); // how a book repairs itself after a gap
    const std::lock_guard lock(m_mutex);
    if (valuesIn(m_mailbox) + valuesIn(m_scratch) > kMailboxValues) {
        m_dropped += m_scratch.messages;
        m_scratch = {};
    } else {
        appendBatch(m_mailbox, m_scratch);
    }
}

void FeedConnection::Link::pongReceived(qint64 rttNs)
{
    update([&](LinkStatus &status) { status.rttNs = rttNs; });
}

void FeedConnection::Link::closed(const wire::Ending &ending)
{
    const QString why = QStringLiteral("%1: %2%3")
                            .arg(ending.code)
                            .arg(wire::closeCodeName(ending.code),
                                ending.reason.isEmpty() ? QString() : QStringLiteral(" “%1”").arg(QString::fromUtf8(ending.reason)));
    m_finished = std::move(m_client);
    const base::Timestamp now = m_reactor.clock().now();
    waitOrStay(m_policy.delayAfter(ending, now.monoNs, chance()), why);
}

void FeedConnection::Link::failed(const base::Error &error)
{
    m_finished = std::move(m_client);
    waitOrStay(m_policy.delayAfterFailure(chance()), error.what);
}

void FeedConnection::Link::waitOrStay(std::optional<qint64> delayNs, const QString &why)
{
    const bool again = delayNs && m_options.reconnect && !m_stopped;
    if (again)
        m_retryAtNs = m_reactor.clock().now().monoNs + *delayNs;
    update([&](LinkStatus &status) {
        status.state = again ? LinkState::Waiting : LinkState::Closed;
        status.detail = why;
        status.attempts = m_policy.attempts();
        status.retryAtMonoNs = m_retryAtNs.value_or(0);
    });
}

feed::FeedBatch FeedConnection::Link::take()
{
    feed::FeedBatch batch;
    const std::lock_guard lock(m_mutex);
    std::swap(batch, m_mailbox);
    if (const quint64 dropped = std::exchange(m_dropped, 0)) {
        batch.quality.push_back({feed::QualityKind::Dropped, {}, m_reactor.clock().now().wallNs, 0, 0,
            QStringLiteral("%1 messages were not drawn: the window could not keep up").arg(dropped)});
    }
    return batch;
}

FeedConnection::FeedConnection(
    net::Reactor &reactor, Options options, wire::WireObserver &observer, std::function<wire::ConnectionId()> nextId)
    : m_link(std::make_shared<Link>(reactor, std::move(options), observer, std::move(nextId)))
    , m_reactor(reactor)
{
    m_reactor.post([link = m_link] { link->start(); });
}

FeedConnection::~FeedConnection()
{
    m_reactor.runSync([this] { m_link->shutDown(); });
}

void FeedConnection::setTopics(std::vector<QByteArray> topics)
{
    m_reactor.post([link = m_link, topics = std::move(topics)] { link->setTopics(topics); });
}

void FeedConnection::retryNow()
{
    m_reactor.post([link = m_link] { link->retryNow(); });
}

void FeedConnection::stop()
{
    m_reactor.post([link = m_link] { link->stop(); });
}

feed::FeedBatch FeedConnection::take()
{
    return m_link->take();
}

LinkStatus FeedConnection::status() const
{
    return m_link->status();
}

} // namespace feedscope::engine
