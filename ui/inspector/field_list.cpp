// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/field_list.h"

#include "ui/inspector/inspector_style.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

namespace feedscope::ui {

namespace {

constexpr int kPad = 8;
constexpr int kSwatch = 4;
constexpr int kWide = 640;
constexpr int kLeastMeaning = 100;

QString brokenText(wire::Rule rule)
{
    const wire::RuleInfo &info = wire::ruleInfo(rule);
    return QStringLiteral("⚠ %1 (%2)").arg(QLatin1String(info.text), QLatin1String(info.section));
}

/// "§5.2" where there is little room: every section is one of RFC 6455, the tooltip says so.
QString sectionText(const FrameField &field, bool wide)
{
    return wide ? field.section : QStringLiteral("§%1").arg(field.section.section(QLatin1Char(' '), -1));
}

} // namespace

FieldList::FieldList(FrameHighlight *highlight, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_highlight(highlight)
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(QStringLiteral("Fields of the frame"));
    viewport()->setMouseTracking(true);
    connect(m_highlight, &FrameHighlight::litChanged, this, [this] { viewport()->update(); });
}

void FieldList::setFrame(const FrameAnatomy *anatomy)
{
    m_anatomy = anatomy && !anatomy->isEmpty() ? anatomy : nullptr;
    verticalScrollBar()->setValue(0);
    layOut();
}

void FieldList::layOut()
{
    m_rects.clear();
    m_contentHeight = 0;
    if (m_anatomy) {
        const QFontMetrics bytes(byteFontFor(this));
        const QFontMetrics words = fontMetrics();
        m_nameWidth = 0;
        m_valueWidth = bytes.horizontalAdvance(QStringLiteral("37 fa 21 3d")) + 2;
        for (const FrameField &field : m_anatomy->fields())
            m_nameWidth = qMax(m_nameWidth, words.horizontalAdvance(field.name));
        const int meaningLeft = kPad + kSwatch + 6 + m_nameWidth + 12 + m_valueWidth + 12;
        m_wide = viewport()->width() >= kWide;
        m_sectionWidth = words.horizontalAdvance(m_wide ? QStringLiteral("RFC 6455 5.5.1") : QStringLiteral("§5.5.1"));
        const int meaningWidth = qMax(kLeastMeaning, viewport()->width() - meaningLeft - 2 * kPad - m_sectionWidth);
        for (const FrameField &field : m_anatomy->fields()) {
            const auto heightOf = [&](const QString &text) {
                return words.boundingRect(QRect(0, 0, meaningWidth, 10'000), Qt::TextWordWrap, text).height();
            };
            int height = qMax(heightOf(field.meaning),
                bytes.boundingRect(QRect(0, 0, m_valueWidth, 10'000), Qt::TextWordWrap, field.value).height());
            for (const wire::Rule rule : field.broken)
                height += heightOf(brokenText(rule));
            height += 4;
            m_rects.emplace_back(0, m_contentHeight, viewport()->width(), height);
            m_contentHeight += height;
        }
    }
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(fontMetrics().height());
    verticalScrollBar()->setRange(0, qMax(0, m_contentHeight - viewport()->height()));
    viewport()->update();
}

QRect FieldList::fieldRect(int field) const
{
    if (field < 0 || static_cast<size_t>(field) >= m_rects.size())
        return {};
    return m_rects[static_cast<size_t>(field)].translated(0, -verticalScrollBar()->value());
}

int FieldList::fieldAt(QPoint position) const
{
    for (size_t i = 0; i < m_rects.size(); ++i) {
        if (fieldRect(static_cast<int>(i)).contains(position))
            return static_cast<int>(i);
    }
    return -1;
}

QString FieldList::fieldText(int field) const
{
    if (!m_anatomy || field < 0 || static_cast<size_t>(field) >= m_anatomy->fields().size())
        return {};
    const FrameField &f = m_anatomy->fields()[static_cast<size_t>(field)];
    return QStringLiteral("%1 = %2: %3 %4").arg(f.name, f.value, f.meaning, f.section);
}

void FieldList::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    if (!m_anatomy)
        return;
    const Colors &colors = colorsFor(palette());
    const BitRange lit = m_highlight->lit();
    for (size_t i = 0; i < m_rects.size(); ++i) {
        const QRect area = fieldRect(static_cast<int>(i));
        if (!area.intersects(viewport()->rect()))
            continue;
        const FrameField &field = m_anatomy->fields()[i];
        const QColor hue = field.broken.empty() ? fieldColor(colors, field.kind, m_anatomy->frameHeader().opcode) : colors.error;
        if (lit.overlaps(field.bits))
            painter.fillRect(area, translucent(hue, 70));
        painter.fillRect(QRect(kPad, area.top() + 3, kSwatch, area.height() - 6), hue);
        QRect cell(kPad + kSwatch + 6, area.top() + 2, m_nameWidth, area.height());
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignTop, field.name);
        cell = QRect(cell.right() + 13, area.top() + 2, m_valueWidth, area.height());
        painter.setFont(byteFontFor(this));
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, field.value);
        painter.setFont(font());
        const int left = cell.right() + 13;
        cell = QRect(left, area.top() + 2, qMax(kLeastMeaning, area.width() - left - 2 * kPad - m_sectionWidth), area.height());
        painter.setPen(colors.muted);
        painter.drawText(QRect(area.right() - kPad - m_sectionWidth, cell.top(), m_sectionWidth, cell.height()),
            Qt::AlignRight | Qt::AlignTop, sectionText(field, m_wide));
        QRect used;
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, field.meaning, &used);
        painter.setPen(colors.error);
        int top = used.bottom() + 1;
        for (const wire::Rule rule : field.broken) {
            const QRect below(cell.left(), top, cell.width(), area.bottom() - top);
            painter.drawText(below, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, brokenText(rule), &used);
            top = used.bottom() + 1;
        }
    }
}

void FieldList::resizeEvent(QResizeEvent *)
{
    layOut();
}

void FieldList::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layOut();
}

void FieldList::mouseMoveEvent(QMouseEvent *event)
{
    const int field = fieldAt(event->pos());
    m_highlight->hover(field >= 0 ? m_anatomy->fields()[static_cast<size_t>(field)].bits : BitRange());
}

void FieldList::mousePressEvent(QMouseEvent *event)
{
    const int field = fieldAt(event->pos());
    if (event->button() == Qt::LeftButton && field >= 0)
        m_highlight->choose(m_anatomy->fields()[static_cast<size_t>(field)].bits);
}

bool FieldList::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        m_highlight->hover({});
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = fieldText(fieldAt(help->pos()));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace feedscope::ui
