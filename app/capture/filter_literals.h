// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter_program.h"

#include <tl/expected.hpp>

namespace feedscope::capture {

// Private to the filter: what a word means beside a field of some type. Errors are sentences without a column.

/// A number as written, in the order-preserving keys of its field. `low` to `high` is what counts as equal: 12:00:05 is a whole second.
struct FilterBound {
    quint64 low = 0;
    quint64 high = 0;
    bool isBetween = false; ///< lies between low and low + 1: 1.5 bytes
    int beyond = 0; ///< -1, 1: below or above everything that the field can be
};

/// For field types up to Sender. `field` may become another one (a time of day is not a time).
tl::expected<FilterBound, QString> parseBound(const QString &word, FieldType type, FieldId &field);
std::vector<KeyRange> rangesFor(FilterOp op, const FilterBound &bound);
/// "3..5" in a set.
std::optional<std::pair<QString, QString>> splitRange(const QString &word);

/// 82:a1, 82a1, 82, 0x82.
std::optional<QByteArray> parseBytes(const QString &word);
/// "0:2" is Wireshark's offset and length; "3", "1-4", ":2" and "4:" work too.
tl::expected<FilterSlice, QString> parseSlice(const QString &text);
/// A number with k, M, G, Ki, Mi or Gi as a double.
std::optional<double> parseDouble(const QString &word);

} // namespace feedscope::capture
