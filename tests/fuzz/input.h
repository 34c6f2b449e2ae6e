// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdlib>

namespace feedscope::fuzz {

/// What the fuzzer gave, read from the front.
class Input {
public:
    Input(const quint8 *data, size_t size)
        : m_bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size))
    {
    }

    quint8 byte()
    {
        if (m_bytes.isEmpty())
            return 0;
        const auto value = static_cast<quint8>(m_bytes.front());
        m_bytes = m_bytes.sliced(1);
        return value;
    }
    QByteArrayView take(qsizetype size)
    {
        const QByteArrayView part = m_bytes.first(qMin(size, m_bytes.size()));
        m_bytes = m_bytes.sliced(part.size());
        return part;
    }
    QByteArrayView rest() const { return m_bytes; }

private:
    QByteArrayView m_bytes;
};

/// A property that must hold, also in builds without assertions.
inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace feedscope::fuzz
