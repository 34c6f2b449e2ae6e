// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/hub.h"

#include "feed/json_writer.h"
#include "feed/request.h"
#include "feed/topic.h"
#include "feed/topic_state.h"

#include <QHash>
#include <QJsonArray>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace feedscope::feed {

namespace {

/// How long a topic that nobody watches any more keeps its events whole, so that a lost connection can recover.
constexpr qint64 kGraceNs = 60 * base::kNsPerSecond;
/// A list longer than this is sent as several messages, since clients bound theirs (commonly 1 MiB).
constexpr size_t kTopicsPerMessage = 1000;

struct Subscriber {
    quint64 joined = 0; // position among all who ever joined
    std::vector<QByteArray> patterns;
    int wildcards = 0;
    std::unordered_map<int, quint32> topics; // index to the number of patterns that match it
};

/// One topic a request asks for.
struct Wanted {
    int topic = 0;
    bool isExplicit = false; // by name, not by wildcard
    bool wasSubscribed = false;
    bool recovered = false;
    quint64 since = 0;
};

QByteArray joined(const std::vector<QByteArray> &names)
{
    constexpr size_t kMost = 5;
    QByteArray text;
    for (size_t i = 0; i < names.size() && i < kMost; ++i)
        text += (i ? ", " : "") + excerpt(names[i]);
    if (names.size() > kMost)
        text += " and " + QByteArray::number(names.size() - kMost) + " more";
    return text;
}

} // namespace

struct Hub::Private {
    Config config;
    HubOutput &output;
    std::vector<Source *> sources;
    std::vector<TopicState> topics;
    QHash<QByteArray, int> topicIndex;
    std::unordered_map<SubscriberId, Subscriber> subscribers;
    quint64 joins = 0;
    quint64 published = 0;
    quint64 delivered = 0;
    base::Timestamp now;

    Private(Config given, HubOutput &out)
        : config(std::move(given))
        , output(out)
    {
    }
    int addTopic(const QByteArray &name, Source *source);
    int topicOf(const QByteArray &name) const { return topicIndex.value(name, -1); }
    void send(SubscriberId subscriber, const QByteArray &message);
    void fail(SubscriberId subscriber, const Request &request, QByteArrayView code, const QByteArray &text);

    bool readTopics(SubscriberId subscriber, const Request &request, std::vector<QByteArray> &patterns);
    void subscribe(SubscriberId subscriber, const Request &request);
    std::vector<Wanted> hold(SubscriberId id, Subscriber &subscriber, const std::vector<QByteArray> &patterns,
        std::vector<QByteArray> &unknown);
    void answer(SubscriberId subscriber, const QByteArray &requestId, const std::vector<Wanted> &wanted);
    void recover(const QJsonObject &since, Wanted &wanted) const;
    void sendSnapshot(SubscriberId subscriber, TopicState &topic, bool isShort);
    void sendMissed(SubscriberId subscriber, const TopicState &topic, quint64 since);
    void unsubscribe(SubscriberId subscriber, const Request &request);
    void letGo(Subscriber &subscriber, int topic);
    void listTopics(SubscriberId subscriber, const Request &request);
    void sendTime(SubscriberId subscriber, const Request &request);
};

Hub::Hub(Config config, HubOutput &output)
    : d(new Private(std::move(config), output))
{
}

Hub::~Hub() = default;

void Hub::addSource(Source &source)
{
    d->sources.push_back(&source);
    std::vector<int> added;
    for (const QByteArray &name : source.topics()) {
        if (d->topicOf(name) < 0)
            added.push_back(d->addTopic(name, &source));
    }
    // Those who hold a wildcard get what it now covers as well.
    for (auto &[id, subscriber] : d->subscribers) {
        std::vector<Wanted> wanted;
        for (const int index : added) {
            quint32 uses = 0;
            for (const QByteArray &pattern : subscriber.patterns)
                uses += matches(pattern, d->topics[static_cast<size_t>(index)].name) ? 1 : 0;
            if (uses == 0)
                continue;
            subscriber.topics[index] = uses;
            d->topics[static_cast<size_t>(index)].subscribers.add(id, subscriber.joined);
            wanted.push_back({.topic = index});
        }
        if (!wanted.empty())
            d->answer(id, {}, wanted);
    }
}

int Hub::Private::addTopic(const QByteArray &name, Source *source)
{
    Q_ASSERT(isValidTopic(name));
    TopicState topic;
    topic.name = name;
    topic.source = source;
    if (source)
        topic.sourceName = source->name();
    topic.eventHead = R"({"type":"event","topic":")" + name + R"(","offset":)";
    topics.push_back(std::move(topic));
    const int index = static_cast<int>(topics.size()) - 1;
    topicIndex.insert(name, index);
    return index;
}

void Hub::Private::send(SubscriberId subscriber, const QByteArray &message)
{
    output.deliver(std::span(&subscriber, 1), message);
}

void Hub::Private::fail(SubscriberId subscriber, const Request &request, QByteArrayView code, const QByteArray &text)
{
    send(subscriber, errorMessage(request.id, code, text));
}

void Hub::join(SubscriberId subscriber, const QByteArray &session)
{
    Q_ASSERT(!d->subscribers.contains(subscriber));
    d->subscribers[subscriber].joined = ++d->joins;
    QByteArray message;
    JsonWriter(message)
        .beginObject()
        .key("type").string("welcome")
        .key("server").string(d->config.server)
        .key("node").string(d->config.node)
        .key("session").string(session)
        .key("ping_interval").integer(d->config.pingIntervalSeconds)
        .endObject();
    d->send(subscriber, message);
}

void Hub::leave(SubscriberId subscriber)
{
    const auto at = d->subscribers.find(subscriber);
    if (at == d->subscribers.end())
        return;
    for (const auto &[topic, uses] : at->second.topics) {
        TopicState &state = d->topics[static_cast<size_t>(topic)];
        state.subscribers.remove(at->second.joined);
        state.leftNs = d->now.monoNs;
    }
    d->subscribers.erase(at);
}

void Hub::receive(SubscriberId subscriber, QByteArrayView message, base::Timestamp now)
{
    d->now = now;
    if (!d->subscribers.contains(subscriber)) {
        Q_ASSERT_X(false, "Hub::receive", "the subscriber has not joined");
        return;
    }
    const Request request = parseRequest(message);
    if (!request.errorCode.isEmpty())
        d->fail(subscriber, request, request.errorCode, request.errorMessage);
    else if (request.type == "subscribe")
        d->subscribe(subscriber, request);
    else if (request.type == "unsubscribe")
        d->unsubscribe(subscriber, request);
    else if (request.type == "topics")
        d->listTopics(subscriber, request);
    else if (request.type == "time")
        d->sendTime(subscriber, request);
    else if (request.type == "publish")
        d->fail(subscriber, request, "forbidden", "Clients may not publish here; the topics belong to the server's sources. Rooms to write in are at /chat.");
    else if (request.type == "auth")
        d->fail(subscriber, request, "not-required", "This connection needs no token here; a server that asks for one does so in the handshake. Go on with subscribe.");
    else
        d->fail(subscriber, request, "unknown-type",
            "There is no request of type \"" + excerpt(request.type) + "\"; there are subscribe, unsubscribe, topics, time, auth and publish.");
}

void Hub::rejectBinary(SubscriberId subscriber)
{
    d->send(subscriber, errorMessage({}, "bad-json", "This subprotocol is text: send the request as a text message, not as a binary one."));
}

bool Hub::Private::readTopics(SubscriberId subscriber, const Request &request, std::vector<QByteArray> &patterns)
{
    const QJsonValue topicsValue = request.object.value(QLatin1String("topics"));
    const QJsonArray list = topicsValue.toArray();
    if (!topicsValue.isArray() || list.isEmpty()) {
        fail(subscriber, request, "bad-request", "`topics` is a list of at least one name, such as [\"market.AAPL\",\"market.*\"].");
        return false;
    }
    if (list.size() > config.maxTopicsPerSubscriber) {
        fail(subscriber, request, "too-many-topics",
            "A connection may hold " + QByteArray::number(config.maxTopicsPerSubscriber) + " topics, this request names "
                + QByteArray::number(list.size()) + ". Use a wildcard such as market.*.");
        return false;
    }
    for (const QJsonValue &entry : list) {
        const QByteArray pattern = entry.toString().toUtf8();
        if (!isValidPattern(pattern)) {
            fail(subscriber, request, "bad-request",
                entry.isString()
                    ? "\"" + excerpt(pattern) + "\" is not a topic: words of letters, digits and _ - / : with dots between them, * for one word, > at the end for the rest."
                    : QByteArray("Every entry of `topics` is a string."));
            return false;
        }
        if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end())
            patterns.push_back(pattern);
    }
    return true;
}

void Hub::Private::subscribe(SubscriberId id, const Request &request)
{
    std::vector<QByteArray> patterns;
    if (!readTopics(id, request, patterns))
        return;
    Subscriber &subscriber = subscribers[id];
    int added = 0;
    int addedWildcards = 0;
    for (const QByteArray &pattern : patterns) {
        if (std::find(subscriber.patterns.begin(), subscriber.patterns.end(), pattern) != subscriber.patterns.end())
            continue;
        ++added;
        addedWildcards += isWildcard(pattern) ? 1 : 0;
    }
    if (static_cast<int>(subscriber.patterns.size()) + added > config.maxTopicsPerSubscriber
        || subscriber.wildcards + addedWildcards > config.maxWildcardsPerSubscriber) {
        fail(id, request, "too-many-topics",
            "A connection may hold " + QByteArray::number(config.maxTopicsPerSubscriber) + " topics, "
                + QByteArray::number(config.maxWildcardsPerSubscriber) + " of them wildcards. Unsubscribe from some first.");
        return;
    }

    std::vector<QByteArray> unknown;
    std::vector<Wanted> wanted = hold(id, subscriber, patterns, unknown);
    const QJsonObject since = request.object.value(QLatin1String("since")).toObject();
    for (Wanted &entry : wanted)
        recover(since, entry);
    if (!wanted.empty())
        answer(id, request.id, wanted);
    if (!unknown.empty())
        fail(id, request, "unknown-topic", "No topic here is called or matches " + joined(unknown) + R"(. Send {"type":"topics"} for the list.)");
}

std::vector<Wanted> Hub::Private::hold(SubscriberId id, Subscriber &subscriber, const std::vector<QByteArray> &patterns,
    std::vector<QByteArray> &unknown)
{
    std::vector<Wanted> wanted;
    std::unordered_map<int, size_t> place; // of a topic in `wanted`
    for (const QByteArray &pattern : patterns) {
        const bool isExplicit = !isWildcard(pattern);
        std::vector<int> found;
        if (isExplicit) {
            if (const int topic = topicOf(pattern); topic >= 0)
                found.push_back(topic);
        } else {
            for (size_t i = 0; i < topics.size(); ++i) {
                if (matches(pattern, topics[i].name))
                    found.push_back(static_cast<int>(i));
            }
        }
        if (found.empty()) {
            unknown.push_back(pattern);
            continue;
        }
        const bool isNew = std::find(subscriber.patterns.begin(), subscriber.patterns.end(), pattern) == subscriber.patterns.end();
        if (isNew) {
            subscriber.patterns.push_back(pattern);
            subscriber.wildcards += isExplicit ? 0 : 1;
        }
        for (const int topic : found) {
            quint32 &uses = subscriber.topics[topic];
            const auto [at, isFirst] = place.try_emplace(topic, wanted.size());
            if (isFirst)
                wanted.push_back({.topic = topic, .wasSubscribed = uses > 0});
            wanted[at->second].isExplicit |= isExplicit;
            uses += isNew ? 1 : 0;
            TopicState &state = topics[static_cast<size_t>(topic)];
            state.subscribers.add(id, subscriber.joined);
            state.wasSubscribed = true;
        }
    }
    return wanted;
}

void Hub::Private::recover(const QJsonObject &since, Wanted &wanted) const
{
    const TopicState &topic = topics[static_cast<size_t>(wanted.topic)];
    const QJsonValue position = since.value(QLatin1String(topic.name));
    if (!position.isString()) {
        // Met again by a wildcard: nothing was missed.
        wanted.recovered = wanted.wasSubscribed && !wanted.isExplicit;
        wanted.since = topic.offset;
        return;
    }
    const QByteArray text = position.toString().toUtf8();
    const qsizetype colon = text.lastIndexOf(':');
    bool isNumber = false;
    const quint64 offset = text.mid(colon + 1).toULongLong(&isNumber);
    const bool isSameLife = colon >= 0 && isNumber && text.left(colon) == config.epoch;
    const quint64 held = static_cast<quint64>(topic.history.size());
    wanted.recovered = isSameLife && offset <= topic.offset && topic.offset - offset <= held && !topic.isSkipping;
    wanted.since = offset;
}

void Hub::Private::answer(SubscriberId subscriber, const QByteArray &requestId, const std::vector<Wanted> &wanted)
{
    for (size_t first = 0; first < wanted.size(); first += kTopicsPerMessage) {
        QByteArray message;
        JsonWriter json(message);
        json.beginObject().key("type").string("subscribed");
        if (!requestId.isEmpty())
            json.key("id").raw(requestId);
        json.key("topics").beginArray();
        for (size_t i = first; i < qMin(wanted.size(), first + kTopicsPerMessage); ++i) {
            const TopicState &topic = topics[static_cast<size_t>(wanted[i].topic)];
            json.beginObject()
                .key("topic").string(topic.name)
                .key("epoch").string(config.epoch)
                .key("offset").unsignedInteger(topic.offset)
                .key("recovered").boolean(wanted[i].recovered)
                .endObject();
        }
        json.endArray().endObject();
        send(subscriber, message);
    }
    for (const Wanted &entry : wanted) {
        TopicState &topic = topics[static_cast<size_t>(entry.topic)];
        if (entry.recovered)
            sendMissed(subscriber, topic, entry.since);
        else
            sendSnapshot(subscriber, topic, !entry.isExplicit);
    }
}

void Hub::Private::sendMissed(SubscriberId subscriber, const TopicState &topic, quint64 since)
{
    const auto missed = static_cast<qsizetype>(topic.offset - since);
    for (qsizetype i = topic.history.size() - missed; i < topic.history.size(); ++i)
        send(subscriber, topic.history[i]);
}

void Hub::Private::sendSnapshot(SubscriberId subscriber, TopicState &topic, bool isShort)
{
    if (!isShort && !topic.snapshot.isEmpty()) {
        send(subscriber, topic.snapshot);
        return;
    }
    std::optional<QByteArray> data;
    if (topic.source)
        data = isShort ? topic.source->shortSnapshot(topic.name) : topic.source->snapshot(topic.name);
    if (!data)
        data = topic.lastData;
    QByteArray message;
    message.reserve(data->size() + 200);
    JsonWriter json(message);
    json.beginObject()
        .key("type").string("snapshot")
        .key("topic").string(topic.name)
        .key("epoch").string(config.epoch)
        .key("offset").unsignedInteger(topic.offset)
        .key("data").raw(data->isEmpty() ? QByteArrayView("null") : QByteArrayView(*data))
        .endObject();
    if (!isShort)
        topic.snapshot = message;
    send(subscriber, message);
}

void Hub::Private::unsubscribe(SubscriberId id, const Request &request)
{
    std::vector<QByteArray> patterns;
    if (!readTopics(id, request, patterns))
        return;
    Subscriber &subscriber = subscribers[id];
    QByteArray message;
    JsonWriter json(message);
    json.beginObject().key("type").string("unsubscribed");
    if (!request.id.isEmpty())
        json.key("id").raw(request.id);
    json.key("topics").beginArray();
    for (const QByteArray &pattern : patterns) {
        const auto at = std::find(subscriber.patterns.begin(), subscriber.patterns.end(), pattern);
        if (at == subscriber.patterns.end())
            continue;
        subscriber.patterns.erase(at);
        json.string(pattern);
        if (!isWildcard(pattern)) {
            letGo(subscriber, topicOf(pattern));
            continue;
        }
        --subscriber.wildcards;
        for (size_t i = 0; i < topics.size(); ++i) {
            if (matches(pattern, topics[i].name))
                letGo(subscriber, static_cast<int>(i));
        }
    }
    json.endArray().endObject();
    send(id, message);
}

void Hub::Private::letGo(Subscriber &subscriber, int topic)
{
    const auto held = subscriber.topics.find(topic);
    if (held == subscriber.topics.end() || --held->second > 0)
        return;
    subscriber.topics.erase(held);
    TopicState &state = topics[static_cast<size_t>(topic)];
    state.subscribers.remove(subscriber.joined);
    state.leftNs = now.monoNs;
}

void Hub::Private::listTopics(SubscriberId subscriber, const Request &request)
{
    for (size_t first = 0; first == 0 || first < topics.size(); first += kTopicsPerMessage) {
        const size_t last = qMin(topics.size(), first + kTopicsPerMessage);
        QByteArray message;
        JsonWriter json(message);
        json.beginObject().key("type").string("topics");
        if (!request.id.isEmpty())
            json.key("id").raw(request.id);
        json.key("topics").beginArray();
        for (size_t i = first; i < last; ++i) {
            const TopicState &topic = topics[i];
            json.beginObject()
                .key("topic").string(topic.name)
                .key("source").string(topic.sourceName)
                .key("rate").number(topic.rate.perSecond(now.wallNs), 2)
                .key("subscribers").integer(topic.subscribers.size())
                .key("offset").unsignedInteger(topic.offset)
                .endObject();
        }
        json.endArray();
        if (last < topics.size())
            json.key("more").boolean(true);
        json.endObject();
        send(subscriber, message);
    }
}

void Hub::Private::sendTime(SubscriberId subscriber, const Request &request)
{
    QByteArray message;
    JsonWriter json(message);
    json.beginObject().key("type").string("time");
    if (!request.id.isEmpty())
        json.key("id").raw(request.id);
    json.key("received").scaled(now.wallNs / base::kNsPerUs, 6).key("sent").scaled(now.wallNs / base::kNsPerUs, 6).endObject();
    send(subscriber, message);
}

void Hub::publish(const QByteArray &topicName, const QByteArray &data, qint64 timeNs)
{
    int index = d->topicOf(topicName);
    if (index < 0) {
        if (!isValidTopic(topicName)) {
            Q_ASSERT_X(false, "Hub::publish", "not a topic");
            return;
        }
        index = d->addTopic(topicName, nullptr);
        for (auto &[id, subscriber] : d->subscribers) {
            for (const QByteArray &pattern : subscriber.patterns) {
                if (!matches(pattern, topicName))
                    continue;
                ++subscriber.topics[index];
                d->topics[static_cast<size_t>(index)].subscribers.add(id, subscriber.joined);
            }
        }
    }
    TopicState &topic = d->topics[static_cast<size_t>(index)];
    ++topic.offset;
    ++d->published;
    topic.isSkipping = false;

    QByteArray message;
    message.reserve(topic.eventHead.size() + data.size() + 72);
    message += topic.eventHead;
    message += QByteArray::number(topic.offset);
    message += R"(,"time":)";
    appendScaled(message, timeNs / base::kNsPerUs, 6);
    message += R"(,"data":)";
    message += data;
    message += '}';

    topic.history.append(message);
    topic.lastData = data;
    topic.snapshot.clear();
    topic.rate.count(timeNs);
    if (topic.subscribers.isEmpty())
        return;
    d->delivered += static_cast<quint64>(topic.subscribers.size());
    d->output.deliver(topic.subscribers.ids(), message);
}

bool Hub::wants(const QByteArray &topicName)
{
    const int index = d->topicOf(topicName);
    if (index < 0)
        return true;
    TopicState &topic = d->topics[static_cast<size_t>(index)];
    if (!topic.subscribers.isEmpty() || (topic.wasSubscribed && d->now.monoNs - topic.leftNs < kGraceNs))
        return true;
    topic.snapshot.clear();
    if (!topic.isSkipping) {
        // The hole takes one offset, so that whoever left before it is told that it was missed.
        topic.isSkipping = true;
        ++topic.offset;
        topic.history.clear();
    }
    return false;
}

void Hub::advance(base::Timestamp now)
{
    d->now = now;
    for (Source *source : d->sources)
        source->advance(now.wallNs, *this);
}

qint64 Hub::nextDueNs() const
{
    qint64 due = std::numeric_limits<qint64>::max();
    for (const Source *source : d->sources)
        due = qMin(due, source->nextDueNs());
    return due;
}

std::vector<TopicStatus> Hub::topics() const
{
    std::vector<TopicStatus> status;
    status.reserve(d->topics.size());
    for (const TopicState &topic : d->topics) {
        status.push_back({topic.name, topic.sourceName, topic.offset, static_cast<quint32>(topic.subscribers.size()),
            topic.rate.perSecond(d->now.wallNs)});
    }
    return status;
}

quint64 Hub::eventsPublished() const
{
    return d->published;
}

quint64 Hub::eventsDelivered() const
{
    return d->delivered;
}

} // namespace feedscope::feed
