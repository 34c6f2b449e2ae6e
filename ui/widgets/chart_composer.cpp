// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_composer.h"

#include "base/clock.h"
#include "ui/widgets/chart_shapes.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace feedscope::ui {

namespace {

using base::kNsPerMs;
using base::kNsPerSecond;
using series::Candle;
using series::Extent;
using series::Sample;

constexpr int kLeft = 8;
constexpr int kTopWithoutTitle = 10;
constexpr int kUsualSlot = 9; // pixels per candle before somebody zooms
constexpr int kWidestSlot = 48;
constexpr qint64 kUsualLineNs = 5 * 60 * kNsPerSecond; // over a plot of kUsualLinePixels
constexpr int kUsualLinePixels = 1000;
constexpr qint64 kFinestLineNs = base::kNsPerUs;
constexpr double kTopShare = 0.08;
constexpr double kBottomShare = 0.08;
constexpr double kVolumeBottomShare = 0.25; // prices stay above the volume's fifth
constexpr int kLeastSteps = 8; // of the last decimal, in the smallest range of values that is shown
constexpr int kCrosshairReach = 4; // pixels beside a mark that still mean it

constexpr qint64 kMinute = 60 * kNsPerSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;
constexpr std::array<qint64, 32> kIntervals = {kNsPerMs, 2 * kNsPerMs, 5 * kNsPerMs, 10 * kNsPerMs, 20 * kNsPerMs,
    50 * kNsPerMs, 100 * kNsPerMs, 200 * kNsPerMs, 500 * kNsPerMs, kNsPerSecond, 2 * kNsPerSecond, 5 * kNsPerSecond,
    10 * kNsPerSecond, 15 * kNsPerSecond, 30 * kNsPerSecond, kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute,
    15 * kMinute, 30 * kMinute, kHour, 2 * kHour, 4 * kHour, 6 * kHour, 12 * kHour, kDay, 2 * kDay, 5 * kDay, 10 * kDay,
    30 * kDay, 90 * kDay};

QString tr(const char *text)
{
    return QCoreApplication::translate("LiveChart", text);
}

ChartFrame::Direction direction(double from, double to)
{
    return to > from ? ChartFrame::Direction::Up : to < from ? ChartFrame::Direction::Down : ChartFrame::Direction::Flat;
}

/// Date and time, as fine as the distance between two things that are told apart.
QString momentLabel(qint64 timeNs, qint64 finestNs)
{
    const QString date = timeTickLabel(timeNs, {TimeStep::Unit::Nanoseconds, kDay});
    if (finestNs >= kDay)
        return date;
    if (finestNs >= kMinute)
        return date + QLatin1Char(' ') + formatTime(timeNs, 0).left(5);
    return date + QLatin1Char(' ') + formatTime(timeNs, finestNs >= kNsPerSecond ? 0 : finestNs >= kNsPerMs ? 3 : 6);
}

QString volumeLabel(double volume)
{
    if (volume == std::floor(volume) && volume < 1e15)
        return formatCount(static_cast<quint64>(volume));
    return QString::number(volume, 'f', volume < 1000 ? 4 : 1);
}

/// The same with every digit as wide as the widest.
QString widened(QString number)
{
    for (QChar &character : number) {
        if (character.isDigit())
            character = QLatin1Char('0');
    }
    return number;
}

/// Samples at rising times, in columns of one pixel.
std::vector<series::Column> columnsOf(const std::vector<Sample> &samples, const ChartFrame &frame)
{
    std::vector<series::Column> columns(static_cast<size_t>(frame.plot.width()));
    for (const Sample &sample : samples) {
        const qint64 at = (sample.timeNs - frame.fromNs) / frame.nsPerPixel;
        if (sample.timeNs < frame.fromNs || at >= frame.plot.width())
            continue;
        series::Column &column = columns[static_cast<size_t>(at)];
        if (column.samples++ == 0)
            column.first = column.min = column.max = sample.value;
        column.min = std::min(column.min, sample.value);
        column.max = std::max(column.max, sample.value);
        column.last = sample.value;
    }
    return columns;
}

std::optional<double> between(const Sample &before, const Sample &after, qint64 timeNs)
{
    if (!std::isfinite(before.value) || !std::isfinite(after.value) || after.timeNs <= before.timeNs)
        return {};
    const double share = static_cast<double>(timeNs - before.timeNs) / static_cast<double>(after.timeNs - before.timeNs);
    return before.value + (after.value - before.value) * share;
}

} // namespace

QString intervalLabel(qint64 intervalNs)
{
    struct Unit {
        qint64 ns;
        const char *name;
    };
    for (const Unit &unit : {Unit{kDay, "d"}, Unit{kHour, "h"}, Unit{kMinute, "min"}, Unit{kNsPerSecond, "s"}, Unit{kNsPerMs, "ms"}}) {
        if (intervalNs % unit.ns == 0)
            return QString::number(intervalNs / unit.ns) + QChar(0x202f) + QLatin1String(unit.name);
    }
    return formatDuration(intervalNs);
}

bool ChartComposer::hasData() const
{
    if (asLine && line)
        return !line->isEmpty();
    return candles ? !candles->isEmpty() : line && !line->isEmpty();
}

quint64 ChartComposer::taken() const
{
    if (line && (asLine || !candles))
        return line->appended();
    return candles ? candles->revision() : 0;
}

std::optional<double> ChartComposer::lastValue() const
{
    if (!hasData())
        return {};
    if (line && (asLine || !candles)) {
        const double value = line->back().value;
        return std::isfinite(value) ? std::optional(value) : std::nullopt;
    }
    return candles->back().close;
}

qint64 ChartComposer::intervalNs() const
{
    if (!candles)
        return 0;
    const qint64 own = candles->intervalNs();
    const qint64 asked = std::max(own, requestedIntervalNs);
    const qint64 narrowest = asLine ? 1 : kNarrowestCandle;
    const qint64 least = std::max(asked, narrowest * window.nsPerPixel());
    if (asked >= least && asked % own == 0)
        return asked;
    for (const qint64 interval : kIntervals) {
        if (interval >= least && interval % own == 0)
            return interval;
    }
    return (least + own - 1) / own * own;
}

void ChartComposer::restart()
{
    m_source = {};
    m_ticks.clear();
    window.forgetData();
    m_range.reset();
    m_autoValue = true;
    m_volumeTop = 0;
    m_axisWidth = 0;
    if (candles && !(asLine && line)) {
        const qint64 interval = std::max(candles->intervalNs(), requestedIntervalNs);
        window.setScale(interval / kUsualSlot, std::max<qint64>(1, candles->intervalNs() / kWidestSlot));
    } else {
        window.setScale(kUsualLineNs / kUsualLinePixels, kFinestLineNs);
    }
    window.follow();
}

void ChartComposer::advance(qint64 nowNs)
{
    if (!hasData())
        return;
    if (line && (asLine || !candles))
        window.setData((*line)[0].timeNs, line->back().timeNs, nowNs, 0);
    else
        window.setData((*candles)[0].startNs, candles->back().startNs, nowNs, intervalNs());
}

ChartFrame ChartComposer::compose(QSize size, const ChartMetrics &metrics, std::optional<QPoint> cursor, bool tick)
{
    ChartFrame frame;
    frame.size = size;
    const int top = metrics.titleHeight > 0 ? metrics.titleHeight : kTopWithoutTitle;
    // Labels decide how wide the axis is and the axis how much is seen, so a second round may be needed; the axis only grows, and nothing jerks.
    for (int round = 0; round < 2; ++round) {
        frame.plot = QRect(kLeft, top, std::max(1, size.width() - kLeft - m_axisWidth),
            std::max(1, size.height() - top - metrics.timeAxisHeight));
        window.setPixels(frame.plot.width());
        frame.fromNs = window.fromNs();
        frame.nsPerPixel = window.nsPerPixel();

        Extent extent;
        chooseInk(frame, extent);
        if (std::isfinite(extent.min) && m_autoValue) {
            const double least = std::max(kLeastSteps * std::pow(10.0, -decimals), std::abs(extent.max) * 1e-9);
            m_range.fit(extent.min, extent.max, kTopShare, frame.volumeTop > 0 ? kVolumeBottomShare : kBottomShare, least);
        }
        if (tick && round == 0)
            m_range.glide();
        if (m_range.isSet()) {
            frame.low = m_range.low();
            frame.high = m_range.high();
        }
        chooseTicks(frame, metrics);
        chooseLast(frame);

        QString longest = frame.last ? frame.last->label : QString();
        for (const ValueTick &valueTick : frame.valueTicks) {
            if (valueTick.label.size() > longest.size())
                longest = valueTick.label;
        }
        if (cursor && frame.plot.contains(*cursor))
            chooseCrosshair(frame, *cursor);
        if (frame.crosshair && frame.crosshair->valueLabel.size() > longest.size())
            longest = frame.crosshair->valueLabel;
        chooseReadout(frame, extent);
        const int width = metrics.labelWidth(widened(longest)) + 4;
        if (width <= m_axisWidth)
            break;
        m_axisWidth = (width + 7) / 8 * 8;
    }
    for (const ChartMark &mark : marks) {
        if (mark.toNs >= frame.fromNs && mark.fromNs <= frame.toNs())
            frame.marks.push_back(mark);
    }
    if (!hasData()) {
        frame.empty = emptyText.isEmpty() ? tr("Nothing received yet. The chart begins with the first value.") : emptyText;
        frame.timeTicks.clear();
        frame.valueTicks.clear();
        frame.crosshair.reset();
    } else if (!std::isfinite(frame.low) || (frame.candles.empty() && frame.columns.empty() && frame.points.empty())) {
        frame.empty = tr("Nothing was received in this stretch of time.");
    }
    return frame;
}

void ChartComposer::chooseInk(ChartFrame &frame, Extent &extent)
{
    const Source now = source(frame);
    if (now == m_source) {
        frame.candles = m_ink.candles;
        frame.columns = m_ink.columns;
        frame.points = m_ink.points;
        frame.leftValue = m_ink.leftValue;
        frame.intervalNs = m_ink.intervalNs;
        frame.volumeTop = m_ink.volumeTop;
        extent = m_extent;
        return;
    }
    frame.candles.clear();
    frame.columns.clear();
    frame.points.clear();
    frame.leftValue.reset();
    frame.volumeTop = 0;
    if (hasData())
        chooseFrom(frame, extent);
    m_source = now;
    m_pastRevision = candles ? candles->pastRevision() : 0;
    m_extent = extent;
    m_ink.candles = frame.candles;
    m_ink.columns = frame.columns;
    m_ink.points = frame.points;
    m_ink.leftValue = frame.leftValue;
    m_ink.intervalNs = frame.intervalNs;
    m_ink.volumeTop = frame.volumeTop;
}

ChartComposer::Source ChartComposer::source(const ChartFrame &frame) const
{
    const bool ofLine = line && (asLine || !candles);
    const void *series = ofLine ? static_cast<const void *>(line) : candles;
    const qsizetype size = ofLine ? line->size() : candles ? candles->size() : 0;
    return {series, taken(), size, frame.fromNs, frame.nsPerPixel, frame.plot.width(), intervalNs(), asLine};
}

void ChartComposer::chooseFrom(ChartFrame &frame, Extent &extent)
{
    if (line && (asLine || !candles)) {
        chooseLine(frame, extent);
        return;
    }
    frame.intervalNs = intervalNs();
    if (asLine) {
        chooseCloses(frame, extent);
        return;
    }
    chooseCandles(frame);
    for (const Candle &candle : frame.candles) {
        extent.add(candle.low);
        extent.add(candle.high);
    }
    chooseVolume(frame);
}

/// With a long history on the screen, only what is at its newest end is merged anew.
void ChartComposer::chooseCandles(ChartFrame &frame) const
{
    const qint64 first = series::floorTo(frame.fromNs, frame.intervalNs);
    const bool kept = m_source.series == candles && !m_source.asLine && m_source.intervalNs == frame.intervalNs
        && m_pastRevision == candles->pastRevision() && !m_ink.candles.empty()
        && first >= series::floorTo(m_source.fromNs, frame.intervalNs) && m_ink.candles.back().startNs >= first;
    if (!kept) {
        frame.candles = candles->merged(frame.intervalNs, frame.fromNs, frame.toNs());
        return;
    }
    for (const Candle &candle : m_ink.candles) {
        if (candle.startNs >= first && candle.startNs < m_ink.candles.back().startNs)
            frame.candles.push_back(candle);
    }
    const std::vector<Candle> newest = candles->merged(frame.intervalNs, m_ink.candles.back().startNs, frame.toNs());
    frame.candles.insert(frame.candles.end(), newest.begin(), newest.end());
    std::erase_if(frame.candles, [&](const Candle &candle) { return candle.startNs >= frame.toNs(); });
}

void ChartComposer::chooseVolume(ChartFrame &frame)
{
    double most = 0;
    for (const Candle &candle : frame.candles)
        most = std::max(most, candle.volume);
    if (most > 0 && (most > m_volumeTop || most < m_volumeTop * 0.35))
        m_volumeTop = niceStepAtLeast(most);
    frame.volumeTop = most > 0 ? m_volumeTop : 0;
}

void ChartComposer::chooseCloses(ChartFrame &frame, Extent &extent) const
{
    const std::vector<Candle> closes
        = candles->merged(frame.intervalNs, frame.fromNs - frame.intervalNs, frame.toNs() + frame.intervalNs);
    std::vector<Sample> samples;
    samples.reserve(closes.size());
    for (const Candle &candle : closes) {
        // The close of a candle is known at its end; the one being made now counts as its middle like all others.
        samples.push_back({candle.startNs + frame.intervalNs / 2, candle.close});
        extent.add(candle.close);
    }
    if (static_cast<qint64>(samples.size()) <= 2 * frame.plot.width())
        frame.points = std::move(samples);
    else
        frame.columns = columnsOf(samples, frame);
}

void ChartComposer::chooseLine(ChartFrame &frame, Extent &extent) const
{
    const qsizetype first = line->lowerBound(frame.fromNs);
    const qsizetype last = line->lowerBound(frame.toNs());
    extent = line->extent(first, last);
    if (last - first > 2 * frame.plot.width()) {
        frame.columns = series::decimate(*line, frame.fromNs, frame.toNs(), frame.plot.width());
        if (first > 0)
            frame.leftValue = between((*line)[first - 1], (*line)[first], frame.fromNs);
        return;
    }
    const qsizetype from = std::max<qsizetype>(0, first - 1);
    const qsizetype to = std::min(line->size(), last + 1);
    for (qsizetype i = from; i < to; ++i)
        frame.points.push_back((*line)[i]);
    if (!std::isfinite(extent.min)) // the line only passes through
        extent = line->extent(from, to);
}

void ChartComposer::chooseTicks(ChartFrame &frame, const ChartMetrics &metrics)
{
    frame.valueTicks.clear();
    if (m_range.isSet()) {
        const double spacing = std::max(44.0, metrics.lineHeight * 2.75);
        const double step = niceStepAtLeast(m_range.targetHeight() * spacing / std::max<double>(spacing, frame.plot.height()));
        frame.valueTicks = valueTicks(frame.low, frame.high, step, decimals);
    }
    const double perPixel = static_cast<double>(frame.nsPerPixel);
    TimeStep step = timeStepAtLeast(static_cast<qint64>(perPixel * 88));
    const int width = metrics.labelWidth(widestTimeTickLabel(step)) + 24;
    if (width > 88)
        step = timeStepAtLeast(static_cast<qint64>(perPixel * width));
    // Telling local times is slow, and a chart that scrolls shows the same ticks for a long time.
    if (m_ticks.empty() || step != m_tickStep || frame.fromNs < m_ticksFrom || frame.toNs() > m_ticksTo) {
        const qint64 span = frame.toNs() - frame.fromNs;
        m_tickStep = step;
        m_ticksFrom = frame.fromNs - span / 2;
        m_ticksTo = frame.toNs() + span;
        m_ticks = ui::timeTicks(m_ticksFrom, m_ticksTo, step);
    }
    frame.timeTicks.clear();
    for (const TimeTick &timeTick : m_ticks) {
        if (timeTick.timeNs >= frame.fromNs && timeTick.timeNs <= frame.toNs())
            frame.timeTicks.push_back(timeTick);
    }
}

void ChartComposer::chooseLast(ChartFrame &frame) const
{
    frame.last.reset();
    const std::optional<double> value = lastValue();
    if (!value)
        return;
    frame.last = ChartFrame::Last{*value, formatPrice(*value, decimals), ChartFrame::Direction::Flat};
    if (showsCandles()) {
        // As the candle that it is the close of: the newest one where that is on the screen.
        const Candle &newest = candles->back();
        const Candle *shown = frame.candles.empty() ? nullptr : &frame.candles.back();
        const bool same = shown && newest.startNs < shown->startNs + frame.intervalNs && newest.startNs >= shown->startNs;
        frame.last->direction = (same ? *shown : newest).isUp() ? ChartFrame::Direction::Up : ChartFrame::Direction::Down;
    }
}

void ChartComposer::chooseCrosshair(ChartFrame &frame, QPoint cursor) const
{
    if (!m_range.isSet())
        return;
    qint64 time = frame.timeAt(cursor.x() + 0.5);
    qint64 finest = frame.nsPerPixel;
    int x = cursor.x();
    if (frame.intervalNs > 0) { // of candles, or of the closes that are their line
        time = series::floorTo(time, frame.intervalNs);
        finest = frame.intervalNs;
        x = static_cast<int>(std::floor(frame.xOf(time + frame.intervalNs / 2)));
    }
    const QString tick = frame.valueTicks.empty() ? QString() : frame.valueTicks.front().label;
    const qsizetype point = tick.indexOf(QLatin1Char('.'));
    const int shown = std::max(decimals, point < 0 ? 0 : static_cast<int>(tick.size() - point - 1)); // as the axis is labelled
    frame.crosshair = ChartFrame::Crosshair{QPoint(std::clamp(x, frame.plot.left(), frame.plot.right()), cursor.y()),
        momentLabel(time, finest), formatPrice(frame.valueAt(cursor.y() + 0.5), shown)};

    const qint64 reach = kCrosshairReach * frame.nsPerPixel;
    QStringList notes;
    for (const ChartMark &mark : marks) {
        const qint64 under = frame.timeAt(cursor.x());
        if (under >= mark.fromNs - reach && under <= mark.toNs + reach && !mark.text.isEmpty())
            notes << mark.text;
    }
    frame.note = notes.join(QStringLiteral(" · "));
}

QString ChartComposer::withUnit(double value) const
{
    const QString number = formatPrice(value, decimals);
    return unit.isEmpty() || !std::isfinite(value) ? number : number + QChar(0x202f) + unit;
}

void ChartComposer::chooseReadout(ChartFrame &frame, const Extent &extent) const
{
    frame.readout.clear();
    if (!hasData())
        return;
    const double largest = std::abs(frame.low) > std::abs(frame.high) ? frame.low : frame.high;
    const QString widest = widened(withUnit(largest));

    if (showsCandles()) {
        const Candle *candle = frame.candles.empty() ? nullptr : &frame.candles.back();
        if (frame.crosshair) {
            const qint64 start = series::floorTo(frame.timeAt(frame.crosshair->at.x() + 0.5), frame.intervalNs);
            const auto it = std::ranges::find(frame.candles, start, &Candle::startNs);
            candle = it == frame.candles.end() ? nullptr : &*it;
        }
        const bool merged = frame.intervalNs > std::max(requestedIntervalNs, candles->intervalNs());
        frame.readout.push_back({merged ? tr("merged to") : QString(), intervalLabel(frame.intervalNs), {}});
        if (!candle) {
            frame.readout.push_back({{}, tr("no trades"), {}});
            return;
        }
        frame.readout.push_back({tr("O"), formatPrice(candle->open, decimals), widened(formatPrice(largest, decimals))});
        frame.readout.push_back({tr("H"), formatPrice(candle->high, decimals), frame.readout.back().widest});
        frame.readout.push_back({tr("L"), formatPrice(candle->low, decimals), frame.readout.back().widest});
        frame.readout.push_back({tr("C"), formatPrice(candle->close, decimals), frame.readout.back().widest});
        const double percent = candle->open != 0 ? (candle->close / candle->open - 1) * 100 : series::kMissing;
        frame.readout.push_back({{}, formatPercent(percent), QStringLiteral("▲ 00.00") + QChar(0x202f) + QLatin1Char('%'),
            direction(candle->open, candle->close)});
        if (frame.volumeTop > 0)
            frame.readout.push_back({tr("V"), volumeLabel(candle->volume), widened(volumeLabel(candle->volume))});
        return;
    }

    if (frame.crosshair) {
        const qint64 time = frame.timeAt(frame.crosshair->at.x() + 0.5);
        double value = series::kMissing;
        if (line && (asLine || !candles)) {
            const qsizetype after = line->lowerBound(time + 1);
            value = after > 0 ? (*line)[after - 1].value : series::kMissing;
        } else {
            const qsizetype after = candles->lowerBound(series::floorTo(time, frame.intervalNs) + frame.intervalNs);
            value = after > 0 ? (*candles)[after - 1].close : series::kMissing;
        }
        frame.readout.push_back({tr("value"), withUnit(value), widest});
    } else {
        frame.readout.push_back({tr("last"), withUnit(lastValue().value_or(series::kMissing)), widest});
    }
    frame.readout.push_back({tr("lowest"), withUnit(extent.min), widest});
    frame.readout.push_back({tr("highest"), withUnit(extent.max), widest});
}

void ChartComposer::zoomValue(double factor, double shareFromTop)
{
    if (!m_range.isSet() || !(factor > 0))
        return;
    const double height = m_range.high() - m_range.low();
    const double least = std::max(std::pow(10.0, -decimals) / 10, std::abs(m_range.high()) * 1e-9);
    const double next = std::clamp(height / factor, least, 1e15);
    const double anchor = m_range.high() - shareFromTop * height;
    m_range.set(anchor + shareFromTop * next - next, anchor + shareFromTop * next);
    m_autoValue = false;
}

void ChartComposer::panValue(double share)
{
    if (m_autoValue || !m_range.isSet())
        return;
    const double by = share * (m_range.high() - m_range.low());
    m_range.set(m_range.low() + by, m_range.high() + by);
}

} // namespace feedscope::ui
