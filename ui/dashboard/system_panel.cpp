// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/system_panel.h"

#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>
#include <QPolygonF>

#include <algorithm>
#include <cmath>
#include <span>

namespace feedscope::ui {

namespace {

constexpr qsizetype kCoursePoints = 60;
constexpr int kMargin = 8;

double latest(const series::Series *series)
{
    return series && !series->isEmpty() ? series->back().value : series::kMissing;
}

QString percent(double value)
{
    return std::isfinite(value) ? QStringLiteral("%1 %").arg(value, 0, 'f', 1) : QStringLiteral("–");
}

QString rate(double value)
{
    return std::isfinite(value) ? formatBytes(value) + QStringLiteral("/s") : QStringLiteral("–");
}

// A line with a scale of its own choice, unlike a sparkline: processor and memory are read against 100 %.
void paintCourse(QPainter &painter, const QRect &area, std::span<const double> values, const QColor &color, double low, double high)
{
    if (area.width() < 4 || area.height() < 2 || values.empty())
        return;
    if (!(low < high)) {
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        low = *least;
        high = *most;
    }
    const double span = high - low;
    const auto y = [&](double value) {
        const double share = span > 0 ? std::clamp((value - low) / span, 0.0, 1.0) : 0.5;
        return area.bottom() - share * (area.height() - 1);
    };
    const bool smooth = painter.testRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.2));
    if (values.size() < 2) {
        painter.drawLine(QPointF(area.left(), y(values.front())), QPointF(area.right(), y(values.front())));
    } else {
        QPolygonF line;
        line.reserve(static_cast<qsizetype>(values.size()));
        const double step = static_cast<double>(area.width() - 3) / static_cast<double>(values.size() - 1);
        for (size_t i = 0; i < values.size(); ++i)
            line.append(QPointF(area.left() + step * static_cast<double>(i), y(values[i])));
        painter.drawPolyline(line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(line.back(), 2, 2);
        painter.setBrush(Qt::NoBrush);
    }
    painter.setRenderHint(QPainter::Antialiasing, smooth);
}

} // namespace

MetricLine::MetricLine(const QString &name, const QString &topic, QWidget *parent)
    : QAbstractButton(parent)
    , m_figures(std::make_unique<Figures>(font()))
    , m_topic(topic)
    , m_value(QStringLiteral("–"))
{
    setText(name);
    setAccessibleName(name);
    setObjectName(topic);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(QStringLiteral("%1: click to see it in the chart").arg(topic));
    setCursor(Qt::PointingHandCursor);
}

QSize MetricLine::sizeHint() const
{
    return {200, (fontMetrics().height() + 8 + 3) / 4 * 4};
}

void MetricLine::show(const series::Series *series, const QString &value, bool percent, const QString &brief)
{
    const quint64 appended = series ? series->appended() : 0;
    if (appended == m_appended && value == m_value)
        return;
    m_appended = appended;
    m_value = value;
    m_brief = brief.isEmpty() ? value : brief;
    m_percent = percent;
    m_course.clear();
    const qsizetype size = series ? series->size() : 0;
    for (qsizetype i = std::max<qsizetype>(0, size - kCoursePoints); i < size; ++i) {
        const double point = (*series)[i].value;
        if (std::isfinite(point))
            m_course.push_back(point);
    }
    setAccessibleDescription(value);
    update();
}

void MetricLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void MetricLine::changeEvent(QEvent *event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_figures)
        m_figures = std::make_unique<Figures>(font());
}

void MetricLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    if (isChecked()) {
        painter.fillRect(rect(), blend(palette().color(QPalette::Base), palette().color(QPalette::Highlight), 0.26));
        painter.fillRect(QRect(0, 0, 3, height()), colors.accent);
    } else if (underMouse()) {
        painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    }
    if (hasFocus()) {
        painter.setPen(colors.accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
    const QRect area = rect().adjusted(kMargin, 0, -kMargin, 0);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, text());
    constexpr int kLeastCourse = 40;
    const int left = area.left() + fontMetrics().horizontalAdvance(QStringLiteral("Network")) + 12;
    const bool fits = area.right() - m_figures->width(m_value) - 12 - left >= kLeastCourse;
    const QString value = fits ? m_value : m_brief;
    m_figures->drawRight(painter, area, value, palette().color(QPalette::Text));
    const int right = area.right() - m_figures->width(value) - 12;
    const QRect course(left, 5, right - left, height() - 10);
    paintCourse(painter, course, m_course, colors.accent, 0, m_percent ? 100 : 0);
}

SystemPanel::SystemPanel(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_market(market)
    , m_processor(new MetricLine(QStringLiteral("CPU"), QStringLiteral("system.cpu")))
    , m_memory(new MetricLine(QStringLiteral("Memory"), QStringLiteral("system.memory")))
    , m_network(new MetricLine(QStringLiteral("Network"), QStringLiteral("system.network")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(0);
    column->addWidget(new PanelTitle(QStringLiteral("This computer")));
    for (MetricLine *line : {m_processor, m_memory, m_network}) {
        column->addWidget(line);
        connect(line, &MetricLine::clicked, this, [this, line] { emit metricSelected(line->topic()); });
    }
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SystemPanel::setChosen(const QString &topic)
{
    for (MetricLine *line : {m_processor, m_memory, m_network})
        line->setChecked(line->topic() == topic);
}

void SystemPanel::displayTick()
{
    const QString value = QStringLiteral("value");
    const series::Series *processor = m_market.metric(m_processor->topic(), value);
    m_processor->show(processor, percent(latest(processor)), true);
    const series::Series *memory = m_market.metric(m_memory->topic(), value);
    m_memory->show(memory, percent(latest(memory)), true);

    const series::Series *received = m_market.metric(m_network->topic(), QStringLiteral("received"));
    if (!received)
        received = m_market.metric(m_network->topic(), value);
    const series::Series *sent = m_market.metric(m_network->topic(), QStringLiteral("sent"));
    const QString brief = QStringLiteral("↓ ") + rate(latest(received));
    QString text = brief;
    if (sent)
        text += QStringLiteral("  ↑ ") + rate(latest(sent));
    m_network->show(received, received ? text : QStringLiteral("–"), false, received ? brief : QString());
}

} // namespace feedscope::ui
