// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/candle.h"
#include "series/order_book.h"
#include "series/tick.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace feedscope::feed {

struct SymbolTick {
    QString symbol;
    series::Tick tick;
    qint64 receivedNs = 0; ///< wall time of the frame's arrival
};

struct CandleChange {
    QString symbol;
    qint64 intervalNs = 0;
    bool snapshot = false; ///< replaces all candles of that symbol and interval; otherwise each goes in by its start
    std::vector<series::Candle> candles;
};

struct BookChange {
    QString symbol;
    bool snapshot = false;
    std::vector<series::BookLevel> bids;
    std::vector<series::BookLevel> asks;
    quint32 checksum = 0; ///< of the book after this change
    bool hasChecksum = false;
    int priceDecimals = 2;
    int sizeDecimals = 0;
};

struct MetricSample {
    QString topic; ///< "system.cpu"
    QString field; ///< "value"
    series::Sample sample;
};

/// What a market snapshot says about a symbol beyond its last trade.
struct SymbolInfo {
    QString symbol;
    QString name;
    int decimals = 2;
    double open = series::kMissing; ///< of the session
    std::vector<double> sparkline; ///< one-minute closes, oldest first
};

/// What the data-quality lane shows.
enum class QualityKind : quint8 { Gap, OutOfOrder, Duplicate, ChecksumMismatch, Malformed, Reconnect, Stale, Dropped };
struct QualityMark {
    QualityKind kind = QualityKind::Gap;
    QString topic;
    qint64 timeNs = 0;
    quint64 fromOffset = 0;
    quint64 toOffset = 0;
    QString detail;
};

/// Everything a feed brought since the last display tick, immutable once handed over. Values, so that it may cross threads.
struct FeedBatch {
    /// Trades with quotes. One made from a snapshot has no size and Side::None: a state, not a trade.
    std::vector<SymbolTick> ticks;
    std::vector<SymbolInfo> symbols;
    std::vector<CandleChange> candles;
    std::vector<BookChange> books;
    std::vector<MetricSample> metrics;
    std::vector<QualityMark> quality;
    std::vector<qint64> latenciesNs; ///< received minus source time; may be negative
    quint64 messages = 0;
    quint64 malformed = 0; ///< messages that could not be read; each has a QualityMark

    bool isEmpty() const { return messages == 0 && quality.empty(); }
};

} // namespace feedscope::feed
