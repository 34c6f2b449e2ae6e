// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/ticker_tape.h"

#include "ui/widgets/colors.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace feedscope::ui {

namespace {

constexpr double kPixelsPerSecond = 48;
constexpr int kGap = 7;
constexpr int kBetween = 28;
constexpr int kArrow = 9;
constexpr int kMargin = 12;

QString percentText(double percent)
{
    return std::isfinite(percent) ? QString::number(std::abs(percent), 'f', 2) + QStringLiteral("%") : QString();
}

} // namespace

TickerTape::TickerTape(const MarketModel &market, QWidget *parent)
    : QWidget(parent)
    , m_market(market)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(QStringLiteral("Ticker tape"));
    setAccessibleDescription(QStringLiteral("Left and right choose a symbol, Enter shows it"));
    reset();
}

QSize TickerTape::sizeHint() const
{
    return {400, (m_figures->height() + 10 + 3) / 4 * 4};
}

QSize TickerTape::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void TickerTape::setMoving(bool on)
{
    m_moving = on;
}

void TickerTape::reset()
{
    m_figures = std::make_unique<Figures>(font());
    m_nameFont = font();
    m_nameFont.setWeight(QFont::DemiBold);
    m_items.clear();
    m_drawn.clear();
    m_total = 0;
    m_offset = 0;
    m_focused = 0;
    update();
}

int TickerTape::widthOf(const SymbolState &state) const
{
    const QFontMetrics names(m_nameFont);
    return names.horizontalAdvance(state.symbol) + kGap + m_figures->width(QString::number(state.tick.price, 'f', state.decimals)) + kGap + kArrow + 3
        + m_figures->width(percentText(state.tick.changePercent)) + kBetween;
}

void TickerTape::layOut()
{
    m_total = 0;
    for (Item &item : m_items) {
        item.left = m_total;
        m_total += item.width;
    }
}

// Only symbols with a price run: an empty one would say nothing.
void TickerTape::displayTick(qint64 nowNs, std::span<const int> changed)
{
    bool widths = m_items.size() != static_cast<size_t>(m_market.size());
    m_items.resize(static_cast<size_t>(m_market.size()));
    bool visibleChanged = false;
    for (const int index : changed) {
        Item &item = m_items[static_cast<size_t>(index)];
        const SymbolState &state = m_market.at(index);
        if (!std::isfinite(state.tick.price))
            continue;
        const int width = widthOf(state);
        if (width > item.width) {
            item.width = width;
            widths = true;
        }
        if (!item.picture.isNull()) {
            item.picture = QPixmap();
            visibleChanged = true;
        }
    }
    if (widths) {
        layOut();
        visibleChanged = true;
    }

    const qint64 elapsedNs = m_lastNs > 0 ? nowNs - m_lastNs : 0;
    m_lastNs = nowNs;
    const double ratio = devicePixelRatioF();
    const auto before = std::llround(m_offset * ratio);
    if (m_moving && m_total > 0 && elapsedNs > 0 && !underMouse() && !hasFocus()) {
        // After a pause of the window it goes on from where it was, it does not jump.
        m_offset += kPixelsPerSecond * static_cast<double>(std::min<qint64>(elapsedNs, 100'000'000)) / 1e9;
        if (m_offset >= period())
            m_offset = std::fmod(m_offset, period());
    }
    if (visibleChanged || std::llround(m_offset * ratio) != before)
        update();
}

int TickerTape::firstAt(double position) const
{
    const auto after = std::upper_bound(m_items.begin(), m_items.end(), position, [](double at, const Item &item) { return at < item.left; });
    return std::max(0, static_cast<int>(after - m_items.begin()) - 1);
}

void TickerTape::paintItem(int index)
{
    Item &item = m_items[static_cast<size_t>(index)];
    const SymbolState &state = m_market.at(index);
    const Colors &colors = colorsFor(palette());
    const double ratio = devicePixelRatioF();
    item.picture = QPixmap(QSize(static_cast<int>(item.width * ratio), static_cast<int>(height() * ratio)));
    item.picture.setDevicePixelRatio(ratio);
    item.picture.fill(palette().color(QPalette::Window));
    QPainter painter(&item.picture);
    const QRect area(0, 0, item.width, height());
    painter.setFont(m_nameFont);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, state.symbol);
    int x = painter.fontMetrics().horizontalAdvance(state.symbol) + kGap;
    const QString price = QString::number(state.tick.price, 'f', state.decimals);
    m_figures->drawLeft(painter, area.adjusted(x, 0, 0, 0), price, palette().color(QPalette::WindowText));
    x += m_figures->width(price) + kGap;
    const double percent = state.tick.changePercent;
    const int sign = std::isfinite(percent) && std::abs(percent) >= 0.005 ? (percent > 0 ? 1 : -1) : 0;
    const QColor color = sign > 0 ? colors.up : sign < 0 ? colors.down : colors.flat;
    drawArrow(painter, QRect(x, 0, kArrow, height()), sign, color);
    m_figures->drawLeft(painter, area.adjusted(x + kArrow + 3, 0, 0, 0), percentText(percent), color);
    if (hasFocus() && index == m_focused) {
        painter.setPen(QPen(colors.accent, 2));
        painter.drawLine(0, height() - 2, item.width - kBetween, height() - 2);
    }
}

void TickerTape::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    if (m_total <= 0) {
        painter.setPen(colorsFor(palette()).muted);
        painter.drawText(rect().adjusted(12, 0, -12, 0), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Prices will run here"));
        return;
    }
    const double ratio = devicePixelRatioF();
    const double start = kMargin - std::round(m_offset * ratio) / ratio;
    const auto count = static_cast<int>(m_items.size());
    int index = m_offset < m_total ? firstAt(m_offset - kMargin) : 0;
    double x = start + m_items[static_cast<size_t>(index)].left + (m_offset < m_total ? 0 : period());
    std::vector<int> drawn;
    for (int step = 0; x < width() && step < 2 * count; ++step) {
        Item &item = m_items[static_cast<size_t>(index)];
        if (item.width > 0) {
            if (item.picture.isNull() || !qFuzzyCompare(item.picture.devicePixelRatio(), ratio))
                paintItem(index);
            painter.drawPixmap(QPointF(x, 0), item.picture);
            drawn.push_back(index);
            x += item.width;
        }
        if (++index == count) {
            index = 0;
            x = start + period();
        }
    }
    for (const int gone : m_drawn) {
        if (std::find(drawn.begin(), drawn.end(), gone) == drawn.end())
            m_items[static_cast<size_t>(gone)].picture = QPixmap();
    }
    m_drawn = std::move(drawn);
}

int TickerTape::period() const
{
    return std::max(m_total, width() + kBetween);
}

QString TickerTape::symbolAt(int x) const
{
    if (m_total <= 0)
        return {};
    double position = m_offset - kMargin + x;
    if (position >= period())
        position -= period();
    if (position >= m_total)
        return {}; // the gap behind a short tape
    const int index = firstAt(position);
    return m_market.at(index).symbol;
}

void TickerTape::mouseReleaseEvent(QMouseEvent *event)
{
    const QString symbol = symbolAt(static_cast<int>(event->position().x()));
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()) && !symbol.isEmpty())
        emit symbolSelected(symbol);
}

void TickerTape::keyPressEvent(QKeyEvent *event)
{
    const auto count = static_cast<int>(m_items.size());
    if (count == 0)
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        m_items[static_cast<size_t>(m_focused)].picture = QPixmap();
        m_focused = (m_focused + (event->key() == Qt::Key_Right ? 1 : count - 1)) % count;
        Item &item = m_items[static_cast<size_t>(m_focused)];
        item.picture = QPixmap();
        if (item.left < m_offset || item.left + item.width > m_offset + width() - 24)
            m_offset = item.left;
        update();
        break;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emit symbolSelected(m_market.at(m_focused).symbol);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void TickerTape::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        for (Item &item : m_items)
            item.picture = QPixmap();
        update();
    } else if (event->type() == QEvent::FontChange) {
        m_figures = std::make_unique<Figures>(font());
        m_nameFont = font();
        m_nameFont.setWeight(QFont::DemiBold);
        for (size_t i = 0; i < m_items.size(); ++i) {
            if (m_items[i].width > 0)
                m_items[i].width = widthOf(m_market.at(static_cast<int>(i)));
            m_items[i].picture = QPixmap();
        }
        layOut();
        updateGeometry();
        update();
    }
}

} // namespace feedscope::ui
