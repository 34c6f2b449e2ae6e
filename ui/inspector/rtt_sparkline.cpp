// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/rtt_sparkline.h"

#include "ui/inspector/inspector_style.h"
#include "ui/widgets/format.h"

#include <QPainter>

#include <algorithm>

namespace feedscope::ui {

namespace {

constexpr int kStroke = 5; // distance of two round trips

} // namespace

RttSparkline::RttSparkline(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(QStringLiteral("Round-trip times"));
}

QSize RttSparkline::sizeHint() const
{
    return {160, 44};
}

void RttSparkline::setRtts(std::vector<Heartbeats::Rtt> rtts, quint64 missing)
{
    m_rtts = std::move(rtts);
    m_missing = missing;
    const RttSummary summary = summarise(m_rtts);
    setToolTip(m_rtts.empty() ? QString()
                              : QStringLiteral("%1 round trips, last %2, worst %3")
                                    .arg(summary.count)
                                    .arg(formatDuration(summary.last), formatDuration(summary.max)));
    setAccessibleDescription(toolTip());
    update();
}

void RttSparkline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QRect area = rect().adjusted(8, 4, -8, -4);
    painter.fillRect(area.left(), area.bottom(), area.width(), 1, colors.border);
    const auto missing = static_cast<int>(qMin<quint64>(m_missing, 8));
    const auto room = static_cast<size_t>(qMax(1, area.width() / kStroke - missing));
    const size_t shown = qMin(m_rtts.size(), room);
    qint64 worst = 1;
    for (size_t i = m_rtts.size() - shown; i < m_rtts.size(); ++i)
        worst = qMax(worst, m_rtts[i].ns);
    const RttSummary summary = summarise(m_rtts);
    int x = area.left() + static_cast<int>(room - shown) * kStroke;
    for (size_t i = m_rtts.size() - shown; i < m_rtts.size(); ++i, x += kStroke) {
        const int high = qMax(2, static_cast<int>(double(m_rtts[i].ns) / static_cast<double>(worst) * (area.height() - 2)));
        const bool slow = m_rtts[i].ns > 2 * summary.p50 && m_rtts[i].ns >= summary.p95;
        painter.fillRect(x, area.bottom() - high, kStroke - 2, high, slow ? colors.warning : colors.good);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.error);
    for (int i = 0; i < missing; ++i, x += kStroke)
        painter.drawRect(x, area.bottom() - 4, kStroke - 2, 4);
}

} // namespace feedscope::ui
