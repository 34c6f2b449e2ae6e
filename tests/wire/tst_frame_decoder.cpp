// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/frame_decoder.h"

#include "support/wire_text.h"
#include "wire/frame_encoder.h"

#include <QTest>

#include <random>

using namespace feedscope;
using tests::hex;
using wire::Opcode;
using wire::Role;
using wire::Rule;

Q_DECLARE_METATYPE(wire::Role)
Q_DECLARE_METATYPE(std::vector<wire::Rule>)

/// Single frames in any chunking. Sequences of frames are tst_message_assembler's, refusals tst_connection's.
class tst_FrameDecoder : public QObject {
    Q_OBJECT

private slots:
    void readsTheExamplesOfTheRfc_data();
    void readsTheExamplesOfTheRfc();
    void examplesReadTheSameInEveryChunking_data() { readsTheExamplesOfTheRfc_data(); }
    void examplesReadTheSameInEveryChunking();
    void namesWhatAFrameBreaks_data();
    void namesWhatAFrameBreaks();
    void brokenFramesReadTheSameInEveryChunking_data() { namesWhatAFrameBreaks_data(); }
    void brokenFramesReadTheSameInEveryChunking();
    void rsv1IsAllowedOnTheFirstFrameOfAMessageOnly();
    void zeroMaskingKeyIsStillAMask();
    void offsetsCountFromTheFirstByte();
    void topBitLosesTheFraming();
    void hugeAnnouncedLengthCostsNothing();
    void headerIsPendingAsSoonAsItIsComplete();
    void violationsArePendingFromTheFirstByte();
    void wholeFramesAreUnmaskedInPlace();
    void payloadIsNotCopiedWhereOnlyTheHeaderStraddles();
    void bytesLeftOverAreKept();
    void unfinishedFramesAreShownAsFarAsTheyCame_data();
    void unfinishedFramesAreShownAsFarAsTheyCame();
    void nothingIsUnfinishedBetweenFrames();
    void everyRandomTraceReadsTheSameInRandomChunks();
};

void tst_FrameDecoder::readsTheExamplesOfTheRfc_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Role>("from");
    QTest::addColumn<QList<QByteArray>>("frames");
    QByteArray counted;
    for (int i = 0; i < 65536; ++i)
        counted += static_cast<char>(i);

    QTest::newRow("RFC 6455 5.7 unmasked text")
        << hex("81 05 48 65 6c 6c 6f") << Role::Server << QList<QByteArray>{"text fin len 5 at 0 \"Hello\""};
    QTest::newRow("RFC 6455 5.7 masked text") << hex("81 85 37 fa 21 3d 7f 9f 4d 51 58") << Role::Client
                                              << QList<QByteArray>{"text fin masked 37fa213d len 5 at 0 \"Hello\""};
    QTest::newRow("RFC 6455 5.7 fragmented unmasked text")
        << hex("01 03 48 65 6c 80 02 6c 6f") << Role::Server
        << QList<QByteArray>{"text len 3 at 0 \"Hel\"", "continuation fin len 2 at 5 \"lo\""};
    QTest::newRow("RFC 6455 5.7 ping and masked pong, ping")
        << hex("89 05 48 65 6c 6c 6f") << Role::Server << QList<QByteArray>{"ping fin len 5 at 0 \"Hello\""};
    QTest::newRow("RFC 6455 5.7 ping and masked pong, pong")
        << hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58") << Role::Client
        << QList<QByteArray>{"pong fin masked 37fa213d len 5 at 0 \"Hello\""};
    QTest::newRow("RFC 6455 5.7 256 bytes of binary")
        << hex("82 7E 0100") + counted.first(256) << Role::Server
        << QList<QByteArray>{"binary fin len 256/16 at 0 " + counted.first(40).toHex() + "...256"};
    QTest::newRow("RFC 6455 5.7 64 KiB of binary")
        << hex("82 7F 0000000000010000") + counted << Role::Server
        << QList<QByteArray>{"binary fin len 65536/64 at 0 " + counted.first(40).toHex() + "...65536"};
}

void tst_FrameDecoder::readsTheExamplesOfTheRfc()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Role, from);
    QFETCH(QList<QByteArray>, frames);
    wire::FrameDecoder decoder({from, false});
    decoder.feed({bytes.data(), static_cast<size_t>(bytes.size())});
    for (const QByteArray &expected : frames)
        QCOMPARE(tests::frameText(decoder.next().value()), expected);
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.bytesSeen(), static_cast<quint64>(bytes.size()));
    QCOMPARE(decoder.bufferedBytes(), 0);
}

void tst_FrameDecoder::examplesReadTheSameInEveryChunking()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Role, from);
    const auto whole = tests::decodeAll({from, false}, {bytes});
    if (bytes.size() <= 300) {
        tests::forEveryChunking(bytes, [&](const tests::Chunks &chunks) {
            QCOMPARE(tests::decodeAll({from, false}, chunks), whole);
        });
        return;
    }
    // Every split of 64 KiB in three would take hours: the header, the middle and the end are where splits may matter.
    QCOMPARE(tests::decodeAll({from, false}, tests::eachByte(bytes)), whole);
    std::vector<qsizetype> cuts{21001, 42002, bytes.size() - 1, bytes.size()};
    for (qsizetype i = 15; i >= 0; --i)
        cuts.insert(cuts.begin(), i);
    for (size_t i = 0; i < cuts.size(); ++i) {
        for (size_t j = i; j < cuts.size(); ++j) {
            const tests::Chunks chunks{
                bytes.first(cuts[i]), bytes.sliced(cuts[i], cuts[j] - cuts[i]), bytes.sliced(cuts[j])};
            QCOMPARE(tests::decodeAll({from, false}, chunks), whole);
        }
    }
}

void tst_FrameDecoder::namesWhatAFrameBreaks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Role>("from");
    QTest::addColumn<std::vector<Rule>>("rules");
    using Rules = std::vector<Rule>;

    QTest::newRow("F1 RFC 6455 5.2 RSV1") << hex("c1 00") << Role::Server << Rules{Rule::ReservedBit1};
    QTest::newRow("F1 RFC 6455 5.2 RSV2") << hex("a1 00") << Role::Server << Rules{Rule::ReservedBit2};
    QTest::newRow("F1 RFC 6455 5.2 RSV3") << hex("91 00") << Role::Server << Rules{Rule::ReservedBit3};
    QTest::newRow("F1 RFC 6455 5.2 all of them")
        << hex("f1 00") << Role::Server << Rules{Rule::ReservedBit1, Rule::ReservedBit2, Rule::ReservedBit3};
    for (int opcode : {3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf}) {
        const QByteArray name = "F2 RFC 6455 5.2 opcode " + QByteArray::number(opcode, 16);
        QTest::newRow(name.constData()) << QByteArray(1, static_cast<char>(0x80 | opcode)) + hex("00") << Role::Server
                                        << Rules{Rule::ReservedOpcode};
    }
    QTest::newRow("F3 RFC 6455 5.4 fragmented ping") << hex("09 00") << Role::Server << Rules{Rule::FragmentedControl};
    QTest::newRow("F3 RFC 6455 5.5 fragmented close") << hex("08 00") << Role::Server << Rules{Rule::FragmentedControl};
    QTest::newRow("F3 RFC 6455 5.5 ping of 126 bytes")
        << hex("89 7e 007e") + QByteArray(126, 'x') << Role::Server << Rules{Rule::OversizeControl};
    QTest::newRow("F6 RFC 6455 5.1 unmasked client text")
        << hex("81 05 48656c6c6f") << Role::Client << Rules{Rule::UnmaskedClientFrame};
    QTest::newRow("F7 RFC 6455 5.1 masked server close")
        << hex("88 82 37fa213d 3412") << Role::Server << Rules{Rule::MaskedServerFrame};
    QTest::newRow("F8 RFC 6455 5.2 length 125 in 16 bits")
        << hex("82 7e 007d") + QByteArray(125, 'x') << Role::Server << Rules{Rule::NonMinimalLength};
    QTest::newRow("F8 RFC 6455 5.2 length 0 in 64 bits")
        << hex("82 7f 0000000000000000") << Role::Server << Rules{Rule::NonMinimalLength};
    QTest::newRow("F8 RFC 6455 5.2 ping length in 16 bits")
        << hex("89 7e 0001 41") << Role::Server << Rules{Rule::NonMinimalLength};
    QTest::newRow("F9 RFC 6455 5.2 length with the top bit")
        << hex("82 7f 8000000000000001") << Role::Server << Rules{Rule::LengthTopBit};
    QTest::newRow("F9 RFC 6455 5.2 length of all ones")
        << hex("82 7f ffffffffffffffff") << Role::Server << Rules{Rule::LengthTopBit};
    QTest::newRow("C2 RFC 6455 7.4.1 close 1005") << hex("88 02 03ed") << Role::Server << Rules{Rule::InvalidCloseCode};
    QTest::newRow("C2 RFC 6455 7.4.2 close 0") << hex("88 02 0000") << Role::Server << Rules{Rule::InvalidCloseCode};
    QTest::newRow("C4 RFC 6455 5.5.1 close of one byte")
        << hex("88 01 03") << Role::Server << Rules{Rule::ClosePayloadTooShort};
    QTest::newRow("U5 RFC 6455 5.5.1 reason is not UTF-8")
        << hex("88 03 03e8 ff") << Role::Server << Rules{Rule::InvalidCloseReason};
    QTest::newRow("U5 RFC 6455 5.5.1 reason ends inside a code point")
        << hex("88 04 03e8 e282") << Role::Server << Rules{Rule::InvalidCloseReason};
    QTest::newRow("everything at once") << hex("78 7e 0001 03") << Role::Client
                                        << Rules{Rule::ReservedBit1, Rule::ReservedBit2, Rule::ReservedBit3,
                                               Rule::FragmentedControl, Rule::UnmaskedClientFrame,
                                               Rule::NonMinimalLength, Rule::ClosePayloadTooShort};
}

void tst_FrameDecoder::namesWhatAFrameBreaks()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Role, from);
    QFETCH(std::vector<Rule>, rules);
    // Another frame behind it, to see that framing goes on where it can.
    const QByteArray good = from == Role::Server ? hex("81 01 41") : hex("81 81 00000000 41");
    const auto frames = tests::decodeAll({from, false}, {bytes + good});
    QCOMPARE(frames[0].violations.rules(), rules);
    QCOMPARE(wire::encodeHeader(frames[0].header), bytes.first(frames[0].header.size()));
    if (frames[0].violations.contains(Rule::LengthTopBit)) {
        QCOMPARE(frames.size(), size_t(1));
        return;
    }
    QCOMPARE(frames.size(), size_t(2));
    QVERIFY(frames[1].violations.isEmpty());
    QCOMPARE(frames[1].payload, QByteArray("A"));
}

void tst_FrameDecoder::brokenFramesReadTheSameInEveryChunking()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Role, from);
    const auto whole = tests::decodeAll({from, false}, {bytes});
    tests::forEveryChunking(bytes, [&](const tests::Chunks &chunks) {
        QCOMPARE(tests::decodeAll({from, false}, chunks), whole);
    });
}

void tst_FrameDecoder::rsv1IsAllowedOnTheFirstFrameOfAMessageOnly()
{
    const auto rules = [](const char *bytes) {
        return tests::decodeAll({Role::Server, true}, {hex(bytes)}).at(0).violations.rules();
    };
    QCOMPARE(rules("c1 00"), std::vector<Rule>{});
    QCOMPARE(rules("42 00"), std::vector<Rule>{});
    QCOMPARE(rules("c0 00"), std::vector<Rule>{Rule::ReservedBit1}); // D5, RFC 7692 6.1
    QCOMPARE(rules("c9 00"), std::vector<Rule>{Rule::ReservedBit1});
    QCOMPARE(rules("e1 00"), std::vector<Rule>{Rule::ReservedBit2});
}

void tst_FrameDecoder::zeroMaskingKeyIsStillAMask()
{
    const auto frames = tests::decodeAll({Role::Client, false}, {hex("81 81 00000000 41")});
    QCOMPARE(frames.size(), size_t(1));
    QVERIFY(frames[0].header.masked);
    QVERIFY(frames[0].violations.isEmpty());
    QCOMPARE(frames[0].payload, QByteArray("A"));
}

void tst_FrameDecoder::offsetsCountFromTheFirstByte()
{
    const auto frames =
        tests::decodeAll({Role::Server, false}, {hex("81 01 41 89 00"), hex("82 7e"), hex("0001 42 8a 00")});
    QCOMPARE(frames.size(), size_t(4));
    QCOMPARE(frames[0].wireOffset, 0u);
    QCOMPARE(frames[1].wireOffset, 3u);
    QCOMPARE(frames[2].wireOffset, 5u);
    QCOMPARE(frames[3].wireOffset, 10u);
}

void tst_FrameDecoder::topBitLosesTheFraming()
{
    QByteArray bytes = hex("81 01 41 82 7f 8000000000000001 81 01 42");
    wire::FrameDecoder decoder({Role::Server, false});
    decoder.feed({bytes.data(), static_cast<size_t>(bytes.size())});
    QVERIFY(decoder.next()->complete);
    QVERIFY(!decoder.isLost());
    const auto lost = decoder.next();
    QVERIFY(lost && !lost->complete && lost->payload.isEmpty());
    QCOMPARE(lost->header.length, 0x8000000000000001u);
    QVERIFY(decoder.isLost());
    QVERIFY(!decoder.next());
    decoder.feed({bytes.data(), 3});
    QVERIFY(!decoder.next());
    QVERIFY(!decoder.takeUnfinished());
    QCOMPARE(decoder.bytesSeen(), static_cast<quint64>(bytes.size() + 3));
    QCOMPARE(decoder.bufferedBytes(), 0);
}

void tst_FrameDecoder::hugeAnnouncedLengthCostsNothing()
{
    QByteArray bytes = hex("83 7f 4000000000000000 01 02"); // F4
    wire::FrameDecoder decoder({Role::Server, false});
    decoder.feed({bytes.data(), static_cast<size_t>(bytes.size())});
    QVERIFY(!decoder.next());
    QVERIFY(!decoder.isLost());
    QCOMPARE(decoder.pendingHeader()->length, quint64(1) << 62);
    QVERIFY(decoder.pendingViolations().contains(Rule::ReservedOpcode));
    QCOMPARE(decoder.bufferedBytes(), bytes.size());
}

void tst_FrameDecoder::headerIsPendingAsSoonAsItIsComplete()
{
    // F10: header sizes 2, 4, 6, 8, 10 and 14.
    const char *const headers[] = {"82 05", "82 7e 0100", "82 85 37fa213d", "82 fe 0100 37fa213d",
        "82 7f 0000000000010000", "82 ff 0000000000010000 37fa213d"};
    for (const char *header : headers) {
        const QByteArray bytes = hex(header);
        wire::FrameDecoder decoder({bytes[1] & 0x80 ? Role::Client : Role::Server, false});
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            QVERIFY(!decoder.pendingHeader());
            char byte = bytes[i];
            decoder.feed({&byte, 1});
            QVERIFY(!decoder.next());
            QVERIFY(decoder.pendingViolations().isEmpty());
        }
        QVERIFY(decoder.pendingHeader());
        QCOMPARE(wire::encodeHeader(*decoder.pendingHeader()), bytes);
        QVERIFY(decoder.pendingViolations().isEmpty());
    }
}

void tst_FrameDecoder::violationsArePendingFromTheFirstByte()
{
    wire::FrameDecoder decoder({Role::Client, false});
    const auto after = [&](const char *bytes) {
        QByteArray more = hex(bytes);
        decoder.feed({more.data(), static_cast<size_t>(more.size())});
        if (decoder.next())
            qFatal("no frame was complete");
        return decoder.pendingViolations().rules();
    };
    QCOMPARE(after("a9"), std::vector<Rule>{Rule::ReservedBit2});
    QCOMPARE(after("7e"), (std::vector<Rule>{Rule::ReservedBit2, Rule::UnmaskedClientFrame}));
    QCOMPARE(after("00"), (std::vector<Rule>{Rule::ReservedBit2, Rule::UnmaskedClientFrame}));
    QCOMPARE(after("80"), (std::vector<Rule>{Rule::ReservedBit2, Rule::OversizeControl, Rule::UnmaskedClientFrame}));
}

void tst_FrameDecoder::wholeFramesAreUnmaskedInPlace()
{
    QByteArray bytes = hex("81 85 37fa213d 7f9f4d5158");
    wire::FrameDecoder decoder({Role::Client, false});
    decoder.feed({bytes.data(), static_cast<size_t>(bytes.size())});
    const auto frame = decoder.next();
    QCOMPARE(frame->payload.data(), bytes.constData() + 6);
    QCOMPARE(bytes.sliced(6), QByteArray("Hello"));
}

void tst_FrameDecoder::payloadIsNotCopiedWhereOnlyTheHeaderStraddles()
{
    QByteArray first = hex("81 85 37fa");
    QByteArray second = hex("213d 7f9f4d5158");
    wire::FrameDecoder decoder({Role::Client, false});
    decoder.feed({first.data(), static_cast<size_t>(first.size())});
    QVERIFY(!decoder.next());
    decoder.feed({second.data(), static_cast<size_t>(second.size())});
    const auto frame = decoder.next();
    QCOMPARE(frame->payload, QByteArrayView("Hello"));
    QCOMPARE(frame->payload.data(), second.constData() + 2);
}

void tst_FrameDecoder::bytesLeftOverAreKept()
{
    wire::FrameDecoder decoder({Role::Server, false});
    std::vector<char> memory;
    const auto feed = [&](const char *text) {
        const QByteArray bytes = hex(text);
        std::vector<char> next(bytes.begin(), bytes.end());
        decoder.feed(next);
        std::swap(memory, next); // the bytes fed before go away after this feed
    };
    feed("81 01 41 81 01 42 81");
    QCOMPARE(decoder.next()->payload, QByteArrayView("A"));
    feed("01 43 81 01 44");
    QCOMPARE(decoder.next()->payload, QByteArrayView("B"));
    feed("81 01 45");
    for (const char *expected : {"C", "D", "E"})
        QCOMPARE(decoder.next()->payload, QByteArrayView(expected));
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.bytesSeen(), 15u);
}

void tst_FrameDecoder::unfinishedFramesAreShownAsFarAsTheyCame_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("one byte") << hex("81") << QByteArray("text fin len 0 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("two bytes") << hex("8185")
                               << QByteArray("text fin masked 00000000 len 5 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("half a 16-bit length")
        << hex("82fe01") << QByteArray("binary fin masked 00000000 len 0/16 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("a length without a key")
        << hex("82ff4000000000000000")
        << QByteArray("binary fin masked 00000000 len 4611686018427387904/64 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("half a key") << hex("8185 37fa")
                                << QByteArray("text fin masked 00000000 len 5 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("header only") << hex("8185 37fa213d")
                                 << QByteArray("text fin masked 37fa213d len 5 at 0 \"\" !truncated-frame incomplete");
    QTest::newRow("part of the payload")
        << hex("8185 37fa213d 7f9f4d")
        << QByteArray("text fin masked 37fa213d len 5 at 0 \"Hel\" !truncated-frame incomplete");
    QTest::newRow("reserved and unmasked")
        << hex("8305 41")
        << QByteArray(
               "reserved-3 fin len 5 at 0 \"A\" !reserved-opcode !unmasked-client-frame !truncated-frame incomplete");
}

void tst_FrameDecoder::unfinishedFramesAreShownAsFarAsTheyCame()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, frame);
    tests::forEveryChunking(bytes, [&](const tests::Chunks &chunks) {
        const auto frames = tests::decodeAll({Role::Client, false}, chunks);
        QCOMPARE(frames.size(), size_t(1));
        const wire::Frame &f = frames[0];
        QCOMPARE(tests::frameText({f.header, f.payload, f.wireOffset, f.violations, f.complete}), frame);
    });
}

void tst_FrameDecoder::nothingIsUnfinishedBetweenFrames()
{
    wire::FrameDecoder decoder({Role::Server, false});
    QVERIFY(!decoder.takeUnfinished());
    QByteArray first = hex("81 05 48656c");
    QByteArray second = hex("6c6f");
    decoder.feed({first.data(), 5});
    QVERIFY(!decoder.next());
    decoder.feed({second.data(), 2});
    const auto frame = decoder.next();
    QVERIFY(!decoder.takeUnfinished());
    QCOMPARE(frame->payload, QByteArrayView("Hello")); // still there: it may be asked while the frame is in use
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.bufferedBytes(), 0);
}

void tst_FrameDecoder::everyRandomTraceReadsTheSameInRandomChunks()
{
    std::mt19937 random(6455);
    const auto below = [&random](quint32 n) { return static_cast<quint32>(random() % n); };
    for (int trace = 0; trace < 200; ++trace) {
        const Role from = trace % 2 ? Role::Client : Role::Server;
        QByteArray bytes;
        const quint32 count = 1 + below(20);
        for (quint32 i = 0; i < count; ++i) {
            quint32 length = below(4) ? below(130) : below(70000);
            wire::FrameHeader header = wire::makeHeader(static_cast<Opcode>(below(16)), length, below(3));
            if (below(8) == 0) {
                header.extendedLengthBytes = length < 65536 && below(2) ? 2 : 8;
                header.rsv2 = true;
            }
            header.masked = below(10) ? from == Role::Client : from == Role::Server;
            if (header.masked)
                header.maskingKey = {quint8(random()), quint8(random()), quint8(random()), quint8(random())};
            QByteArray payload(length, Qt::Uninitialized);
            for (char &c : payload)
                c = static_cast<char>(random());
            bytes += wire::encodeFrame(header, payload);
        }
        if (below(3) == 0)
            bytes.chop(below(static_cast<quint32>(qMin<qsizetype>(bytes.size(), 20))));
        const auto whole = tests::decodeAll({from, false}, {bytes});
        for (int round = 0; round < 5; ++round) {
            tests::Chunks chunks;
            const quint32 largest = round == 0 ? 16 : 1 + below(round == 1 ? 200 : 40000);
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype size = qMin<qsizetype>(1 + below(largest), bytes.size() - at);
                chunks.push_back(bytes.sliced(at, size));
                at += size;
            }
            QCOMPARE(tests::decodeAll({from, false}, chunks), whole);
        }
    }
}

QTEST_APPLESS_MAIN(tst_FrameDecoder)
#include "tst_frame_decoder.moc"
