// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter.h"

#include "capture/filter_evaluator.h"
#include "capture/filter_parser.h"
#include "capture/compiled_filter.h"

#include <algorithm>

namespace feedscope::capture {

tl::expected<Filter, FilterError> Filter::compile(const QString &text)
{
    auto nodes = parseFilter(text);
    if (!nodes)
        return tl::unexpected(nodes.error());
    auto program = std::make_shared<Program>();
    program->text = text;
    program->nodes = std::move(*nodes);
    program->header = HeaderProgram(program->nodes);
    program->needsPayload = std::ranges::any_of(program->nodes,
        [](const FilterNode &node) { return node.kind == FilterNode::Kind::Test && isOfPayload(node.field); });
    return Filter(std::move(program));
}

Filter::Filter(std::shared_ptr<const Program> program)
    : m_program(std::move(program))
{
}
Filter::~Filter() = default;
Filter::Filter(const Filter &) = default;
Filter &Filter::operator=(const Filter &) = default;

bool Filter::needsPayload() const
{
    return m_program->needsPayload;
}

QString Filter::text() const
{
    return m_program->text;
}

bool Filter::matches(const Record &record, const CaptureReader &reader) const
{
    IndexRecord raw = toIndexRecord(record);
    if (record.kind != RecordKind::Frame) { // how many violations a handshake has stands in its index record only
        const IndexRun run = reader.indexRun(record.row);
        if (!run.records.empty())
            raw.violations = run.records.front().violations;
    }
    LocalTimeOfDay local;
    const auto monoOf = [&](quint64 row) {
        const IndexRun run = reader.indexRun(row);
        return run.records.empty() ? record.time.monoNs : run.timeOf(run.records.front()).monoNs;
    };
    const HeaderView view {&raw, record.no, record.time, monoOf(0), record.row > 0 ? monoOf(record.row - 1) : record.time.monoNs, &local,
        record.row, record.payload};
    if (!m_program->header.matches(view))
        return false;
    return m_program->header.isExact() || FilterEvaluator(m_program->nodes, reader).matches(view);
}

std::vector<std::pair<QString, QString>> Filter::fields()
{
    std::vector<std::pair<QString, QString>> fields;
    for (const FieldInfo &info : allFields()) {
        QString name = QString::fromLatin1(info.name);
        if (name.endsWith(u'.'))
            name += info.id == FieldId::Json ? QStringLiteral("PATH") : QStringLiteral("NAME");
        fields.emplace_back(name, info.isWireshark ? QStringLiteral("as in Wireshark") : QString::fromUtf8(info.description));
    }
    return fields;
}

} // namespace feedscope::capture
