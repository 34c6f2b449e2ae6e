// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_anatomy.h"

#include "base/bytes.h"
#include "wire/close_code.h"
#include "wire/frame_encoder.h"
#include "wire/mask.h"

#include <QStringList>

namespace feedscope::ui {

namespace {

QString hexByte(quint8 byte)
{
    return QStringLiteral("0x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

QString quotedChar(quint8 byte)
{
    return byte >= 0x20 && byte < 0x7f ? QStringLiteral(" '%1'").arg(QLatin1Char(static_cast<char>(byte))) : QString();
}

QString bytesWord(quint64 count)
{
    return count == 1 ? QStringLiteral("1 byte") : QStringLiteral("%1 bytes").arg(count);
}

QString finMeaning(const wire::FrameHeader &header)
{
    if (wire::isControl(header.opcode))
        return header.fin ? QStringLiteral("Control frames are never fragmented.")
                          : QStringLiteral("A control frame must not be fragmented, this one says it is.");
    if (header.fin)
        return header.opcode == wire::Opcode::Continuation ? QStringLiteral("The last fragment of its message.")
                                                           : QStringLiteral("The whole message is in this frame.");
    return QStringLiteral("More fragments of this message follow.");
}

QString rsvMeaning(int number, bool set)
{
    if (!set)
        return QStringLiteral("Not used by any negotiated extension.");
    if (number == 1)
        return QStringLiteral("Set: permessage-deflate uses it for “compressed” (RFC 7692 6).");
    return QStringLiteral("Set: only an extension may give it a meaning.");
}

QString maskMeaning(const wire::FrameHeader &header, wire::Role from)
{
    if (from == wire::Role::Client)
        return header.masked ? QStringLiteral("Clients mask every frame.")
                             : QStringLiteral("Not masked, but a client must mask every frame.");
    return header.masked ? QStringLiteral("Masked, but a server must not mask.") : QStringLiteral("Servers never mask.");
}

QString lengthMeaning(const wire::FrameHeader &header)
{
    if (header.extendedLengthBytes == 2)
        return QStringLiteral("126: the length is in the next 16 bits.");
    if (header.extendedLengthBytes == 8)
        return QStringLiteral("127: the length is in the next 64 bits.");
    return QStringLiteral("The payload has %1.").arg(bytesWord(header.length));
}

QString payloadValue(const QByteArray &payload)
{
    constexpr qsizetype kShown = 8;
    QString text = QString::fromLatin1(base::toHex(QByteArrayView(payload).first(qMin(kShown, payload.size())), ' '));
    if (payload.size() > kShown)
        text += QStringLiteral(" … +%1").arg(payload.size() - kShown);
    return text;
}

} // namespace

QString fieldName(FieldKind kind)
{
    switch (kind) {
    case FieldKind::Fin:
        return QStringLiteral("FIN");
    case FieldKind::Rsv1:
        return QStringLiteral("RSV1");
    case FieldKind::Rsv2:
        return QStringLiteral("RSV2");
    case FieldKind::Rsv3:
        return QStringLiteral("RSV3");
    case FieldKind::Opcode:
        return QStringLiteral("opcode");
    case FieldKind::Mask:
        return QStringLiteral("MASK");
    case FieldKind::Length:
        return QStringLiteral("length");
    case FieldKind::ExtendedLength:
        return QStringLiteral("extended length");
    case FieldKind::MaskingKey:
        return QStringLiteral("masking key");
    case FieldKind::CloseCode:
        return QStringLiteral("close code");
    case FieldKind::Payload:
        break;
    }
    return QStringLiteral("payload");
}

QString flagWords(const wire::FrameHeader &header)
{
    QStringList words;
    if (header.fin)
        words << QStringLiteral("FIN");
    if (header.masked)
        words << QStringLiteral("MASK");
    if (header.rsv1)
        words << QStringLiteral("RSV1");
    if (header.rsv2)
        words << QStringLiteral("RSV2");
    if (header.rsv3)
        words << QStringLiteral("RSV3");
    return words.join(QLatin1Char(' '));
}

QString opcodeMeaning(wire::Opcode opcode)
{
    switch (opcode) {
    case wire::Opcode::Continuation:
        return QStringLiteral("The next fragment of a message.");
    case wire::Opcode::Text:
        return QStringLiteral("A text message, UTF-8.");
    case wire::Opcode::Binary:
        return QStringLiteral("A binary message.");
    case wire::Opcode::Close:
        return QStringLiteral("Starts or answers the close handshake.");
    case wire::Opcode::Ping:
        return QStringLiteral("Asks for a pong with the same payload.");
    case wire::Opcode::Pong:
        return QStringLiteral("Answers a ping with its payload.");
    default:
        break;
    }
    return wire::isControl(opcode) ? QStringLiteral("Reserved for control frames to come.")
                                   : QStringLiteral("Reserved for data frames to come.");
}

bool isBroken(wire::Rule rule)
{
    return rule != wire::Rule::UnsolicitedPong;
}

bool isBroken(wire::ViolationSet violations)
{
    for (const wire::Rule rule : violations.rules()) {
        if (isBroken(rule))
            return true;
    }
    return false;
}

FieldKind fieldOfRule(wire::Rule rule)
{
    switch (rule) {
    case wire::Rule::ReservedBit1:
        return FieldKind::Rsv1;
    case wire::Rule::ReservedBit2:
        return FieldKind::Rsv2;
    case wire::Rule::ReservedBit3:
        return FieldKind::Rsv3;
    case wire::Rule::FragmentedControl:
    case wire::Rule::TooManyFragments:
        return FieldKind::Fin;
    case wire::Rule::UnmaskedClientFrame:
    case wire::Rule::MaskedServerFrame:
        return FieldKind::Mask;
    case wire::Rule::NonMinimalLength:
    case wire::Rule::LengthTopBit:
        return FieldKind::ExtendedLength;
    case wire::Rule::OversizeControl:
    case wire::Rule::MessageTooBig:
    case wire::Rule::TruncatedFrame:
        return FieldKind::Length;
    case wire::Rule::InvalidCloseCode:
        return FieldKind::CloseCode;
    case wire::Rule::InvalidUtf8:
    case wire::Rule::InvalidCloseReason:
    case wire::Rule::ClosePayloadTooShort:
    case wire::Rule::InflateFailed:
        return FieldKind::Payload;
    default:
        return FieldKind::Opcode;
    }
}

FrameAnatomy::FrameAnatomy(const capture::Record &record)
    : m_frameHeader(record.header)
    , m_header(wire::encodeHeader(record.header))
    , m_payload(record.payload.constData(), record.payload.size()) // deep: the record may point into a mapped file
    , m_wirePayload(m_payload)
{
    const wire::FrameHeader &header = m_frameHeader;
    if (header.masked)
        wire::applyMask({m_wirePayload.data(), static_cast<size_t>(m_wirePayload.size())}, header.maskingKey);

    qint64 at = 0;
    const auto add = [&](FieldKind kind, qint64 bits, QString value, QString meaning, const char *section) {
        FrameField field;
        field.kind = kind;
        field.bits = {at, bits};
        field.name = fieldName(kind);
        field.value = std::move(value);
        field.meaning = std::move(meaning);
        field.section = QLatin1String(section);
        at += bits;
        m_fields.push_back(std::move(field));
    };
    const auto flag = [](bool on) { return on ? QStringLiteral("1") : QStringLiteral("0"); };
    add(FieldKind::Fin, 1, flag(header.fin), finMeaning(header), "RFC 6455 5.4");
    add(FieldKind::Rsv1, 1, flag(header.rsv1), rsvMeaning(1, header.rsv1), "RFC 6455 5.2");
    add(FieldKind::Rsv2, 1, flag(header.rsv2), rsvMeaning(2, header.rsv2), "RFC 6455 5.2");
    add(FieldKind::Rsv3, 1, flag(header.rsv3), rsvMeaning(3, header.rsv3), "RFC 6455 5.2");
    const auto opcode = static_cast<quint8>(header.opcode);
    add(FieldKind::Opcode, 4,
        QStringLiteral("0x%1 %2").arg(opcode, 0, 16).arg(QString::fromLatin1(wire::opcodeName(header.opcode))),
        opcodeMeaning(header.opcode), wire::isControl(header.opcode) ? "RFC 6455 5.5" : "RFC 6455 5.6");
    add(FieldKind::Mask, 1, flag(header.masked), maskMeaning(header, record.from), "RFC 6455 5.1");
    const quint64 shortLength = header.extendedLengthBytes == 8 ? 127
        : header.extendedLengthBytes == 2                       ? 126
                                                                : header.length;
    add(FieldKind::Length, 7, QString::number(shortLength), lengthMeaning(header), "RFC 6455 5.2");
    if (header.extendedLengthBytes > 0)
        add(FieldKind::ExtendedLength, header.extendedLengthBytes * 8, QString::number(header.length),
            QStringLiteral("The payload has %1.").arg(bytesWord(header.length)), "RFC 6455 5.2");
    if (header.masked) {
        const QByteArrayView key(reinterpret_cast<const char *>(header.maskingKey.data()), 4);
        const bool zero = header.maskingKey == wire::MaskingKey{};
        add(FieldKind::MaskingKey, 32, QString::fromLatin1(base::toHex(key, ' ')),
            zero ? QStringLiteral("All zero: still masked, nothing changes.")
                 : QStringLiteral("Payload byte i is XORed with key byte i mod 4."),
            "RFC 6455 5.3");
    }
    const bool hasCode = header.opcode == wire::Opcode::Close && m_payload.size() >= 2;
    if (hasCode) {
        const wire::ClosePayload close = wire::parseClosePayload(m_payload);
        const quint16 code = close.code.value_or(0);
        add(FieldKind::CloseCode, 16, QString::number(code), wire::closeCodeMeaning(code), "RFC 6455 7.4");
    }
    const qsizetype rest = m_payload.size() - (hasCode ? 2 : 0);
    if (rest > 0) {
        QString meaning = hasCode ? QStringLiteral("The reason, UTF-8, for people who read logs.")
            : header.masked       ? QStringLiteral("%1 as on the wire, still masked.").arg(bytesWord(static_cast<quint64>(rest)))
                                  : QStringLiteral("%1, sent as they are.").arg(bytesWord(static_cast<quint64>(rest)));
        add(FieldKind::Payload, rest * 8, payloadValue(m_wirePayload.mid(hasCode ? 2 : 0)), std::move(meaning),
            hasCode ? "RFC 6455 5.5.1" : "RFC 6455 5.2");
        if (hasCode)
            m_fields.back().name = QStringLiteral("reason");
    }
    for (const wire::Rule rule : record.violations.rules()) {
        FieldKind kind = fieldOfRule(rule);
        if (!field(kind)) // a header too short to have that field
            kind = kind == FieldKind::ExtendedLength || kind == FieldKind::Payload || kind == FieldKind::CloseCode
                ? FieldKind::Length
                : FieldKind::Opcode;
        for (FrameField &field : m_fields) {
            if (field.kind != kind)
                continue;
            if (isBroken(rule))
                field.broken.push_back(rule);
            else
                field.meaning = QString::fromUtf8(wire::ruleInfo(rule).text);
        }
    }
}

quint8 FrameAnatomy::wireByte(qsizetype index) const
{
    Q_ASSERT(index >= 0 && index < byteCount());
    return static_cast<quint8>(index < m_header.size() ? m_header.at(index) : m_wirePayload.at(index - m_header.size()));
}

bool FrameAnatomy::bit(qint64 index) const
{
    return wireByte(index / 8) & (0x80 >> (index % 8));
}

QString FrameAnatomy::bitText(const BitRange &range) const
{
    QString text;
    const qint64 end = qMin<qint64>(range.first + qMin<qint64>(range.count, 64), byteCount() * 8);
    for (qint64 i = range.first; i < end; ++i)
        text += bit(i) ? QLatin1Char('1') : QLatin1Char('0');
    return text;
}

int FrameAnatomy::fieldAtBit(qint64 bit) const
{
    for (size_t i = 0; i < m_fields.size(); ++i) {
        if (m_fields[i].bits.contains(bit))
            return static_cast<int>(i);
    }
    return -1;
}

const FrameField *FrameAnatomy::field(FieldKind kind) const
{
    for (const FrameField &field : m_fields) {
        if (field.kind == kind)
            return &field;
    }
    return nullptr;
}

QString FrameAnatomy::byteText(qsizetype wireIndex) const
{
    if (wireIndex < 0 || wireIndex >= byteCount())
        return {};
    const quint8 wire = wireByte(wireIndex);
    const qsizetype at = wireIndex - m_header.size();
    if (at < 0) {
        QStringList names;
        for (const FrameField &field : m_fields) {
            if (field.bits.overlaps({wireIndex * 8, 8}))
                names << field.name;
        }
        return QStringLiteral("header byte %1: %2 = %3  %4")
            .arg(QString::number(wireIndex), hexByte(wire), bitText({wireIndex * 8, 8}), names.join(QStringLiteral(", ")));
    }
    const auto plain = static_cast<quint8>(m_payload.at(at));
    if (!m_frameHeader.masked)
        return QStringLiteral("payload byte %1: %2%3").arg(QString::number(at), hexByte(plain), quotedChar(plain));
    return QStringLiteral("payload byte %1: %2 ^ %3 = %4%5")
        .arg(QString::number(at), hexByte(wire), hexByte(m_frameHeader.maskingKey[static_cast<size_t>(at % 4)]),
            hexByte(plain), quotedChar(plain));
}

quint64 FrameAnatomy::missingBytes() const
{
    const auto have = static_cast<quint64>(m_payload.size());
    return m_frameHeader.length > have ? m_frameHeader.length - have : 0;
}

} // namespace feedscope::ui
