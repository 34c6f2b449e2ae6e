// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"

#include <QString>

namespace feedscope::ui {

enum class CopyFormat : quint8 {
    Text, ///< the payload, unmasked, as UTF-8
    Hex, ///< the frame as it was on the wire
    CArray, ///< the same, for a test
    Json, ///< the frame record of the contract
};
/// One record for the clipboard. Handshakes and ends: their heads as text, their record as JSON.
QString copyText(const capture::CaptureReader &reader, quint64 row, CopyFormat format);

} // namespace feedscope::ui
