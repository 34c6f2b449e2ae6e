// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_evaluator.h"

#include "capture/head_lines.h"
#include "dissect/json.h"
#include "wire/close_code.h"
#include "wire/utf8.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace feedscope::capture {

namespace {

using dissect::JsonValue;

/// How far from a fragment the other fragments of its message are looked for, in records.
constexpr quint64 kMessageReach = 1 << 20;
/// Answers are remembered for connections with lower numbers; one byte each.
constexpr size_t kRememberedConnections = 1 << 22;

bool isOfConnection(FieldId field)
{
    return field >= FieldId::HttpStatus && field <= FieldId::Stream;
}

QByteArrayView sliced(QByteArrayView bytes, const FilterSlice &slice)
{
    const qint64 first = slice.first < 0 ? qMax<qint64>(0, bytes.size() + slice.first) : slice.first;
    if (first >= bytes.size())
        return {};
    const qint64 left = bytes.size() - first;
    return bytes.sliced(first, slice.count < 0 ? left : qMin(slice.count, left));
}

bool compares(FilterOp op, std::strong_ordering order)
{
    switch (op) {
    case FilterOp::NotEqual:
        return order != 0;
    case FilterOp::Less:
        return order < 0;
    case FilterOp::LessEqual:
        return order <= 0;
    case FilterOp::Greater:
        return order > 0;
    case FilterOp::GreaterEqual:
        return order >= 0;
    default:
        return order == 0;
    }
}
bool compares(FilterOp op, double a, double b)
{
    switch (op) {
    case FilterOp::NotEqual:
        return a != b;
    case FilterOp::Less:
        return a < b;
    case FilterOp::LessEqual:
        return a <= b;
    case FilterOp::Greater:
        return a > b;
    case FilterOp::GreaterEqual:
        return a >= b;
    default:
        return a == b;
    }
}

std::strong_ordering order(QByteArrayView a, QByteArrayView b)
{
    const int start = std::char_traits<char>::compare(a.data(), b.data(), static_cast<size_t>(qMin(a.size(), b.size())));
    return start != 0 ? start <=> 0 : a.size() <=> b.size();
}

/// The C library's search: many times faster than one that knows nothing of vector registers.
bool contains(QByteArrayView bytes, QByteArrayView part)
{
    return ::memmem(bytes.data(), static_cast<size_t>(bytes.size()), part.data(), static_cast<size_t>(part.size())) != nullptr;
}

QString asText(QByteArrayView bytes)
{
    return wire::isValidUtf8(bytes) ? QString::fromUtf8(bytes) : QString::fromLatin1(bytes);
}

/// One value against what stands right of the operator.
bool bytesHold(const FilterNode &node, QByteArrayView value)
{
    if (node.slice) {
        value = sliced(value, *node.slice);
        if (value.isEmpty()) // what is not there compares with nothing
            return false;
    }
    switch (node.op) {
    case FilterOp::Present:
        return true;
    case FilterOp::Contains:
        return std::ranges::any_of(node.operands, [&](const FilterOperand &operand) { return contains(value, operand.bytes); });
    case FilterOp::Matches:
        return node.expression.match(asText(value)).hasMatch();
    default:
        return std::ranges::any_of(node.operands, [&](const FilterOperand &operand) { return compares(node.op, order(value, operand.bytes)); });
    }
}

bool keyHolds(const FilterNode &node, quint64 key)
{
    if (node.op == FilterOp::Present)
        return true;
    const bool inside = std::ranges::any_of(node.ranges, [key](const KeyRange &range) { return key >= range.low && key <= range.high; });
    return inside != node.outside;
}

bool jsonOperandHolds(FilterOp op, const FilterOperand &operand, const JsonValue &value)
{
    using Kind = FilterOperand::Kind;
    using JsonKind = JsonValue::Kind;
    if (operand.kind == Kind::Number) {
        // Many feeds write prices as strings.
        bool ok = value.kind == JsonKind::Number;
        std::optional<double> number = ok ? value.number() : std::nullopt;
        if (value.kind == JsonKind::String) {
            const double parsed = value.text.toDouble(&ok);
            if (ok)
                number = parsed;
        }
        return number && compares(op, *number, operand.number);
    }
    if (operand.kind == Kind::Bytes) {
        if (value.kind != JsonKind::String && value.kind != JsonKind::Number)
            return false;
        if (op == FilterOp::Contains)
            return value.text.contains(operand.bytes);
        return compares(op, order(value.text, operand.bytes));
    }
    if (op != FilterOp::Equal && op != FilterOp::NotEqual && op != FilterOp::In)
        return false;
    const JsonKind wanted = operand.kind == Kind::True ? JsonKind::True : operand.kind == Kind::False ? JsonKind::False : JsonKind::Null;
    return (value.kind == wanted) == (op != FilterOp::NotEqual);
}

bool jsonHolds(const FilterNode &node, const JsonValue &value)
{
    if (node.op == FilterOp::Present)
        return value.kind != JsonValue::Kind::False;
    if (value.kind == JsonValue::Kind::Array) { // any element
        return std::ranges::any_of(value.members, [&](const JsonValue::Member &member) {
            return member.value.kind != JsonValue::Kind::Array && jsonHolds(node, member.value);
        });
    }
    if (node.op == FilterOp::Matches) {
        return (value.kind == JsonValue::Kind::String || value.kind == JsonValue::Kind::Number)
            && node.expression.match(asText(value.text)).hasMatch();
    }
    return std::ranges::any_of(node.operands, [&](const FilterOperand &operand) { return jsonOperandHolds(node.op, operand, value); });
}

struct MessageTotals {
    quint64 bytes = 0;
    quint64 frames = 0;
};

bool isSame(QByteArrayView a, QByteArrayView b)
{
    return a.data() == b.data() && a.size() == b.size();
}

/// Empty: no message, or one whose frames are not all here.
std::optional<MessageTotals> totalsOfMessage(const IndexRecord &record, quint64 row, const CaptureReader &reader)
{
    if (wire::isControl(record.opcode()) || record.flags & IndexRecord::HasRtt || record.messageOrRtt == 0)
        return std::nullopt;
    if (record.opcode() != wire::Opcode::Continuation && record.flags & IndexRecord::Fin)
        return MessageTotals {record.length, 1};
    MessageTotals totals;
    bool begun = false;
    bool finished = false;
    const quint64 first = row - qMin(row, kMessageReach);
    const quint64 last = qMin(reader.size(), row + kMessageReach);
    reader.forEachIndex(first, last, [&](const IndexRun &run) {
        for (const IndexRecord &other : run.records) {
            if (finished || other.connection != record.connection || other.messageOrRtt != record.messageOrRtt
                || other.kind() != RecordKind::Frame || other.from() != record.from() || wire::isControl(other.opcode()))
                continue;
            begun = begun || other.opcode() != wire::Opcode::Continuation;
            totals.bytes += other.length;
            ++totals.frames;
            finished = other.flags & IndexRecord::Fin;
        }
    });
    return begun && finished ? std::optional(totals) : std::nullopt;
}

} // namespace

struct FilterEvaluator::Facts {
    const HeaderView &view;
    const IndexRecord &record;
    std::optional<std::optional<MessageTotals>> message;

    bool isFrame() const { return record.kind() == RecordKind::Frame; }
    bool isClose() const { return isFrame() && record.opcode() == wire::Opcode::Close; }
    bool isTextMessage() const { return isFrame() && record.flags & IndexRecord::TextMessage; }
};

bool FilterEvaluator::matches(const HeaderView &view)
{
    Facts facts {view, *view.record, {}};
    return holds(static_cast<int>(m_nodes.size()) - 1, facts);
}

bool FilterEvaluator::holds(int node, Facts &facts)
{
    const auto position = static_cast<size_t>(node);
    const FilterNode &self = m_nodes[position];
    switch (self.kind) {
    case FilterNode::Kind::And:
        return holds(self.left, facts) && holds(self.right, facts);
    case FilterNode::Kind::Or:
        return holds(self.left, facts) || holds(self.right, facts);
    case FilterNode::Kind::Not:
        return !holds(self.left, facts);
    case FilterNode::Kind::Test:
        break;
    }
    if (isOfConnection(self.field))
        return connectionTestHolds(position, facts);
    if (isOfPayload(self.field))
        return facts.isFrame() && payloadTestHolds(position, facts);
    if (isOfHeader(self.field)) {
        quint64 key = 0;
        return loadHeaderField(self.field, facts.view, key) && keyHolds(self, key);
    }
    return testHolds(self, facts);
}

bool FilterEvaluator::testHolds(const FilterNode &node, Facts &facts)
{
    const IndexRecord &record = facts.record;
    switch (node.field) {
    case FieldId::ViolationRule: {
        const auto named = [&](wire::Rule rule) {
            const wire::RuleInfo &info = wire::ruleInfo(rule);
            return bytesHold(node, info.name) || bytesHold(node, info.section);
        };
        if (facts.isFrame())
            return std::ranges::any_of(wire::ViolationSet::fromBits(record.violations).rules(), named);
        if (record.kind() != RecordKind::Handshake)
            return false;
        const auto violations = m_reader.handshake(facts.view.row).violations;
        return std::ranges::any_of(violations, [&](const wire::Violation &violation) { return named(violation.rule); });
    }
    case FieldId::Mask:
        return facts.isFrame() && record.flags & IndexRecord::Masked
            && bytesHold(node, QByteArrayView(reinterpret_cast<const char *>(record.maskingKey.data()), 4));
    case FieldId::MessageLen:
    case FieldId::MessageFrames: {
        if (!facts.isFrame())
            return false;
        if (!facts.message)
            facts.message = totalsOfMessage(record, facts.view.row, m_reader);
        const auto &totals = *facts.message;
        return totals && keyHolds(node, node.field == FieldId::MessageLen ? totals->bytes : totals->frames);
    }
    default:
        return false; // Never
    }
}

// --- of the payload --------------------------------------------------------------------------------------------------------------------

const JsonValue *FilterEvaluator::jsonAt(QByteArrayView path, const Facts &facts)
{
    const quint32 flags = facts.record.flags;
    if (!facts.isTextMessage() || !(flags & IndexRecord::Fin) || facts.record.opcode() == wire::Opcode::Continuation)
        return nullptr; // a fragment is no JSON
    if (!m_parsedPayload.data() || !isSame(m_parsedPayload, facts.view.payload)) {
        m_parsed = dissect::parseJson(facts.view.payload);
        m_parsedPayload = facts.view.payload;
    }
    return m_parsed.value ? m_parsed.value->at(path) : nullptr;
}

const JsonValue *FilterEvaluator::topic(const Facts &facts)
{
    const JsonValue *value = jsonAt("topic", facts);
    if (!value) {
        const JsonValue *topics = jsonAt("topics", facts);
        value = topics && topics->kind == JsonValue::Kind::Array && !topics->members.empty() ? &topics->members.front().value : nullptr;
        if (value && value->kind == JsonValue::Kind::Object) // "subscribed" answers name the topic one level deeper
            value = value->find("topic");
    }
    return value && value->kind == JsonValue::Kind::String ? value : nullptr;
}

bool FilterEvaluator::payloadTestHolds(size_t position, const Facts &facts)
{
    const FilterNode &node = m_nodes[position];
    const QByteArrayView payload = facts.view.payload;
    switch (node.field) {
    case FieldId::Payload: {
        if (payload.isEmpty())
            return false;
        KnownPayload &known = m_ofPayload[position];
        if (!isSame(known.payload, payload))
            known = {payload, bytesHold(node, payload)};
        return known.holds;
    }
    case FieldId::Text: {
        if (!facts.isTextMessage())
            return false;
        KnownPayload &known = m_ofPayload[position];
        if (payload.isEmpty() || !isSame(known.payload, payload))
            known = {payload, wire::isValidUtf8(payload) && bytesHold(node, payload)};
        return known.holds;
    }
    case FieldId::CloseCode:
    case FieldId::CloseReason: {
        if (!facts.isClose())
            return false;
        const wire::ClosePayload close = wire::parseClosePayload(payload);
        return close.code && (node.field == FieldId::CloseCode ? keyHolds(node, *close.code) : bytesHold(node, close.reason));
    }
    case FieldId::Topic: {
        const JsonValue *value = topic(facts);
        return value && bytesHold(node, value->text);
    }
    case FieldId::Json: {
        const JsonValue *value = jsonAt(node.argument, facts);
        return value && jsonHolds(node, *value);
    }
    default:
        return false;
    }
}

// --- of the connection -----------------------------------------------------------------------------------------------------------------

bool FilterEvaluator::connectionTestHolds(size_t position, Facts &facts)
{
    const wire::ConnectionId connection = facts.record.connection;
    std::vector<Known> &known = m_ofConnections[position];
    if (connection < known.size() && known[connection] != Known::No)
        return known[connection] == Known::True;

    const FilterNode &node = m_nodes[position];
    const auto index = m_reader.connectionIndex(connection);
    if (!index)
        return false;
    if (node.field != FieldId::Stream && !m_reader.handshakeRow(connection)) // it may come
        return false;
    const bool holds
        = node.field == FieldId::Stream ? keyHolds(node, *index) : connectionTestHolds(node, m_reader.connections()[*index]);
    if (connection < kRememberedConnections) {
        if (connection >= known.size())
            known.resize(qMin<size_t>(kRememberedConnections, qMax<size_t>(1024, 2 * size_t(connection))));
        known[connection] = holds ? Known::True : Known::False;
    }
    return holds;
}

bool FilterEvaluator::connectionTestHolds(const FilterNode &node, const ConnectionSummary &connection) const
{
    const wire::HandshakeSeen &handshake = connection.handshake;
    switch (node.field) {
    case FieldId::HttpStatus: {
        const int status = statusOf(splitHead(handshake.responseBytes));
        return status > 0 && keyHolds(node, static_cast<quint64>(status));
    }
    case FieldId::HttpPath: {
        wire::HttpRequest request;
        request.target = splitHead(handshake.requestBytes).line.split(' ').value(1);
        return !request.target.isEmpty() && bytesHold(node, request.path());
    }
    case FieldId::HttpHeader: {
        for (const QByteArray &head : {handshake.requestBytes, handshake.responseBytes}) {
            for (const auto &[name, value] : splitHead(head).headers) {
                if (name.compare(node.argument, Qt::CaseInsensitive) == 0 && bytesHold(node, value))
                    return true;
            }
        }
        return false;
    }
    case FieldId::HttpSubprotocol:
        return !handshake.subprotocol.isEmpty() && bytesHold(node, handshake.subprotocol);
    case FieldId::Tls:
        return keyHolds(node, handshake.tls);
    case FieldId::Peer:
        return !handshake.peer.isEmpty() && bytesHold(node, handshake.peer);
    default:
        return false;
    }
}

} // namespace feedscope::capture
