// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/json_writer.h"

#include <charconv>
#include <cmath>

namespace feedscope::feed {

namespace {

void appendQuoted(QByteArray &out, QByteArrayView utf8)
{
    out += '"';
    qsizetype plain = 0; // start of the run that needs no escape
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<quint8>(utf8[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        out.append(utf8.sliced(plain, i - plain));
        plain = i + 1;
        out += '\\';
        switch (byte) {
        case '"':
        case '\\':
            out += static_cast<char>(byte);
            break;
        case '\n':
            out += 'n';
            break;
        case '\r':
            out += 'r';
            break;
        case '\t':
            out += 't';
            break;
        default:
            constexpr char kDigits[] = "0123456789abcdef";
            out += "u00";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
    }
    out.append(utf8.sliced(plain));
    out += '"';
}

template <class T> void appendInteger(QByteArray &out, T value)
{
    char digits[24];
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, result.ptr - digits);
}

} // namespace

void appendScaled(QByteArray &out, qint64 value, int decimals)
{
    Q_ASSERT(decimals >= 0 && decimals <= 18);
    char digits[48];
    char *at = digits + sizeof digits;
    quint64 rest = value < 0 ? 0 - static_cast<quint64>(value) : static_cast<quint64>(value);
    for (int i = 0; i < decimals; ++i) {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    }
    if (decimals > 0)
        *--at = '.';
    do {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        *--at = '-';
    out.append(at, digits + sizeof digits - at);
}

JsonWriter &JsonWriter::key(QByteArrayView name)
{
    separate();
    appendQuoted(m_out, name);
    m_out += ':';
    return *this;
}

JsonWriter &JsonWriter::string(QByteArrayView utf8)
{
    separate();
    appendQuoted(m_out, utf8);
    return *this;
}

JsonWriter &JsonWriter::integer(qint64 value)
{
    separate();
    appendInteger(m_out, value);
    return *this;
}

JsonWriter &JsonWriter::unsignedInteger(quint64 value)
{
    separate();
    appendInteger(m_out, value);
    return *this;
}

JsonWriter &JsonWriter::scaled(qint64 value, int decimals)
{
    separate();
    appendScaled(m_out, value, decimals);
    return *this;
}

JsonWriter &JsonWriter::scaledString(qint64 value, int decimals)
{
    separate();
    m_out += '"';
    appendScaled(m_out, value, decimals);
    m_out += '"';
    return *this;
}

JsonWriter &JsonWriter::number(double value, int decimals)
{
    double factor = 1;
    for (int i = 0; i < decimals; ++i)
        factor *= 10;
    const double wanted = value * factor;
    if (!std::isfinite(wanted))
        return null();
    if (std::abs(wanted) < 9e15)
        return scaled(static_cast<qint64>(std::llround(wanted)), decimals);
    separate();
    char digits[40];
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    m_out.append(digits, result.ptr - digits);
    return *this;
}

JsonWriter &JsonWriter::raw(QByteArrayView json)
{
    separate();
    m_out.append(json);
    return *this;
}

JsonWriter &JsonWriter::open(char bracket)
{
    separate();
    m_out += bracket;
    return *this;
}

JsonWriter &JsonWriter::close(char bracket)
{
    m_out += bracket;
    return *this;
}

void JsonWriter::separate()
{
    if (m_out.isEmpty())
        return;
    // What was written last says whether a comma is due; strings end with a quote, so that their content cannot mislead.
    const char last = m_out.back();
    if (last != '{' && last != '[' && last != ':')
        m_out += ',';
}

} // namespace feedscope::feed
