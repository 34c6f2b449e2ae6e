// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"

namespace feedscope::base {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void appendByte(QByteArray &text, quint8 byte)
{
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
}

} // namespace

std::optional<QByteArray> fromHex(QByteArrayView text)
{
    QByteArray bytes;
    bytes.reserve(text.size() / 2);
    int high = -1;
    for (const char c : text) {
        if (c == ' ')
            continue;
        const int digit = nibble(c);
        if (digit < 0)
            return std::nullopt;
        if (high < 0) {
            high = digit;
        } else {
            bytes += static_cast<char>(high << 4 | digit);
            high = -1;
        }
    }
    if (high >= 0)
        return std::nullopt;
    return bytes;
}

QByteArray toHex(QByteArrayView bytes, char separator)
{
    QByteArray text;
    text.reserve(bytes.size() * (separator ? 3 : 2));
    for (const char c : bytes) {
        if (separator && !text.isEmpty())
            text += separator;
        appendByte(text, static_cast<quint8>(c));
    }
    return text;
}

QByteArray escaped(QByteArrayView bytes, qsizetype most)
{
    QByteArray text;
    for (const char c : bytes.first(qMin(most, bytes.size()))) {
        const auto byte = static_cast<quint8>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '\\') {
            text += c;
        } else {
            text += "\\x";
            appendByte(text, byte);
        }
    }
    if (bytes.size() > most)
        text += " … (" + QByteArray::number(bytes.size() - most) + " more bytes)";
    return text;
}

} // namespace feedscope::base
