// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/wire_text.h"

#include "base/bytes.h"

#include <algorithm>

namespace feedscope::tests {

namespace {

wire::FrameView viewOf(const wire::Frame &frame)
{
    return {frame.header, frame.payload, frame.wireOffset, frame.violations, frame.complete};
}

} // namespace

QByteArray hex(const char *text)
{
    const std::optional<QByteArray> bytes = base::fromHex(text);
    if (!bytes)
        qFatal("not hexadecimal: %s", text);
    return *bytes;
}

QByteArray payloadText(QByteArrayView payload)
{
    constexpr qsizetype kMost = 40;
    const QByteArrayView shown = payload.first(qMin(kMost, payload.size()));
    const bool printable = std::all_of(shown.begin(), shown.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    QByteArray text = printable ? '"' + shown.toByteArray() + '"' : base::toHex(shown);
    if (shown.size() < payload.size())
        text += "..." + QByteArray::number(payload.size());
    return text;
}

QByteArray frameText(const wire::FrameView &frame)
{
    const wire::FrameHeader &header = frame.header;
    QByteArray text = wire::opcodeName(header.opcode);
    if (header.fin)
        text += " fin";
    if (header.rsv1)
        text += " rsv1";
    if (header.rsv2)
        text += " rsv2";
    if (header.rsv3)
        text += " rsv3";
    if (header.masked)
        text += " masked " + base::toHex({reinterpret_cast<const char *>(header.maskingKey.data()), 4});
    text += " len " + QByteArray::number(header.length);
    if (header.extendedLengthBytes)
        text += '/' + QByteArray::number(header.extendedLengthBytes * 8);
    text += " at " + QByteArray::number(frame.wireOffset) + ' ' + payloadText(frame.payload);
    for (const wire::Rule rule : frame.violations.rules())
        text += QByteArray(" !") + wire::ruleInfo(rule).name;
    if (!frame.complete)
        text += " incomplete";
    return text;
}

Chunks eachByte(const QByteArray &bytes)
{
    Chunks chunks;
    for (const char c : bytes)
        chunks.push_back(QByteArray(1, c));
    return chunks;
}

void forEveryChunking(const QByteArray &bytes, const std::function<void(const Chunks &)> &check)
{
    check({bytes});
    check(eachByte(bytes));
    for (qsizetype i = 0; i <= bytes.size(); ++i) {
        check({bytes.first(i), bytes.sliced(i)});
        for (qsizetype j = i; j <= bytes.size(); ++j)
            check({bytes.first(i), bytes.sliced(i, j - i), bytes.sliced(j)});
    }
}

std::vector<wire::Frame> decodeAll(wire::FrameDecoder::Options options, const Chunks &chunks)
{
    wire::FrameDecoder decoder(options);
    std::vector<wire::Frame> frames;
    for (const QByteArray &chunk : chunks) {
        std::vector<char> borrowed(chunk.begin(), chunk.end());
        decoder.feed(borrowed);
        while (const auto frame = decoder.next())
            frames.push_back(toFrame(*frame));
        std::fill(borrowed.begin(), borrowed.end(), '\xEE');
    }
    if (const auto frame = decoder.takeUnfinished())
        frames.push_back(*frame);
    return frames;
}

} // namespace feedscope::tests

namespace feedscope::wire {

char *toString(const Frame &frame)
{
    return qstrdup(tests::frameText(tests::viewOf(frame)).constData());
}

char *toString(const std::vector<Frame> &frames)
{
    QByteArray text = QByteArray::number(static_cast<int>(frames.size())) + " frames";
    for (const Frame &frame : frames)
        text += "\n    " + tests::frameText(tests::viewOf(frame));
    return qstrdup(text.constData());
}

char *toString(const ViolationSet &violations)
{
    QByteArray text;
    for (const Rule rule : violations.rules())
        text += QByteArray(text.isEmpty() ? "" : " ") + ruleInfo(rule).name;
    return qstrdup(text.isEmpty() ? "none" : text.constData());
}

} // namespace feedscope::wire
