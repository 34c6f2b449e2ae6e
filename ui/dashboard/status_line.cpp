// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/status_line.h"

#include "ui/dashboard/tool_chip.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"

#include <QBoxLayout>
#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace feedscope::ui {

namespace {

constexpr int kBar = 4;
constexpr int kBarGap = 1;
constexpr int kHistogramWidth = LatencyWindow::kBuckets * (kBar + kBarGap);
const QString kLatency = QStringLiteral("latency ");
constexpr qint64 kReckonEveryNs = 250'000'000;

} // namespace

LatencyView::LatencyView(QWidget *parent)
    : QWidget(parent)
    , m_figures(std::make_unique<Figures>(font()))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    setAccessibleName(QStringLiteral("Latency"));
}

QSize LatencyView::sizeHint() const
{
    const int text = m_figures->width((m_bare ? QString() : kLatency) + QStringLiteral("p50 000 ms  p99 000 ms"));
    return {text + (m_compact ? 0 : 12 + kHistogramWidth), m_figures->height() + 6};
}

QSize LatencyView::minimumSizeHint() const
{
    return sizeHint();
}

void LatencyView::setCompact(bool compact)
{
    if (compact == m_compact)
        return;
    m_compact = compact;
    updateGeometry();
    update();
}

void LatencyView::setBare(bool bare)
{
    if (bare == m_bare)
        return;
    m_bare = bare;
    updateGeometry();
    update();
}

void LatencyView::displayTick(qint64 nowNs, const LatencyWindow &latency)
{
    if (latency.added() == m_shown || (nowNs >= m_shownNs && nowNs - m_shownNs < kReckonEveryNs && m_shown != 0))
        return;
    m_shown = latency.added();
    m_shownNs = nowNs;
    m_histogram = latency.histogram();
    const auto p50 = latency.percentile(0.5);
    const auto p99 = latency.percentile(0.99);
    m_text = p50 && p99 ? kLatency + QStringLiteral("p50 %1  p99 %2").arg(formatDuration(*p50), formatDuration(*p99)) : QString();
    QString tip = QStringLiteral("Received minus source time of the last %1 values.").arg(formatCount(static_cast<quint64>(latency.size())));
    if (latency.negative() > 0)
        tip += QStringLiteral("\n%1 of them are negative: the two clocks do not agree, so read these as differences, not as delays.").arg(latency.negative());
    setToolTip(tip);
    setAccessibleDescription(m_text);
    update();
}

void LatencyView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QRect text = m_compact ? rect() : rect().adjusted(0, 0, -kHistogramWidth - 10, 0);
    m_figures->drawRight(painter, text, m_text.isEmpty() ? kLatency + QStringLiteral("–") : m_bare ? m_text.sliced(kLatency.size()) : m_text, colors.muted);
    if (m_compact)
        return;
    const int most = std::max(1, *std::max_element(m_histogram.begin(), m_histogram.end()));
    const int floor = height() - 6;
    const int top = 6;
    int x = width() - kHistogramWidth;
    for (const int count : m_histogram) {
        const int bar = count == 0 ? 0 : std::max(1, count * (floor - top) / most);
        painter.fillRect(QRect(x, floor - bar, kBar, bar), colors.accent);
        painter.fillRect(QRect(x, floor, kBar, 1), colors.border);
        x += kBar + kBarGap;
    }
}

void LatencyView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_figures) {
        m_figures = std::make_unique<Figures>(font());
        updateGeometry();
    }
}

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent)
    , m_latency(new LatencyView)
    , m_live(new ToolChip(QString(), ToolChip::Sign::Live))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_live->setObjectName(QStringLiteral("liveState"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 4, 2);
    row->setSpacing(12);
    row->addStretch(1);
    row->addWidget(m_latency);
    row->addWidget(m_live);
    connect(m_live, &ToolChip::clicked, this, &StatusLine::liveToggled);
    setLive(true, 0);
}

void StatusLine::setQuality(const QStringList &parts, quint64 marks)
{
    if (parts == m_quality && marks == m_marks)
        return;
    m_quality = parts;
    m_marks = marks;
    const QString all = parts.isEmpty() ? QStringLiteral("nothing missing") : parts.join(QStringLiteral(", "));
    setAccessibleName(QStringLiteral("Data quality: ") + all);
    setToolTip(QStringLiteral("Data quality since the start: ") + all);
    update(qualityArea());
}

QString StatusLine::qualityLine(int width) const
{
    if (m_quality.isEmpty())
        return QStringLiteral("✓ nothing missing");
    const QString sign = QStringLiteral("▮ ");
    for (qsizetype shown = m_quality.size(); shown > 0; --shown) {
        QString text = sign + m_quality.first(shown).join(QStringLiteral(", "));
        if (shown < m_quality.size())
            text += QStringLiteral(" +%1 more").arg(m_quality.size() - shown);
        if (fontMetrics().horizontalAdvance(text) <= width)
            return text;
    }
    return sign + formatCount(m_marks) + (m_marks == 1 ? QStringLiteral(" mark") : QStringLiteral(" marks"));
}

void StatusLine::setLive(bool following, quint64 newSincePaused)
{
    m_following = following;
    const QString text = following ? QStringLiteral("viewing live ▸") : QStringLiteral("paused view · %1 new ▸").arg(formatCount(newSincePaused));
    showTint();
    m_live->setSign(following ? ToolChip::Sign::None : ToolChip::Sign::Pause);
    if (text == m_live->text())
        return;
    m_live->setText(text);
    m_live->setAccessibleName(text);
    m_live->setToolTip(following ? QStringLiteral("The chart follows the newest value. Space pauses the view; intake goes on.")
                                 : QStringLiteral("The chart stands still; nothing is lost. End, or a click, goes back to live."));
    m_live->updateGeometry();
}

void StatusLine::showTint()
{
    const Colors &colors = colorsFor(palette());
    m_live->setTint(m_following ? colors.good : colors.warning);
}

void StatusLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_live)
        showTint();
}

QString StatusLine::liveText() const
{
    return m_live->text();
}

QRect StatusLine::qualityArea() const
{
    return QRect(8, 0, m_latency->x() - 16, height());
}

void StatusLine::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_latency->setCompact(width() < 640);
    m_latency->setBare(width() < 64 * fontMetrics().averageCharWidth());
    update();
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QRect area = qualityArea();
    painter.setPen(m_quality.isEmpty() ? colors.good : colors.error);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, qualityLine(area.width()));
}

} // namespace feedscope::ui
