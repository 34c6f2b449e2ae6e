// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace feedscope::feed {

/// Appends `value` / 10^`decimals` as a plain decimal: (18914, 2) is "189.14".
void appendScaled(QByteArray &out, qint64 value, int decimals);

/// Writes JSON text in the order of the calls, into an array of the caller. Commas are its business; that calls nest rightly is the caller's.
class JsonWriter {
public:
    explicit JsonWriter(QByteArray &out)
        : m_out(out)
    {
    }

    JsonWriter &beginObject() { return open('{'); }
    JsonWriter &endObject() { return close('}'); }
    JsonWriter &beginArray() { return open('['); }
    JsonWriter &endArray() { return close(']'); }
    JsonWriter &key(QByteArrayView name);
    JsonWriter &string(QByteArrayView utf8);
    JsonWriter &integer(qint64 value);
    JsonWriter &unsignedInteger(quint64 value);
    JsonWriter &boolean(bool value) { return raw(value ? QByteArrayView("true") : QByteArrayView("false")); }
    JsonWriter &null() { return raw("null"); }
    /// Value / 10^decimals as a number.
    JsonWriter &scaled(qint64 value, int decimals);
    /// The same inside quotes.
    JsonWriter &scaledString(qint64 value, int decimals);
    /// Rounded to `decimals` places; null where it is not finite.
    JsonWriter &number(double value, int decimals);
    /// Text that is JSON already.
    JsonWriter &raw(QByteArrayView json);

private:
    JsonWriter &open(char bracket);
    JsonWriter &close(char bracket);
    void separate();

    QByteArray &m_out;
};

} // namespace feedscope::feed
