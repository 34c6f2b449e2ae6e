// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/figures.h"

#include <QFontMetrics>
#include <QGlyphRun>

#include <algorithm>
#include <array>
#include <cmath>

namespace feedscope::ui {

namespace {

bool isFigure(QChar c)
{
    return c.isDigit() || c == QLatin1Char('+') || c == QLatin1Char('-') || c == QChar(0x2212);
}

} // namespace

Figures::Figures(const QFont &font)
    : m_font(font)
{
    // Kerning would move a digit with its neighbour.
    m_font.setKerning(false);
    m_raw = QRawFont::fromFont(m_font);
    const QFontMetrics metrics(m_font);
    for (char digit = '0'; digit <= '9'; ++digit)
        m_digitWidth = std::max(m_digitWidth, metrics.horizontalAdvance(QLatin1Char(digit)));
    m_height = metrics.height();
    m_ascent = metrics.ascent();
}

Figures::Glyph Figures::glyph(QChar c) const
{
    const auto found = m_glyphs.constFind(c);
    if (found != m_glyphs.constEnd())
        return *found;
    Glyph made;
    const QList<quint32> indexes = m_raw.glyphIndexesForString(QString(c));
    if (!indexes.isEmpty())
        made.index = indexes.front();
    if (isFigure(c)) {
        made.width = m_digitWidth;
        made.left = (m_digitWidth - QFontMetrics(m_font).horizontalAdvance(c)) / 2;
    } else if (c == QChar(0x202f)) {
        made.width = (m_digitWidth + 1) / 3;
    } else {
        made.width = QFontMetrics(m_font).horizontalAdvance(c);
    }
    m_glyphs.insert(c, made);
    return made;
}

int Figures::width(const QString &text) const
{
    int width = 0;
    for (const QChar c : text)
        width += glyph(c).width;
    return width;
}

void Figures::draw(QPainter &painter, QPoint baseline, QStringView text, const QColor &color) const
{
    QList<quint32> indexes;
    QList<QPointF> positions;
    indexes.reserve(text.size());
    positions.reserve(text.size());
    painter.setPen(color);
    int x = 0;
    for (const QChar c : text) {
        const Glyph glyph = this->glyph(c);
        if (glyph.index != 0) {
            indexes.append(glyph.index);
            positions.append(QPointF(x + glyph.left, 0));
        } else if (!c.isSpace()) {
            painter.setFont(m_font); // the font does not have it; the text engine finds one that does
            painter.drawText(baseline + QPoint(x, 0), QString(c));
        }
        x += glyph.width;
    }
    QGlyphRun run;
    run.setRawFont(m_raw);
    run.setGlyphIndexes(indexes);
    run.setPositions(positions);
    painter.drawGlyphRun(baseline, run);
}

void Figures::drawLeft(QPainter &painter, const QRect &rect, const QString &text, const QColor &color, const Changed &changed) const
{
    const int top = rect.top() + (rect.height() - m_height) / 2;
    const QPoint baseline(rect.left(), top + m_ascent);
    if (changed.from < 0 || changed.from >= text.size()) {
        draw(painter, baseline, text, color);
        return;
    }
    const QString still = text.left(changed.from);
    const int before = width(still);
    draw(painter, baseline, still, color);
    const QString moved = text.mid(changed.from);
    if (changed.ground.isValid())
        painter.fillRect(QRect(rect.left() + before, top, width(moved), m_height), changed.ground);
    draw(painter, baseline + QPoint(before, 0), moved, changed.color.isValid() ? changed.color : color);
}

void Figures::drawRight(QPainter &painter, const QRect &rect, const QString &text, const QColor &color, const Changed &changed) const
{
    drawLeft(painter, rect.adjusted(rect.width() - width(text), 0, 0, 0), text, color, changed);
}

void drawArrow(QPainter &painter, const QRectF &rect, int direction, const QColor &color)
{
    if (direction == 0)
        return;
    const double half = std::floor(std::min(rect.width(), rect.height()) / 2);
    const QPointF centre(std::round(rect.center().x()), std::round(rect.center().y()));
    const double tip = direction > 0 ? -half : half;
    const std::array<QPointF, 3> points{
        centre + QPointF(-half, -tip * 0.8), centre + QPointF(half, -tip * 0.8), centre + QPointF(0, tip * 0.8)};
    const bool smooth = painter.testRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawConvexPolygon(points.data(), 3);
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, smooth);
}

} // namespace feedscope::ui
