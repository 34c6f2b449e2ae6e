// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace feedscope::feed {

/// Readings of Linux' /proc files, as pure functions of their text. What is not there stays empty.

struct CpuTimes {
    quint64 busy = 0;
    quint64 total = 0;
};
struct ProcStat {
    std::optional<CpuTimes> all;
    std::vector<CpuTimes> cores;
};
ProcStat parseProcStat(QByteArrayView text);

struct Memory {
    quint64 total = 0; ///< bytes
    quint64 available = 0;
};
std::optional<Memory> parseMemInfo(QByteArrayView text);

/// Two counters that only grow: received and sent, or read and written, in bytes since boot.
struct ByteCounters {
    quint64 in = 0;
    quint64 out = 0;
};
/// All interfaces but the loopback.
std::optional<ByteCounters> parseNetDev(QByteArrayView text);
/// Whole physical devices: partitions, loop, ram and mapped devices would count the same bytes again.
std::optional<ByteCounters> parseDiskStats(QByteArrayView text);
bool isPhysicalDisk(QByteArrayView device);

std::optional<double> parseLoadAverage(QByteArrayView text); ///< of the last minute

} // namespace feedscope::feed
