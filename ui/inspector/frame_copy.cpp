// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_copy.h"

#include "base/bytes.h"
#include "capture/record_json.h"
#include "ui/models/frame_anatomy.h"
#include "ui/models/frame_fields.h"

namespace feedscope::ui {

namespace {

QString cArray(const QByteArray &bytes, const capture::Record &record)
{
    QString text = QStringLiteral("/* frame %1, %2, from the %3 */\nstatic const unsigned char frame_%1[%4] = {")
                       .arg(QString::number(record.no), QString::fromLatin1(wire::opcodeName(record.header.opcode)),
                           roleName(record.from), QString::number(bytes.size()));
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        text += i % 12 ? QStringLiteral(" ") : QStringLiteral("\n    ");
        text += QStringLiteral("0x%1,").arg(static_cast<quint8>(bytes.at(i)), 2, 16, QLatin1Char('0'));
    }
    return text + QStringLiteral("\n};\n");
}

} // namespace

QString copyText(const capture::CaptureReader &reader, quint64 row, CopyFormat format)
{
    const capture::Record record = reader.record(row, true);
    if (record.kind == capture::RecordKind::Handshake) {
        const wire::HandshakeSeen handshake = reader.handshake(row);
        if (format == CopyFormat::Json)
            return QString::fromUtf8(capture::handshakeToJson(record.connection, handshake, record.time));
        const QByteArray heads = handshake.requestBytes + handshake.responseBytes;
        return format == CopyFormat::Text ? QString::fromUtf8(heads) : QString::fromLatin1(base::toHex(heads, ' '));
    }
    if (record.kind == capture::RecordKind::End) {
        const wire::Ending ending = reader.ending(row);
        return format == CopyFormat::Json ? QString::fromUtf8(capture::endToJson(record.connection, ending, record.time))
                                          : describeEnding(ending);
    }
    const FrameAnatomy anatomy(record);
    const QByteArray bytes = anatomy.header() + anatomy.wirePayload();
    switch (format) {
    case CopyFormat::Text:
        return QString::fromUtf8(record.payload);
    case CopyFormat::Hex:
        return QString::fromLatin1(base::toHex(bytes, ' '));
    case CopyFormat::CArray:
        return cArray(bytes, record);
    case CopyFormat::Json:
        break;
    }
    return QString::fromUtf8(capture::frameToJson(record));
}

} // namespace feedscope::ui
