// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/reader_json.h"

#include <rapidjson/error/en.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace feedscope::feed {

namespace {

constexpr size_t kPool = 64 * 1024;
constexpr size_t kKeptText = 1 << 20;
constexpr double kLatestSeconds = 4'102'444'800.0; // 2100-01-01

} // namespace

ReaderJson::ReaderJson()
    : m_pool(kPool)
{
}

const JsonNode *ReaderJson::parse(QByteArrayView message)
{
    using namespace rapidjson;
    constexpr unsigned kFlags = kParseInsituFlag | kParseIterativeFlag | kParseValidateEncodingFlag;
    m_document.reset(); // before the memory it points into
    m_allocator.emplace(m_pool.data(), m_pool.size());
    m_document.emplace(&*m_allocator);

    const auto size = static_cast<size_t>(message.size());
    if (m_text.size() < size + 1 || m_text.size() > kKeptText)
        m_text = std::vector<char>(size + 1);
    std::copy(message.begin(), message.end(), m_text.begin());
    m_text[size] = '\0';
    if (std::memchr(m_text.data(), '\0', size)) {
        m_error = "a zero byte";
        return nullptr;
    }
    m_document->ParseInsitu<kFlags>(m_text.data());
    if (m_document->HasParseError()) {
        m_error = QByteArray(GetParseError_En(m_document->GetParseError())) + " (byte " + QByteArray::number(quint64(m_document->GetErrorOffset())) + ')';
        return nullptr;
    }
    return &*m_document;
}

const JsonNode *member(const JsonNode &object, const char *name)
{
    if (!object.IsObject())
        return nullptr;
    const auto length = std::strlen(name);
    for (auto at = object.MemberBegin(); at != object.MemberEnd(); ++at) {
        if (at->name.GetStringLength() == length && std::memcmp(at->name.GetString(), name, length) == 0)
            return &at->value;
    }
    return nullptr;
}

std::optional<double> numberOf(const JsonNode *node)
{
    double value = 0;
    if (node && node->IsNumber()) {
        value = node->GetDouble();
    } else if (node && node->IsString()) {
        const char *end = node->GetString() + node->GetStringLength();
        const auto result = std::from_chars(node->GetString(), end, value, std::chars_format::fixed);
        if (result.ec != std::errc() || result.ptr != end)
            return std::nullopt;
    } else {
        return std::nullopt;
    }
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<quint64> wholeOf(const JsonNode *node)
{
    return node && node->IsUint64() ? std::optional<quint64>(node->GetUint64()) : std::nullopt;
}

QByteArrayView stringOf(const JsonNode *node)
{
    return node && node->IsString() ? QByteArrayView(node->GetString(), static_cast<qsizetype>(node->GetStringLength())) : QByteArrayView();
}

std::optional<qint64> timeOf(const JsonNode *node)
{
    if (!node || !node->IsNumber())
        return std::nullopt;
    const double seconds = node->GetDouble();
    if (!(seconds > 0 && seconds < kLatestSeconds))
        return std::nullopt;
    return std::llround(seconds * 1e6) * 1000;
}

} // namespace feedscope::feed
