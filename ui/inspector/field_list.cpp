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
constexpr int kGap = 12; // between columns
constexpr int kLeastMeaning = 260; // narrower, and the meaning goes under the value

QString brokenText(wire::Rule rule)
{
    const wire::RuleInfo &info = wire::ruleInfo(rule);
    return QStringLiteral("⚠ %1 (%2)").arg(QString::fromUtf8(info.text), QLatin1String(info.section));
}

/// "§5.2" where there is little room: every section is one of RFC 6455, the tooltip says so.
QString sectionText(const FrameField &field, bool wide)
{
    return wide ? field.section : QStringLiteral("§%1").arg(field.section.section(QLatin1Char(' '), -1));
}

bool isQuietRsv(const FrameField &field)
{
    const bool isRsv = field.kind == FieldKind::Rsv1 || field.kind == FieldKind::Rsv2 || field.kind == FieldKind::Rsv3;
    return isRsv && field.broken.empty() && field.value == QLatin1String("0");
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
    m_rows.clear();
    if (m_anatomy) {
        const auto &fields = m_anatomy->fields();
        for (size_t i = 0; i < fields.size(); ++i) {
            FrameField field = fields[i];
            if (field.kind == FieldKind::Rsv1 && isQuietRsv(field) && isQuietRsv(fields[i + 1]) && isQuietRsv(fields[i + 2])) {
                field.name = QStringLiteral("RSV1–3");
                field.value = QStringLiteral("000");
                field.bits.count = 3;
                i += 2;
            }
            m_rows.push_back({std::move(field), {}});
        }
    }
    layOut();
    verticalScrollBar()->setValue(0);
}

FieldList::Columns FieldList::columns() const
{
    const QFontMetrics bytes(byteFontFor(this));
    const QFontMetrics words = fontMetrics();
    int nameWidth = 0;
    int valueWidth = bytes.horizontalAdvance(QStringLiteral("37 fa 21 3d"));
    for (const Row &row : m_rows) {
        nameWidth = qMax(nameWidth, words.horizontalAdvance(row.field.name));
        valueWidth = qMax(valueWidth, bytes.horizontalAdvance(row.field.value));
    }
    valueWidth = qMin(valueWidth, bytes.horizontalAdvance(QStringLiteral("7f 9f 4d 51 58 … +179")));
    Columns c{};
    c.name = kPad + kSwatch + 8;
    c.value = c.name + nameWidth + kGap;
    const int width = viewport()->width() - kPad;
    const int longSection = words.horizontalAdvance(QStringLiteral("RFC 6455 5.5.1"));
    const int shortSection = words.horizontalAdvance(QStringLiteral("§5.5.1"));
    c.meaning = c.value + valueWidth + kGap;
    c.section = width - longSection;
    c.longSection = c.section - kGap - c.meaning >= kLeastMeaning;
    if (!c.longSection)
        c.section = width - shortSection;
    c.oneLine = c.section - kGap - c.meaning >= kLeastMeaning;
    if (!c.oneLine)
        c.meaning = c.name;
    c.meaningWidth = qMax(80, (c.oneLine ? c.section - kGap : width) - c.meaning);
    return c;
}

void FieldList::layOut()
{
    const Columns c = columns();
    const QFontMetrics words = fontMetrics();
    const int line = qMax(words.height(), QFontMetrics(byteFontFor(this)).height());
    const auto heightOf = [&](const QString &text) {
        return words.boundingRect(QRect(0, 0, c.meaningWidth, 10'000), Qt::TextWordWrap, text).height();
    };
    int top = 2;
    for (Row &row : m_rows) {
        const int meaning = heightOf(row.field.meaning);
        int height = c.oneLine ? qMax(line, meaning) : line + meaning;
        for (const wire::Rule rule : row.field.broken)
            height += heightOf(brokenText(rule));
        height += 3;
        row.area = QRect(0, top, viewport()->width(), height);
        top += height;
    }
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(line);
    verticalScrollBar()->setRange(0, qMax(0, top - viewport()->height()));
    viewport()->update();
}

int FieldList::rowOf(FieldKind kind) const
{
    const FrameField *field = m_anatomy ? m_anatomy->field(kind) : nullptr;
    for (size_t i = 0; field && i < m_rows.size(); ++i) {
        if (m_rows[i].field.bits.overlaps(field->bits))
            return static_cast<int>(i);
    }
    return -1;
}

QRect FieldList::rowRect(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    return m_rows[static_cast<size_t>(row)].area.translated(0, -verticalScrollBar()->value());
}

int FieldList::rowAt(QPoint position) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (rowRect(row).contains(position))
            return row;
    }
    return -1;
}

QString FieldList::rowText(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    const FrameField &field = m_rows[static_cast<size_t>(row)].field;
    return QStringLiteral("%1 = %2: %3 %4").arg(field.name, field.value, field.meaning, field.section);
}

void FieldList::paintRow(QPainter &painter, const Row &row, const Columns &c) const
{
    const Colors &colors = colorsFor(palette());
    const FrameField &field = row.field;
    const QRect area = row.area.translated(0, -verticalScrollBar()->value());
    const QColor hue = field.broken.empty() ? fieldColor(colors, field.kind, m_anatomy->frameHeader().opcode) : colors.error;
    const QColor ink = palette().color(QPalette::Text);
    if (m_highlight->lit().overlaps(field.bits))
        painter.fillRect(area, translucent(hue, 70));
    painter.fillRect(QRect(kPad, area.top() + 3, kSwatch, area.height() - 6), hue);

    const int top = area.top() + 2;
    const auto cell = [&](int left, int width) { return QRect(left, top, width, area.height()); };
    painter.setFont(font());
    painter.setPen(ink);
    painter.drawText(cell(c.name, c.value - c.name), Qt::AlignLeft | Qt::AlignTop, field.name);
    painter.setPen(colors.muted);
    painter.drawText(cell(c.section, viewport()->width() - kPad - c.section), Qt::AlignRight | Qt::AlignTop, sectionText(field, c.longSection));
    painter.setFont(byteFontFor(this));
    painter.setPen(ink);
    const int valueRight = c.oneLine ? c.meaning - kGap : c.section - kGap;
    painter.drawText(cell(c.value, valueRight - c.value), Qt::AlignLeft | Qt::AlignTop,
        painter.fontMetrics().elidedText(field.value, Qt::ElideRight, valueRight - c.value));

    painter.setFont(font());
    painter.setPen(c.oneLine ? ink : colors.muted);
    QRect below(c.meaning, top, c.meaningWidth, area.height());
    if (!c.oneLine)
        below.setTop(top + qMax(fontMetrics().height(), QFontMetrics(byteFontFor(this)).height()));
    QRect used;
    painter.drawText(below, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, field.meaning, &used);
    painter.setPen(colors.error);
    for (const wire::Rule rule : field.broken) {
        below.setTop(used.bottom() + 1);
        painter.drawText(below, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, brokenText(rule), &used);
    }
}

void FieldList::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    const Columns c = columns();
    for (int i = 0; i < rowCount(); ++i) {
        if (rowRect(i).intersects(viewport()->rect()))
            paintRow(painter, m_rows[static_cast<size_t>(i)], c);
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
    const int row = rowAt(event->pos());
    m_highlight->hover(row >= 0 ? m_rows[static_cast<size_t>(row)].field.bits : BitRange());
}

void FieldList::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->pos());
    if (event->button() == Qt::LeftButton && row >= 0)
        m_highlight->choose(m_rows[static_cast<size_t>(row)].field.bits);
}

bool FieldList::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        m_highlight->hover({});
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = rowText(rowAt(help->pos()));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace feedscope::ui
