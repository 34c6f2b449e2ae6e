// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/candle.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace feedscope::series {

namespace {

bool isWhole(const Candle &candle)
{
    return std::isfinite(candle.open) && std::isfinite(candle.close) && std::isfinite(candle.high)
        && std::isfinite(candle.low) && std::isfinite(candle.volume) && candle.volume >= 0
        && candle.low <= std::min(candle.open, candle.close) && candle.high >= std::max(candle.open, candle.close);
}

} // namespace

qint64 floorTo(qint64 timeNs, qint64 step)
{
    Q_ASSERT(step > 0);
    qint64 rest = timeNs % step;
    if (rest < 0)
        rest += step;
    return timeNs - rest;
}

CandleSeries::CandleSeries(qint64 intervalNs, qsizetype capacity)
    : m_intervalNs(intervalNs)
    , m_capacity(capacity)
{
    Q_ASSERT(intervalNs > 0);
    Q_ASSERT(capacity > 0);
}

qsizetype CandleSeries::size() const
{
    return static_cast<qsizetype>(m_candles.size()) - m_first;
}

const Candle &CandleSeries::operator[](qsizetype index) const
{
    Q_ASSERT(index >= 0 && index < size());
    return m_candles[static_cast<size_t>(m_first + index)];
}

const Candle &CandleSeries::back() const
{
    Q_ASSERT(!isEmpty());
    return m_candles.back();
}

bool CandleSeries::addTrade(qint64 timeNs, double price, double size)
{
    if (!std::isfinite(price) || !std::isfinite(size) || size < 0)
        return false;
    if (timeNs < std::numeric_limits<qint64>::min() + m_intervalNs) // its start would not fit into 64 bits
        return false;

    const qint64 start = floorTo(timeNs, m_intervalNs);
    if (isEmpty() || start > back().startNs) {
        insert(static_cast<qsizetype>(m_candles.size()), {start, price, price, price, price, size});
        m_lastTradeNs = timeNs;
        return true;
    }
    if (start < (*this)[0].startNs)
        return false;

    const qsizetype at = insertionPoint(start);
    Candle &candle = m_candles[static_cast<size_t>(at)];
    if (candle.startNs != start) {
        insert(at, {start, price, price, price, price, size});
        return true;
    }
    candle.high = std::max(candle.high, price);
    candle.low = std::min(candle.low, price);
    candle.volume += size;
    if (start != back().startNs) {
        ++m_pastRevision;
    } else if (timeNs >= m_lastTradeNs) {
        candle.close = price;
        m_lastTradeNs = timeNs;
    }
    ++m_revision;
    return true;
}

bool CandleSeries::put(const Candle &candle)
{
    if (!isWhole(candle) || candle.startNs % m_intervalNs != 0)
        return false;
    if (isEmpty() || candle.startNs > back().startNs) {
        insert(static_cast<qsizetype>(m_candles.size()), candle);
        m_lastTradeNs = candle.startNs;
        return true;
    }
    if (candle.startNs < (*this)[0].startNs)
        return false;
    const qsizetype at = insertionPoint(candle.startNs);
    Candle &held = m_candles[static_cast<size_t>(at)];
    if (held.startNs != candle.startNs) {
        insert(at, candle);
        return true;
    }
    if (held == candle)
        return true;
    held = candle;
    if (at + 1 == static_cast<qsizetype>(m_candles.size()))
        m_lastTradeNs = candle.startNs;
    else
        ++m_pastRevision;
    ++m_revision;
    return true;
}

void CandleSeries::clear()
{
    m_candles.clear();
    m_first = 0;
    ++m_revision;
    ++m_pastRevision;
}

qsizetype CandleSeries::insertionPoint(qint64 startNs) const
{
    const auto it = std::lower_bound(m_candles.begin() + m_first, m_candles.end(), startNs,
        [](const Candle &candle, qint64 time) { return candle.startNs < time; });
    return it - m_candles.begin();
}

void CandleSeries::insert(qsizetype at, const Candle &candle)
{
    if (at < static_cast<qsizetype>(m_candles.size()))
        ++m_pastRevision;
    m_candles.insert(m_candles.begin() + at, candle);
    ++m_started;
    ++m_revision;
    trim();
}

void CandleSeries::trim()
{
    if (size() > m_capacity) {
        m_first += size() - m_capacity;
        ++m_pastRevision;
    }
    // Moving the rest down costs as much as the rest is long: done once per eighth of it.
    if (m_first > m_capacity / 8) {
        m_candles.erase(m_candles.begin(), m_candles.begin() + m_first);
        m_first = 0;
    }
}

qsizetype CandleSeries::lowerBound(qint64 timeNs) const
{
    return insertionPoint(timeNs) - m_first;
}

std::vector<Candle> CandleSeries::merged(qint64 intervalNs, qint64 fromNs, qint64 toNs) const
{
    std::vector<Candle> result;
    if (toNs <= fromNs)
        return result;
    const qint64 step = std::max(intervalNs, m_intervalNs);
    const qsizetype first = lowerBound(floorTo(fromNs, step));
    const qsizetype last = lowerBound(floorTo(toNs - 1, step) + step);
    const Candle *const end = m_candles.data() + m_first + last;
    qint64 nextStart = 0;
    for (const Candle *candle = m_candles.data() + m_first + first; candle < end; ++candle) {
        if (result.empty() || candle->startNs >= nextStart) {
            result.push_back(*candle);
            result.back().startNs = floorTo(candle->startNs, step);
            nextStart = result.back().startNs + step;
            continue;
        }
        Candle &coarse = result.back();
        coarse.high = std::max(coarse.high, candle->high);
        coarse.low = std::min(coarse.low, candle->low);
        coarse.close = candle->close;
        coarse.volume += candle->volume;
    }
    return result;
}

} // namespace feedscope::series
