// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/chart_frame.h"
#include "ui/widgets/colors.h"

#include <QFont>
#include <QGraphicsItem>
#include <QHash>
#include <QStaticText>

namespace feedscope::ui {

/// Draws a ChartFrame over a QChart: grid and axes with round ticks, volume, candles or line, marks, last value, crosshair and read-out. Qt Charts'
/// own series and axes cost 10 to 100 times as much per frame and know no round times. Owned by the chart that it lies on.
class ChartInk : public QGraphicsItem {
public:
    explicit ChartInk(QGraphicsItem *parent);

    const ChartFrame &frame() const { return m_frame; }
    void setFrame(ChartFrame frame);
    void setLook(const QFont &font, const QPalette &palette, const Colors &colors);
    const QFont &font() const { return m_font; }

    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

    // What the layout is made by, in pixels.
    int timeAxisHeight() const;
    int labelWidth(const QString &label) const; ///< with its room at both sides
    int tagHeight() const;

private:
    struct Text {
        QStaticText text;
        int width = 0;
    };

    ChartFrame m_frame;
    QFont m_font;
    QFont m_bold;
    mutable QHash<QString, Text> m_texts; // laid out once: a chart shows the same few words all the time
    mutable QHash<QString, Text> m_boldTexts;
    QPalette m_palette;
    Colors m_colors;

    QColor colorOf(ChartFrame::Direction direction) const;
    QRect timeTagRect() const; // with a crosshair only
    void paintGrid(QPainter &painter) const;
    void paintMarks(QPainter &painter) const;
    void paintAxes(QPainter &painter) const;
    void paintLast(QPainter &painter) const;
    void paintReadout(QPainter &painter) const;
    void paintCrosshair(QPainter &painter) const;
    const Text &laidOut(const QString &text, bool bold = false) const;
    void drawText(QPainter &painter, const QRectF &room, Qt::Alignment alignment, const QString &text, bool bold = false) const;
    void paintTag(QPainter &painter, const QRect &rect, const QString &text, const QColor &fill) const;
};

} // namespace feedscope::ui
