// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <functional>

namespace feedscope::capture {

struct FilterError {
    int column = 0; ///< 1-based, where the text stops making sense
    QString what; ///< "unknown field 'opcod'; did you mean 'opcode'?"
};

/// One line of the filter language (contract, section 4), compiled. A value; evaluation is const and may run on any thread with its own reader.
class Filter {
public:
    static tl::expected<Filter, FilterError> compile(const QString &text);
    ~Filter();
    Filter(const Filter &);
    Filter &operator=(const Filter &);

    /// True where deciding needs the payload; otherwise records without payload will do.
    bool needsPayload() const;
    bool matches(const Record &record, const CaptureReader &reader) const;
    QString text() const;

    /// All field names with a one-line description, for completion and help.
    static std::vector<std::pair<QString, QString>> fields();

private:
    friend class FilterScan;
    struct Program;
    explicit Filter(std::shared_ptr<const Program> program);
    std::shared_ptr<const Program> m_program;
};

} // namespace feedscope::capture
