// SPDX-License-Identifier: GPL-3.0-or-later
#include "dissect/json.h"

#include <charconv>
#include <cmath>

namespace feedscope::dissect {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void appendUtf8(QByteArray &out, char32_t code)
{
    const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<quint8>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | code >> 6);
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

/// Recursive, which is safe because nesting is bounded by the caller's `maxDepth`.
class Parser {
public:
    Parser(QByteArrayView text, int maxDepth, int maxValues)
        : m_text(text)
        , m_maxDepth(maxDepth)
        , m_valuesLeft(maxValues)
    {
    }

    JsonResult parse()
    {
        JsonValue value;
        skipSpace();
        if (!readValue(value, 0))
            return {std::nullopt, m_error};
        skipSpace();
        if (m_at < m_text.size()) {
            fail("there is more after the value");
            return {std::nullopt, m_error};
        }
        return {std::move(value), {}};
    }

private:
    bool fail(const char *what) { return failAt(m_at, what); }
    bool failAt(qsizetype offset, const char *what)
    {
        m_error = {offset, QString::fromLatin1(what)};
        return false;
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    bool readValue(JsonValue &value, int depth)
    {
        if (--m_valuesLeft < 0)
            return fail("more values than are looked at");
        if (m_at >= m_text.size())
            return fail("the text ends where a value should be");
        value.begin = m_at;
        bool isRead = false;
        switch (peek()) {
        case '{':
            value.kind = JsonValue::Kind::Object;
            isRead = readMembers(value, depth, '}');
            break;
        case '[':
            value.kind = JsonValue::Kind::Array;
            isRead = readMembers(value, depth, ']');
            break;
        case '"':
            value.kind = JsonValue::Kind::String;
            isRead = readString(value.text);
            break;
        case 't':
            value.kind = JsonValue::Kind::True;
            isRead = readWord("true");
            break;
        case 'f':
            value.kind = JsonValue::Kind::False;
            isRead = readWord("false");
            break;
        case 'n':
            isRead = readWord("null");
            break;
        default:
            value.kind = JsonValue::Kind::Number;
            isRead = readNumber(value);
        }
        value.end = m_at;
        return isRead;
    }

    bool readMembers(JsonValue &value, int depth, char closing)
    {
        if (depth >= m_maxDepth)
            return fail("nested deeper than is looked at");
        ++m_at;
        skipSpace();
        if (peek() == closing) {
            ++m_at;
            return true;
        }
        while (true) {
            JsonValue::Member &member = value.members.emplace_back();
            if (closing == '}') {
                if (peek() != '"')
                    return fail("the name of a member should be here, in quotes");
                if (!readString(member.name))
                    return false;
                skipSpace();
                if (peek() != ':')
                    return fail("a colon should be here");
                ++m_at;
                skipSpace();
            }
            if (!readValue(member.value, depth + 1))
                return false;
            skipSpace();
            if (peek() == closing) {
                ++m_at;
                return true;
            }
            if (peek() != ',')
                return fail(closing == '}' ? "a comma or } should be here" : "a comma or ] should be here");
            ++m_at;
            skipSpace();
        }
    }

    bool readWord(const char *word)
    {
        const QByteArrayView wanted(word);
        if (!m_text.sliced(m_at).startsWith(wanted))
            return fail("this is not a value");
        m_at += wanted.size();
        return true;
    }

    bool readDigits()
    {
        if (!isDigit(peek()))
            return fail("a digit should be here");
        while (isDigit(peek()))
            ++m_at;
        return true;
    }

    bool readNumber(JsonValue &value)
    {
        const qsizetype begin = m_at;
        if (peek() == '-')
            ++m_at;
        else if (!isDigit(peek()))
            return fail("this is not a value");
        if (peek() == '0') {
            ++m_at;
            if (isDigit(peek()))
                return fail("a number does not begin with 0 and another digit");
        } else if (!readDigits()) {
            return false;
        }
        if (peek() == '.') {
            ++m_at;
            if (!readDigits())
                return false;
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            if (!readDigits())
                return false;
        }
        value.text = m_text.sliced(begin, m_at - begin).toByteArray();
        return true;
    }

    bool readString(QByteArray &out)
    {
        ++m_at;
        while (true) {
            const qsizetype run = m_at;
            while (m_at < m_text.size()) {
                const auto byte = static_cast<quint8>(m_text[m_at]);
                if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
                    break;
                ++m_at;
            }
            out.append(m_text.sliced(run, m_at - run));
            if (m_at >= m_text.size())
                return fail("the text ends inside a string");
            const auto byte = static_cast<quint8>(m_text[m_at]);
            if (byte == '"') {
                ++m_at;
                return true;
            }
            if (byte < 0x20)
                return fail("a control character inside a string has to be escaped");
            if (!(byte == '\\' ? readEscape(out) : readMultiByte(out)))
                return false;
        }
    }

    bool readEscape(QByteArray &out)
    {
        ++m_at;
        const char c = peek();
        ++m_at;
        switch (c) {
        case '"':
        case '\\':
        case '/':
            out += c;
            return true;
        case 'b':
            out += '\b';
            return true;
        case 'f':
            out += '\f';
            return true;
        case 'n':
            out += '\n';
            return true;
        case 'r':
            out += '\r';
            return true;
        case 't':
            out += '\t';
            return true;
        case 'u':
            break;
        default:
            return failAt(m_at - 1, "there is no such escape");
        }
        char32_t code = 0;
        if (!readUnit(code))
            return false;
        if (code >= 0xd800 && code < 0xdc00 && m_text.sliced(m_at).startsWith("\\u")) {
            const qsizetype back = m_at;
            m_at += 2;
            char32_t low = 0;
            if (!readUnit(low))
                return false;
            if (low >= 0xdc00 && low < 0xe000)
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            else
                m_at = back; // not a pair: the second stands for itself
        }
        // RFC 8259 8.2: an unpaired surrogate is grammatical, but no character; shown as the replacement character.
        appendUtf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
        return true;
    }

    bool readUnit(char32_t &code)
    {
        code = 0;
        for (int i = 0; i < 4; ++i) {
            const int digit = hexDigit(peek());
            if (digit < 0)
                return fail("four hexadecimal digits should be here");
            code = code << 4 | static_cast<char32_t>(digit);
            ++m_at;
        }
        return true;
    }

    bool readMultiByte(QByteArray &out)
    {
        const auto lead = static_cast<quint8>(m_text[m_at]);
        const int length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
        if (length == 0 || m_text.size() - m_at < length)
            return fail("this is not UTF-8");
        const auto second = static_cast<quint8>(m_text[m_at + 1]);
        // RFC 3629 4: no overlong forms, no surrogates, nothing above U+10FFFF.
        const quint8 least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const quint8 most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most)
            return fail("this is not UTF-8");
        for (int i = 2; i < length; ++i) {
            if ((static_cast<quint8>(m_text[m_at + i]) & 0xc0) != 0x80)
                return fail("this is not UTF-8");
        }
        out.append(m_text.sliced(m_at, length));
        m_at += length;
        return true;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    int m_maxDepth;
    int m_valuesLeft;
    JsonError m_error;
};

void appendPretty(QByteArray &out, const JsonValue &value, qsizetype depth)
{
    using Kind = JsonValue::Kind;
    switch (value.kind) {
    case Kind::Null:
        out += "null";
        return;
    case Kind::False:
        out += "false";
        return;
    case Kind::True:
        out += "true";
        return;
    case Kind::Number:
        out += value.text;
        return;
    case Kind::String:
        out += quoteJson(value.text);
        return;
    case Kind::Array:
    case Kind::Object:
        break;
    }
    const bool isObject = value.kind == Kind::Object;
    if (value.members.empty()) {
        out += isObject ? "{}" : "[]";
        return;
    }
    out += isObject ? '{' : '[';
    bool isFirst = true;
    for (const JsonValue::Member &member : value.members) {
        out += isFirst ? "\n" : ",\n";
        isFirst = false;
        out.append(2 * (depth + 1), ' ');
        if (isObject)
            out += quoteJson(member.name) + ": ";
        appendPretty(out, member.value, depth + 1);
    }
    out += '\n';
    out.append(2 * depth, ' ');
    out += isObject ? '}' : ']';
}

} // namespace

const JsonValue *JsonValue::find(QByteArrayView name) const
{
    if (kind != Kind::Object)
        return nullptr;
    for (const Member &member : members) {
        if (member.name == name)
            return &member.value;
    }
    return nullptr;
}

const JsonValue *JsonValue::at(QByteArrayView path) const
{
    if (path.isEmpty())
        return this;
    const JsonValue *value = this;
    for (qsizetype begin = 0; value && begin <= path.size();) {
        const qsizetype dot = path.indexOf('.', begin);
        const qsizetype end = dot < 0 ? path.size() : dot;
        const QByteArrayView step = path.sliced(begin, end - begin);
        begin = end + 1;
        if (value->kind == Kind::Array) {
            size_t index = 0;
            const auto result = std::from_chars(step.data(), step.data() + step.size(), index);
            const bool isIndex = result.ec == std::errc() && result.ptr == step.data() + step.size();
            value = isIndex && index < value->members.size() ? &value->members[index].value : nullptr;
        } else {
            value = value->find(step);
        }
    }
    return value;
}

std::optional<double> JsonValue::number() const
{
    if (kind != Kind::Number)
        return std::nullopt;
    double number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc() ? std::optional(number) : std::nullopt;
}

JsonResult parseJson(QByteArrayView text, int maxDepth, int maxValues)
{
    return Parser(text, maxDepth, maxValues).parse();
}

QByteArray prettyJson(const JsonValue &value)
{
    QByteArray out;
    appendPretty(out, value, 0);
    return out;
}

QByteArray quoteJson(QByteArrayView utf8)
{
    constexpr char kDigits[] = "0123456789abcdef";
    QByteArray out;
    out.reserve(utf8.size() + 2);
    out += '"';
    for (const char c : utf8) {
        const auto byte = static_cast<quint8>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
    return out;
}

} // namespace feedscope::dissect
