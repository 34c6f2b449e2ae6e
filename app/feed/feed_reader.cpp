// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/feed_reader.h"

#include "feed/json_writer.h"
#include "feed/reader_json.h"
#include "feed/reader_topic.h"
#include "feed/request.h"
#include "feed/topic.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace feedscope::feed {

namespace {

/// More topics than any server of ours has: a bound on what a hostile one can make us remember.
constexpr size_t kMaxTopics = 50'000;

struct Hash {
    using is_transparent = void;
    size_t operator()(QByteArrayView view) const { return qHash(view); }
};
struct Equal {
    using is_transparent = void;
    bool operator()(QByteArrayView a, QByteArrayView b) const { return a == b; }
};

/// What one message is about, for the marks it may leave.
struct Context {
    base::Timestamp now;
    FeedBatch &batch;
};

} // namespace

struct FeedReader::Private {
    ReaderJson json;
    std::vector<QByteArray> patterns;
    qint64 lastId = 0;
    std::unordered_map<QByteArray, ReaderTopic, Hash, Equal> topics;
    std::set<QByteArray> known;
    std::vector<QByteArray> requests;
    QByteArray session;
    QByteArray lastError;

    bool isHeld(const QByteArray &topic) const
    {
        return std::any_of(patterns.begin(), patterns.end(), [&topic](const QByteArray &pattern) { return matches(pattern, topic); });
    }
    QByteArray request(const char *type, const std::vector<QByteArray> &topics, bool withSince);
    ReaderTopic *topicOf(const JsonNode &message, Context &context);
    void malformed(Context &context, const QByteArray &detail, const QString &topic = {});
    void mark(Context &context, QualityKind kind, const ReaderTopic &topic, quint64 from, quint64 to, const QByteArray &detail = {});
    void missed(Context &context, ReaderTopic &topic, quint64 from, quint64 to, const QByteArray &detail);
    void askForBook(ReaderTopic &topic);

    void onWelcome(const JsonNode &message, Context &context);
    void onSubscribed(const JsonNode &message, Context &context);
    void onSnapshot(const JsonNode &message, Context &context);
    void onEvent(const JsonNode &message, Context &context);
    void onGap(const JsonNode &message, Context &context);
    void onTopics(const JsonNode &message);
    void onError(const JsonNode &message);
};

FeedReader::FeedReader()
    : d(new Private)
{
}

FeedReader::~FeedReader() = default;

QByteArray FeedReader::Private::request(const char *type, const std::vector<QByteArray> &wanted, bool withSince)
{
    QByteArray message;
    JsonWriter json(message);
    json.beginObject().key("type").string(type).key("id").integer(++lastId).key("topics").beginArray();
    for (const QByteArray &topic : wanted)
        json.string(topic);
    json.endArray();
    if (withSince) {
        bool isFirst = true;
        for (const QByteArray &name : known) {
            const auto at = topics.find(name);
            if (at == topics.end() || !at->second.isFollowed || at->second.epoch.isEmpty())
                continue;
            if (!isHeld(name))
                continue;
            if (isFirst)
                json.key("since").beginObject();
            isFirst = false;
            json.key(name).string(at->second.epoch + ':' + QByteArray::number(at->second.offset));
        }
        if (!isFirst)
            json.endObject();
    }
    json.endObject();
    return message;
}

QByteArray FeedReader::subscribe(const std::vector<QByteArray> &topics)
{
    for (const QByteArray &topic : topics) {
        if (std::find(d->patterns.begin(), d->patterns.end(), topic) == d->patterns.end())
            d->patterns.push_back(topic);
    }
    for (auto &[name, topic] : d->topics)
        topic.isLetGo = topic.isLetGo && !d->isHeld(name);
    return d->request("subscribe", topics, false);
}

QByteArray FeedReader::unsubscribe(const std::vector<QByteArray> &topics)
{
    for (const QByteArray &topic : topics)
        d->patterns.erase(std::remove(d->patterns.begin(), d->patterns.end(), topic), d->patterns.end());
    // What nobody holds any more is not followed: its offsets go on without us, and that is no gap.
    for (auto &[name, topic] : d->topics) {
        if (d->isHeld(name))
            continue;
        topic.isLetGo = true;
        topic.isFollowed = false;
        topic.hasBook = false;
    }
    return d->request("unsubscribe", topics, false);
}

QByteArray FeedReader::resubscribe()
{
    d->requests.clear();
    for (auto &[name, topic] : d->topics)
        topic.askedForBook = false;
    return d->patterns.empty() ? QByteArray() : d->request("subscribe", d->patterns, true);
}

QByteArray FeedReader::listTopics()
{
    QByteArray message;
    JsonWriter(message).beginObject().key("type").string("topics").key("id").integer(++d->lastId).endObject();
    return message;
}

std::vector<QByteArray> FeedReader::takeRequests()
{
    return std::exchange(d->requests, {});
}

QByteArray FeedReader::session() const
{
    return d->session;
}

std::vector<QByteArray> FeedReader::knownTopics() const
{
    return {d->known.begin(), d->known.end()};
}

QByteArray FeedReader::lastError() const
{
    return d->lastError;
}

void FeedReader::receive(QByteArrayView text, base::Timestamp now, FeedBatch &batch)
{
    Context context{now, batch};
    ++batch.messages;
    const JsonNode *message = d->json.parse(text);
    if (!message) {
        d->malformed(context, "not JSON: " + d->json.error());
        return;
    }
    const QByteArrayView type = stringOf(member(*message, "type"));
    if (type == QByteArrayView("event"))
        d->onEvent(*message, context);
    else if (type == QByteArrayView("snapshot"))
        d->onSnapshot(*message, context);
    else if (type == QByteArrayView("subscribed"))
        d->onSubscribed(*message, context);
    else if (type == QByteArrayView("gap"))
        d->onGap(*message, context);
    else if (type == QByteArrayView("welcome"))
        d->onWelcome(*message, context);
    else if (type == QByteArrayView("topics"))
        d->onTopics(*message);
    else if (type == QByteArrayView("error"))
        d->onError(*message);
    else if (type.isEmpty())
        d->malformed(context, "no `type`");
    // Other types are of a later version of the protocol, or for somebody else (presence, time, unsubscribed).
}

ReaderTopic *FeedReader::Private::topicOf(const JsonNode &message, Context &context)
{
    const QByteArrayView name = stringOf(member(message, "topic"));
    if (const auto at = topics.find(name); at != topics.end())
        return &at->second;
    if (!isValidTopic(name)) {
        malformed(context, "`topic` is missing or not a topic");
        return nullptr;
    }
    if (topics.size() >= kMaxTopics) {
        malformed(context, "more than 50000 topics");
        return nullptr;
    }
    const QByteArray key = name.toByteArray();
    known.insert(key);
    return &topics.try_emplace(key, key).first->second;
}

void FeedReader::Private::malformed(Context &context, const QByteArray &detail, const QString &topic)
{
    ++context.batch.malformed;
    context.batch.quality.push_back({QualityKind::Malformed, topic, context.now.wallNs, 0, 0, QString::fromUtf8(detail)});
}

void FeedReader::Private::mark(
    Context &context, QualityKind kind, const ReaderTopic &topic, quint64 from, quint64 to, const QByteArray &detail)
{
    context.batch.quality.push_back({kind, topic.text, context.now.wallNs, from, to, QString::fromUtf8(detail)});
}

void FeedReader::Private::missed(Context &context, ReaderTopic &topic, quint64 from, quint64 to, const QByteArray &detail)
{
    mark(context, QualityKind::Gap, topic, from, to, detail);
    topic.missingFrom = from;
    topic.missingTo = to;
    if (topic.kind == ReaderTopic::Kind::Book)
        topic.hasBook = false;
}

void FeedReader::Private::askForBook(ReaderTopic &topic)
{
    topic.hasBook = false;
    if (std::exchange(topic.askedForBook, true))
        return;
    requests.push_back(request("subscribe", {topic.name}, false));
}

void FeedReader::Private::onWelcome(const JsonNode &message, Context &context)
{
    const bool isAgain = !session.isEmpty();
    session = stringOf(member(message, "session")).toByteArray();
    if (isAgain) {
        context.batch.quality.push_back(
            {QualityKind::Reconnect, {}, context.now.wallNs, 0, 0, QStringLiteral("session ") + QString::fromUtf8(session)});
    }
}

void FeedReader::Private::onSubscribed(const JsonNode &message, Context &context)
{
    const JsonNode *list = member(message, "topics");
    if (!list || !list->IsArray()) {
        malformed(context, "`topics` is missing or not a list");
        return;
    }
    for (const JsonNode &entry : list->GetArray()) {
        const auto offset = wholeOf(member(entry, "offset"));
        const QByteArrayView epoch = stringOf(member(entry, "epoch"));
        ReaderTopic *topic = topicOf(entry, context);
        if (!topic || topic->isLetGo)
            continue;
        if (!offset) {
            malformed(context, "`offset` is missing or not a whole number", topic->text);
            continue;
        }
        const JsonNode *recovered = member(entry, "recovered");
        const bool isRecovered = recovered && recovered->IsTrue();
        // What was missed follows as events where it was recovered: they continue from our offset, not from the one told here.
        if (isRecovered && topic->isFollowed && topic->epoch == epoch)
            continue;
        if (topic->isFollowed && topic->epoch != epoch)
            missed(context, *topic, topic->offset + 1, *offset, "the server has lost its history (another epoch)");
        else if (topic->isFollowed && *offset > topic->offset)
            missed(context, *topic, topic->offset + 1, *offset, "not recovered");
        topic->epoch = epoch.toByteArray();
        topic->offset = *offset;
        topic->isFollowed = true;
        topic->hasBook = false;
    }
}

void FeedReader::Private::onSnapshot(const JsonNode &message, Context &context)
{
    ReaderTopic *topic = topicOf(message, context);
    if (!topic || topic->isLetGo)
        return;
    const auto offset = wholeOf(member(message, "offset"));
    const JsonNode *data = member(message, "data");
    if (!offset || !data) {
        malformed(context, "`offset` or `data` is missing", topic->text);
        return;
    }
    topic->offset = *offset;
    topic->isFollowed = true;
    if (const QByteArrayView epoch = stringOf(member(message, "epoch")); !epoch.isEmpty() && topic->epoch != epoch)
        topic->epoch = epoch.toByteArray();
    if (data->IsNull())
        return; // nothing was ever published there

    const qint64 nowNs = context.now.wallNs;
    QByteArray problem;
    bool isMismatch = false;
    switch (topic->kind) {
    case ReaderTopic::Kind::Market:
        problem = readTrade(*data, *topic, timeOf(member(message, "time")).value_or(nowNs), nowNs, true, context.batch);
        break;
    case ReaderTopic::Kind::Candle:
        problem = readCandles(*data, *topic, true, context.batch);
        break;
    case ReaderTopic::Kind::Book:
        problem = readBook(*data, *topic, true, context.batch, isMismatch);
        topic->askedForBook = false;
        break;
    case ReaderTopic::Kind::Metric:
        problem = readMetric(*data, *topic, timeOf(member(message, "time")).value_or(nowNs), context.batch);
        break;
    }
    if (!problem.isEmpty())
        malformed(context, problem, topic->text);
    // A snapshot that contradicts itself is shown, not asked for again: the next one would do the same.
    if (isMismatch)
        mark(context, QualityKind::ChecksumMismatch, *topic, *offset, *offset, "snapshot");
}

void FeedReader::Private::onEvent(const JsonNode &message, Context &context)
{
    ReaderTopic *topic = topicOf(message, context);
    if (!topic || topic->isLetGo)
        return;
    const auto offset = wholeOf(member(message, "offset"));
    if (!offset) {
        malformed(context, "`offset` is missing or not a whole number", topic->text);
        return;
    }
    bool isLate = false;
    if (topic->isFollowed && *offset <= topic->offset) {
        isLate = *offset >= topic->missingFrom && *offset <= topic->missingTo;
        mark(context, isLate ? QualityKind::OutOfOrder : QualityKind::Duplicate, *topic, *offset, *offset);
        if (!isLate || topic->kind == ReaderTopic::Kind::Book)
            return;
    } else {
        if (topic->isFollowed && *offset > topic->offset + 1)
            missed(context, *topic, topic->offset + 1, *offset - 1, {});
        topic->offset = *offset;
        topic->isFollowed = true;
    }

    const auto timeNs = timeOf(member(message, "time"));
    if (!timeNs) {
        malformed(context, "`time` is missing or not a time between 1970 and 2100", topic->text);
        return;
    }
    const JsonNode *data = member(message, "data");
    if (!data) {
        malformed(context, "`data` is missing", topic->text);
        return;
    }
    QByteArray problem;
    bool isMismatch = false;
    switch (topic->kind) {
    case ReaderTopic::Kind::Market:
        problem = readTrade(*data, *topic, *timeNs, context.now.wallNs, false, context.batch);
        break;
    case ReaderTopic::Kind::Candle:
        problem = readCandles(*data, *topic, false, context.batch);
        break;
    case ReaderTopic::Kind::Book:
        if (!topic->hasBook) {
            askForBook(*topic); // a delta to a book we do not have cannot be shown
            break;
        }
        problem = readBook(*data, *topic, false, context.batch, isMismatch);
        break;
    case ReaderTopic::Kind::Metric:
        problem = readMetric(*data, *topic, *timeNs, context.batch);
        break;
    }
    if (!problem.isEmpty()) {
        malformed(context, problem, topic->text);
        if (topic->kind == ReaderTopic::Kind::Book)
            askForBook(*topic);
        return;
    }
    context.batch.latenciesNs.push_back(context.now.wallNs - *timeNs);
    if (isMismatch) {
        mark(context, QualityKind::ChecksumMismatch, *topic, *offset, *offset);
        askForBook(*topic);
    }
}

void FeedReader::Private::onGap(const JsonNode &message, Context &context)
{
    ReaderTopic *topic = topicOf(message, context);
    if (!topic || topic->isLetGo)
        return;
    const auto from = wholeOf(member(message, "from"));
    const auto to = wholeOf(member(message, "to"));
    if (!from || !to || *to < *from) {
        malformed(context, "`from` or `to` is missing, or they are the wrong way round", topic->text);
        return;
    }
    missed(context, *topic, *from, *to, stringOf(member(message, "reason")).toByteArray());
    if (!topic->isFollowed || *to > topic->offset)
        topic->offset = *to;
    topic->isFollowed = true;
}

void FeedReader::Private::onTopics(const JsonNode &message)
{
    const JsonNode *list = member(message, "topics");
    if (!list || !list->IsArray())
        return;
    for (const JsonNode &entry : list->GetArray()) {
        const QByteArrayView name = stringOf(entry.IsString() ? &entry : member(entry, "topic"));
        if (isValidTopic(name) && known.size() < kMaxTopics)
            known.insert(name.toByteArray());
    }
}

void FeedReader::Private::onError(const JsonNode &message)
{
    lastError = excerpt(stringOf(member(message, "code"))) + ": " + excerpt(stringOf(member(message, "message")), 500);
}

} // namespace feedscope::feed
