// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_fields.h"

#include "base/bytes.h"
#include "dissect/summary.h"
#include "ui/models/frame_anatomy.h"
#include "wire/close_code.h"

#include <QStringList>

namespace feedscope::ui {

namespace {

QString firstWords(const QByteArray &head)
{
    const qsizetype end = head.indexOf("\r\n");
    QByteArray line = end < 0 ? head : head.first(end);
    const qsizetype version = line.lastIndexOf(" HTTP/");
    if (version > 0)
        line.truncate(version);
    return QString::fromLatin1(base::escaped(line, 120));
}

QString statusOf(const QByteArray &head)
{
    const qsizetype space = head.indexOf(' ');
    return head.startsWith("HTTP/") && space > 0 ? QString::fromLatin1(base::escaped(head.mid(space + 1, 3)))
                                                 : QStringLiteral("no answer");
}

QString describeControl(const capture::Record &record)
{
    if (record.payload.isEmpty())
        return QStringLiteral("no payload");
    constexpr qsizetype kShown = 16;
    QString text = QString::fromLatin1(
        base::toHex(QByteArrayView(record.payload).first(qMin(kShown, record.payload.size())), ' '));
    if (record.payload.size() > kShown)
        text += QStringLiteral(" …");
    bool printable = true;
    for (const char c : record.payload)
        printable = printable && c >= 0x20 && c < 0x7f;
    return printable ? QStringLiteral("“%1”").arg(QString::fromLatin1(record.payload)) : text;
}

QString describeClose(const capture::Record &record)
{
    const wire::ClosePayload close = wire::parseClosePayload(record.payload);
    if (!close.code)
        return record.payload.isEmpty() ? QStringLiteral("no code given") : QStringLiteral("one byte: no code");
    QString text = wire::closeCodeName(*close.code);
    if (!close.reason.isEmpty())
        text += QStringLiteral(" “%1”").arg(inert(QString::fromUtf8(close.reason)));
    return text;
}

QString describeData(const capture::Record &record)
{
    using wire::Opcode;
    const bool isText = record.header.opcode == Opcode::Text || record.textMessage;
    QString text = dissect::summarise(record.payload, isText && !record.header.rsv1);
    const QString message = record.message ? QStringLiteral("message %1").arg(record.message) : QStringLiteral("no message");
    if (record.header.opcode == Opcode::Continuation)
        text = (record.header.fin ? QStringLiteral("ends %1: ") : QStringLiteral("continues %1: ")).arg(message) + text;
    else if (!record.header.fin)
        text = QStringLiteral("begins %1: ").arg(message) + text;
    return text;
}

} // namespace

QString frameColumnTitle(FrameColumn column)
{
    switch (column) {
    case FrameColumn::No:
        return QStringLiteral("No");
    case FrameColumn::Time:
        return QStringLiteral("Time");
    case FrameColumn::Conn:
        return QStringLiteral("Conn");
    case FrameColumn::From:
        return QStringLiteral("From");
    case FrameColumn::Opcode:
        return QStringLiteral("Opcode");
    case FrameColumn::Flags:
        return QStringLiteral("Flags");
    case FrameColumn::Length:
        return QStringLiteral("Len");
    case FrameColumn::RttOrCode:
        return QStringLiteral("RTT/code");
    case FrameColumn::What:
        break;
    }
    return QStringLiteral("What it is");
}

QString roleName(wire::Role role)
{
    return role == wire::Role::Client ? QStringLiteral("client") : QStringLiteral("server");
}

QString inert(QString text)
{
    for (QChar &c : text) {
        const char16_t u = c.unicode();
        const bool direction = (u >= 0x200e && u <= 0x200f) || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069)
            || u == 0x061c;
        if (u < 0x20 || (u >= 0x7f && u < 0xa0) || direction || u == 0x2028 || u == 0x2029)
            c = QChar(0x2423); // open box: something stood here
    }
    return text;
}

QString describeHandshake(const wire::HandshakeSeen &handshake)
{
    QString text = QStringLiteral("handshake %1 %2 %3")
                       .arg(handshake.accepted ? QStringLiteral("✔") : QStringLiteral("✘"), statusOf(handshake.responseBytes),
                           firstWords(handshake.requestBytes));
    if (!handshake.subprotocol.isEmpty())
        text += QStringLiteral(" · %1").arg(QString::fromLatin1(base::escaped(handshake.subprotocol)));
    if (!handshake.violations.empty())
        text += QStringLiteral(" · %1").arg(QLatin1String(wire::ruleInfo(handshake.violations.front().rule).name));
    return text;
}

QString describeEnding(const wire::Ending &ending)
{
    QString text = QStringLiteral("end %1 %2 by %3, %4")
                       .arg(QString::number(ending.code), wire::closeCodeName(ending.code), roleName(ending.startedBy),
                           ending.clean ? QStringLiteral("clean") : QStringLiteral("not clean"));
    if (!ending.clean && ending.transport != wire::TransportEnd::None)
        text += QStringLiteral(" (%1)").arg(QString::fromLatin1(wire::transportEndName(ending.transport)));
    return text;
}

FrameLine describeRow(const capture::CaptureReader &reader, quint64 row)
{
    FrameLine line;
    line.record = reader.record(row, true);
    const capture::Record &record = line.record;
    switch (record.kind) {
    case capture::RecordKind::Handshake: {
        const wire::HandshakeSeen handshake = reader.handshake(row);
        line.kind = QStringLiteral("handshake");
        line.what = describeHandshake(handshake);
        line.isViolation = !handshake.accepted || !handshake.violations.empty();
        break;
    }
    case capture::RecordKind::End: {
        const wire::Ending ending = reader.ending(row);
        line.kind = QStringLiteral("end");
        line.what = describeEnding(ending);
        line.closeCode = ending.code;
        line.isViolation = !ending.clean;
        break;
    }
    case capture::RecordKind::Frame: {
        line.from = record.from == wire::Role::Client ? QStringLiteral("client →") : QStringLiteral("← server");
        line.kind = QString::fromLatin1(wire::opcodeName(record.header.opcode));
        line.flags = flagWords(record.header);
        line.isViolation = isBroken(record.violations) || record.damaged;
        line.isNotice = !record.violations.isEmpty() && !line.isViolation;
        if (record.header.opcode == wire::Opcode::Close) {
            line.closeCode = wire::parseClosePayload(record.payload).code;
            line.what = describeClose(record);
        } else {
            line.what = wire::isControl(record.header.opcode) ? describeControl(record) : describeData(record);
        }
        if (!record.complete)
            line.what += QStringLiteral(" — unfinished: %1 of %2 bytes").arg(record.storedLength).arg(record.header.length);
        if (record.damaged)
            line.what = QStringLiteral("damaged in the file: ") + line.what;
        if (line.isViolation || line.isNotice) {
            QStringList names;
            for (const wire::Rule rule : record.violations.rules())
                names << QLatin1String(wire::ruleInfo(rule).name);
            if (!names.isEmpty())
                line.what = names.join(QStringLiteral(", ")) + QStringLiteral(" · ") + line.what;
        }
        break;
    }
    }
    line.record.payload.clear();
    return line;
}

} // namespace feedscope::ui
