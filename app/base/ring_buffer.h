// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace feedscope::base {

/// The newest `capacity` values, oldest first. Not a queue between threads; one owner, one thread.
template <class T> class RingBuffer {
public:
    explicit RingBuffer(qsizetype capacity)
        : m_values(static_cast<size_t>(qMax<qsizetype>(1, capacity)))
    {
    }

    void append(T value)
    {
        m_values[static_cast<size_t>((m_first + m_size) % capacity())] = std::move(value);
        if (m_size < capacity())
            ++m_size;
        else
            m_first = (m_first + 1) % capacity();
        ++m_appended;
    }
    void clear()
    {
        m_first = 0;
        m_size = 0;
    }

    qsizetype size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    qsizetype capacity() const { return static_cast<qsizetype>(m_values.size()); }
    /// How many were ever appended, so that a reader can tell how many it has not seen.
    quint64 appended() const { return m_appended; }

    /// 0 is the oldest value held.
    const T &operator[](qsizetype index) const
    {
        Q_ASSERT(index >= 0 && index < m_size);
        return m_values[static_cast<size_t>((m_first + index) % capacity())];
    }
    const T &back() const { return (*this)[m_size - 1]; }

private:
    std::vector<T> m_values;
    qsizetype m_first = 0;
    qsizetype m_size = 0;
    quint64 m_appended = 0;
};

} // namespace feedscope::base
