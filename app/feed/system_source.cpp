// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/system_source.h"

#include "base/clock.h"
#include "feed/json_writer.h"
#include "feed/proc_stat.h"

#include <QFile>
#include <QHash>

#include <limits>
#include <utility>

namespace feedscope::feed {

namespace {

constexpr qint64 kIntervalNs = base::kNsPerSecond;
constexpr qint64 kMaxFile = 1 << 20; // a computer with a thousand cores or interfaces stays below

const QByteArray kCpu = "system.cpu";
const QByteArray kMemory = "system.memory";
const QByteArray kNetwork = "system.network";
const QByteArray kDisk = "system.disk";
const QByteArray kLoad = "system.load";

/// Share of the time between two readings that was busy, in percent. Empty where the counters did not grow.
std::optional<double> busyPercent(const CpuTimes &before, const CpuTimes &after)
{
    if (after.total <= before.total || after.busy < before.busy)
        return std::nullopt;
    return qBound(0.0, 100.0 * static_cast<double>(after.busy - before.busy) / static_cast<double>(after.total - before.total), 100.0);
}

std::optional<double> perSecond(quint64 before, quint64 after, qint64 elapsedNs)
{
    if (after < before || elapsedNs <= 0)
        return std::nullopt;
    return static_cast<double>(after - before) * static_cast<double>(base::kNsPerSecond) / static_cast<double>(elapsedNs);
}

} // namespace

struct SystemSource::Private {
    QByteArray root;
    qint64 dueNs = 0;
    qint64 readNs = 0;
    ProcStat stat;
    std::optional<ByteCounters> network;
    std::optional<ByteCounters> disk;
    QHash<QByteArray, QByteArray> latest;

    QByteArray read(const char *name) const;
    void say(const QByteArray &topic, const QByteArray &data, qint64 timeNs, Publisher &publisher);
    void publishCpu(qint64 timeNs, Publisher &publisher);
    void publishMemory(qint64 timeNs, Publisher &publisher);
    void publishBytes(const QByteArray &topic, const char *in, const char *out, std::optional<ByteCounters> &before,
        std::optional<ByteCounters> now, bool valueIsSum, qint64 timeNs, Publisher &publisher);
    void publishLoad(qint64 timeNs, Publisher &publisher);
};

QByteArray SystemSource::Private::read(const char *name) const
{
    QFile file(QString::fromLocal8Bit(root + '/' + name));
    // Files of /proc say that they are empty; only reading tells.
    return file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) ? file.read(kMaxFile) : QByteArray();
}

void SystemSource::Private::say(const QByteArray &topic, const QByteArray &data, qint64 timeNs, Publisher &publisher)
{
    latest.insert(topic, data);
    publisher.publish(topic, data, timeNs);
}

void SystemSource::Private::publishCpu(qint64 timeNs, Publisher &publisher)
{
    const ProcStat before = std::exchange(stat, parseProcStat(read("stat")));
    if (!before.all || !stat.all)
        return;
    const auto value = busyPercent(*before.all, *stat.all);
    if (!value)
        return;
    QByteArray data;
    JsonWriter json(data);
    json.beginObject().key("value").number(*value, 2);
    // A core that was switched on or off in between leaves the numbering open: no list then.
    if (before.cores.size() == stat.cores.size() && !stat.cores.empty()) {
        json.key("cores").beginArray();
        for (size_t i = 0; i < stat.cores.size(); ++i)
            json.number(busyPercent(before.cores[i], stat.cores[i]).value_or(std::numeric_limits<double>::quiet_NaN()), 2); // null
        json.endArray();
    }
    json.endObject();
    say(kCpu, data, timeNs, publisher);
}

void SystemSource::Private::publishMemory(qint64 timeNs, Publisher &publisher)
{
    const auto memory = parseMemInfo(read("meminfo"));
    if (!memory)
        return;
    const quint64 used = memory->total - memory->available;
    QByteArray data;
    JsonWriter(data)
        .beginObject()
        .key("value").number(100.0 * static_cast<double>(used) / static_cast<double>(memory->total), 2)
        .key("used").unsignedInteger(used)
        .key("total").unsignedInteger(memory->total)
        .endObject();
    say(kMemory, data, timeNs, publisher);
}

void SystemSource::Private::publishBytes(const QByteArray &topic, const char *in, const char *out, std::optional<ByteCounters> &before,
    std::optional<ByteCounters> now, bool valueIsSum, qint64 timeNs, Publisher &publisher)
{
    const std::optional<ByteCounters> then = std::exchange(before, now);
    if (!then || !now)
        return;
    const auto inRate = perSecond(then->in, now->in, timeNs - readNs);
    const auto outRate = perSecond(then->out, now->out, timeNs - readNs);
    if (!inRate && !outRate)
        return;
    QByteArray data;
    JsonWriter json(data);
    json.beginObject();
    if (inRate)
        json.key(in).number(*inRate, 0);
    if (outRate)
        json.key(out).number(*outRate, 0);
    if (valueIsSum && inRate && outRate)
        json.key("value").number(*inRate + *outRate, 0);
    else if (!valueIsSum && inRate)
        json.key("value").number(*inRate, 0);
    json.endObject();
    say(topic, data, timeNs, publisher);
}

void SystemSource::Private::publishLoad(qint64 timeNs, Publisher &publisher)
{
    const auto load = parseLoadAverage(read("loadavg"));
    if (!load)
        return;
    QByteArray data;
    JsonWriter(data).beginObject().key("value").number(*load, 2).endObject();
    say(kLoad, data, timeNs, publisher);
}

SystemSource::SystemSource(QByteArray procRoot)
    : d(new Private)
{
    d->root = std::move(procRoot);
}

SystemSource::~SystemSource() = default;

QByteArray SystemSource::name() const
{
    return "system";
}

std::vector<QByteArray> SystemSource::topics() const
{
    return {kCpu, kMemory, kNetwork, kDisk, kLoad};
}

void SystemSource::advance(qint64 wallNs, Publisher &publisher)
{
    if (wallNs < d->dueNs)
        return;
    d->publishCpu(wallNs, publisher);
    d->publishMemory(wallNs, publisher);
    d->publishBytes(kNetwork, "received", "sent", d->network, parseNetDev(d->read("net/dev")), false, wallNs, publisher);
    d->publishBytes(kDisk, "read", "written", d->disk, parseDiskStats(d->read("diskstats")), true, wallNs, publisher);
    d->publishLoad(wallNs, publisher);
    d->readNs = wallNs;
    d->dueNs = wallNs - wallNs % kIntervalNs + kIntervalNs;
}

qint64 SystemSource::nextDueNs() const
{
    return d->dueNs;
}

std::optional<QByteArray> SystemSource::snapshot(const QByteArray &topic) const
{
    const auto at = d->latest.constFind(topic);
    return at == d->latest.cend() ? std::nullopt : std::optional(*at);
}

} // namespace feedscope::feed
