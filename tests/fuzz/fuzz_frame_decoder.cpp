// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/input.h"
#include "wire/frame_decoder.h"
#include "wire/frame_encoder.h"

#include <vector>

using namespace feedscope;

namespace {

struct Outcome {
    std::vector<wire::Frame> frames;
    bool lost = false;
    bool operator==(const Outcome &) const = default;
};

/// `step`: 0 for everything at once, else sizes derived from it.
Outcome decode(wire::FrameDecoder::Options options, QByteArrayView bytes, quint32 step)
{
    wire::FrameDecoder decoder(options);
    Outcome outcome;
    quint64 fed = 0;
    while (!bytes.isEmpty()) {
        const qsizetype size = step == 0 ? bytes.size() : qMin<qsizetype>(bytes.size(), 1 + (step >> 16) % 17);
        step = step * 1664525u + 1013904223u;
        std::vector<char> chunk(bytes.begin(), bytes.begin() + size);
        bytes = bytes.sliced(size);
        fed += chunk.size();
        decoder.feed(chunk);
        while (const auto frame = decoder.next())
            outcome.frames.push_back(toFrame(*frame));
        fuzz::require(decoder.bytesSeen() == fed);
        fuzz::require(decoder.bufferedBytes() >= 0 && static_cast<quint64>(decoder.bufferedBytes()) <= fed);
        if (const wire::FrameHeader *pending = decoder.pendingHeader())
            fuzz::require(pending->length > static_cast<quint64>(decoder.bufferedBytes() - pending->size()));
    }
    outcome.lost = decoder.isLost();
    if (auto frame = decoder.takeUnfinished())
        outcome.frames.push_back(std::move(*frame));
    return outcome;
}

} // namespace

/// Any bytes, either sender, any chunking: the same frames; and those that are whole encode to the bytes they came
/// from.
extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    fuzz::Input input(data, size);
    const quint8 flags = input.byte();
    const quint32 step = input.byte() + 1u;
    const wire::FrameDecoder::Options options{flags & 1 ? wire::Role::Client : wire::Role::Server, bool(flags & 2)};
    const QByteArrayView bytes = input.rest();

    const Outcome whole = decode(options, bytes, 0);
    fuzz::require(decode(options, bytes, step * 2654435761u) == whole);

    QByteArray encoded;
    for (const wire::Frame &frame : whole.frames) {
        fuzz::require(frame.wireOffset == static_cast<quint64>(encoded.size()));
        if (!frame.complete)
            break;
        encoded += wire::encodeFrame(frame.header, frame.payload);
        for (const wire::Violation &violation : wire::describe(frame.violations, frame.header, frame.payload))
            fuzz::require(violation.detail.size() < 400);
    }
    fuzz::require(bytes.startsWith(encoded));
    return 0;
}
