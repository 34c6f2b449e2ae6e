// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "capture/header_program.h"
#include "dissect/json.h"

namespace feedscope::capture {

/// Judges records by the whole filter, payload and handshake included. Remembers answers that are the same for all records of a connection.
/// Private to the filter; one thread, one reader.
class FilterEvaluator {
public:
    /// `nodes` outlive it.
    FilterEvaluator(const std::vector<FilterNode> &nodes, const CaptureReader &reader)
        : m_nodes(nodes)
        , m_reader(reader)
        , m_ofConnections(nodes.size())
        , m_ofPayload(nodes.size())
    {
    }
    bool matches(const HeaderView &view);

private:
    struct Facts; // of one record, found out when they are asked for
    bool holds(int node, Facts &facts);
    bool testHolds(const FilterNode &node, Facts &facts);
    bool payloadTestHolds(size_t node, const Facts &facts);
    bool connectionTestHolds(size_t node, Facts &facts);
    bool connectionTestHolds(const FilterNode &node, const ConnectionSummary &connection) const;
    const dissect::JsonValue *jsonAt(QByteArrayView path, const Facts &facts);
    const dissect::JsonValue *topic(const Facts &facts);

    const std::vector<FilterNode> &m_nodes;
    const CaptureReader &m_reader;
    // Answers that hold for more than one record, by node. A broadcast is one payload in thousands of records.
    enum class Known : quint8 { No, False, True };
    struct KnownPayload {
        QByteArrayView payload;
        bool holds = false;
    };
    std::vector<std::vector<Known>> m_ofConnections; // and by connection
    std::vector<KnownPayload> m_ofPayload;
    QByteArrayView m_parsedPayload;
    dissect::JsonResult m_parsed; // of m_parsedPayload
};

} // namespace feedscope::capture
