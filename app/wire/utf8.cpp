// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/utf8.h"

#include <cstring>

namespace feedscope::wire {

namespace {

enum : quint8 {
    Between,
    Need1, ///< one more continuation byte
    Need2,
    Need3,
    AfterE0, ///< A0–BF, else overlong
    AfterED, ///< 80–9F, else a surrogate
    AfterF0, ///< 90–BF, else overlong
    AfterF4, ///< 80–8F, else above U+10FFFF
    Invalid,
};

quint8 afterLead(quint8 byte)
{
    if (byte < 0x80)
        return Between;
    if (byte < 0xC2) // a continuation byte, or an overlong two-byte form
        return Invalid;
    if (byte < 0xE0)
        return Need1;
    if (byte < 0xF0)
        return byte == 0xE0 ? AfterE0 : byte == 0xED ? AfterED : Need2;
    if (byte < 0xF5)
        return byte == 0xF0 ? AfterF0 : byte == 0xF4 ? AfterF4 : Need3;
    return Invalid;
}

quint8 step(quint8 state, quint8 byte)
{
    const auto within = [byte](quint8 first, quint8 last, quint8 then) {
        return byte >= first && byte <= last ? then : static_cast<quint8>(Invalid);
    };
    switch (state) {
    case Between:
        return afterLead(byte);
    case Need1:
        return within(0x80, 0xBF, Between);
    case Need2:
        return within(0x80, 0xBF, Need1);
    case Need3:
        return within(0x80, 0xBF, Need2);
    case AfterE0:
        return within(0xA0, 0xBF, Need1);
    case AfterED:
        return within(0x80, 0x9F, Need1);
    case AfterF0:
        return within(0x90, 0xBF, Need2);
    case AfterF4:
        return within(0x80, 0x8F, Need2);
    default:
        return Invalid;
    }
}

bool isContinuation(quint8 byte)
{
    return (byte & 0xC0) == 0x80;
}

/// How many bytes the code point at `p` has, where four can be read; 0 where it is not a valid one.
qsizetype codePointAt(const quint8 *p)
{
    const quint32 lead = p[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xE0)
        return lead >= 0xC2 && isContinuation(p[1]) ? 2 : 0;
    if (!isContinuation(p[1]) || !isContinuation(p[2]))
        return 0;
    if (lead < 0xF0) {
        const quint32 value = (lead & 0x0F) << 12 | (p[1] & 0x3Fu) << 6;
        return value >= 0x800 && (value < 0xD800 || value > 0xDFFF) ? 3 : 0;
    }
    const quint32 value = (lead & 0x0F) << 18 | (p[1] & 0x3Fu) << 12;
    return value >= 0x10000 && value <= 0x10FFFF && isContinuation(p[3]) ? 4 : 0;
}

bool isAscii16(const char *p)
{
    quint64 words[2];
    std::memcpy(words, p, sizeof(words));
    return ((words[0] | words[1]) & 0x8080808080808080u) == 0;
}

} // namespace

bool Utf8Validator::feed(QByteArrayView bytes)
{
    const char *p = bytes.data();
    const char *const end = p + bytes.size();
    quint8 state = m_state;
    while (p < end) {
        if (state == Between) {
            while (end - p >= 16 && isAscii16(p))
                p += 16;
            while (end - p >= 4) {
                const qsizetype size = codePointAt(reinterpret_cast<const quint8 *>(p));
                if (size == 0)
                    break;
                p += size;
                if (size == 1)
                    break; // back to sixteen at a time
            }
            if (p == end)
                break;
        }
        state = step(state, static_cast<quint8>(*p++));
        if (state == Invalid)
            break;
    }
    m_state = state;
    return state != Invalid;
}

bool isValidUtf8(QByteArrayView bytes)
{
    Utf8Validator validator;
    return validator.feed(bytes) && validator.isComplete();
}

} // namespace feedscope::wire
