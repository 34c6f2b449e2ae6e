// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/filter.h"

namespace feedscope::capture {

/// A piece of a filter line. Numbers, durations, bytes, times and names are all words: what a word means depends on the field beside it.
struct FilterToken {
    enum class Kind : quint8 {
        Word,
        String, ///< text without its quotes, escapes resolved
        Slice, ///< what stands between [ and ]
        Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
        And, Or, Not, In, Contains, Matches,
        OpenParen, CloseParen, OpenBrace, CloseBrace, Comma,
        End,
    };
    Kind kind = Kind::End;
    QString text;
    int column = 1; ///< 1-based, of its first character
};

/// Ends with an End token.
tl::expected<std::vector<FilterToken>, FilterError> lexFilter(const QString &text);

} // namespace feedscope::capture
