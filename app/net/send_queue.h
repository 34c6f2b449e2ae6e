// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <span>
#include <vector>

namespace feedscope::net {

/// Bytes that the kernel did not take yet, in order. Arrays are kept by reference, so that a broadcast is in memory
/// once however many wait for it; small ones are joined, so that many pongs do not cost more than their bytes. Holds no
/// memory while it is empty. Knows no bound.
class SendQueue {
public:
    /// Without the first `from` bytes, which are sent already.
    void append(const QByteArray &bytes, qsizetype from = 0);
    bool isEmpty() const { return m_bytes == 0; }
    qint64 bytes() const { return m_bytes; }

    /// The next bytes to send, in as many pieces as fit; gives the number of pieces. Valid until the queue changes.
    size_t peek(std::span<QByteArrayView> pieces) const;
    void consume(qint64 count);
    void clear();

private:
    std::vector<QByteArray> m_parts;
    size_t m_first = 0;
    qsizetype m_offset = 0; // of the next byte in m_parts[m_first]
    qint64 m_bytes = 0;
    bool m_tailIsOwn = false; // the last part belongs to nobody else and may grow
};

} // namespace feedscope::net
