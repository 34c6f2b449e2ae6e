// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_evaluator.h"

#include "capture/head_lines.h"
#include "dissect/json.h"
#include "wire/close_code.h"
#include "wire/utf8.h"

#include <algorithm>

namespace feedscope::capture {

namespace {

using dissect::JsonValue;

/// How far from a fragment the other fragments of its message are looked for, in records.
constexpr quint64 kMessageReach = 1 << 20;

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
        return std::ranges::any_of(node.operands, [&](const FilterOperand &operand) { return value.contains(operand.bytes); });
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

} // namespace

struct FilterEvaluator::Facts {
    const Record &record;
    const HeaderView &view;
    const CaptureReader &reader;
    std::optional<dissect::JsonResult> parsed;
    std::optional<wire::ClosePayload> close;
    std::optional<std::optional<MessageTotals>> message;

    const JsonValue *json(QByteArrayView path)
    {
        if (!record.textMessage || !record.header.fin || record.header.opcode == wire::Opcode::Continuation)
            return nullptr; // a fragment is no JSON
        if (!parsed)
            parsed = dissect::parseJson(record.payload);
        return parsed->value ? parsed->value->at(path) : nullptr;
    }
    const JsonValue *topic()
    {
        const JsonValue *value = json("topic");
        if (!value) {
            const JsonValue *topics = json("topics");
            value = topics && topics->kind == JsonValue::Kind::Array && !topics->members.empty() ? &topics->members.front().value : nullptr;
            if (value && value->kind == JsonValue::Kind::Object) // "subscribed" answers name the topic one level deeper
                value = value->find("topic");
        }
        return value && value->kind == JsonValue::Kind::String ? value : nullptr;
    }
    bool isText() const { return record.textMessage && wire::isValidUtf8(record.payload); }
    const wire::ClosePayload &closePayload()
    {
        if (!close)
            close = wire::parseClosePayload(record.payload);
        return *close;
    }
    const MessageTotals *messageTotals()
    {
        if (!message)
            message = countMessage();
        return *message ? &**message : nullptr;
    }
    std::optional<MessageTotals> countMessage() const;
};

/// Empty: no message, or one whose frames are not all here.
std::optional<MessageTotals> FilterEvaluator::Facts::countMessage() const
{
    if (record.kind != RecordKind::Frame || record.message == 0)
        return std::nullopt;
    const bool isFirst = record.header.opcode != wire::Opcode::Continuation;
    if (isFirst && record.header.fin)
        return MessageTotals {record.header.length, 1};
    MessageTotals totals;
    bool begun = false;
    bool finished = false;
    const quint64 first = record.row - qMin(record.row, kMessageReach);
    const quint64 last = qMin(reader.size(), record.row + kMessageReach);
    reader.forEachIndex(first, last, [&](const IndexRun &run) {
        for (const IndexRecord &raw : run.records) {
            if (finished || raw.connection != record.connection || raw.messageOrRtt != record.message || raw.kind() != RecordKind::Frame
                || raw.from() != record.from || wire::isControl(raw.opcode()))
                continue;
            begun = begun || raw.opcode() != wire::Opcode::Continuation;
            totals.bytes += raw.length;
            ++totals.frames;
            finished = raw.flags & IndexRecord::Fin;
        }
    });
    return begun && finished ? std::optional(totals) : std::nullopt;
}

bool FilterEvaluator::matches(const Record &record, const HeaderView &view)
{
    Facts facts {record, view, m_reader, {}, {}, {}};
    return holds(static_cast<int>(m_nodes.size()) - 1, facts);
}

bool FilterEvaluator::holds(int node, Facts &facts)
{
    const FilterNode &self = m_nodes[static_cast<size_t>(node)];
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
        return connectionTestHolds(node, facts);
    if (isOfHeader(self.field)) {
        quint64 key = 0;
        return loadHeaderField(self.field, facts.view, key) && keyHolds(self, key);
    }
    return testHolds(self, facts);
}

bool FilterEvaluator::testHolds(const FilterNode &node, Facts &facts)
{
    const Record &record = facts.record;
    if (node.field == FieldId::ViolationRule) {
        const auto named = [&](wire::Rule rule) {
            const wire::RuleInfo &info = wire::ruleInfo(rule);
            return bytesHold(node, info.name) || bytesHold(node, info.section);
        };
        if (record.kind == RecordKind::Frame)
            return std::ranges::any_of(record.violations.rules(), named);
        if (record.kind != RecordKind::Handshake)
            return false;
        const auto violations = m_reader.handshake(record.row).violations;
        return std::ranges::any_of(violations, [&](const wire::Violation &violation) { return named(violation.rule); });
    }
    if (record.kind != RecordKind::Frame)
        return false;
    switch (node.field) {
    case FieldId::Mask:
        return record.header.masked
            && bytesHold(node, QByteArrayView(reinterpret_cast<const char *>(record.header.maskingKey.data()), 4));
    case FieldId::MessageLen:
    case FieldId::MessageFrames: {
        const MessageTotals *totals = facts.messageTotals();
        return totals && keyHolds(node, node.field == FieldId::MessageLen ? totals->bytes : totals->frames);
    }
    case FieldId::Payload:
        return !record.payload.isEmpty() && bytesHold(node, record.payload);
    case FieldId::Text:
        return facts.isText() && bytesHold(node, record.payload);
    case FieldId::CloseCode:
        return record.header.opcode == wire::Opcode::Close && facts.closePayload().code && keyHolds(node, *facts.closePayload().code);
    case FieldId::CloseReason:
        return record.header.opcode == wire::Opcode::Close && facts.closePayload().code && bytesHold(node, facts.closePayload().reason);
    case FieldId::Topic: {
        const JsonValue *topic = facts.topic();
        return topic && bytesHold(node, topic->text);
    }
    case FieldId::Json: {
        const JsonValue *value = facts.json(node.argument);
        return value && jsonHolds(node, *value);
    }
    default:
        return false; // Never
    }
}

bool FilterEvaluator::connectionTestHolds(int position, Facts &facts)
{
    const wire::ConnectionId connection = facts.record.connection;
    const quint64 place = quint64(position) << 32 | connection;
    if (const auto known = m_ofConnections.find(place); known != m_ofConnections.end())
        return known->second;

    const FilterNode &node = m_nodes[static_cast<size_t>(position)];
    const auto index = m_reader.connectionIndex(connection);
    if (!index)
        return false;
    if (node.field == FieldId::Stream)
        return keyHolds(node, *index);
    if (!m_reader.handshakeRow(connection)) // it may come
        return false;
    const wire::HandshakeSeen &handshake = m_reader.connections()[*index].handshake;
    const auto evaluate = [&] {
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
    };
    return m_ofConnections.emplace(place, evaluate()).first->second;
}

} // namespace feedscope::capture
