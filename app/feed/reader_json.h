// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <rapidjson/document.h>

#include <optional>
#include <vector>

namespace feedscope::feed {

using JsonNode = rapidjson::Value;

/// Parses one message at a time into nodes that are valid until the next one. Memory is kept from message to message; parsing does not recurse,
/// so that nesting costs memory and never stack.
class ReaderJson {
public:
    ReaderJson();

    /// Null where it is not one JSON value; error() says why.
    const JsonNode *parse(QByteArrayView message);
    const QByteArray &error() const { return m_error; }

private:
    using Allocator = rapidjson::MemoryPoolAllocator<>;
    std::vector<char> m_text;
    std::vector<char> m_pool;
    std::optional<Allocator> m_allocator;
    std::optional<rapidjson::Document> m_document;
    QByteArray m_error;
};

const JsonNode *member(const JsonNode &object, const char *name); ///< null: not an object, or no such member
/// A number, or a string that holds a plain decimal. Empty: anything else, or not finite.
std::optional<double> numberOf(const JsonNode *node);
std::optional<quint64> wholeOf(const JsonNode *node);
/// Valid as long as the node. Empty: not a string.
QByteArrayView stringOf(const JsonNode *node);
/// Seconds since 1970 as nanoseconds, rounded to the microsecond. Empty: missing, or not between 1970 and 2100.
std::optional<qint64> timeOf(const JsonNode *node);

} // namespace feedscope::feed
