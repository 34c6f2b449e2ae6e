// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/hex_view.h"

#include "ui/inspector/inspector_style.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

namespace feedscope::ui {

namespace {

constexpr int kPad = 8;
constexpr int kGap = 12; // between the columns

QChar shownChar(quint8 byte)
{
    return byte >= 0x20 && byte < 0x7f ? QChar(QLatin1Char(static_cast<char>(byte))) : QChar(0x00b7);
}

} // namespace

HexView::HexView(FrameHighlight *highlight, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_highlight(highlight)
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(QStringLiteral("Bytes of the frame"));
    viewport()->setMouseTracking(true);
    connect(m_highlight, &FrameHighlight::litChanged, this, [this] { viewport()->update(); });
    connect(m_highlight, &FrameHighlight::chosenChanged, this, &HexView::showLit);
}

void HexView::setFrame(const FrameAnatomy *anatomy)
{
    m_anatomy = anatomy && !anatomy->isEmpty() ? anatomy : nullptr;
    layOut();
    verticalScrollBar()->setValue(0);
}

HexView::Columns HexView::columns() const
{
    const QFontMetrics bytes(byteFontFor(this));
    Columns c{};
    c.character = bytes.horizontalAdvance(QLatin1Char('0'));
    c.row = bytes.height() + 2;
    c.byte = 2 * c.character + 5;
    c.wire = kPad + 4 * c.character + kGap;
    const int width = m_bytesPerRow * c.byte;
    c.plain = m_showsPlain ? c.wire + width + kGap : -1;
    c.text = (m_showsPlain ? c.plain : c.wire) + width + kGap - 5;
    return c;
}

void HexView::layOut()
{
    const bool masked = m_anatomy && m_anatomy->frameHeader().masked && !m_anatomy->payload().isEmpty();
    m_bytesPerRow = 4;
    m_showsPlain = false;
    // The widest that fits; both columns of a masked frame go before more bytes in a row.
    for (const bool plain : {masked, false}) {
        bool fits = false;
        for (const int perRow : {8, 16, 24, 32}) {
            m_bytesPerRow = perRow;
            m_showsPlain = plain;
            const Columns c = columns();
            if (c.text + perRow * c.character + kPad > viewport()->width())
                break;
            fits = true;
            if (perRow >= 16 && m_anatomy && m_anatomy->byteCount() <= 256)
                break; // 16 is what eyes are used to
        }
        const Columns c = columns();
        if (c.text + m_bytesPerRow * c.character + kPad > viewport()->width())
            m_bytesPerRow = qMax(4, m_bytesPerRow - 8);
        if (fits)
            break;
    }
    const qsizetype total = m_anatomy ? m_anatomy->byteCount() : 0;
    const auto rows = static_cast<int>((total + m_bytesPerRow - 1) / m_bytesPerRow);
    const int visible = qMax(1, (viewport()->height() - readoutHeight()) / columns().row);
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setRange(0, qMax(0, rows - visible));
    viewport()->update();
}

int HexView::readoutHeight() const
{
    return fontMetrics().height() + 8;
}

QRect HexView::byteRect(qsizetype byte) const
{
    const Columns c = columns();
    const auto row = static_cast<int>(byte / m_bytesPerRow) - verticalScrollBar()->value();
    return {c.wire + static_cast<int>(byte % m_bytesPerRow) * c.byte - 3, 4 + row * c.row, c.byte, c.row};
}

qsizetype HexView::byteAt(QPoint position) const
{
    if (!m_anatomy || position.y() < 4 || position.y() >= viewport()->height() - readoutHeight())
        return -1;
    const Columns c = columns();
    const int width = m_bytesPerRow * c.byte;
    int column = -1;
    if (position.x() >= c.wire - 3 && position.x() < c.wire - 3 + width)
        column = (position.x() - c.wire + 3) / c.byte;
    else if (c.plain >= 0 && position.x() >= c.plain - 3 && position.x() < c.plain - 3 + width)
        column = (position.x() - c.plain + 3) / c.byte;
    else if (position.x() >= c.text && position.x() < c.text + m_bytesPerRow * c.character)
        column = (position.x() - c.text) / c.character;
    if (column < 0)
        return -1;
    const qsizetype row = (position.y() - 4) / c.row + verticalScrollBar()->value();
    const qsizetype byte = row * m_bytesPerRow + column;
    return byte < m_anatomy->byteCount() ? byte : -1;
}

QString HexView::readout() const
{
    if (!m_anatomy)
        return {};
    const BitRange lit = m_highlight->lit();
    if (lit.isEmpty())
        return QStringLiteral("%1 header bytes, %2 payload bytes%3")
            .arg(m_anatomy->header().size())
            .arg(m_anatomy->payload().size())
            .arg(m_anatomy->frameHeader().masked ? QStringLiteral(", masked on the wire") : QString());
    if (lit.count <= 8 && lit.first / 8 == (lit.first + lit.count - 1) / 8)
        return m_anatomy->byteText(lit.first / 8);
    return QStringLiteral("bytes %1 to %2").arg(lit.first / 8).arg((lit.first + lit.count - 1) / 8);
}

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    if (!m_anatomy)
        return;
    const Colors &colors = colorsFor(palette());
    const Columns c = columns();
    const BitRange lit = m_highlight->lit();
    const qsizetype headerSize = m_anatomy->header().size();
    const int bottom = viewport()->height() - readoutHeight();
    painter.setFont(byteFontFor(this));
    const QColor ink = palette().color(QPalette::Text);
    painter.setClipRect(0, 0, viewport()->width(), bottom);
    for (qsizetype row = verticalScrollBar()->value(); row * m_bytesPerRow < m_anatomy->byteCount(); ++row) {
        const int top = 4 + static_cast<int>(row - verticalScrollBar()->value()) * c.row;
        if (top >= bottom)
            break;
        painter.setPen(colors.muted);
        painter.drawText(QRect(kPad, top, 4 * c.character, c.row), Qt::AlignRight | Qt::AlignVCenter,
            QStringLiteral("%1").arg(row * m_bytesPerRow, 4, 16, QLatin1Char('0')));
        for (int column = 0; column < m_bytesPerRow; ++column) {
            const qsizetype byte = row * m_bytesPerRow + column;
            if (byte >= m_anatomy->byteCount())
                break;
            const bool isHeader = byte < headerSize;
            // Byte 0 and 1 hold several fields: the widest one gives the tint.
            const int index = byte == 0 ? m_anatomy->fieldAtBit(4) : m_anatomy->fieldAtBit(byte * 8 + (byte == 1 ? 4 : 0));
            const FrameField &field = m_anatomy->fields()[static_cast<size_t>(qMax(0, index))];
            bool broken = false;
            for (const FrameField &f : m_anatomy->fields())
                broken = broken || (!f.broken.empty() && f.bits.overlaps({byte * 8, 8}));
            const QColor hue = broken ? colors.error : fieldColor(colors, field.kind, m_anatomy->frameHeader().opcode);
            const bool isLit = lit.overlaps({byte * 8, 8});
            const auto cell = [&](int left, int width) { return QRect(left, top, width, c.row); };
            const QRect wire = cell(c.wire + column * c.byte - 3, c.byte);
            if (isHeader || broken)
                painter.fillRect(wire, translucent(hue, 50));
            if (isLit)
                painter.fillRect(wire, translucent(hue, 130));
            painter.setPen(isHeader ? hue : ink);
            if (isLit)
                painter.setPen(ink);
            const quint8 onWire = m_anatomy->wireByte(byte);
            painter.drawText(wire, Qt::AlignCenter, QStringLiteral("%1").arg(onWire, 2, 16, QLatin1Char('0')));
            if (isHeader)
                continue;
            const auto plain = static_cast<quint8>(m_anatomy->payload().at(byte - headerSize));
            if (c.plain >= 0) {
                const QRect area = cell(c.plain + column * c.byte - 3, c.byte);
                if (isLit)
                    painter.fillRect(area, translucent(hue, 130));
                painter.setPen(ink);
                painter.drawText(area, Qt::AlignCenter, QStringLiteral("%1").arg(plain, 2, 16, QLatin1Char('0')));
            }
            const QRect area = cell(c.text + column * c.character, c.character);
            if (isLit)
                painter.fillRect(area, translucent(hue, 130));
            const QChar shown = shownChar(plain);
            painter.setPen(shown == QChar(0x00b7) ? colors.muted : ink);
            painter.drawText(area, Qt::AlignCenter, shown);
        }
    }
    painter.setClipping(false);
    painter.fillRect(0, bottom, viewport()->width(), 1, colors.border);
    painter.setFont(font());
    painter.setPen(colors.muted);
    const QRect line(kPad, bottom + 1, viewport()->width() - 2 * kPad, readoutHeight() - 1);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(readout(), Qt::ElideRight, line.width()));
}

void HexView::showLit()
{
    const BitRange chosen = m_highlight->chosen();
    if (chosen.isEmpty())
        return;
    const auto row = static_cast<int>(chosen.first / 8 / m_bytesPerRow);
    QScrollBar *bar = verticalScrollBar();
    if (row < bar->value() || row >= bar->value() + bar->pageStep())
        bar->setValue(row);
}

void HexView::resizeEvent(QResizeEvent *)
{
    layOut();
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layOut();
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    const qsizetype byte = byteAt(event->pos());
    m_highlight->hover(byte < 0 ? BitRange() : BitRange{byte * 8, 8});
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    const qsizetype byte = byteAt(event->pos());
    if (event->button() == Qt::LeftButton && byte >= 0)
        m_highlight->choose({byte * 8, 8});
}

bool HexView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        m_highlight->hover({});
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace feedscope::ui
