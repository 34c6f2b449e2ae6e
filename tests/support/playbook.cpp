// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/playbook.h"

#include "base/bytes.h"

#include <algorithm>

namespace feedscope::tests {

namespace {

QByteArray roleText(wire::Role role)
{
    return role == wire::Role::Client ? "client" : "server";
}

} // namespace

wire::Limits Playbook::quiet()
{
    wire::Limits limits;
    limits.pingIntervalNs = 0;
    return limits;
}

Playbook::Playbook(wire::Role role, const wire::Limits &limits, Feeding feeding)
    : m_feeding(feeding)
    , m_connection(role, limits, *this, &m_masks, m_clock.now())
{
}

Playbook &Playbook::operator>>(QByteArray bytes)
{
    const Chunks chunks = m_feeding == Feeding::Whole ? Chunks{bytes} : eachByte(bytes);
    for (const QByteArray &chunk : chunks) {
        std::vector<char> borrowed(chunk.begin(), chunk.end());
        m_connection.receive(borrowed, m_clock.now());
    }
    return *this;
}

Playbook &Playbook::fin()
{
    m_connection.transportEnded(wire::TransportEnd::PeerFin, {}, m_clock.now());
    return *this;
}

Playbook &Playbook::reset()
{
    m_connection.transportEnded(wire::TransportEnd::PeerReset, {}, m_clock.now());
    return *this;
}

Playbook &Playbook::advance(qint64 ns)
{
    const qint64 until = m_clock.now().monoNs + ns;
    while (true) {
        const std::optional<qint64> deadline = m_connection.nextDeadlineNs();
        if (!deadline || *deadline > until)
            break;
        m_clock.advance(std::max<qint64>(0, *deadline - m_clock.now().monoNs));
        m_connection.deadlineReached(m_clock.now());
    }
    m_clock.advance(until - m_clock.now().monoNs);
    return *this;
}

QStringList Playbook::transcript()
{
    return std::exchange(m_lines, {});
}

QByteArray Playbook::written()
{
    return std::exchange(m_written, {});
}

void Playbook::frameSeen(const FrameSeen &seen, base::Timestamp)
{
    frames.push_back({seen.from, toFrame(seen.frame), seen.message, seen.rttNs, seen.shared != nullptr});
    QByteArray line = roleText(seen.from) + ' ' + frameText(seen.frame);
    if (seen.message)
        line += " #" + QByteArray::number(seen.message);
    if (seen.rttNs)
        line += " rtt " + QByteArray::number(*seen.rttNs / base::kNsPerUs) + "us";
    if (seen.shared)
        line += " shared";
    note(line);
}

void Playbook::messageReceived(const wire::MessageView &message, base::Timestamp)
{
    messages.push_back(message.payload.toByteArray());
    QByteArray line = "message " + wire::opcodeName(message.opcode) + ' ' + payloadText(message.payload) + " #"
        + QByteArray::number(message.number);
    if (message.fragments > 1)
        line += " of " + QByteArray::number(message.fragments);
    note(line);
    if (onMessage)
        onMessage(message);
}

void Playbook::write(const QByteArray &bytes)
{
    m_written += bytes;
    note("write " + base::toHex(bytes.first(qMin<qsizetype>(bytes.size(), 40))));
    if (onWrite)
        onWrite(bytes);
}

void Playbook::ended(const wire::Ending &how, bool abort, base::Timestamp)
{
    ending = how;
    aborted = abort;
    ++endings;
    QByteArray line = "ended " + QByteArray::number(how.code);
    if (how.clean)
        line += " clean";
    line += " by " + roleText(how.startedBy);
    if (how.sentCode)
        line += " sent " + QByteArray::number(*how.sentCode);
    if (how.receivedCode)
        line += " received " + QByteArray::number(*how.receivedCode);
    line += ' ' + wire::transportEndName(how.transport);
    if (abort)
        line += " abort";
    note(line);
    if (onEnded)
        onEnded();
}

} // namespace feedscope::tests
