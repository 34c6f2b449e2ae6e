// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace feedscope::base {

/// Bytes from hexadecimal text. Spaces are ignored, so that bytes can be written as an RFC writes them: "81 05 48 65".
/// Empty optional: an odd number of digits, or a character that is neither a digit nor a space.
std::optional<QByteArray> fromHex(QByteArrayView text);

/// Lower-case hexadecimal, without separator unless one is given.
QByteArray toHex(QByteArrayView bytes, char separator = '\0');

/// Bytes of a peer made fit for a log line or a terminal: everything but printable ASCII as \xNN, cut at `most` bytes with a
/// visible mark that says how many were left out.
QByteArray escaped(QByteArrayView bytes, qsizetype most = 200);

} // namespace feedscope::base
