// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>
#include <vector>

namespace feedscope::dissect {

/// A JSON value that keeps what the sender wrote: order of members, duplicate keys, and the decimal text of numbers ("0.00100000").
struct JsonValue {
    enum class Kind : quint8 { Null, False, True, Number, String, Array, Object };
    struct Member;
    Kind kind = Kind::Null;
    QByteArray text; ///< numbers: as written; strings: UTF-8, unescaped
    std::vector<Member> members; ///< arrays: with empty names
    qsizetype begin = 0; ///< where the value stands in the parsed text, for highlighting
    qsizetype end = 0;

    const JsonValue *find(QByteArrayView name) const; ///< first member of that name
    const JsonValue *at(QByteArrayView path) const; ///< "data.bids.0.price"
    std::optional<double> number() const;
};
struct JsonValue::Member {
    QByteArray name;
    JsonValue value;
};

struct JsonError {
    qsizetype offset = 0;
    QString what;
};
struct JsonResult {
    std::optional<JsonValue> value;
    JsonError error; ///< where there is no value
};

/// RFC 8259, bounded: nesting up to `maxDepth`, up to `maxValues` values.
JsonResult parseJson(QByteArrayView text, int maxDepth = 64, int maxValues = 1'000'000);
/// Indented by two, numbers as written.
QByteArray prettyJson(const JsonValue &value);
QByteArray quoteJson(QByteArrayView utf8); ///< with quotes

} // namespace feedscope::dissect
