// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/timeline_strip.h"

#include "ui/inspector/inspector_style.h"
#include "ui/widgets/format.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <array>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr int kLegendWidth = 128;
constexpr int kSide = 8;
constexpr int kBarWidth = 4; // at least
constexpr int kDragStart = 4;
constexpr qint64 kLeastSpan = base::kNsPerSecond;

qint64 roundStep(qint64 atLeastNs)
{
    constexpr std::array<qint64, 16> kSteps = {100 * base::kNsPerMs, 200 * base::kNsPerMs, 500 * base::kNsPerMs,
        base::kNsPerSecond, 2 * base::kNsPerSecond, 5 * base::kNsPerSecond, 10 * base::kNsPerSecond, 15 * base::kNsPerSecond,
        30 * base::kNsPerSecond, 60 * base::kNsPerSecond, 120 * base::kNsPerSecond, 300 * base::kNsPerSecond,
        600 * base::kNsPerSecond, 1800 * base::kNsPerSecond, 3600 * base::kNsPerSecond, 6 * 3600 * base::kNsPerSecond};
    for (const qint64 step : kSteps) {
        if (step >= atLeastNs)
            return step;
    }
    return 24 * 3600 * base::kNsPerSecond;
}

} // namespace

TimelineStrip::TimelineStrip(QWidget *parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setAccessibleName(QStringLiteral("Frames over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize TimelineStrip::sizeHint() const
{
    return {400, 44 + axisHeight()};
}

QSize TimelineStrip::minimumSizeHint() const
{
    return {kLegendWidth + 100, sizeHint().height()};
}

int TimelineStrip::axisHeight() const
{
    return fontMetrics().height() + 2;
}

QRect TimelineStrip::plot() const
{
    return rect().adjusted(kSide, 4, -kSide - kLegendWidth, -axisHeight());
}

qint64 TimelineStrip::spanNs() const
{
    const qint64 span = m_timeline ? m_timeline->lastMonoNs() - m_timeline->firstMonoNs() + m_timeline->bucketNs() : 0;
    return qMax(span, kLeastSpan);
}

void TimelineStrip::setTimeline(const TrafficTimeline *timeline)
{
    m_timeline = timeline;
    update();
}

void TimelineStrip::displayTick()
{
    const quint64 records = m_timeline ? m_timeline->recordCount() : 0;
    if (records == m_paintedRecords)
        return;
    m_paintedRecords = records;
    update();
}

qint64 TimelineStrip::timeAt(int x) const
{
    const QRect area = plot();
    const double part = qBound(0.0, double(x - area.left()) / qMax(1, area.width()), 1.0);
    return m_timeline->firstMonoNs() + static_cast<qint64>(part * static_cast<double>(spanNs()));
}

int TimelineStrip::xOf(qint64 monoNs) const
{
    const QRect area = plot();
    const double part = static_cast<double>(monoNs - m_timeline->firstMonoNs()) / static_cast<double>(spanNs());
    return area.left() + static_cast<int>(part * area.width());
}

void TimelineStrip::clearBrush()
{
    if (!m_brush)
        return;
    m_brush.reset();
    update();
    emit brushChanged();
}

void TimelineStrip::paintBars(QPainter &painter, const QRect &area) const
{
    const Colors &colors = colorsFor(palette());
    const auto &buckets = m_timeline->buckets();
    const double perBucket = static_cast<double>(m_timeline->bucketNs()) / static_cast<double>(spanNs()) * area.width();
    const auto group = static_cast<size_t>(std::ceil(kBarWidth / qMin(perBucket, double(kBarWidth))));
    std::vector<TrafficTimeline::Bucket> bars;
    quint32 most = 1;
    qint64 worst = base::kNsPerMs;
    for (size_t i = 0; i < buckets.size(); i += group) {
        TrafficTimeline::Bucket bar;
        for (size_t j = i; j < qMin(i + group, buckets.size()); ++j) {
            bar.data += buckets[j].data;
            bar.control += buckets[j].control;
            bar.closes += buckets[j].closes;
            bar.handshakes += buckets[j].handshakes;
            bar.violations += buckets[j].violations;
            bar.worstRttNs = qMax(bar.worstRttNs, buckets[j].worstRttNs);
        }
        most = qMax(most, bar.data + bar.control);
        worst = qMax(worst, bar.worstRttNs);
        bars.push_back(bar);
    }
    const double width = perBucket * static_cast<double>(group);
    const auto heightOf = [&](quint32 count) { return count ? qMax(1.0, area.height() * double(count) / most) : 0.0; };
    for (size_t i = 0; i < bars.size(); ++i) {
        const double left = area.left() + width * static_cast<double>(i);
        const double wide = qBound(1.0, width - 1, 12.0);
        const double data = heightOf(bars[i].data);
        const double control = heightOf(bars[i].control);
        painter.fillRect(QRectF(left, area.bottom() + 1 - data, wide, data), translucent(colors.text, 190));
        painter.fillRect(QRectF(left, area.bottom() + 1 - data - control, wide, control), translucent(colors.control, 200));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (size_t i = 0; i < bars.size(); ++i) {
        const double left = area.left() + width * static_cast<double>(i);
        const double middle = left + qBound(1.0, width - 1, 12.0) / 2;
        if (bars[i].worstRttNs > 0) { // logarithmic: from 10 µs at the bottom to the worst at the top
            const double part = std::log10(qMax(1.0, static_cast<double>(bars[i].worstRttNs) / 1e4))
                / std::log10(qMax(10.0, static_cast<double>(worst) / 1e4));
            painter.setBrush(colors.good);
            painter.setPen(QPen(palette().color(QPalette::Base), 1));
            painter.drawEllipse(QPointF(middle, area.bottom() - 3 - part * (area.height() - 8)), 3.2, 3.2);
        }
        if (bars[i].handshakes > 0) {
            painter.setPen(QPen(colors.handshake, 1.6));
            painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom() + 1));
            painter.setBrush(colors.handshake);
            painter.setPen(Qt::NoPen);
            painter.drawPolygon(QPolygonF({{left, area.top() - 1.0}, {left + 7, area.top() + 2.5}, {left, area.top() + 6.0}}));
        }
        if (bars[i].closes > 0) {
            painter.setPen(QPen(colors.close, 1.8));
            const QPointF at(middle, area.top() + 4);
            painter.drawLine(at + QPointF(-3, -3), at + QPointF(3, 3));
            painter.drawLine(at + QPointF(-3, 3), at + QPointF(3, -3));
        }
        if (bars[i].violations > 0) {
            painter.setBrush(colors.error);
            painter.setPen(Qt::NoPen);
            const double y = area.bottom() + 1;
            painter.drawPolygon(QPolygonF({{middle - 4, y}, {middle + 4, y}, {middle, y - 7}}));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void TimelineStrip::paintAxis(QPainter &painter, const QRect &area) const
{
    const Colors &colors = colorsFor(palette());
    painter.fillRect(area.left(), area.bottom() + 1, area.width(), 1, colors.border);
    const int labelWidth = fontMetrics().horizontalAdvance(QStringLiteral("00:00:00.0")) + 24;
    const qint64 step = roundStep(static_cast<qint64>(static_cast<double>(spanNs()) * labelWidth / qMax(1, area.width())));
    const qint64 firstWall = m_timeline->wallNs(m_timeline->firstMonoNs());
    const int digits = step < base::kNsPerSecond ? 1 : 0;
    painter.setPen(colors.muted);
    for (qint64 wall = (firstWall + step - 1) / step * step; wall <= firstWall + spanNs(); wall += step) {
        const int x = xOf(m_timeline->firstMonoNs() + wall - firstWall);
        painter.fillRect(x, area.bottom() + 1, 1, 4, colors.muted);
        const QString text = formatTime(wall, digits);
        const QRect label(x + 4, area.bottom() + 2, labelWidth, axisHeight() - 2);
        if (label.left() + fontMetrics().horizontalAdvance(text) <= area.right())
            painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

void TimelineStrip::paintLegend(QPainter &painter, const QRect &area) const
{
    const Colors &colors = colorsFor(palette());
    const int line = qMin(fontMetrics().height(), height() / 4);
    const int left = area.right() + 12;
    struct Entry {
        QColor color;
        const char16_t *mark;
        const char16_t *text;
    };
    const std::array<Entry, 4> entries = {{{colors.text, u"▮", u"frames"}, {colors.good, u"●", u"ping RTT"},
        {colors.handshake, u"▶", u"handshake"}, {colors.close, u"✕", u"close"}}};
    int top = (height() - 4 * line) / 2;
    for (const Entry &entry : entries) {
        painter.setPen(entry.color);
        painter.drawText(QRect(left, top, 16, line), Qt::AlignCenter, QString::fromUtf16(entry.mark));
        painter.setPen(colors.muted);
        painter.drawText(QRect(left + 22, top, kLegendWidth - 22, line), Qt::AlignLeft | Qt::AlignVCenter,
            QString::fromUtf16(entry.text));
        top += line;
    }
}

void TimelineStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    const QRect area = plot();
    const Colors &colors = colorsFor(palette());
    paintLegend(painter, area);
    if (!m_timeline || m_timeline->isEmpty()) {
        painter.setPen(colors.muted);
        painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Frames over time appear here."));
        return;
    }
    paintBars(painter, area);
    paintAxis(painter, area);
    if (m_brush) {
        const int left = xOf(m_brush->first);
        const int right = xOf(m_brush->second);
        const QColor shade = translucent(palette().color(QPalette::Window), 170);
        painter.fillRect(QRect(QPoint(area.left(), area.top() - 4), QPoint(left - 1, area.bottom())), shade);
        painter.fillRect(QRect(QPoint(right + 1, area.top() - 4), QPoint(area.right(), area.bottom())), shade);
        painter.fillRect(left, area.top() - 4, 1, area.height() + 4, colors.accent);
        painter.fillRect(right, area.top() - 4, 1, area.height() + 4, colors.accent);
    } else if (m_hoverX >= area.left() && m_hoverX <= area.right()) {
        painter.fillRect(m_hoverX, area.top(), 1, area.height(), translucent(colors.accent, 140));
    }
}

void TimelineStrip::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && m_timeline && !m_timeline->isEmpty()) {
        m_pressX = event->pos().x();
        m_dragging = false;
    }
}

void TimelineStrip::mouseMoveEvent(QMouseEvent *event)
{
    m_hoverX = event->pos().x();
    if (m_pressX && (m_dragging || qAbs(event->pos().x() - *m_pressX) >= kDragStart)) {
        m_dragging = true;
        const qint64 a = timeAt(*m_pressX);
        const qint64 b = timeAt(event->pos().x());
        m_brush = std::minmax(a, b);
    }
    update();
}

void TimelineStrip::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_pressX)
        return;
    const qint64 at = timeAt(event->pos().x());
    m_pressX.reset();
    if (m_dragging) {
        m_dragging = false;
        emit brushChanged();
    } else if (m_brush && (at < m_brush->first || at > m_brush->second)) {
        clearBrush();
    } else {
        emit timePicked(at);
    }
}

void TimelineStrip::leaveEvent(QEvent *)
{
    m_hoverX = -1;
    update();
}

bool TimelineStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_timeline || m_timeline->isEmpty())
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const qint64 at = timeAt(help->pos().x());
    const auto index = static_cast<size_t>(qMax<qint64>(0, (at - m_timeline->firstMonoNs()) / m_timeline->bucketNs()));
    if (!plot().contains(help->pos()) || index >= m_timeline->buckets().size()) {
        QToolTip::hideText();
        return true;
    }
    const TrafficTimeline::Bucket &bucket = m_timeline->buckets()[index];
    QString text = QStringLiteral("%1, %2 wide\n%3 data, %4 ping and pong, %5 close or end, %6 handshakes")
                       .arg(formatTime(m_timeline->wallNs(at)), formatDuration(m_timeline->bucketNs()), formatCount(bucket.data),
                           formatCount(bucket.control), formatCount(bucket.closes), formatCount(bucket.handshakes));
    if (bucket.worstRttNs > 0)
        text += QStringLiteral("\nworst RTT %1").arg(formatDuration(bucket.worstRttNs));
    if (bucket.violations > 0)
        text += QStringLiteral("\n⚠ %1 frames break a rule").arg(formatCount(bucket.violations));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace feedscope::ui
