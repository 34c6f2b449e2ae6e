// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/request.h"

#include "feed/json_writer.h"

#include <QJsonDocument>

namespace feedscope::feed {

namespace {

constexpr qsizetype kMaxSize = 1 << 20;
constexpr int kMaxDepth = 64;

bool isNestedDeeper(QByteArrayView text, int most)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > most)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Request refused(Request request, QByteArray code, QByteArray message)
{
    request.errorCode = std::move(code);
    request.errorMessage = std::move(message);
    return request;
}

} // namespace

Request parseRequest(QByteArrayView message)
{
    Request request;
    if (message.size() > kMaxSize)
        return refused(request, "bad-json", "A request may have 1048576 bytes, this one has " + QByteArray::number(message.size()) + ".");
    if (isNestedDeeper(message, kMaxDepth))
        return refused(request, "bad-json", "A request may nest 64 objects and arrays, this one nests more.");

    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(QByteArray::fromRawData(message.data(), message.size()), &error);
    if (error.error != QJsonParseError::NoError) {
        return refused(request, "bad-json",
            "This is not JSON (" + error.errorString().toUtf8() + " at byte " + QByteArray::number(error.offset)
                + "). Send one object such as {\"type\":\"subscribe\",\"id\":1,\"topics\":[\"market.*\"]}.");
    }
    if (!document.isObject())
        return refused(request, "bad-json", "A request is one JSON object, such as {\"type\":\"topics\",\"id\":1}.");
    request.object = document.object();

    const QJsonValue id = request.object.value(QLatin1String("id"));
    if (id.isDouble()) {
        const qint64 whole = id.toInteger(-1);
        request.id = whole != -1 || id.toDouble() == -1.0 ? QByteArray::number(whole) : QByteArray::number(id.toDouble(), 'g', 17);
    } else if (id.isString()) {
        const QByteArray text = id.toString().toUtf8();
        if (text.size() > 200)
            return refused(request, "bad-request", "`id` may have 200 bytes. It is said again in the answer; a number will do.");
        JsonWriter(request.id).string(text);
    } else if (!id.isUndefined() && !id.isNull()) {
        return refused(request, "bad-request", "`id` is a number or a string; it is said again in the answer.");
    }

    const QJsonValue type = request.object.value(QLatin1String("type"));
    if (!type.isString())
        return refused(request, "bad-request", "Every request has a `type`, such as {\"type\":\"topics\",\"id\":1}.");
    request.type = type.toString().toUtf8();
    return request;
}

QByteArray errorMessage(const QByteArray &id, QByteArrayView code, QByteArrayView message)
{
    QByteArray text;
    JsonWriter json(text);
    json.beginObject().key("type").string("error");
    if (!id.isEmpty())
        json.key("id").raw(id);
    json.key("code").string(code).key("message").string(message).endObject();
    return text;
}

QByteArray excerpt(QByteArrayView text, qsizetype most)
{
    if (text.size() <= most)
        return text.toByteArray();
    // Not in the middle of a UTF-8 sequence.
    qsizetype end = most;
    while (end > 0 && (static_cast<quint8>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.first(end).toByteArray() + "\xe2\x80\xa6";
}

} // namespace feedscope::feed
