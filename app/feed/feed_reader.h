// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "feed/feed_batch.h"

#include <QByteArrayView>

#include <memory>

namespace feedscope::feed {

/// The subscriber's side of the feed protocol, sans-I/O: makes the requests, and turns what the server sends into values; follows offsets and
/// books, so that a gap, a duplicate or a wrong checksum becomes a QualityMark. A message it cannot read is counted, never fatal. One thread.
class FeedReader {
public:
    FeedReader();
    ~FeedReader();

    /// JSON text of a subscribe request; remembered, so that it can be said again on a new connection (with `since`).
    QByteArray subscribe(const std::vector<QByteArray> &topics);
    QByteArray unsubscribe(const std::vector<QByteArray> &topics);
    /// All that is subscribed, for a new connection; empty array: nothing.
    QByteArray resubscribe();
    QByteArray listTopics();

    /// One message from the server. Its values are appended to `batch`.
    void receive(QByteArrayView message, base::Timestamp now, FeedBatch &batch);

    /// Requests the reader wants sent to repair what it follows (a book after a gap or a wrong checksum asks for a new snapshot). Empty if none.
    std::vector<QByteArray> takeRequests();

    QByteArray session() const; ///< from the welcome message
    std::vector<QByteArray> knownTopics() const; ///< from the last answer to listTopics(), and from what was received
    QByteArray lastError() const; ///< "unknown-topic: …", empty if none

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::feed
