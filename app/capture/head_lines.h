// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <utility>
#include <vector>

namespace feedscope::capture {

/// A raw HTTP head taken apart without judging it: refused and damaged ones are shown too.
struct HeadLines {
    QByteArray line; ///< the first one
    std::vector<std::pair<QByteArray, QByteArray>> headers;
};
HeadLines splitHead(const QByteArray &bytes);
/// Of a response's first line; 0: it has none.
int statusOf(const HeadLines &response);

} // namespace feedscope::capture
