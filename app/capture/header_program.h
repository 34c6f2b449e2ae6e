// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter_program.h"
#include "capture/index_record.h"

namespace feedscope::capture {

/// Local time of day, with the offset of the zone looked up once per quarter of an hour of captured time. One thread at a time.
class LocalTimeOfDay {
public:
    quint64 nanoseconds(qint64 wallNs);

private:
    qint64 m_quarter = -1;
    qint64 m_offsetNs = 0;
};

/// An index record with what its chunk and its neighbours say about it.
struct HeaderView {
    const IndexRecord *record = nullptr;
    quint64 no = 0; ///< frames: their number
    base::Timestamp anchor;
    qint64 firstMonoNs = 0; ///< of the capture's first record
    qint64 previousMonoNs = 0; ///< of the record before; its own for the first
    LocalTimeOfDay *local = nullptr;
    quint64 row = 0;
    QByteArrayView payload; ///< as far as it is stored; empty also where the filter asks for none
};

/// The key of a header field; false: this record has no such field.
bool loadHeaderField(FieldId field, const HeaderView &view, quint64 &key);

/// What a filter asks of index records, as tests with jumps. Where the filter asks for more than headers, it is the part that every match must
/// pass (the rest is taken for true), so that payloads are touched only behind it.
class HeaderProgram {
public:
    HeaderProgram() = default;
    explicit HeaderProgram(const std::vector<FilterNode> &nodes);

    bool isExact() const { return m_isExact; } ///< matches() is the whole answer
    bool matches(const HeaderView &view) const
    {
        int at = m_entry;
        while (at >= 0) {
            const Test &test = m_tests[static_cast<size_t>(at)];
            at = holds(test, view) ? test.onTrue : test.onFalse;
        }
        return at == kAccept;
    }

private:
    static constexpr int kAccept = -1;
    static constexpr int kReject = -2;
    enum class Load : quint8 { FlagBits, Length, Other };
    struct Test {
        FieldId field = FieldId::No;
        Load load = Load::Other;
        bool isPresence = false;
        bool outside = false;
        quint8 shift = 0; ///< FlagBits: key = (flags & mask) >> shift
        quint32 mask = 0;
        KeyRange range; ///< the first one
        quint32 firstRange = 0;
        quint32 rangeCount = 0;
        int onTrue = kAccept;
        int onFalse = kReject;
    };
    bool holds(const Test &test, const HeaderView &view) const
    {
        // The common fields without a call: ten million records are gone through in the time of a blink.
        quint64 key = 0;
        const IndexRecord &record = *view.record;
        if (test.load == Load::Other) {
            if (!loadHeaderField(test.field, view, key))
                return false;
        } else {
            if (record.flags >> IndexRecord::KindShift & 3)
                return false;
            key = test.load == Load::FlagBits ? (record.flags & test.mask) >> test.shift : record.length;
        }
        if (test.isPresence)
            return true;
        if (key >= test.range.low && key <= test.range.high)
            return !test.outside;
        for (quint32 i = test.firstRange; i < test.firstRange + test.rangeCount; ++i) {
            if (key >= m_ranges[i].low && key <= m_ranges[i].high)
                return !test.outside;
        }
        return test.outside;
    }
    int generate(const std::vector<FilterNode> &nodes, int node, bool negated, int onTrue, int onFalse);
    int generateTest(const FilterNode &node, int onTrue, int onFalse);

    std::vector<Test> m_tests;
    std::vector<KeyRange> m_ranges;
    int m_entry = kAccept;
    bool m_isExact = true;
};

} // namespace feedscope::capture
