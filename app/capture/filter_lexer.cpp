// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_lexer.h"

#include <QHash>

namespace feedscope::capture {

namespace {

using Kind = FilterToken::Kind;

bool isWordCharacter(QChar c)
{
    return c.isLetterOrNumber() || QStringView(u"_.:-+$@\u00b5").contains(c);
}

Kind kindOfWord(const QString &word)
{
    // The word forms of comparisons are Wireshark's.
    static const QHash<QString, Kind> words {
        {QStringLiteral("and"), Kind::And}, {QStringLiteral("or"), Kind::Or}, {QStringLiteral("not"), Kind::Not},
        {QStringLiteral("in"), Kind::In}, {QStringLiteral("contains"), Kind::Contains}, {QStringLiteral("matches"), Kind::Matches},
        {QStringLiteral("eq"), Kind::Equal}, {QStringLiteral("ne"), Kind::NotEqual}, {QStringLiteral("lt"), Kind::Less},
        {QStringLiteral("le"), Kind::LessEqual}, {QStringLiteral("gt"), Kind::Greater}, {QStringLiteral("ge"), Kind::GreaterEqual},
    };
    return words.value(word, Kind::Word);
}

class Lexer {
public:
    explicit Lexer(const QString &text)
        : m_text(text)
    {
    }

    tl::expected<std::vector<FilterToken>, FilterError> run()
    {
        for (;;) {
            while (m_at < m_text.size() && m_text[m_at].isSpace())
                ++m_at;
            m_start = m_at;
            if (m_at == m_text.size())
                break;
            next();
            if (m_error)
                return tl::unexpected(*m_error);
        }
        add(Kind::End);
        return std::move(m_tokens);
    }

private:
    QChar peek(qsizetype ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar(); }
    void add(Kind kind, const QString &text = {}) { m_tokens.push_back({kind, text, static_cast<int>(m_start) + 1}); }
    void fail(qsizetype at, const QString &what) { m_error = FilterError {static_cast<int>(at) + 1, what}; }
    void addOperator(Kind kind, qsizetype length)
    {
        m_at += length;
        add(kind);
    }

    void next()
    {
        const QChar c = peek();
        if (c == u'"' || c == u'\'')
            return string(c, false);
        if (c == u'r' && (peek(1) == u'"' || peek(1) == u'\'')) { // raw: no escapes
            ++m_at;
            return string(peek(), true);
        }
        if (isWordCharacter(c))
            return word();
        if (c == u'[')
            return slice();
        symbol(c);
    }

    void word()
    {
        while (m_at < m_text.size() && isWordCharacter(peek()))
            ++m_at;
        const QString text = m_text.mid(m_start, m_at - m_start);
        add(kindOfWord(text), text);
    }

    void slice()
    {
        const qsizetype end = m_text.indexOf(u']', m_at);
        if (end < 0)
            return fail(m_at, QStringLiteral("this [ has no ]"));
        m_at = end + 1;
        add(Kind::Slice, m_text.mid(m_start + 1, end - m_start - 1).trimmed());
    }

    void symbol(QChar c)
    {
        const QChar after = peek(1);
        const bool doubled = after == c;
        switch (c.unicode()) {
        case u'(':
            return addOperator(Kind::OpenParen, 1);
        case u')':
            return addOperator(Kind::CloseParen, 1);
        case u'{':
            return addOperator(Kind::OpenBrace, 1);
        case u'}':
            return addOperator(Kind::CloseBrace, 1);
        case u',':
            return addOperator(Kind::Comma, 1);
        case u'~':
            return addOperator(Kind::Matches, 1);
        case u'<':
            return after == u'=' ? addOperator(Kind::LessEqual, 2) : addOperator(Kind::Less, 1);
        case u'>':
            return after == u'=' ? addOperator(Kind::GreaterEqual, 2) : addOperator(Kind::Greater, 1);
        case u'!':
            return after == u'=' ? addOperator(Kind::NotEqual, 2) : addOperator(Kind::Not, 1);
        case u'=':
            return doubled ? addOperator(Kind::Equal, 2) : fail(m_at, QStringLiteral("'=' is no operator; did you mean '=='?"));
        case u'&':
            return doubled ? addOperator(Kind::And, 2) : fail(m_at, QStringLiteral("'&' is no operator; did you mean '&&'?"));
        case u'|':
            return doubled ? addOperator(Kind::Or, 2) : fail(m_at, QStringLiteral("'|' is no operator; did you mean '||'?"));
        default:
            fail(m_at, QStringLiteral("'%1' means nothing here").arg(c));
        }
    }

    void string(QChar quote, bool raw)
    {
        QString text;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const QChar c = peek();
            if (c == quote) {
                ++m_at;
                return add(Kind::String, text);
            }
            if (c == u'\\' && !raw && m_at + 1 < m_text.size())
                escape(text);
            else
                text += c;
            if (m_error)
                return;
        }
        fail(m_start, QStringLiteral("this text has no closing %1").arg(quote));
    }

    /// Standing on a backslash; leaves on the last character of the escape. Unknown ones stay as they are, for regular expressions.
    void escape(QString &text)
    {
        const QChar c = peek(1);
        switch (c.unicode()) {
        case u'n':
            text += u'\n';
            break;
        case u'r':
            text += u'\r';
            break;
        case u't':
            text += u'\t';
            break;
        case u'"':
        case u'\'':
            text += c;
            break;
        case u'x':
        case u'u': {
            const qsizetype digits = c == u'x' ? 2 : 4;
            bool ok = false;
            const ushort value = m_text.mid(m_at + 2, digits).toUShort(&ok, 16);
            if (!ok || m_at + 2 + digits > m_text.size())
                return fail(m_at, QStringLiteral("\\%1 wants %2 hexadecimal digits").arg(c).arg(digits));
            text += QChar(value);
            m_at += digits;
            break;
        }
        case u'\\':
            text += c;
            break;
        default:
            text += u'\\';
            text += c;
        }
        ++m_at;
    }

    const QString &m_text;
    qsizetype m_at = 0;
    qsizetype m_start = 0;
    std::vector<FilterToken> m_tokens;
    std::optional<FilterError> m_error;
};

} // namespace

tl::expected<std::vector<FilterToken>, FilterError> lexFilter(const QString &text)
{
    return Lexer(text).run();
}

} // namespace feedscope::capture
