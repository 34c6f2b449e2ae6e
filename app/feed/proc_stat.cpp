// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/proc_stat.h"

#include <QList>

namespace feedscope::feed {

namespace {

QList<QByteArray> linesOf(QByteArrayView text)
{
    return text.toByteArray().split('\n');
}

/// The words of a line, whatever spaces are between them.
QList<QByteArray> wordsOf(const QByteArray &line)
{
    return line.simplified().split(' ');
}

std::optional<CpuTimes> cpuTimes(const QList<QByteArray> &words)
{
    // proc(5): user nice system idle iowait irq softirq steal guest guest_nice; guest time is in user already.
    if (words.size() < 5)
        return std::nullopt;
    CpuTimes times;
    for (qsizetype i = 1; i < qMin<qsizetype>(9, words.size()); ++i) {
        bool isNumber = false;
        const quint64 ticks = words[i].toULongLong(&isNumber);
        if (!isNumber)
            return std::nullopt;
        times.total += ticks;
        if (i != 4 && i != 5)
            times.busy += ticks;
    }
    return times;
}

bool isDigits(QByteArrayView text)
{
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
    }
    return !text.isEmpty();
}

bool isLetters(QByteArrayView text)
{
    for (const char c : text) {
        if (c < 'a' || c > 'z')
            return false;
    }
    return !text.isEmpty();
}

} // namespace

ProcStat parseProcStat(QByteArrayView text)
{
    ProcStat stat;
    for (const QByteArray &line : linesOf(text)) {
        if (!line.startsWith("cpu"))
            continue;
        const QList<QByteArray> words = wordsOf(line);
        const auto times = cpuTimes(words);
        if (!times)
            continue;
        if (words[0] == "cpu")
            stat.all = times;
        else
            stat.cores.push_back(*times);
    }
    return stat;
}

std::optional<Memory> parseMemInfo(QByteArrayView text)
{
    std::optional<quint64> total;
    std::optional<quint64> available;
    for (const QByteArray &line : linesOf(text)) {
        const QList<QByteArray> words = wordsOf(line);
        if (words.size() < 2)
            continue;
        bool isNumber = false;
        const quint64 kilobytes = words[1].toULongLong(&isNumber);
        if (!isNumber)
            continue;
        if (words[0] == "MemTotal:")
            total = kilobytes * 1024;
        else if (words[0] == "MemAvailable:")
            available = kilobytes * 1024;
    }
    if (!total || !available || *total == 0 || *available > *total)
        return std::nullopt;
    return Memory{*total, *available};
}

std::optional<ByteCounters> parseNetDev(QByteArrayView text)
{
    std::optional<ByteCounters> sum;
    for (const QByteArray &line : linesOf(text)) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0 || line.left(colon).trimmed() == "lo")
            continue;
        const QList<QByteArray> words = wordsOf(line.mid(colon + 1));
        if (words.size() < 9)
            continue;
        bool isReceived = false;
        bool isSent = false;
        const quint64 received = words[0].toULongLong(&isReceived);
        const quint64 sent = words[8].toULongLong(&isSent);
        if (!isReceived || !isSent)
            continue;
        if (!sum)
            sum = ByteCounters{};
        sum->in += received;
        sum->out += sent;
    }
    return sum;
}

bool isPhysicalDisk(QByteArrayView device)
{
    for (const QByteArrayView prefix : {QByteArrayView("sd"), QByteArrayView("vd"), QByteArrayView("xvd"), QByteArrayView("hd")}) {
        if (device.startsWith(prefix))
            return isLetters(device.sliced(prefix.size()));
    }
    if (device.startsWith("mmcblk"))
        return isDigits(device.sliced(6));
    if (device.startsWith("nvme")) {
        const QByteArrayView rest = device.sliced(4); // 0n1, but not 0n1p2 and not 0c0n1
        const qsizetype separator = rest.indexOf('n');
        return separator > 0 && isDigits(rest.first(separator)) && isDigits(rest.sliced(separator + 1));
    }
    return false;
}

std::optional<ByteCounters> parseDiskStats(QByteArrayView text)
{
    constexpr quint64 kSector = 512; // whatever the device's own sector size is
    std::optional<ByteCounters> sum;
    for (const QByteArray &line : linesOf(text)) {
        const QList<QByteArray> words = wordsOf(line);
        if (words.size() < 10 || !isPhysicalDisk(words[2]))
            continue;
        bool isRead = false;
        bool isWritten = false;
        const quint64 read = words[5].toULongLong(&isRead);
        const quint64 written = words[9].toULongLong(&isWritten);
        if (!isRead || !isWritten)
            continue;
        if (!sum)
            sum = ByteCounters{};
        sum->in += read * kSector;
        sum->out += written * kSector;
    }
    return sum;
}

std::optional<double> parseLoadAverage(QByteArrayView text)
{
    bool isNumber = false;
    const double load = wordsOf(text.toByteArray()).constFirst().toDouble(&isNumber);
    return isNumber && load >= 0 ? std::optional(load) : std::nullopt;
}

} // namespace feedscope::feed
