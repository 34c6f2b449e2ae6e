// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QHash>
#include <QPainter>
#include <QRawFont>
#include <QString>

namespace feedscope::ui {

/// The part of a number that has just changed: from which character on, its ink and its ground.
struct ChangedDigits {
    int from = -1; ///< -1: none
    QColor color;
    QColor ground;
};

/// Paints numbers that stand still: every digit, sign and space takes the same width whatever the font's own figures do (Qt 6.4 cannot ask a
/// font for its tabular ones). Made once per font and kept; the glyphs are looked up once. GUI thread.
class Figures {
public:
    explicit Figures(const QFont &font);

    const QFont &font() const { return m_font; }
    int digitWidth() const { return m_digitWidth; }
    int width(const QString &text) const;
    int height() const { return m_height; }

    /// Vertically centred in `rect`, ending (Right) or beginning (Left) at its edge. The part from `from` on may have a colour and a ground of its
    /// own: the digits that have just changed.
    using Changed = ChangedDigits;
    void drawRight(QPainter &painter, const QRect &rect, const QString &text, const QColor &color, const Changed &changed = {}) const;
    void drawLeft(QPainter &painter, const QRect &rect, const QString &text, const QColor &color, const Changed &changed = {}) const;

private:
    struct Glyph {
        quint32 index = 0;
        int width = 0;
        int left = 0; // so that a narrow digit stands in the middle of its place
    };
    Glyph glyph(QChar c) const;
    void draw(QPainter &painter, QPoint baseline, QStringView text, const QColor &color) const;

    QFont m_font;
    QRawFont m_raw;
    int m_digitWidth = 0;
    int m_height = 0;
    int m_ascent = 0;
    mutable QHash<QChar, Glyph> m_glyphs;
};

/// ▲ or ▼ as a shape, so that no font has to have it; nothing for 0. Centred in `rect`.
void drawArrow(QPainter &painter, const QRectF &rect, int direction, const QColor &color);

} // namespace feedscope::ui
