// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/quality_lane.h"

#include "base/clock.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace feedscope::ui {

namespace {

constexpr int kReach = 5; // pixels beside a mark that still hit it

struct KindName {
    feed::QualityKind kind;
    const char *one;
    const char *many;
};
constexpr KindName kNames[] = {
    {feed::QualityKind::Gap, "gap", "gaps"},
    {feed::QualityKind::Dropped, "drop", "drops"},
    {feed::QualityKind::ChecksumMismatch, "wrong checksum", "wrong checksums"},
    {feed::QualityKind::Malformed, "unreadable message", "unreadable messages"},
    {feed::QualityKind::OutOfOrder, "out of order", "out of order"},
    {feed::QualityKind::Duplicate, "duplicate", "duplicates"},
    {feed::QualityKind::Reconnect, "reconnect", "reconnects"},
    {feed::QualityKind::Stale, "stale", "stale"},
};

} // namespace

QString qualityName(feed::QualityKind kind)
{
    for (const KindName &name : kNames) {
        if (name.kind == kind)
            return QLatin1String(name.one);
    }
    return {};
}

QString qualityText(const feed::QualityMark &mark)
{
    QString text = qualityName(mark.kind);
    if (mark.kind == feed::QualityKind::Gap && mark.toOffset >= mark.fromOffset && mark.toOffset > 0)
        text += QStringLiteral(" %1–%2, %3 missing").arg(mark.fromOffset).arg(mark.toOffset).arg(mark.toOffset - mark.fromOffset + 1);
    if (!mark.detail.isEmpty())
        text += QStringLiteral(" (%1)").arg(mark.detail);
    if (!mark.topic.isEmpty())
        text += QStringLiteral(" in %1").arg(mark.topic);
    return text + QStringLiteral(" at %1").arg(formatTime(mark.timeNs));
}

QStringList qualityParts(const MarketModel &market)
{
    QStringList parts;
    for (const KindName &name : kNames) {
        const quint64 count = market.qualityCount(name.kind);
        if (count == 0)
            continue;
        QString part = formatCount(count) + QLatin1Char(' ') + QLatin1String(count == 1 ? name.one : name.many);
        if (name.kind == feed::QualityKind::Gap)
            part += QStringLiteral(" (%1 missing)").arg(formatCount(market.missing()));
        parts.append(part);
    }
    return parts;
}

QString qualitySummary(const MarketModel &market)
{
    const QStringList parts = qualityParts(market);
    return parts.isEmpty() ? QStringLiteral("nothing missing") : parts.join(QStringLiteral(", "));
}

QualityLane::QualityLane(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_market(market)
{
    setObjectName(QStringLiteral("qualityLane"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(QStringLiteral("Data quality"));
}

QSize QualityLane::sizeHint() const
{
    return {200, 20};
}

QSize QualityLane::minimumSizeHint() const
{
    return {40, 20};
}

void QualityLane::setTopicWord(const QString &word)
{
    m_word = word;
}

bool QualityLane::concerns(const feed::QualityMark &mark) const
{
    if (mark.topic.isEmpty() || m_word.isEmpty())
        return true;
    // candle.AAPL.1s, market.AAPL, book.AAPL; or the whole topic, where a metric is shown.
    return mark.topic == m_word || mark.topic.section(QLatin1Char('.'), 1, 1) == m_word;
}

QColor QualityLane::markColor(feed::QualityKind kind) const
{
    const Colors &colors = colorsFor(palette());
    switch (kind) {
    case feed::QualityKind::Gap:
    case feed::QualityKind::Dropped:
    case feed::QualityKind::ChecksumMismatch:
    case feed::QualityKind::Malformed:
        return colors.error;
    case feed::QualityKind::OutOfOrder:
    case feed::QualityKind::Duplicate:
    case feed::QualityKind::Stale:
        return colors.warning;
    case feed::QualityKind::Reconnect:
        return colors.accent;
    }
    return colors.muted;
}

void QualityLane::reset()
{
    m_drawn.clear();
    m_chosen = 0;
    update();
}

void QualityLane::displayTick(qint64 fromNs, qint64 toNs, int left, int right)
{
    std::vector<Drawn> drawn;
    const auto &marks = m_market.quality();
    const quint64 first = m_market.qualitySeen() - marks.size();
    if (toNs > fromNs && right > left) {
        const double scale = static_cast<double>(right - left) / static_cast<double>(toNs - fromNs);
        for (size_t i = 0; i < marks.size(); ++i) {
            const feed::QualityMark &mark = marks[i];
            if (mark.timeNs < fromNs || mark.timeNs > toNs)
                continue;
            drawn.push_back({left + static_cast<int>(static_cast<double>(mark.timeNs - fromNs) * scale), mark.kind, concerns(mark), first + i});
        }
        std::stable_sort(drawn.begin(), drawn.end(), [](const Drawn &a, const Drawn &b) { return a.x < b.x; });
    }
    if (drawn == m_drawn && left == m_left && right == m_right)
        return;
    if (drawn.size() != m_drawn.size())
        setAccessibleDescription(QStringLiteral("%1 marks in view; %2. Left and right choose one, Enter shows its frames").arg(drawn.size()).arg(qualitySummary(m_market)));
    m_drawn = std::move(drawn);
    m_left = left;
    m_right = right;
    update();
}

const feed::QualityMark *QualityLane::mark(quint64 number) const
{
    const auto &marks = m_market.quality();
    const quint64 first = m_market.qualitySeen() - marks.size();
    return number >= first && number - first < marks.size() ? &marks[number - first] : nullptr;
}

const QualityLane::Drawn *QualityLane::at(int x) const
{
    const Drawn *nearest = nullptr;
    int distance = kReach + 1;
    for (const Drawn &drawn : m_drawn) {
        // Where several lie together, the one of the shown topic, then the newest.
        const int d = std::abs(drawn.x - x);
        if (d < distance || (nearest && d == distance && (drawn.own || !nearest->own))) {
            nearest = &drawn;
            distance = d;
        }
    }
    return nearest;
}

void QualityLane::request(const Drawn &drawn)
{
    const feed::QualityMark *found = mark(drawn.number);
    if (!found)
        return;
    // What was before it explains it.
    emit framesRequested(found->topic, found->timeNs - base::kNsPerSecond, found->timeNs + base::kNsPerSecond);
}

bool QualityLane::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const Drawn *drawn = at(help->pos().x());
        const feed::QualityMark *found = drawn ? mark(drawn->number) : nullptr;
        QToolTip::showText(help->globalPos(),
            found ? qualityText(*found) + QStringLiteral("\nClick: show the frames") : QStringLiteral("Data quality: %1").arg(qualitySummary(m_market)), this);
        return true;
    }
    return QWidget::event(event);
}

void QualityLane::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(at(static_cast<int>(event->position().x())) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void QualityLane::mouseReleaseEvent(QMouseEvent *event)
{
    const Drawn *drawn = at(static_cast<int>(event->position().x()));
    if (!drawn || event->button() != Qt::LeftButton)
        return;
    m_chosen = drawn->number + 1;
    update();
    request(*drawn);
}

void QualityLane::keyPressEvent(QKeyEvent *event)
{
    const auto chosen = std::find_if(m_drawn.begin(), m_drawn.end(), [this](const Drawn &drawn) { return drawn.number + 1 == m_chosen; });
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        if (m_drawn.empty())
            return;
        const bool right = event->key() == Qt::Key_Right;
        auto next = chosen;
        if (chosen == m_drawn.end())
            next = right ? m_drawn.begin() : m_drawn.end() - 1;
        else if (right && chosen + 1 != m_drawn.end())
            ++next;
        else if (!right && chosen != m_drawn.begin())
            --next;
        m_chosen = next->number + 1;
        if (const feed::QualityMark *found = mark(next->number))
            setAccessibleDescription(qualityText(*found));
        update();
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (chosen != m_drawn.end())
            request(*chosen);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void QualityLane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const int middle = height() / 2;
    painter.setPen(colors.grid);
    painter.drawLine(m_left, middle, m_right, middle);
    // One shape per kind beside the colour: a block for what is missing, a ring arrow for a reconnect, a diamond for the rest.
    for (int pass = 0; pass < 2; ++pass) {
        for (const Drawn &drawn : m_drawn) {
            if (drawn.own != (pass == 1))
                continue;
            const QColor color = drawn.own ? markColor(drawn.kind) : blend(palette().color(QPalette::Base), markColor(drawn.kind), 0.55);
            const int half = drawn.own ? 7 : 3;
            switch (drawn.kind) {
            case feed::QualityKind::Gap:
            case feed::QualityKind::Dropped:
                painter.fillRect(QRect(drawn.x - 2, middle - half, 5, 2 * half + 1), color);
                break;
            case feed::QualityKind::ChecksumMismatch:
            case feed::QualityKind::Malformed:
                painter.setPen(QPen(color, 2));
                painter.drawLine(drawn.x - 4, middle - half + 2, drawn.x + 4, middle + half - 2);
                painter.drawLine(drawn.x - 4, middle + half - 2, drawn.x + 4, middle - half + 2);
                break;
            case feed::QualityKind::Reconnect:
                painter.setPen(QPen(color, 1, Qt::DashLine));
                painter.drawLine(drawn.x, 0, drawn.x, height());
                painter.setPen(QPen(color, 2));
                painter.drawArc(QRect(drawn.x - 5, middle - 5, 10, 10), 40 * 16, 280 * 16);
                break;
            default: {
                painter.setPen(Qt::NoPen);
                painter.setBrush(color);
                const QPoint diamond[] = {{drawn.x, middle - half}, {drawn.x + 4, middle}, {drawn.x, middle + half}, {drawn.x - 4, middle}};
                painter.drawConvexPolygon(diamond, 4);
                painter.setBrush(Qt::NoBrush);
                break;
            }
            }
            if (hasFocus() && drawn.number + 1 == m_chosen) {
                painter.setPen(palette().color(QPalette::Text));
                painter.drawRect(QRect(drawn.x - 7, 1, 14, height() - 3));
            }
        }
    }
    if (hasFocus() && m_chosen == 0) {
        painter.setPen(colors.accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

} // namespace feedscope::ui
