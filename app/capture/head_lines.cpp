// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/head_lines.h"

#include <QByteArrayList>

namespace feedscope::capture {

HeadLines splitHead(const QByteArray &bytes)
{
    HeadLines head;
    bool first = true;
    for (QByteArray line : bytes.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        if (first) {
            head.line = line;
            first = false;
        } else if (line.isEmpty()) {
            break;
        } else {
            const qsizetype colon = line.indexOf(':');
            head.headers.emplace_back(colon < 0 ? line : line.left(colon), colon < 0 ? QByteArray() : line.mid(colon + 1).trimmed());
        }
    }
    return head;
}

int statusOf(const HeadLines &response)
{
    const qsizetype space = response.line.indexOf(' ');
    return space < 0 ? 0 : response.line.mid(space + 1, 3).toInt();
}

} // namespace feedscope::capture
