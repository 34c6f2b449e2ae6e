// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

namespace feedscope::dissect {

/// One line that says in words what a text payload is: "event market.AAPL #1235", "subscribe market.AAPL", or the beginning of the text.
/// Control characters and text direction marks are made inert. Looks at no more than the first 4 KiB.
QString summarise(QByteArrayView payload, bool isText);

} // namespace feedscope::dissect
