// SPDX-License-Identifier: GPL-3.0-or-later
#include "dissect/summary.h"

#include "dissect/inert.h"
#include "dissect/json.h"

#include <QList>
#include <QStringList>

#include <cstring>

namespace feedscope::dissect {

namespace {

constexpr qsizetype kLooked = 4096;
constexpr qsizetype kLongest = 160; // characters of one line
constexpr qsizetype kLongestValue = 48;
constexpr qsizetype kMostKeys = 6;
constexpr int kMaxDepth = 64;

/// One member of an object or entry of an array as it stands in the text, which may end anywhere.
struct Part {
    QByteArrayView name;
    QByteArrayView value;
};

/// Walks over the beginning of a JSON text that need not be whole: what is wanted of a message stands in front, and the rest may be megabytes.
class Scanner {
public:
    explicit Scanner(QByteArrayView text)
        : m_text(text)
    {
    }

    /// The parts of the object or array the text begins with. Those that the text's end cuts off are left out, but for a nested last one.
    QList<Part> parts()
    {
        QList<Part> result;
        skipSpace();
        const char opening = peek();
        if (opening != '{' && opening != '[')
            return result;
        const char closing = opening == '{' ? '}' : ']';
        ++m_at;
        while (skipSpace(), m_at < m_text.size() && peek() != closing) {
            Part part;
            if (opening == '{') {
                if (peek() != '"')
                    return result;
                const qsizetype begin = m_at;
                if (!skipString())
                    return result;
                part.name = m_text.sliced(begin + 1, m_at - begin - 2);
                skipSpace();
                if (peek() != ':')
                    return result;
                ++m_at;
                skipSpace();
            }
            const qsizetype begin = m_at;
            const bool isNested = peek() == '{' || peek() == '[';
            const bool isWhole = skipValue();
            if (!isWhole && !isNested)
                return result;
            part.value = m_text.sliced(begin, m_at - begin);
            result.append(part);
            skipSpace();
            if (!isWhole || peek() != ',')
                return result;
            ++m_at;
        }
        return result;
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipSpace()
    {
        while (m_at < m_text.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'))
            ++m_at;
    }
    bool skipString()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (peek() == '\\') {
                ++m_at;
            } else if (peek() == '"') {
                ++m_at;
                return true;
            }
        }
        m_at = m_text.size();
        return false;
    }
    bool skipValue()
    {
        if (peek() == '"')
            return skipString();
        if (peek() != '{' && peek() != '[') {
            const qsizetype begin = m_at;
            while (m_at < m_text.size() && !std::strchr(",]} \t\r\n", peek()))
                ++m_at;
            return m_at > begin && m_at < m_text.size();
        }
        int depth = 0;
        while (m_at < m_text.size()) {
            const char c = peek();
            if (c == '"') {
                if (!skipString())
                    return false;
                continue;
            }
            ++m_at;
            if (c == '{' || c == '[')
                ++depth;
            else if ((c == '}' || c == ']') && --depth == 0)
                return true;
            if (depth > kMaxDepth)
                return false;
        }
        return false;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
};

class Parts {
public:
    explicit Parts(QByteArrayView text)
        : m_parts(Scanner(text).parts())
    {
    }
    const QList<Part> &all() const { return m_parts; }
    QByteArrayView raw(QByteArrayView name) const
    {
        for (const Part &part : m_parts) {
            if (part.name == name)
                return part.value;
        }
        return {};
    }

private:
    QList<Part> m_parts;
};

bool isNested(QByteArrayView raw)
{
    return raw.startsWith('{') || raw.startsWith('[');
}

/// A scalar as people read it: strings without quotes and escapes, numbers as written.
QString plain(QByteArrayView raw, qsizetype most = kLongestValue)
{
    if (!raw.startsWith('"'))
        return inertText(raw, most);
    const JsonResult result = parseJson(raw);
    return inertText(result.value ? QByteArrayView(result.value->text) : raw, most);
}

QString value(QByteArrayView raw)
{
    if (raw.startsWith('{'))
        return QStringLiteral("{\u2026}");
    if (raw.startsWith('['))
        return QStringLiteral("[\u2026]");
    return raw.startsWith('"') ? QLatin1Char('"') + plain(raw) + QLatin1Char('"') : plain(raw);
}

QString keysAndValues(const QList<Part> &parts, bool isArray)
{
    QStringList texts;
    for (const Part &part : parts) {
        if (texts.size() == kMostKeys) {
            texts.append(QStringLiteral("\u2026"));
            break;
        }
        texts.append(isArray ? value(part.value) : inertText(part.name, 32) + QStringLiteral(": ") + value(part.value));
    }
    const QString inside = texts.join(QStringLiteral(", "));
    return isArray ? QLatin1Char('[') + inside + QLatin1Char(']') : QLatin1Char('{') + inside + QLatin1Char('}');
}

/// Names in a list of topics; entries are names, or objects with a `topic`.
QString topicList(QByteArrayView raw)
{
    QStringList names;
    const Parts list(raw);
    for (const Part &part : list.all()) {
        if (names.size() == 8) {
            names.append(QStringLiteral("\u2026"));
            break;
        }
        names.append(plain(part.value.startsWith('{') ? Parts(part.value).raw("topic") : part.value));
    }
    return names.join(QStringLiteral(", "));
}

/// Feed protocol and chat messages in words; empty: not one of them.
QString inWords(const Parts &message)
{
    const QByteArrayView typeText = message.raw("type");
    if (!typeText.startsWith('"'))
        return {};
    const QString type = plain(typeText);
    const QByteArrayView topic = message.raw("topic");
    const QByteArrayView offset = message.raw("offset");
    if ((type == QLatin1String("event") || type == QLatin1String("snapshot")) && !topic.isEmpty()) {
        QString text = type + QLatin1Char(' ') + plain(topic);
        if (!offset.isEmpty())
            text += QStringLiteral(" #") + plain(offset);
        const Parts data(message.raw("data"));
        for (const QByteArrayView name : {QByteArrayView("price"), QByteArrayView("close"), QByteArrayView("value")}) {
            const QByteArrayView shown = data.raw(name);
            if (!shown.isEmpty() && !isNested(shown))
                return text + QStringLiteral("  ") + plain(shown);
        }
        return text;
    }
    for (const char *name : {"subscribe", "subscribed", "unsubscribe", "unsubscribed"}) {
        if (type == QLatin1String(name) && message.raw("topics").startsWith('['))
            return type + QLatin1Char(' ') + topicList(message.raw("topics"));
    }
    if (type == QLatin1String("welcome") && !message.raw("server").isEmpty())
        return type + QLatin1Char(' ') + plain(message.raw("server"));
    if (type == QLatin1String("error") && !message.raw("code").isEmpty())
        return type + QLatin1Char(' ') + plain(message.raw("code")) + QStringLiteral(": ") + plain(message.raw("message"), 100);
    if (type == QLatin1String("gap") && !topic.isEmpty()) {
        return type + QLatin1Char(' ') + plain(topic) + QStringLiteral(" #") + plain(message.raw("from")) + QStringLiteral("\u2013#")
            + plain(message.raw("to"));
    }
    if (type == QLatin1String("message") && !message.raw("text").isEmpty()) {
        const QByteArrayView user = message.raw("user");
        return type + (user.isEmpty() ? QString() : QLatin1Char(' ') + plain(user)) + QStringLiteral(": ") + plain(message.raw("text"), 100);
    }
    if (type == QLatin1String("join") && !message.raw("room").isEmpty())
        return type + QLatin1Char(' ') + plain(message.raw("room")) + QStringLiteral(" as ") + plain(message.raw("user"));
    if (type == QLatin1String("presence") && !topic.isEmpty())
        return type + QLatin1Char(' ') + plain(topic);
    return {};
}

} // namespace

QString summarise(QByteArrayView payload, bool isText)
{
    if (!isText)
        return payload.size() == 1 ? QStringLiteral("binary, 1 byte") : QStringLiteral("binary, %1 bytes").arg(payload.size());
    const QByteArrayView head = payload.first(qMin(kLooked, payload.size()));
    qsizetype begin = 0;
    while (begin < head.size() && (head[begin] == ' ' || head[begin] == '\n' || head[begin] == '\r' || head[begin] == '\t'))
        ++begin;
    const QByteArrayView text = head.sliced(begin);
    if (isNested(text)) {
        const Parts message(text);
        const QString words = text.startsWith('{') ? inWords(message) : QString();
        if (!words.isEmpty())
            return words;
        if (!message.all().isEmpty())
            return keysAndValues(message.all(), text.startsWith('['));
    }
    return inertText(head, kLongest);
}

} // namespace feedscope::dissect
