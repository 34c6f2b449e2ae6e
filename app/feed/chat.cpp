// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/chat.h"

#include "feed/json_writer.h"
#include "feed/request.h"
#include "feed/topic.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace feedscope::feed {

namespace {

constexpr qsizetype kMaxName = 64;
constexpr qsizetype kMaxText = 4096;
constexpr size_t kMaxRooms = 1000;
constexpr size_t kMaxMembers = 500; // a presence list stays below 40 KiB

struct Member {
    QByteArray user;
    bool isTyping = false;
};

struct Room {
    std::vector<SubscriberId> ids; // dense, in the order in which they came
    std::vector<Member> members; // beside ids
};

bool hasControlCharacter(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<quint8>(c) < 0x20 || c == 0x7f; });
}

} // namespace

struct ChatRooms::Private {
    HubOutput &output;
    std::unordered_map<SubscriberId, QByteArray> roomOf; // empty: connected, in no room
    std::map<QByteArray, Room> rooms;

    explicit Private(HubOutput &out)
        : output(out)
    {
    }

    void send(SubscriberId to, const QByteArray &message) { output.deliver(std::span(&to, 1), message); }
    void fail(SubscriberId to, const Request &request, QByteArrayView code, QByteArrayView text)
    {
        send(to, errorMessage(request.id, code, text));
    }
    void enter(SubscriberId subscriber, const Request &request);
    void leaveRoom(SubscriberId subscriber);
    void say(SubscriberId subscriber, const Request &request);
    void setTyping(SubscriberId subscriber, const Request &request);
    static size_t placeOf(const Room &room, SubscriberId subscriber);
    static QByteArray presence(const QByteArray &name, const Room &room, const std::vector<QByteArray> &joined, const std::vector<QByteArray> &left);
};

size_t ChatRooms::Private::placeOf(const Room &room, SubscriberId subscriber)
{
    return static_cast<size_t>(std::find(room.ids.begin(), room.ids.end(), subscriber) - room.ids.begin());
}

QByteArray ChatRooms::Private::presence(
    const QByteArray &name, const Room &room, const std::vector<QByteArray> &joined, const std::vector<QByteArray> &left)
{
    QByteArray message;
    JsonWriter json(message);
    json.beginObject().key("type").string("presence").key("topic").string("room." + name);
    json.key("joined").beginArray();
    for (const QByteArray &user : joined)
        json.string(user);
    json.endArray().key("left").beginArray();
    for (const QByteArray &user : left)
        json.string(user);
    json.endArray().key("typing").beginArray();
    for (const Member &member : room.members) {
        if (member.isTyping)
            json.string(member.user);
    }
    json.endArray().endObject();
    return message;
}

void ChatRooms::Private::enter(SubscriberId subscriber, const Request &request)
{
    const QByteArray name = request.object.value(QLatin1String("room")).toString().toUtf8();
    const QByteArray user = request.object.value(QLatin1String("user")).toString().toUtf8();
    if (name.isEmpty() || name.size() > kMaxName || !isValidTopic("room." + name)) {
        fail(subscriber, request, "bad-request", "`room` is 1 to 64 letters, digits or _ - / : with dots between words, such as \"general\".");
        return;
    }
    if (user.trimmed().isEmpty() || user.size() > kMaxName || hasControlCharacter(user)) {
        fail(subscriber, request, "bad-request", "`user` is a name of 1 to 64 bytes without control characters, such as \"Alice\".");
        return;
    }
    auto at = rooms.find(name);
    if (at != rooms.end()) {
        const Room &room = at->second;
        const auto same = std::find_if(room.members.begin(), room.members.end(), [&user](const Member &member) { return member.user == user; });
        if (same != room.members.end()) {
            const bool isSelf = room.ids[static_cast<size_t>(same - room.members.begin())] == subscriber;
            fail(subscriber, request, isSelf ? "already-joined" : "name-taken",
                isSelf ? QByteArray("You are in that room under that name.") : "Somebody in the room is called \"" + user + "\". Choose another name.");
            return;
        }
        if (room.members.size() >= kMaxMembers && roomOf[subscriber] != name) {
            fail(subscriber, request, "room-full", "A room takes 500 people, this one has them. Join another.");
            return;
        }
    } else if (rooms.size() >= kMaxRooms) {
        fail(subscriber, request, "too-many-rooms", "There are 1000 rooms, which is the limit. Join one of them.");
        return;
    }

    leaveRoom(subscriber);
    Room &room = rooms[name]; // may be new again: leaving may have emptied it
    const QByteArray news = presence(name, room, {user}, {});
    if (!room.ids.empty())
        output.deliver(room.ids, news);
    room.ids.push_back(subscriber);
    room.members.push_back({user});
    roomOf[subscriber] = name;
    // Who comes in is told of everybody who is there.
    std::vector<QByteArray> everybody;
    for (const Member &member : room.members)
        everybody.push_back(member.user);
    send(subscriber, presence(name, room, everybody, {}));
}

void ChatRooms::Private::leaveRoom(SubscriberId subscriber)
{
    const QByteArray name = std::exchange(roomOf[subscriber], QByteArray());
    const auto at = rooms.find(name);
    if (at == rooms.end())
        return;
    Room &room = at->second;
    const size_t place = placeOf(room, subscriber);
    const QByteArray user = room.members[place].user;
    room.ids.erase(room.ids.begin() + static_cast<std::ptrdiff_t>(place));
    room.members.erase(room.members.begin() + static_cast<std::ptrdiff_t>(place));
    if (room.ids.empty())
        rooms.erase(at);
    else
        output.deliver(room.ids, presence(name, room, {}, {user}));
}

void ChatRooms::Private::say(SubscriberId subscriber, const Request &request)
{
    const QJsonValue value = request.object.value(QLatin1String("text"));
    const QByteArray text = value.toString().toUtf8();
    if (!value.isString() || text.isEmpty()) {
        fail(subscriber, request, "bad-request", R"(`text` is what you say, such as {"type":"message","text":"Hello"}.)");
        return;
    }
    if (text.size() > kMaxText) {
        fail(subscriber, request, "too-long", "`text` may have 4096 bytes, this one has " + QByteArray::number(text.size()) + ".");
        return;
    }
    const QByteArray name = roomOf[subscriber];
    Room &room = rooms[name];
    Member &member = room.members[placeOf(room, subscriber)];
    if (std::exchange(member.isTyping, false))
        output.deliver(room.ids, presence(name, room, {}, {}));
    QByteArray message;
    JsonWriter(message)
        .beginObject()
        .key("type").string("message")
        .key("room").string(name)
        .key("user").string(member.user)
        .key("text").string(text)
        .endObject();
    output.deliver(room.ids, message);
}

void ChatRooms::Private::setTyping(SubscriberId subscriber, const Request &request)
{
    const QByteArray name = roomOf[subscriber];
    Room &room = rooms[name];
    Member &member = room.members[placeOf(room, subscriber)];
    const bool isTyping = request.object.value(QLatin1String("typing")).toBool(true);
    // Key strokes that change nothing are not worth a message to everybody.
    if (std::exchange(member.isTyping, isTyping) != isTyping)
        output.deliver(room.ids, presence(name, room, {}, {}));
}

ChatRooms::ChatRooms(HubOutput &output)
    : d(new Private(output))
{
}

ChatRooms::~ChatRooms() = default;

void ChatRooms::join(SubscriberId subscriber)
{
    d->roomOf.try_emplace(subscriber);
}

void ChatRooms::leave(SubscriberId subscriber)
{
    if (!d->roomOf.contains(subscriber))
        return;
    d->leaveRoom(subscriber);
    d->roomOf.erase(subscriber);
}

void ChatRooms::receive(SubscriberId subscriber, QByteArrayView message, base::Timestamp)
{
    if (!d->roomOf.contains(subscriber)) {
        Q_ASSERT_X(false, "ChatRooms::receive", "the subscriber has not joined");
        return;
    }
    const Request request = parseRequest(message);
    const bool needsRoom = request.type == "message" || request.type == "typing" || request.type == "leave";
    if (!request.errorCode.isEmpty())
        d->fail(subscriber, request, request.errorCode, request.errorMessage);
    else if (request.type == "join")
        d->enter(subscriber, request);
    else if (needsRoom && d->roomOf[subscriber].isEmpty())
        d->fail(subscriber, request, "not-joined", R"(Join a room first: {"type":"join","room":"general","user":"Alice"}.)");
    else if (request.type == "message")
        d->say(subscriber, request);
    else if (request.type == "typing")
        d->setTyping(subscriber, request);
    else if (request.type == "leave")
        d->leaveRoom(subscriber);
    else
        d->fail(subscriber, request, "unknown-type",
            "There is no request of type \"" + excerpt(request.type) + "\" in a chat; there are join, message, typing and leave.");
}

} // namespace feedscope::feed
