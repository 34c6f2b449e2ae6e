// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector_style.h"

#include "ui/widgets/format.h"

#include <QPainter>

namespace feedscope::ui {

namespace {

} // namespace

QFont byteFontFor(const QWidget *widget)
{
    const int points = widget->font().pointSize();
    return byteFont(points > 0 ? points : 11);
}

QColor translucent(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

QColor fieldColor(const Colors &colors, FieldKind kind, wire::Opcode opcode)
{
    switch (kind) {
    case FieldKind::Fin:
        return colors.good;
    case FieldKind::Rsv1:
    case FieldKind::Rsv2:
    case FieldKind::Rsv3:
        return colors.flat;
    case FieldKind::Opcode:
        return opcodeColor(colors, opcode);
    case FieldKind::Mask:
    case FieldKind::MaskingKey:
        return colors.handshake;
    case FieldKind::Length:
    case FieldKind::ExtendedLength:
        return colors.binary;
    case FieldKind::CloseCode:
        return colors.close;
    case FieldKind::Payload:
        break;
    }
    return colors.text;
}

QColor rowColor(const Colors &colors, const capture::Record &record)
{
    switch (record.kind) {
    case capture::RecordKind::Handshake:
        return colors.handshake;
    case capture::RecordKind::End:
        return colors.close;
    case capture::RecordKind::Frame:
        break;
    }
    return opcodeColor(colors, record.header.opcode);
}

QString frameCell(const FrameLine &line, FrameColumn column)
{
    const capture::Record &record = line.record;
    const bool isFrame = record.kind == capture::RecordKind::Frame;
    switch (column) {
    case FrameColumn::No:
        return isFrame ? formatCount(record.no) : QString();
    case FrameColumn::Time:
        return formatTime(record.time.wallNs);
    case FrameColumn::Conn:
        return QString::number(record.connection);
    case FrameColumn::From:
        return line.from;
    case FrameColumn::Opcode:
        return line.kind;
    case FrameColumn::Flags:
        return line.flags;
    case FrameColumn::Length:
        return isFrame ? formatCount(record.header.length) : QString();
    case FrameColumn::RttOrCode:
        if (line.closeCode)
            return QString::number(*line.closeCode);
        return record.rttNs ? formatDuration(*record.rttNs) : QString();
    case FrameColumn::What:
        break;
    }
    return line.what;
}

} // namespace feedscope::ui
