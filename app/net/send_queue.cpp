// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/send_queue.h"

namespace feedscope::net {

namespace {

constexpr qsizetype kCopyBelow = 128; // copying this much costs no more than keeping a reference to it
constexpr qsizetype kMostOwnBytes = 16 * 1024;
constexpr size_t kForgetAfter = 64;

} // namespace

void SendQueue::append(const QByteArray &bytes, qsizetype from)
{
    const qsizetype count = bytes.size() - from;
    Q_ASSERT(from >= 0 && count >= 0);
    if (count == 0)
        return;
    m_bytes += count;
    if (count >= kCopyBelow) {
        if (m_parts.empty())
            m_offset = from;
        else
            Q_ASSERT_X(from == 0, "SendQueue::append", "only the first part can have been begun");
        m_parts.push_back(bytes);
        m_tailIsOwn = false;
        return;
    }
    if (!m_tailIsOwn || m_parts.back().size() + count > kMostOwnBytes) {
        m_parts.emplace_back();
        m_tailIsOwn = true;
    }
    m_parts.back().append(QByteArrayView(bytes).sliced(from));
}

size_t SendQueue::peek(std::span<QByteArrayView> pieces) const
{
    size_t count = 0;
    qsizetype offset = m_offset;
    for (size_t i = m_first; i < m_parts.size() && count < pieces.size(); ++i) {
        pieces[count++] = QByteArrayView(m_parts[i]).sliced(offset);
        offset = 0;
    }
    return count;
}

void SendQueue::consume(qint64 count)
{
    Q_ASSERT(count >= 0 && count <= m_bytes);
    m_bytes -= count;
    if (m_bytes == 0) {
        clear();
        return;
    }
    while (count > 0) {
        const qint64 left = m_parts[m_first].size() - m_offset;
        if (count < left) {
            m_offset += count;
            break;
        }
        count -= left;
        m_parts[m_first] = QByteArray();
        m_offset = 0;
        ++m_first;
    }
    if (m_first >= kForgetAfter && m_first * 2 >= m_parts.size()) {
        m_parts.erase(m_parts.begin(), m_parts.begin() + static_cast<std::ptrdiff_t>(m_first));
        m_first = 0;
    }
}

void SendQueue::clear()
{
    std::vector<QByteArray>().swap(m_parts);
    m_first = 0;
    m_offset = 0;
    m_bytes = 0;
    m_tailIsOwn = false;
}

} // namespace feedscope::net
