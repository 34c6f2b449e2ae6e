// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/feed_batch.h"
#include "feed/reader_json.h"

#include <optional>

namespace feedscope::feed {

/// What a reader follows of one topic: the last offset, and for books the book itself.
struct ReaderTopic {
    enum class Kind : quint8 { Market, Candle, Book, Metric };

    explicit ReaderTopic(const QByteArray &topic);

    QByteArray name;
    QString text; ///< the name again, shared by all values made from it
    Kind kind = Kind::Metric;
    QString symbol;
    qint64 intervalNs = 0;

    QByteArray epoch;
    bool isFollowed = false; ///< `offset` is meaningful
    bool isLetGo = false; ///< unsubscribed: what still arrives was under way and is not for us
    quint64 offset = 0;
    quint64 missingFrom = 1; ///< the last gap, so that a late event is told from a repeated one
    quint64 missingTo = 0;

    series::OrderBook book;
    bool hasBook = false; ///< the book is whole: a snapshot came, and every delta since
    bool askedForBook = false;
    int priceDecimals = 2;
    int sizeDecimals = 0;
    std::vector<std::pair<QByteArray, QString>> fields; ///< names of metric fields seen
};

/// Nanoseconds of "1s", "5m", "1h", "1d"; empty: not an interval.
std::optional<qint64> intervalOf(QByteArrayView text);

/// Each reads the `data` of one message into the batch. What it returns is empty, or says why the data cannot be used; nothing is appended then.
QByteArray readTrade(const JsonNode &data, const ReaderTopic &topic, qint64 timeNs, qint64 receivedNs, bool isSnapshot, FeedBatch &batch);
QByteArray readCandles(const JsonNode &data, const ReaderTopic &topic, bool isSnapshot, FeedBatch &batch);
QByteArray readMetric(const JsonNode &data, ReaderTopic &topic, qint64 timeNs, FeedBatch &batch);
/// Applies it to the topic's book as well. `isMismatch`: the checksum given is not that of the book now.
QByteArray readBook(const JsonNode &data, ReaderTopic &topic, bool isSnapshot, FeedBatch &batch, bool &isMismatch);

} // namespace feedscope::feed
