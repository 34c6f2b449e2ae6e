// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/input.h"
#include "wire/utf8.h"

using namespace feedscope;

/// Agrees with Qt, whole and in pieces.
extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    fuzz::Input input(data, size);
    const qsizetype step = 1 + input.byte() % 40;
    const QByteArrayView bytes = input.rest();
    const bool valid = bytes.isValidUtf8();
    fuzz::require(wire::isValidUtf8(bytes) == valid);

    wire::Utf8Validator validator;
    bool soFar = true;
    for (qsizetype at = 0; at < bytes.size(); at += step) {
        const bool now = validator.feed(bytes.sliced(at, qMin(step, bytes.size() - at)));
        fuzz::require(soFar || !now);
        soFar = now;
    }
    fuzz::require((soFar && validator.isComplete()) == valid);
    return 0;
}
