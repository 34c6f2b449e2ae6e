// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter_fields.h"

#include <QRegularExpression>

namespace feedscope::capture {

// What a filter line is compiled to. Private to the filter.

/// Closed range of keys; keyOf() maps signed numbers so that order is kept.
struct KeyRange {
    quint64 low = 0;
    quint64 high = 0;
};
constexpr quint64 keyOf(qint64 value)
{
    return static_cast<quint64>(value) ^ (quint64(1) << 63);
}

/// What stands right of an operator, for fields that are not numbers.
struct FilterOperand {
    enum class Kind : quint8 { Bytes, Number, True, False, Null };
    Kind kind = Kind::Bytes;
    QByteArray bytes; ///< strings as UTF-8
    double number = 0;
};

enum class FilterOp : quint8 { Present, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, Contains, Matches };

/// Bytes [first, first + count) of a value, Wireshark's way: a negative `first` counts from the end; count < 0: to the end.
struct FilterSlice {
    qint64 first = 0;
    qint64 count = -1;
};

struct FilterNode {
    enum class Kind : quint8 { And, Or, Not, Test };
    Kind kind = Kind::Test;
    int left = -1; ///< And, Or, Not: positions in the program
    int right = -1;

    // Test:
    FieldId field = FieldId::No;
    QByteArray argument; ///< of http.header.NAME and json.PATH
    FilterOp op = FilterOp::Present;
    std::optional<FilterSlice> slice;
    std::vector<KeyRange> ranges; ///< numbers: holds where the key is in one of them…
    bool outside = false; ///< …or in none of them (!=)
    std::vector<FilterOperand> operands; ///< everything else: any of them
    QRegularExpression expression;
};

} // namespace feedscope::capture
