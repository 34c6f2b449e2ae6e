// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/extension.h"

#include "wire/http_head.h"

namespace feedscope::wire {

namespace {

/// Reads the grammar of RFC 6455 9.1 from left to right; each byte is looked at once.
class Reader {
public:
    explicit Reader(QByteArrayView text)
        : m_text(text)
    {
    }

    bool atEnd() const { return m_at == m_text.size(); }
    void skipSpace()
    {
        while (!atEnd() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
    }
    /// Takes `c` and the white space on both sides of it.
    bool takeSeparator(char c)
    {
        skipSpace();
        if (atEnd() || m_text[m_at] != c)
            return false;
        ++m_at;
        skipSpace();
        return true;
    }
    QByteArray takeToken()
    {
        const qsizetype start = m_at;
        while (!atEnd() && isTokenChar(m_text[m_at]))
            ++m_at;
        return m_text.sliced(start, m_at - start).toByteArray();
    }
    /// RFC 6455 9.1: what is quoted must be a token once the quotes are off.
    QByteArray takeTokenOrQuoted()
    {
        if (atEnd() || m_text[m_at] != '"')
            return takeToken();
        QByteArray value;
        for (++m_at; !atEnd(); ++m_at) {
            char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return value;
            }
            if (c == '\\') {
                if (++m_at == m_text.size())
                    return {};
                c = m_text[m_at];
            }
            if (!isTokenChar(c))
                return {};
            value += c;
        }
        return {};
    }

private:
    QByteArrayView m_text;
    qsizetype m_at = 0;
};

std::optional<ExtensionOffer> readOffer(Reader &reader)
{
    ExtensionOffer offer;
    offer.name = reader.takeToken();
    if (offer.name.isEmpty())
        return std::nullopt;
    while (reader.takeSeparator(';')) {
        const QByteArray name = reader.takeToken();
        if (name.isEmpty())
            return std::nullopt;
        std::optional<QByteArray> value;
        if (reader.takeSeparator('=')) {
            value = reader.takeTokenOrQuoted();
            if (value->isEmpty())
                return std::nullopt;
        }
        offer.parameters.emplace_back(name, std::move(value));
    }
    return offer;
}

} // namespace

std::optional<std::vector<ExtensionOffer>> parseExtensions(QByteArrayView value, int most)
{
    std::vector<ExtensionOffer> offers;
    Reader reader(value);
    bool any = false;
    do {
        while (reader.takeSeparator(',')) { } // RFC 9110 5.6.1.2: empty elements of a list are ignored
        if (reader.atEnd())
            break;
        std::optional<ExtensionOffer> offer = readOffer(reader);
        if (!offer)
            return std::nullopt;
        any = true;
        if (offers.size() < static_cast<size_t>(most))
            offers.push_back(std::move(*offer));
    } while (reader.takeSeparator(','));
    if (!any || !reader.atEnd())
        return std::nullopt;
    return offers;
}

QByteArray formatExtensions(const std::vector<ExtensionOffer> &extensions)
{
    QByteArray text;
    for (const ExtensionOffer &extension : extensions) {
        if (!text.isEmpty())
            text += ", ";
        text += extension.name;
        for (const auto &[name, value] : extension.parameters) {
            text += "; " + name;
            if (value)
                text += '=' + *value;
        }
    }
    return text;
}

} // namespace feedscope::wire
