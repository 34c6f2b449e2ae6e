// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/input.h"
#include "wire/extension.h"

using namespace feedscope;

/// What is read can be written and read again, and gives the same.
extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    fuzz::Input input(data, size);
    const int most = input.byte() % 20;
    const auto offers = wire::parseExtensions(input.rest(), most);
    if (!offers || offers->empty())
        return 0;
    fuzz::require(offers->size() <= static_cast<size_t>(most));
    fuzz::require(wire::parseExtensions(wire::formatExtensions(*offers)) == offers || offers->size() > 16);
    return 0;
}
