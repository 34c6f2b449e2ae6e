// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/bit_grid.h"

#include "base/bytes.h"
#include "ui/inspector/inspector_style.h"
#include "ui/widgets/format.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace feedscope::ui {

namespace {

constexpr int kBitsPerRow = 32;
constexpr int kMargin = 8;

/// The part of a range in one row.
BitRange inRow(const BitRange &range, int row)
{
    const qint64 begin = qMax<qint64>(range.first, qint64(row) * kBitsPerRow);
    const qint64 end = qMin<qint64>(range.first + range.count, qint64(row + 1) * kBitsPerRow);
    return {begin, end - begin};
}

} // namespace

BitGrid::BitGrid(FrameHighlight *highlight, QWidget *parent)
    : QWidget(parent)
    , m_highlight(highlight)
{
    setMouseTracking(true);
    setAccessibleName(QStringLiteral("Bits of the frame"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_highlight, &FrameHighlight::litChanged, this, qOverload<>(&QWidget::update));
}

void BitGrid::setFrame(const FrameAnatomy *anatomy)
{
    m_anatomy = anatomy && !anatomy->isEmpty() ? anatomy : nullptr;
    QStringList words;
    if (m_anatomy) {
        for (const FrameField &field : m_anatomy->fields())
            words << QStringLiteral("%1 %2").arg(field.name, field.value);
    }
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

int BitGrid::shownBytes() const
{
    if (!m_anatomy)
        return 0;
    return static_cast<int>(m_anatomy->header().size() + qMin(kMostPayloadBytes, m_anatomy->wirePayload().size()));
}

QFont BitGrid::smallFont() const
{
    QFont small = byteFontFor(this);
    small.setPointSize(qMax(8, small.pointSize() * 8 / 11));
    return small;
}

BitGrid::Metrics BitGrid::metrics() const
{
    const QFontMetrics bytes(byteFontFor(this));
    const QFontMetrics small(smallFont());
    Metrics m{};
    m.left = kMargin + small.horizontalAdvance(QStringLiteral("00")) + 6;
    m.cell = qBound(bytes.horizontalAdvance(QLatin1Char('0')) + 2, (width() - m.left - kMargin) / kBitsPerRow, 26);
    m.top = kMargin / 2 + 2 * small.height();
    m.bits = bytes.height() + 4;
    m.firstLabel = 4 * (small.ascent() + 1) + 6;
    m.label = small.height() + 4;
    return m;
}

int BitGrid::rowHeight(int row, const Metrics &m) const
{
    return m.bits + (row == 0 ? m.firstLabel : m.label);
}

int BitGrid::rowTop(int row, const Metrics &m) const
{
    return row == 0 ? m.top : m.top + rowHeight(0, m) + (row - 1) * rowHeight(1, m);
}

QRect BitGrid::bitRect(qint64 bit) const
{
    if (bit < 0 || bit >= qint64(shownBytes()) * 8)
        return {};
    const Metrics m = metrics();
    const int row = static_cast<int>(bit / kBitsPerRow);
    return {m.left + static_cast<int>(bit % kBitsPerRow) * m.cell, rowTop(row, m), m.cell, m.bits};
}

qint64 BitGrid::bitAt(QPoint position) const
{
    const Metrics m = metrics();
    const int rows = (shownBytes() * 8 + kBitsPerRow - 1) / kBitsPerRow;
    for (int row = 0; row < rows; ++row) {
        const int top = rowTop(row, m);
        if (position.y() < top || position.y() >= top + rowHeight(row, m))
            continue;
        const int column = position.x() < m.left ? -1 : (position.x() - m.left) / m.cell;
        if (column < 0 || column >= kBitsPerRow)
            return -1;
        const qint64 bit = qint64(row) * kBitsPerRow + column;
        return bit < qint64(shownBytes()) * 8 ? bit : -1;
    }
    return -1;
}

BitRange BitGrid::rangeAt(qint64 bit) const
{
    const int index = m_anatomy && bit >= 0 ? m_anatomy->fieldAtBit(bit) : -1;
    if (index < 0)
        return {};
    const FrameField &field = m_anatomy->fields()[static_cast<size_t>(index)];
    return field.kind == FieldKind::Payload ? BitRange{bit / 8 * 8, 8} : field.bits;
}

QSize BitGrid::sizeHint() const
{
    const int width = minimumSizeHint().width() + kBitsPerRow * 5;
    return {width, heightForWidth(width)};
}

QSize BitGrid::minimumSizeHint() const
{
    const QFontMetrics bytes(byteFontFor(this));
    const QFontMetrics small(smallFont());
    return {kMargin * 2 + 6 + small.horizontalAdvance(QStringLiteral("00"))
            + kBitsPerRow * (bytes.horizontalAdvance(QLatin1Char('0')) + 2),
        heightForWidth(0)};
}

int BitGrid::heightForWidth(int) const
{
    const Metrics m = metrics();
    const int rows = qMax(1, (shownBytes() * 8 + kBitsPerRow - 1) / kBitsPerRow);
    const bool more = m_anatomy && (m_anatomy->byteCount() > shownBytes() || m_anatomy->missingBytes() > 0);
    return rowTop(rows, m) + (more ? m.label + 4 : 0) + kMargin;
}

void BitGrid::paintRuler(QPainter &painter, const Metrics &m) const
{
    painter.setFont(smallFont());
    const QFontMetrics small(painter.font());
    painter.setPen(colorsFor(palette()).muted);
    for (int bit = 0; bit < kBitsPerRow; ++bit) {
        const QRect tens(m.left + bit * m.cell, m.top - 2 * small.height(), m.cell, small.height());
        if (bit % 10 == 0)
            painter.drawText(tens, Qt::AlignCenter, QString::number(bit / 10));
        painter.drawText(tens.translated(0, small.height()), Qt::AlignCenter, QString::number(bit % 10));
    }
}

void BitGrid::paintLabels(
    QPainter &painter, const FrameField &field, const BitRange &run, int row, const Metrics &m) const
{
    const Colors &colors = colorsFor(palette());
    const QFontMetrics small(painter.font());
    const int top = rowTop(row, m) + m.bits;
    const int left = m.left + static_cast<int>(run.first % kBitsPerRow) * m.cell;
    const QRect area(left, top, static_cast<int>(run.count) * m.cell, row == 0 ? m.firstLabel : m.label);
    painter.setPen(fieldColor(colors, field.kind, m_anatomy->frameHeader().opcode));

    if (field.bits.count == 1) { // written downwards, as the RFC does
        int y = area.top() + 2;
        for (const QChar letter : field.name) {
            painter.drawText(QRect(area.left(), y, area.width(), small.ascent() + 1), Qt::AlignHCenter | Qt::AlignTop, letter);
            y += small.ascent() + 1;
        }
        return;
    }
    QRect line(area.left(), area.top() + 2, area.width(), small.height());
    const auto write = [&](const QString &text, bool always = true) {
        if (always || small.horizontalAdvance(text) <= line.width())
            painter.drawText(line, Qt::AlignHCenter | Qt::AlignTop, small.elidedText(text, Qt::ElideRight, line.width()));
        line.translate(0, small.height());
    };
    const auto bytesOfRun = [&] {
        QByteArray bytes;
        for (qint64 byte = run.first / 8; byte < (run.first + run.count) / 8; ++byte)
            bytes.append(static_cast<char>(m_anatomy->wireByte(byte)));
        return QString::fromLatin1(base::toHex(bytes, ' '));
    };
    switch (field.kind) {
    case FieldKind::Opcode:
        write(field.name);
        write(QStringLiteral("0x%1").arg(static_cast<quint8>(m_anatomy->frameHeader().opcode), 0, 16));
        write(QString::fromLatin1(wire::opcodeName(m_anatomy->frameHeader().opcode)));
        return;
    case FieldKind::Length:
        write(field.name);
        write(field.value);
        return;
    case FieldKind::ExtendedLength:
    case FieldKind::MaskingKey: {
        const QString bytes = bytesOfRun();
        const bool begins = run.first == field.bits.first;
        const QString name = begins ? field.name : QStringLiteral("… %1").arg(field.name);
        if (row == 0) {
            write(name);
            write(field.kind == FieldKind::MaskingKey ? bytes : QStringLiteral("%1 = %2").arg(bytes, field.value));
        } else {
            write(QStringLiteral("%1 %2").arg(name, bytes));
        }
        return;
    }
    case FieldKind::CloseCode: {
        const QString plain = QString::fromLatin1(base::toHex(m_anatomy->payload().first(2), ' '));
        const QString bytes = m_anatomy->frameHeader().masked ? bytesOfRun() + QStringLiteral("→") + plain : plain;
        write(QStringLiteral("%1 = %2").arg(bytes, field.value), false);
        return;
    }
    default:
        break;
    }
    for (qint64 bit = run.first; bit < run.first + run.count; bit += 8) {
        const auto byte = static_cast<qsizetype>(bit / 8);
        const QString wire = QStringLiteral("%1").arg(m_anatomy->wireByte(byte), 2, 16, QLatin1Char('0'));
        const auto plain = static_cast<quint8>(m_anatomy->payload().at(byte - m_anatomy->header().size()));
        const bool printable = plain >= 0x20 && plain < 0x7f;
        const QString shown = printable ? QStringLiteral("'%1'").arg(QLatin1Char(static_cast<char>(plain))) : QString();
        const QString text = m_anatomy->frameHeader().masked
            ? QStringLiteral("%1→%2 %3").arg(wire, QStringLiteral("%1").arg(plain, 2, 16, QLatin1Char('0')), shown)
            : QStringLiteral("%1 %2").arg(wire, shown);
        line = QRect(m.left + static_cast<int>(bit % kBitsPerRow) * m.cell, area.top() + 2, 8 * m.cell, small.height());
        write(text);
    }
}

void BitGrid::paintRow(QPainter &painter, int row, const Metrics &m) const
{
    const Colors &colors = colorsFor(palette());
    const BitRange lit = m_highlight->lit();
    const qint64 end = qMin<qint64>(qint64(row + 1) * kBitsPerRow, qint64(shownBytes()) * 8);
    const int top = rowTop(row, m);
    const int height = rowHeight(row, m);

    painter.setFont(smallFont());
    painter.setPen(colors.muted);
    painter.drawText(QRect(0, top, m.left - 6, m.bits), Qt::AlignRight | Qt::AlignVCenter, QString::number(row * 4));
    for (const FrameField &field : m_anatomy->fields()) {
        BitRange run = inRow(field.bits, row);
        run.count = qMin(run.count, end - run.first);
        if (run.count <= 0)
            continue;
        const QRect area(m.left + static_cast<int>(run.first % kBitsPerRow) * m.cell, top,
            static_cast<int>(run.count) * m.cell, height);
        const bool broken = !field.broken.empty();
        const QColor hue = broken ? colors.error : fieldColor(colors, field.kind, m_anatomy->frameHeader().opcode);
        painter.fillRect(area, translucent(hue, broken ? 70 : 28));
        if (lit.overlaps(run)) {
            const qint64 from = qMax(run.first, lit.first);
            const qint64 to = qMin(run.first + run.count, lit.first + lit.count);
            painter.fillRect(m.left + static_cast<int>(from % kBitsPerRow) * m.cell, top,
                static_cast<int>(to - from) * m.cell, height, translucent(hue, 110));
        }
        painter.setFont(byteFontFor(this));
        painter.setPen(palette().color(QPalette::Text));
        for (qint64 bit = run.first; bit < run.first + run.count; ++bit) {
            const QRect cell(m.left + static_cast<int>(bit % kBitsPerRow) * m.cell, top, m.cell, m.bits);
            painter.drawText(cell, Qt::AlignCenter, m_anatomy->bit(bit) ? QStringLiteral("1") : QStringLiteral("0"));
        }
        painter.setFont(smallFont());
        paintLabels(painter, field, run, row, m);
        // The line under bits and label is the row's; the lines between are the field's own.
        painter.setPen(broken ? colors.error : colors.muted);
        painter.drawLine(area.left(), top, area.left(), area.bottom());
        if (field.kind == FieldKind::Payload || field.kind == FieldKind::MaskingKey || field.kind == FieldKind::ExtendedLength
            || field.kind == FieldKind::CloseCode) {
            painter.setPen(colors.border);
            for (qint64 bit = (run.first / 8 + 1) * 8; bit < run.first + run.count; bit += 8) {
                const int x = m.left + static_cast<int>(bit % kBitsPerRow) * m.cell;
                painter.drawLine(x, top, x, area.bottom());
            }
        }
    }
    const int right = m.left + static_cast<int>(end - qint64(row) * kBitsPerRow) * m.cell;
    painter.setPen(colors.muted);
    painter.drawLine(m.left, top, right, top);
    painter.drawLine(m.left, top + height, right, top + height);
    painter.drawLine(right, top, right, top + height);
}

void BitGrid::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    if (!m_anatomy)
        return;
    const Metrics m = metrics();
    paintRuler(painter, m);
    const int rows = (shownBytes() * 8 + kBitsPerRow - 1) / kBitsPerRow;
    for (int row = 0; row < rows; ++row) {
        if (rowTop(row, m) <= event->rect().bottom() && rowTop(row + 1, m) >= event->rect().top())
            paintRow(painter, row, m);
    }
    QStringList more;
    if (const qsizetype hidden = m_anatomy->byteCount() - shownBytes(); hidden > 0)
        more << QStringLiteral("… %1 more payload bytes: see Hex").arg(formatCount(static_cast<quint64>(hidden)));
    if (const quint64 missing = m_anatomy->missingBytes())
        more << QStringLiteral("%1 bytes were announced and are not in the capture").arg(formatCount(missing));
    if (!more.isEmpty()) {
        painter.setFont(font());
        painter.setPen(colorsFor(palette()).muted);
        painter.drawText(QRect(m.left, rowTop(rows, m) + 4, width() - m.left, m.label + 4), Qt::AlignLeft | Qt::AlignVCenter,
            more.join(QStringLiteral(" · ")));
    }
}

void BitGrid::mouseMoveEvent(QMouseEvent *event)
{
    m_highlight->hover(rangeAt(bitAt(event->pos())));
}

void BitGrid::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        m_highlight->choose(rangeAt(bitAt(event->pos())));
}

void BitGrid::leaveEvent(QEvent *)
{
    m_highlight->hover({});
}

bool BitGrid::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_anatomy)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const qint64 bit = bitAt(help->pos());
    const int index = bit >= 0 ? m_anatomy->fieldAtBit(bit) : -1;
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const FrameField &field = m_anatomy->fields()[static_cast<size_t>(index)];
    QString text = QStringLiteral("%1 = %2\n%3\n%4").arg(field.name, field.value, field.meaning, field.section);
    if (field.kind == FieldKind::Payload)
        text += QLatin1Char('\n') + m_anatomy->byteText(bit / 8);
    for (const wire::Rule rule : field.broken)
        text += QStringLiteral("\n⚠ %1").arg(QLatin1String(wire::ruleInfo(rule).text));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace feedscope::ui
