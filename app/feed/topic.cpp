// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/topic.h"

namespace feedscope::feed {

namespace {

constexpr qsizetype kMaxLength = 200;

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/'
        || c == ':';
}

bool isPlainWord(QByteArrayView word)
{
    if (word.isEmpty())
        return false;
    for (const char c : word) {
        if (!isWordCharacter(c))
            return false;
    }
    return true;
}

/// The word at `from`, and where the next begins: past the end where this is the last one.
QByteArrayView wordAt(QByteArrayView text, qsizetype from, qsizetype &next)
{
    qsizetype end = text.indexOf('.', from);
    if (end < 0)
        end = text.size();
    next = end + 1;
    return text.sliced(from, end - from);
}

bool isWellFormed(QByteArrayView text, bool wildcards)
{
    if (text.isEmpty() || text.size() > kMaxLength)
        return false;
    for (qsizetype at = 0; at <= text.size();) {
        qsizetype next = 0;
        const QByteArrayView word = wordAt(text, at, next);
        const bool last = next > text.size();
        const bool special = wildcards && (word == QByteArrayView("*") || (last && word == QByteArrayView(">")));
        if (!special && !isPlainWord(word))
            return false;
        at = next;
    }
    return true;
}

} // namespace

bool isValidTopic(QByteArrayView topic)
{
    return isWellFormed(topic, false);
}

bool isValidPattern(QByteArrayView pattern)
{
    return isWellFormed(pattern, true);
}

bool isWildcard(QByteArrayView pattern)
{
    return pattern.contains('*') || pattern.contains('>');
}

bool matches(QByteArrayView pattern, QByteArrayView topic)
{
    qsizetype p = 0;
    qsizetype t = 0;
    while (p <= pattern.size()) {
        if (t > topic.size())
            return false;
        const QByteArrayView wanted = wordAt(pattern, p, p);
        const QByteArrayView word = wordAt(topic, t, t);
        if (word.isEmpty())
            return false;
        if (wanted == QByteArrayView(">"))
            return p > pattern.size();
        if (wanted != QByteArrayView("*") && wanted != word)
            return false;
    }
    return t > topic.size();
}

} // namespace feedscope::feed
