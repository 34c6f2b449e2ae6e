// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/header_program.h"

#include <QDateTime>

namespace feedscope::capture {

namespace {

constexpr qint64 kQuarterNs = 900 * base::kNsPerSecond;
constexpr qint64 kDayNs = 86'400 * base::kNsPerSecond;

qint64 floorDivide(qint64 value, qint64 by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/// The bits of IndexRecord::flags that are a field by themselves; 0: the field is not there.
quint32 flagMaskOf(FieldId field)
{
    switch (field) {
    case FieldId::From:
        return IndexRecord::FromServer;
    case FieldId::Opcode:
        return IndexRecord::OpcodeMask;
    case FieldId::Fin:
        return IndexRecord::Fin;
    case FieldId::Rsv1:
        return IndexRecord::Rsv1;
    case FieldId::Rsv2:
        return IndexRecord::Rsv2;
    case FieldId::Rsv3:
        return IndexRecord::Rsv3;
    case FieldId::Masked:
        return IndexRecord::Masked;
    case FieldId::IsTextMessage:
        return IndexRecord::TextMessage;
    default:
        return 0;
    }
}

/// What a positive test of a field that is not in the header needs of the header.
std::optional<FilterNode> guardOf(const FilterNode &node)
{
    FilterNode guard;
    guard.op = FilterOp::Equal;
    guard.ranges = {{1, 1}};
    switch (node.field) {
    case FieldId::Payload:
        guard.field = FieldId::HasPayload;
        return guard;
    case FieldId::Text:
    case FieldId::Topic:
    case FieldId::Json:
        guard.field = FieldId::IsTextMessage;
        return guard;
    case FieldId::CloseCode:
    case FieldId::CloseReason:
        guard.field = FieldId::Opcode;
        guard.ranges = {{quint64(wire::Opcode::Close), quint64(wire::Opcode::Close)}};
        return guard;
    case FieldId::Mask:
        guard.field = FieldId::Masked;
        return guard;
    case FieldId::ViolationRule:
        guard.field = FieldId::HasViolation;
        return guard;
    default:
        return std::nullopt;
    }
}

} // namespace

quint64 LocalTimeOfDay::nanoseconds(qint64 wallNs)
{
    const qint64 quarter = floorDivide(wallNs, kQuarterNs); // zones change their offset at quarters of an hour
    if (quarter != m_quarter) {
        m_quarter = quarter;
        m_offsetNs = QDateTime::fromMSecsSinceEpoch(wallNs / base::kNsPerMs).offsetFromUtc() * base::kNsPerSecond;
    }
    const qint64 local = wallNs + m_offsetNs;
    return static_cast<quint64>(local - floorDivide(local, kDayNs) * kDayNs);
}

bool loadHeaderField(FieldId field, const HeaderView &view, quint64 &key)
{
    const IndexRecord &record = *view.record;
    const quint32 flags = record.flags;
    switch (field) { // of every record
    case FieldId::Conn:
        key = record.connection;
        return true;
    case FieldId::Time:
        key = keyOf(view.anchor.wallNs + record.monoDelta + record.wallDrift);
        return true;
    case FieldId::TimeOfDay:
        key = view.local->nanoseconds(view.anchor.wallNs + record.monoDelta + record.wallDrift);
        return true;
    case FieldId::Delta:
        key = keyOf(view.anchor.monoNs + record.monoDelta - view.previousMonoNs);
        return true;
    case FieldId::RelativeTime:
        key = keyOf(view.anchor.monoNs + record.monoDelta - view.firstMonoNs);
        return true;
    case FieldId::HasViolation: // handshakes: FORMAT.md
        key = record.violations != 0;
        return true;
    default:
        break;
    }
    if (flags >> IndexRecord::KindShift & 3)
        return false;
    if (const quint32 mask = flagMaskOf(field)) {
        key = (flags & mask) >> std::countr_zero(mask);
        return true;
    }
    switch (field) { // of frames
    case FieldId::No:
        key = view.no;
        return true;
    case FieldId::Rsv:
        key = (flags & IndexRecord::Rsv1 ? 4u : 0u) | (flags & IndexRecord::Rsv2 ? 2u : 0u) | (flags & IndexRecord::Rsv3 ? 1u : 0u);
        return true;
    case FieldId::Len:
        key = record.length;
        return true;
    case FieldId::WireLen:
        key = record.wireLength();
        return true;
    case FieldId::HeaderLen:
        key = record.headerSize();
        return true;
    case FieldId::LengthCode: // the seven bits behind the mask bit
        key = record.extendedLengthBytes() == 8 ? 127 : record.extendedLengthBytes() == 2 ? 126 : record.length;
        return true;
    case FieldId::ExtendedLength16:
        key = record.length;
        return record.extendedLengthBytes() == 2;
    case FieldId::ExtendedLength64:
        key = record.length;
        return record.extendedLengthBytes() == 8;
    case FieldId::Rtt:
        key = keyOf(static_cast<qint64>(record.messageOrRtt));
        return flags & IndexRecord::HasRtt;
    case FieldId::HasPayload:
        key = record.storedLength != 0;
        return true;
    default:
        return false;
    }
}

HeaderProgram::HeaderProgram(const std::vector<FilterNode> &nodes)
{
    m_entry = generate(nodes, static_cast<int>(nodes.size()) - 1, false, kAccept, kReject);
}

/// Backwards: where to go next is known before what leads there. Returns where to begin.
int HeaderProgram::generate(const std::vector<FilterNode> &nodes, int node, bool negated, int onTrue, int onFalse)
{
    const FilterNode &self = nodes[static_cast<size_t>(node)];
    switch (self.kind) {
    case FilterNode::Kind::Not:
        return generate(nodes, self.left, !negated, onTrue, onFalse);
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or: {
        const bool isAnd = (self.kind == FilterNode::Kind::And) != negated; // De Morgan
        const int right = generate(nodes, self.right, negated, onTrue, onFalse);
        return isAnd ? generate(nodes, self.left, negated, right, onFalse) : generate(nodes, self.left, negated, onTrue, right);
    }
    case FilterNode::Kind::Test:
        break;
    }
    if (isOfHeader(self.field))
        return negated ? generateTest(self, onFalse, onTrue) : generateTest(self, onTrue, onFalse);
    if (self.field == FieldId::Never)
        return negated ? onTrue : onFalse;
    m_isExact = false;
    const auto guard = negated ? std::nullopt : guardOf(self);
    return guard ? generateTest(*guard, onTrue, onFalse) : onTrue;
}

int HeaderProgram::generateTest(const FilterNode &node, int onTrue, int onFalse)
{
    Test test;
    test.field = node.field;
    test.isPresence = node.op == FilterOp::Present;
    test.outside = node.outside;
    if (const quint32 mask = flagMaskOf(node.field)) {
        test.load = Load::FlagBits;
        test.mask = mask;
        test.shift = static_cast<quint8>(std::countr_zero(mask));
    } else if (node.field == FieldId::Len) {
        test.load = Load::Length;
    }
    test.range = node.ranges.empty() ? KeyRange {1, 0} : node.ranges.front(); // none: nothing is in it
    test.firstRange = static_cast<quint32>(m_ranges.size());
    test.rangeCount = static_cast<quint32>(node.ranges.empty() ? 0 : node.ranges.size() - 1);
    test.onTrue = onTrue;
    test.onFalse = onFalse;
    if (node.ranges.size() > 1)
        m_ranges.insert(m_ranges.end(), node.ranges.begin() + 1, node.ranges.end());
    m_tests.push_back(test);
    return static_cast<int>(m_tests.size()) - 1;
}

} // namespace feedscope::capture
