// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/series.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace feedscope::series {

namespace {

constexpr qsizetype kFirstSamples = 1024;
constexpr qsizetype kFirstNodes = 16;

/// By a quarter and not by two, so that the slack stays inside the budget per sample.
template <class T> void growGently(std::vector<T> &vector, qsizetype least, qsizetype most)
{
    if (vector.size() < vector.capacity())
        return;
    const auto size = static_cast<qsizetype>(vector.size());
    vector.reserve(static_cast<size_t>(std::min(most, std::max(least, size + size / 4))));
}

/// The held values are finite or NaN, so that comparing is enough.
void addSamples(Extent &extent, const Sample *from, const Sample *to)
{
    double min = std::numeric_limits<double>::infinity();
    double max = -min;
    for (const Sample *sample = from; sample < to; ++sample) {
        const double value = sample->value;
        min = value < min ? value : min;
        max = value > max ? value : max;
        extent.gap = extent.gap || value != value;
    }
    if (min <= max) {
        extent.add(min);
        extent.add(max);
    }
}

} // namespace

void Extent::add(double value)
{
    if (!std::isfinite(value)) {
        gap = true;
        return;
    }
    if (!(min <= value)) // also where min is still NaN
        min = value;
    if (!(max >= value))
        max = value;
}

void Extent::add(const Extent &other)
{
    gap = gap || other.gap;
    if (std::isfinite(other.min)) {
        add(other.min);
        add(other.max);
    }
}

Series::Series(qsizetype capacity)
    : m_capacity(std::max<qsizetype>(1, capacity))
{
    for (qsizetype span = kFan; span <= m_capacity; span *= kFan)
        m_levels.emplace_back();
}

bool Series::append(Sample sample)
{
    if (!isEmpty() && sample.timeNs < back().timeNs) {
        ++m_refused;
        return false;
    }
    if (!std::isfinite(sample.value))
        sample.value = kMissing;

    qsizetype slot = m_head;
    if (size() < m_capacity) {
        slot = size();
        growGently(m_samples, kFirstSamples, m_capacity);
        m_samples.push_back(sample);
    } else {
        m_samples[static_cast<size_t>(slot)] = sample;
        m_head = (slot + 1) % m_capacity;
    }
    summarise(slot);
    ++m_appended;
    return true;
}

void Series::summarise(qsizetype slot)
{
    qsizetype index = slot;
    qsizetype most = m_capacity;
    for (size_t level = 0; level < m_levels.size() && index % kFan == kFan - 1; ++level) {
        const qsizetype first = index - (kFan - 1);
        Extent extent;
        for (qsizetype child = first; child <= index; ++child) {
            if (level == 0)
                extent.add(m_samples[static_cast<size_t>(child)].value);
            else
                extent.add(m_levels[level - 1][static_cast<size_t>(child)]);
        }
        index /= kFan;
        most /= kFan;
        std::vector<Extent> &nodes = m_levels[level];
        if (index == static_cast<qsizetype>(nodes.size())) {
            growGently(nodes, kFirstNodes, most);
            nodes.push_back(extent);
        } else {
            nodes[static_cast<size_t>(index)] = extent;
        }
    }
}

qsizetype Series::lowerBound(qint64 timeNs, qsizetype notBefore) const
{
    qsizetype low = notBefore;
    qsizetype high = size();
    // Gallop first: a walk from column to column finds the next one nearby.
    for (qsizetype step = 8; low + step < high; step *= 4) {
        if ((*this)[low + step].timeNs >= timeNs) {
            high = low + step;
            break;
        }
        low += step + 1;
    }
    while (low < high) {
        const qsizetype middle = low + (high - low) / 2;
        if ((*this)[middle].timeNs < timeNs)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Extent Series::extent(qsizetype first, qsizetype last) const
{
    Q_ASSERT(first >= 0 && last <= size());
    Extent extent;
    if (first >= last)
        return extent;
    const qsizetype from = m_head + first;
    const qsizetype to = m_head + last;
    if (from >= size()) {
        addSlots(extent, from - size(), to - size());
    } else {
        addSlots(extent, from, std::min(to, size()));
        addSlots(extent, 0, std::max<qsizetype>(0, to - size()));
    }
    return extent;
}

void Series::addSlots(Extent &extent, qsizetype first, qsizetype last) const
{
    // Up the pyramid from both ends: at each level take the children that do not fill a parent, then go on with the parents between.
    size_t level = 0;
    const auto take = [&](qsizetype from, qsizetype to) {
        if (level == 0)
            addSamples(extent, m_samples.data() + from, m_samples.data() + to);
        else
            for (qsizetype i = from; i < to; ++i)
                extent.add(m_levels[level - 1][static_cast<size_t>(i)]);
    };
    while (first < last) {
        const qsizetype firstParent = (first + kFan - 1) / kFan;
        const qsizetype lastParent = last / kFan;
        if (level == m_levels.size() || firstParent >= lastParent) {
            take(first, last);
            return;
        }
        take(first, firstParent * kFan);
        take(lastParent * kFan, last);
        first = firstParent;
        last = lastParent;
        ++level;
    }
}

void Series::clear()
{
    m_samples.clear();
    m_head = 0;
    for (std::vector<Extent> &nodes : m_levels)
        nodes.clear();
}

qsizetype Series::memoryBytes() const
{
    size_t bytes = m_samples.capacity() * sizeof(Sample);
    for (const std::vector<Extent> &nodes : m_levels)
        bytes += nodes.capacity() * sizeof(Extent);
    return static_cast<qsizetype>(bytes);
}

} // namespace feedscope::series
