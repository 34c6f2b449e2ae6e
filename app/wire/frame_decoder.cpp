// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/frame_decoder.h"

#include "wire/close_code.h"
#include "wire/mask.h"
#include "wire/utf8.h"

#include <algorithm>
#include <cstring>

namespace feedscope::wire {

namespace {

constexpr quint32 bit(Rule rule)
{
    return 1u << static_cast<quint8>(rule);
}

/// What the first byte breaks, whatever follows: RSV bits, reserved opcodes, fragmented control frames.
constexpr auto kFirstByteViolations = [] {
    std::array<quint32, 256> table{};
    for (size_t byte = 0; byte < table.size(); ++byte) {
        const auto opcode = static_cast<Opcode>(byte & 0x0F);
        quint32 bits = 0;
        if (byte & 0x40)
            bits |= bit(Rule::ReservedBit1);
        if (byte & 0x20)
            bits |= bit(Rule::ReservedBit2);
        if (byte & 0x10)
            bits |= bit(Rule::ReservedBit3);
        if (isReserved(opcode))
            bits |= bit(Rule::ReservedOpcode);
        if (isControl(opcode) && !(byte & 0x80))
            bits |= bit(Rule::FragmentedControl);
        table[byte] = bits;
    }
    return table;
}();

size_t headerSizeFor(quint8 second)
{
    const quint8 length = second & 0x7F;
    return 2u + (length < 126 ? 0u : length == 126 ? 2u : 8u) + (second & 0x80 ? 4u : 0u);
}

void readFirstByte(FrameHeader &header, quint8 byte)
{
    header.fin = byte & 0x80;
    header.rsv1 = byte & 0x40;
    header.rsv2 = byte & 0x20;
    header.rsv3 = byte & 0x10;
    header.opcode = static_cast<Opcode>(byte & 0x0F);
}

void readSecondByte(FrameHeader &header, quint8 byte)
{
    header.masked = byte & 0x80;
    header.length = byte & 0x7F;
    header.extendedLengthBytes = header.length < 126 ? 0 : header.length == 126 ? 2 : 8;
}

void readExtendedLength(FrameHeader &header, const quint8 *p)
{
    header.length = 0;
    for (int i = 0; i < header.extendedLengthBytes; ++i)
        header.length = header.length << 8 | p[i];
}

/// `p` holds the whole header.
FrameHeader readHeader(const quint8 *p)
{
    FrameHeader header;
    readFirstByte(header, p[0]);
    readSecondByte(header, p[1]);
    if (header.extendedLengthBytes)
        readExtendedLength(header, p + 2);
    if (header.masked)
        std::memcpy(header.maskingKey.data(), p + 2 + header.extendedLengthBytes, header.maskingKey.size());
    return header;
}

quint32 firstByteViolations(quint8 byte, FrameDecoder::Options options)
{
    quint32 bits = kFirstByteViolations[byte];
    // RFC 7692 6.1: the bit stands on the first frame of a message only, never on control frames.
    const auto opcode = static_cast<Opcode>(byte & 0x0F);
    if (options.rsv1Allowed && (opcode == Opcode::Text || opcode == Opcode::Binary))
        bits &= ~bit(Rule::ReservedBit1);
    return bits;
}

quint32 maskViolations(bool masked, Role from)
{
    if (masked == (from == Role::Client))
        return 0;
    return masked ? bit(Rule::MaskedServerFrame) : bit(Rule::UnmaskedClientFrame);
}

ViolationSet headerViolations(quint8 firstByte, const FrameHeader &header, FrameDecoder::Options options)
{
    quint32 bits = firstByteViolations(firstByte, options) | maskViolations(header.masked, options.from);
    if (header.extendedLengthBytes) {
        if (header.length < (header.extendedLengthBytes == 2 ? 126u : 65536u))
            bits |= bit(Rule::NonMinimalLength);
        if (header.length >> 63)
            bits |= bit(Rule::LengthTopBit);
        if (isControl(header.opcode) && header.length > 125)
            bits |= bit(Rule::OversizeControl);
    }
    return ViolationSet::fromBits(bits);
}

void judgeClosePayload(ViolationSet &violations, QByteArrayView payload)
{
    if (payload.isEmpty())
        return;
    if (payload.size() == 1) {
        violations.insert(Rule::ClosePayloadTooShort);
        return;
    }
    const int code = static_cast<quint8>(payload[0]) << 8 | static_cast<quint8>(payload[1]);
    if (!isValidOnWire(static_cast<quint16>(code)))
        violations.insert(Rule::InvalidCloseCode);
    if (!isValidUtf8(payload.sliced(2)))
        violations.insert(Rule::InvalidCloseReason);
}

} // namespace

FrameDecoder::FrameDecoder(Options options)
    : m_options(options)
{
}

void FrameDecoder::feed(std::span<char> bytes)
{
    if (m_stage == Stage::Delivered)
        letGo();
    m_seen += bytes.size();
    if (available() > 0) {
        QByteArray joined(m_cursor, static_cast<qsizetype>(available()));
        joined.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
        m_backlog = std::move(joined);
        bytes = {m_backlog.data(), static_cast<size_t>(m_backlog.size())};
    } else {
        m_backlog = {};
    }
    m_cursor = bytes.data();
    m_end = m_cursor + bytes.size();
}

std::optional<FrameView> FrameDecoder::next()
{
    if (m_stage == Stage::Delivered)
        letGo();
    if (m_stage != Stage::Header || m_headSize > 0)
        return nextHeld();

    const size_t have = available();
    if (have == 0)
        return std::nullopt;
    m_frameOffset = m_offset;
    const auto *head = reinterpret_cast<const quint8 *>(m_cursor);
    const size_t headSize = have < 2 ? 2 : headerSizeFor(head[1]);
    if (have < headSize) {
        takeHead(have);
        return std::nullopt;
    }

    FrameView frame;
    frame.header = readHeader(head);
    frame.violations = headerViolations(head[0], frame.header, m_options);
    if (frame.header.length > have - headSize) {
        m_header = frame.header;
        m_violations = frame.violations;
        m_stage = Stage::Payload;
        takeHead(headSize);
        return nextHeldPayload();
    }
    const auto length = static_cast<size_t>(frame.header.length);
    const std::span<char> payload(m_cursor + headSize, length);
    if (frame.header.masked)
        applyMask(payload, frame.header.maskingKey);
    frame.payload = QByteArrayView(payload.data(), static_cast<qsizetype>(length));
    if (frame.header.opcode == Opcode::Close)
        judgeClosePayload(frame.violations, frame.payload);
    frame.wireOffset = m_offset;
    take(headSize + length);
    return frame;
}

std::optional<FrameView> FrameDecoder::nextHeld()
{
    if (m_stage == Stage::Lost) {
        take(available());
        return std::nullopt;
    }
    if (m_stage == Stage::Header && !completeHead())
        return std::nullopt;
    return nextHeldPayload();
}

bool FrameDecoder::completeHead()
{
    const auto fill = [this](size_t size) {
        takeHead(std::min(size - m_headSize, available()));
        return m_headSize == size;
    };
    if (m_headSize < 2 && !fill(2))
        return false;
    if (!fill(headerSizeFor(m_head[1])))
        return false;
    m_header = readHeader(m_head.data());
    m_violations = headerViolations(m_head[0], m_header, m_options);
    m_stage = Stage::Payload;
    return true;
}

std::optional<FrameView> FrameDecoder::nextHeldPayload()
{
    if (m_header.length >> 63)
        return lose();

    const quint64 missing = m_header.length - static_cast<quint64>(m_payload.size());
    const auto arrived = static_cast<size_t>(std::min<quint64>(missing, available()));
    FrameView frame{m_header, {}, m_frameOffset, m_violations, true};
    if (m_payload.isEmpty() && arrived == missing) {
        // Only the header straddled two feeds; the payload can stay where it is.
        const std::span<char> payload(m_cursor, arrived);
        if (m_header.masked)
            applyMask(payload, m_header.maskingKey);
        frame.payload = QByteArrayView(payload.data(), static_cast<qsizetype>(arrived));
        take(arrived);
        letGo();
    } else {
        const qsizetype before = m_payload.size();
        m_payload.append(m_cursor, static_cast<qsizetype>(arrived));
        take(arrived);
        if (m_header.masked)
            applyMask({m_payload.data() + before, arrived}, m_header.maskingKey, static_cast<quint64>(before));
        if (arrived < missing)
            return std::nullopt;
        frame.payload = m_payload;
        m_stage = Stage::Delivered;
    }
    if (frame.header.opcode == Opcode::Close)
        judgeClosePayload(frame.violations, frame.payload);
    return frame;
}

FrameView FrameDecoder::lose()
{
    m_stage = Stage::Lost;
    m_headSize = 0;
    take(available());
    return {m_header, {}, m_frameOffset, m_violations, false};
}

FrameHeader FrameDecoder::partialHeader() const
{
    FrameHeader header;
    readFirstByte(header, m_head[0]);
    if (m_headSize >= 2) {
        readSecondByte(header, m_head[1]);
        if (header.extendedLengthBytes && m_headSize >= 2 + header.extendedLengthBytes)
            readExtendedLength(header, m_head.data() + 2);
        else if (header.extendedLengthBytes)
            header.length = 0; // cut off
    }
    return header;
}

ViolationSet FrameDecoder::pendingViolations() const
{
    if (m_stage == Stage::Payload)
        return m_violations;
    if (m_stage != Stage::Header || m_headSize == 0)
        return {};
    const FrameHeader header = partialHeader();
    if (m_headSize >= 2 + header.extendedLengthBytes)
        return headerViolations(m_head[0], header, m_options);
    quint32 bits = firstByteViolations(m_head[0], m_options);
    if (m_headSize >= 2)
        bits |= maskViolations(header.masked, m_options.from);
    return ViolationSet::fromBits(bits);
}

std::optional<Frame> FrameDecoder::takeUnfinished()
{
    // Between frames; a frame that was just handed out may still be in use.
    if (m_stage == Stage::Delivered || m_stage == Stage::Lost || (m_stage == Stage::Header && m_headSize == 0))
        return std::nullopt;
    Frame frame{{}, m_payload, m_frameOffset, pendingViolations(), false};
    frame.header = m_stage == Stage::Payload ? m_header : partialHeader();
    frame.violations.insert(Rule::TruncatedFrame);
    letGo();
    return frame;
}

void FrameDecoder::letGo()
{
    m_payload = {};
    m_headSize = 0;
    m_stage = Stage::Header;
}

void FrameDecoder::take(size_t count)
{
    m_cursor += count;
    m_offset += count;
}

void FrameDecoder::takeHead(size_t count)
{
    if (count == 0)
        return;
    std::memcpy(m_head.data() + m_headSize, m_cursor, count);
    m_headSize = static_cast<quint8>(m_headSize + count);
    take(count);
}

} // namespace feedscope::wire
