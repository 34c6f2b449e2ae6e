// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ring_buffer.h"
#include "feed/feed_batch.h"
#include "series/candle.h"
#include "series/order_book.h"
#include "series/series.h"
#include "ui/models/latency_window.h"
#include "ui/models/trend.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace feedscope::ui {

struct Trade {
    qint64 timeNs = 0;
    double price = series::kMissing;
    double size = series::kMissing; ///< NaN: not given
    int direction = 0; ///< 1 bought or higher than the trade before, -1 sold or lower, 0 neither
    bool operator==(const Trade &) const = default;
};

/// What is known of one symbol.
struct SymbolState {
    QString symbol;
    QString name; ///< "Apple"; empty where the feed did not say
    double open = series::kMissing; ///< of the session
    series::Tick tick; ///< the newest value of each field; a field that a tick did not bring keeps its last value
    int direction = 0; ///< of the last price that differed from the one before
    int decimals = 2; ///< as many as its prices have needed so far, 2 … 8; never fewer again
    qint64 receivedNs = 0;
    quint64 ticks = 0;
    Trend trend;
    std::deque<Trade> trades; ///< newest last, at most MarketModel::tradeCapacity()
    quint64 tradesSeen = 0; ///< ever
};

/// The book of one symbol and whether it agrees with the checksums that came with it.
struct BookState {
    series::OrderBook book;
    int priceDecimals = 2;
    int sizeDecimals = 0;
    quint64 changes = 0; ///< ever; a view compares it with what it has shown
    quint64 verified = 0; ///< checksums that agreed
    quint64 mismatched = 0;
    bool agrees = true; ///< the last checksum did
};

/// Everything the dashboard shows, taken in from feed batches and kept bounded. Not an item model: the item models and the page read it when the
/// display tick comes. Pointers it hands out stay valid until clear(). GUI thread.
class MarketModel {
public:
    MarketModel();
    ~MarketModel();
    MarketModel(MarketModel &&) noexcept;
    MarketModel &operator=(MarketModel &&) noexcept;

    void apply(const feed::FeedBatch &batch);
    void clear();

    int size() const { return static_cast<int>(m_symbols.size()); }
    const SymbolState &at(int index) const { return *m_symbols[static_cast<size_t>(index)]; }
    int indexOf(const QString &symbol) const { return m_index.value(symbol, -1); }
    int ensure(const QString &symbol); ///< its index; a new one has no values yet
    /// The symbols that got values since the last call, each once, in no particular order.
    std::vector<int> takeChanged();
    int tradeCapacity() const; ///< per symbol: 500, fewer beyond 1 000 symbols

    /// The candles of a symbol; made at the first call. Until the feed sends candles for it they are built from the trades that arrive.
    const series::CandleSeries *candles(const QString &symbol, qint64 intervalNs);
    bool candlesFromFeed(const QString &symbol, qint64 intervalNs) const;
    const BookState *book(const QString &symbol) const; ///< nullptr: none came
    void forgetBook(const QString &symbol); ///< it is no longer subscribed and would only age

    const series::Series *metric(const QString &topic, const QString &field) const; ///< nullptr: none came
    QStringList metrics() const; ///< "topic field", sorted

    const std::deque<feed::QualityMark> &quality() const { return m_quality; } ///< by arrival, the newest kQualityCapacity
    static constexpr size_t kQualityCapacity = 5000;
    quint64 qualitySeen() const { return m_qualitySeen; } ///< ever
    quint64 qualityCount(feed::QualityKind kind) const { return m_qualityCounts[static_cast<size_t>(kind)]; }
    quint64 missing() const { return m_missing; } ///< offsets that the gaps span, ever
    const LatencyWindow &latency() const { return m_latency; }
    quint64 messages() const { return m_messages; }
    qint64 newestNs() const { return m_newestNs; } ///< arrival of the newest tick, wall time; 0: none

private:
    struct CandleStore {
        std::unique_ptr<series::CandleSeries> series;
        bool fromFeed = false;
        quint64 used = 0;
    };
    using CandleKey = std::pair<QString, qint64>;

    void take(const feed::SymbolInfo &info);
    void take(const feed::SymbolTick &symbolTick);
    void markChanged(int index);
    void take(const feed::CandleChange &change);
    void take(const feed::BookChange &change);
    void take(const feed::MetricSample &sample);
    void take(const feed::QualityMark &mark);
    void takeTrade(SymbolState &state, const series::Tick &tick, int direction);

    std::vector<std::unique_ptr<SymbolState>> m_symbols;
    QHash<QString, int> m_index;
    std::vector<int> m_changed;
    std::vector<bool> m_isChanged;
    std::map<CandleKey, CandleStore> m_candles;
    quint64 m_candleUse = 0;
    std::map<QString, BookState> m_books;
    std::map<std::pair<QString, QString>, std::unique_ptr<series::Series>> m_metrics;
    std::deque<feed::QualityMark> m_quality;
    std::array<quint64, 8> m_qualityCounts{};
    quint64 m_qualitySeen = 0;
    quint64 m_missing = 0;
    LatencyWindow m_latency;
    quint64 m_messages = 0;
    qint64 m_newestNs = 0;
};

/// How many decimals a price needs, 0 … 8, allowing for what a double cannot hold.
int decimalsOf(double value);

} // namespace feedscope::ui
