// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/message_assembler.h"

namespace feedscope::wire {

namespace {

bool isData(Opcode opcode)
{
    return opcode == Opcode::Continuation || opcode == Opcode::Text || opcode == Opcode::Binary;
}

} // namespace

MessageAssembler::MessageAssembler() = default;

MessageAssembler::MessageAssembler(Limits limits)
    : m_limits(limits)
{
}

ViolationSet MessageAssembler::judge(const FrameHeader &header) const
{
    ViolationSet violations;
    if (!isData(header.opcode))
        return violations;
    const bool continues = header.opcode == Opcode::Continuation;
    if (continues && !m_inMessage) {
        violations.insert(Rule::OrphanContinuation);
        return violations;
    }
    if (!continues && m_inMessage)
        violations.insert(Rule::InterleavedData);
    if (continues && m_spoiled)
        return violations; // said once, on the frame that broke it
    const quint64 before = continues ? m_bytes : 0;
    if (header.length > m_limits.messageBytes || before > m_limits.messageBytes - header.length)
        violations.insert(Rule::MessageTooBig);
    if ((continues ? m_fragments : 0) >= m_limits.fragments)
        violations.insert(Rule::TooManyFragments);
    return violations;
}

bool MessageAssembler::isCompressed(const FrameView &frame) const
{
    return frame.header.rsv1 && !frame.violations.contains(Rule::ReservedBit1);
}

void MessageAssembler::begin(const FrameView &frame)
{
    m_buffer = {};
    m_opcode = frame.header.opcode;
    m_compressed = isCompressed(frame);
    m_bytes = 0;
    m_fragments = 0;
    m_spoiled = false;
    m_utf8.reset();
    m_inMessage = true;
    ++m_messages;
}

void MessageAssembler::judgeText(FrameView &frame)
{
    if (m_opcode != Opcode::Text || m_compressed || m_spoiled)
        return;
    const bool valid = m_utf8.feed(frame.payload);
    if (!valid || (frame.header.fin && frame.complete && !m_utf8.isComplete())) {
        frame.violations.insert(Rule::InvalidUtf8);
        m_spoiled = true;
    }
}

std::optional<MessageView> MessageAssembler::add(FrameView &frame)
{
    release();
    m_lastNumber = 0;
    if (!isData(frame.header.opcode))
        return std::nullopt;
    const ViolationSet judged = judge(frame.header);
    frame.violations = ViolationSet::fromBits(frame.violations.bits() | judged.bits());
    if (judged.contains(Rule::OrphanContinuation))
        return std::nullopt;
    if (frame.header.opcode != Opcode::Continuation)
        begin(frame);
    m_lastNumber = m_messages;
    if (judged.contains(Rule::MessageTooBig) || judged.contains(Rule::TooManyFragments))
        m_spoiled = true;
    judgeText(frame);

    const bool last = frame.header.fin && frame.complete;
    if (m_spoiled) {
        m_buffer = {};
        m_inMessage = !last;
        return std::nullopt;
    }
    m_bytes += static_cast<quint64>(frame.payload.size());
    ++m_fragments;
    if (!last) {
        m_buffer.append(frame.payload);
        return std::nullopt;
    }
    m_inMessage = false;
    MessageView message{m_opcode, frame.payload, m_lastNumber, m_fragments, m_compressed};
    if (m_fragments > 1) {
        m_buffer.append(frame.payload);
        message.payload = m_buffer;
        m_delivered = true;
    }
    return message;
}

void MessageAssembler::release()
{
    if (!m_delivered)
        return;
    m_buffer = {};
    m_delivered = false;
}

} // namespace feedscope::wire
