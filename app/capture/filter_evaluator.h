// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "capture/header_program.h"

#include <unordered_map>

namespace feedscope::capture {

/// Judges records by the whole filter, payload and handshake included. Remembers answers that are the same for all records of a connection.
/// Private to the filter; one thread, one reader.
class FilterEvaluator {
public:
    /// `nodes` outlive it.
    FilterEvaluator(const std::vector<FilterNode> &nodes, const CaptureReader &reader)
        : m_nodes(nodes)
        , m_reader(reader)
    {
    }
    bool matches(const Record &record, const HeaderView &view);

private:
    struct Facts; // of one record, found out when they are asked for
    bool holds(int node, Facts &facts);
    bool testHolds(const FilterNode &node, Facts &facts);
    bool connectionTestHolds(int node, Facts &facts);

    const std::vector<FilterNode> &m_nodes;
    const CaptureReader &m_reader;
    std::unordered_map<quint64, bool> m_ofConnections; // by node and connection
};

} // namespace feedscope::capture
