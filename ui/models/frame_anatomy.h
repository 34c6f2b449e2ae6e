// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/record.h"

#include <QString>

#include <vector>

namespace feedscope::ui {

/// The parts of a frame in the order of RFC 6455 5.2. A close frame's payload is split into its code and the rest.
enum class FieldKind : quint8 { Fin, Rsv1, Rsv2, Rsv3, Opcode, Mask, Length, ExtendedLength, MaskingKey, CloseCode, Payload };

struct BitRange {
    qint64 first = -1; ///< counted from the first bit of the frame on the wire; -1: none
    qint64 count = 0;
    bool isEmpty() const { return first < 0 || count <= 0; }
    bool contains(qint64 bit) const { return !isEmpty() && bit >= first && bit < first + count; }
    bool overlaps(const BitRange &other) const
    {
        return !isEmpty() && !other.isEmpty() && first < other.first + other.count && other.first < first + count;
    }
    bool operator==(const BitRange &) const = default;
};

/// One field of one frame, in bits and in words.
struct FrameField {
    FieldKind kind = FieldKind::Fin;
    BitRange bits;
    QString name; ///< "FIN"
    QString value; ///< "1", "0x1 text", "5", "37 fa 21 3d"
    QString meaning; ///< a sentence for people
    QString section; ///< "RFC 6455 5.2"
    std::vector<wire::Rule> broken; ///< rules that this frame breaks in this field
};

/// A frame taken apart down to its bits, from a record with its payload. A value; knows no widgets.
class FrameAnatomy {
public:
    FrameAnatomy() = default;
    explicit FrameAnatomy(const capture::Record &record);

    bool isEmpty() const { return m_header.isEmpty(); }
    const wire::FrameHeader &frameHeader() const { return m_frameHeader; }
    const QByteArray &header() const { return m_header; } ///< as on the wire
    const QByteArray &payload() const { return m_payload; } ///< unmasked
    const QByteArray &wirePayload() const { return m_wirePayload; } ///< as on the wire
    qsizetype byteCount() const { return m_header.size() + m_wirePayload.size(); }
    quint8 wireByte(qsizetype index) const;
    bool bit(qint64 index) const;
    QString bitText(const BitRange &range) const; ///< "0001"; at most 64 bits

    const std::vector<FrameField> &fields() const { return m_fields; }
    int fieldAtBit(qint64 bit) const; ///< -1: past the end
    const FrameField *field(FieldKind kind) const;
    /// How a byte of a masked payload becomes what was meant: "0x7f ^ 0x37 = 0x48 'H'"; for other bytes what they are.
    QString byteText(qsizetype wireIndex) const;
    /// Payload bytes that were announced but are not in the capture.
    quint64 missingBytes() const;

private:
    wire::FrameHeader m_frameHeader;
    QByteArray m_header;
    QByteArray m_payload;
    QByteArray m_wirePayload;
    std::vector<FrameField> m_fields;
};

QString fieldName(FieldKind kind);
/// "FIN MASK", "RSV1": the flags that are set.
QString flagWords(const wire::FrameHeader &header);
/// "a text message in UTF-8", …: what an opcode is for.
QString opcodeMeaning(wire::Opcode opcode);
/// Something that a peer must not do. An unsolicited pong is recorded like a broken rule, but RFC 6455 5.5.3 allows it.
bool isBroken(wire::Rule rule);
bool isBroken(wire::ViolationSet violations);
/// Where in a frame a broken rule shows.
FieldKind fieldOfRule(wire::Rule rule);

} // namespace feedscope::ui
