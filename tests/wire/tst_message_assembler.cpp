// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/message_assembler.h"

#include "support/wire_text.h"

#include <QTest>

using namespace feedscope;
using tests::hex;
using wire::Opcode;
using wire::Role;
using wire::Rule;

/// Sequences of frames. What single frames break is tst_frame_decoder's.
class tst_MessageAssembler : public QObject {
    Q_OBJECT

private slots:
    void framesBecomeMessages_data();
    void framesBecomeMessages();
    void unfragmentedMessageIsNotCopied();
    void compressedTextIsHandedOnUnchecked();
    void judgeSaysWhatAddWillFind();
    void bytesAreLetGoAfterTheMessage();
    void spoiledMessageKeepsNoBytes();
};

namespace {

constexpr wire::MessageAssembler::Limits kSmall{10, 4};

/// One line per frame: number of its message, what it broke, and the message that it finished.
QStringList run(const QByteArray &bytes)
{
    wire::MessageAssembler assembler(kSmall);
    QStringList lines;
    for (const wire::Frame &frame : tests::decodeAll({Role::Server, false}, {bytes})) {
        wire::FrameView view{frame.header, frame.payload, frame.wireOffset, frame.violations, frame.complete};
        const auto message = assembler.add(view);
        QByteArray line = '#' + QByteArray::number(assembler.messageNumber());
        for (const Rule rule : view.violations.rules())
            line += QByteArray(" !") + wire::ruleInfo(rule).name;
        if (message) {
            line += ' ' + wire::opcodeName(message->opcode) + ' ' + tests::payloadText(message->payload) + " of "
                + QByteArray::number(message->fragments);
        }
        if (assembler.isInMessage())
            line += " ...";
        lines += QString::fromUtf8(line);
    }
    return lines;
}

} // namespace

void tst_MessageAssembler::framesBecomeMessages_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("lines");
    const auto lines = [](std::initializer_list<const char *> texts) {
        QStringList list;
        for (const char *text : texts)
            list += QString::fromUtf8(text);
        return list;
    };

    QTest::newRow("RFC 6455 5.7 fragmented text")
        << hex("01 03 48656c 80 02 6c6f") << lines({"#1 ...", "#1 text \"Hello\" of 2"});
    QTest::newRow("RFC 6455 5.4 two messages")
        << hex("81 01 41 82 01 42") << lines({"#1 text \"A\" of 1", "#2 binary \"B\" of 1"});
    QTest::newRow("RFC 6455 5.4 ping between fragments")
        << hex("01 01 41 89 00 80 01 42") << lines({"#1 ...", "#0 ...", "#1 text \"AB\" of 2"});
    QTest::newRow("F14 zero-length text") << hex("81 00") << lines({"#1 text \"\" of 1"});
    QTest::newRow("F14 zero-length fragments")
        << hex("02 00 00 00 80 00") << lines({"#1 ...", "#1 ...", "#1 binary \"\" of 3"});
    QTest::newRow("F5 RFC 6455 5.4 orphan continuation")
        << hex("80 01 41 81 01 42") << lines({"#0 !orphan-continuation", "#1 text \"B\" of 1"});
    QTest::newRow("F5 RFC 6455 5.4 new message inside a message")
        << hex("01 01 41 81 01 42 80 01 43")
        << lines({"#1 ...", "#2 !interleaved-data text \"B\" of 1", "#0 !orphan-continuation"});
    QTest::newRow("F2 reserved opcode is no data")
        << hex("01 01 41 83 01 42 80 01 43") << lines({"#1 ...", "#0 !reserved-opcode ...", "#1 text \"AC\" of 2"});

    QTest::newRow("U1 code point over two fragments")
        << hex("01 02 e282 80 01 ac") << lines({"#1 ...", "#1 text e282ac of 2"});
    QTest::newRow("U1 code point over four fragments")
        << hex("01 01 f0 00 01 9f 00 01 98 80 01 80") << lines({"#1 ...", "#1 ...", "#1 ...", "#1 text f09f9880 of 4"});
    QTest::newRow("U2 RFC 6455 8.1 broken in the first fragment")
        << hex("01 01 ff 80 01 41") << lines({"#1 !invalid-utf8 ...", "#1"});
    QTest::newRow("U2 RFC 6455 8.1 broken in the middle")
        << hex("01 01 41 00 01 ff 80 01 41") << lines({"#1 ...", "#1 !invalid-utf8 ...", "#1"});
    QTest::newRow("U2 RFC 6455 8.1 broken in the last fragment")
        << hex("01 01 41 80 01 ff") << lines({"#1 ...", "#1 !invalid-utf8"});
    QTest::newRow("U3 RFC 6455 8.1 truncated at the end")
        << hex("01 01 41 80 02 e282") << lines({"#1 ...", "#1 !invalid-utf8"});
    QTest::newRow("U3 a new message starts afresh")
        << hex("81 01 ff 81 01 41") << lines({"#1 !invalid-utf8", "#2 text \"A\" of 1"});
    QTest::newRow("binary may hold anything") << hex("82 02 ff c3") << lines({"#1 binary ffc3 of 1"});
    QTest::newRow("UTF-8 is forgotten with an interrupted message")
        << hex("01 01 c3 81 01 41") << lines({"#1 ...", "#2 !interleaved-data text \"A\" of 1"});

    QTest::newRow("limit: ten bytes fit")
        << hex("82 0a 30313233343536373839") << lines({"#1 binary \"0123456789\" of 1"});
    QTest::newRow("limit: eleven do not")
        << hex("82 0b 3031323334353637383940 82 01 41") << lines({"#1 !message-too-big", "#2 binary \"A\" of 1"});
    QTest::newRow("limit: over fragments, said once") << hex("02 06 303132333435 00 05 3637383940 00 01 41 80 00")
                                                      << lines({"#1 ...", "#1 !message-too-big ...", "#1 ...", "#1"});
    QTest::newRow("R4 empty fragments count")
        << hex("02 00 00 00 00 00 00 00 00 00 80 00")
        << lines({"#1 ...", "#1 ...", "#1 ...", "#1 ...", "#1 !too-many-fragments ...", "#1"});
    QTest::newRow("an unfinished frame finishes no message") << hex("81 02 41") << lines({"#1 !truncated-frame ..."});
}

void tst_MessageAssembler::framesBecomeMessages()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, lines);
    QCOMPARE(run(bytes), lines);
}

void tst_MessageAssembler::unfragmentedMessageIsNotCopied()
{
    const QByteArray payload(1000, 'x');
    wire::MessageAssembler assembler;
    wire::FrameView frame;
    frame.header.length = 1000;
    frame.payload = payload;
    const auto message = assembler.add(frame);
    QCOMPARE(message->payload.data(), payload.constData());
    QCOMPARE(assembler.bufferedBytes(), 0);
}

void tst_MessageAssembler::compressedTextIsHandedOnUnchecked()
{
    wire::MessageAssembler assembler;
    wire::FrameView frame;
    frame.header.rsv1 = true;
    frame.payload = "\xff\xff";
    auto message = assembler.add(frame);
    QVERIFY(message && message->compressed);
    QVERIFY(frame.violations.isEmpty());

    frame.violations.insert(Rule::ReservedBit1); // no extension was negotiated: the bit means nothing
    message = assembler.add(frame);
    QVERIFY(!message);
    QVERIFY(frame.violations.contains(Rule::InvalidUtf8));
}

void tst_MessageAssembler::judgeSaysWhatAddWillFind()
{
    wire::MessageAssembler assembler(kSmall);
    wire::FrameHeader header;
    header.opcode = Opcode::Binary;
    header.length = ~quint64(0) / 2;
    QCOMPARE(assembler.judge(header).rules(), std::vector<Rule>{Rule::MessageTooBig});
    header.opcode = Opcode::Ping;
    QVERIFY(assembler.judge(header).isEmpty());

    wire::FrameView first;
    first.header.opcode = Opcode::Binary;
    first.header.fin = false;
    first.header.length = 6;
    first.payload = "012345";
    QVERIFY(!assembler.add(first));
    header.opcode = Opcode::Continuation;
    header.length = 4;
    QVERIFY(assembler.judge(header).isEmpty());
    header.length = 5; // R7: with what is there already
    QCOMPARE(assembler.judge(header).rules(), std::vector<Rule>{Rule::MessageTooBig});
    header.opcode = Opcode::Text;
    QCOMPARE(assembler.judge(header).rules(), std::vector<Rule>{Rule::InterleavedData});
}

void tst_MessageAssembler::bytesAreLetGoAfterTheMessage()
{
    wire::MessageAssembler assembler;
    wire::FrameView first{{}, "Hel", 0, {}, true};
    first.header.fin = false;
    wire::FrameView second{{}, "lo", 0, {}, true};
    second.header.opcode = Opcode::Continuation;
    QVERIFY(!assembler.add(first));
    QCOMPARE(assembler.bufferedBytes(), 3);
    const auto message = assembler.add(second);
    QCOMPARE(message->payload, QByteArrayView("Hello"));
    assembler.release();
    QCOMPARE(assembler.bufferedBytes(), 0);
}

void tst_MessageAssembler::spoiledMessageKeepsNoBytes()
{
    wire::MessageAssembler assembler(kSmall);
    wire::FrameView frame{{}, "0123456789", 0, {}, true};
    frame.header.fin = false;
    frame.header.length = 10;
    QVERIFY(!assembler.add(frame));
    frame.header.opcode = Opcode::Continuation;
    for (int i = 0; i < 100; ++i) {
        QVERIFY(!assembler.add(frame));
        QCOMPARE(assembler.bufferedBytes(), 0);
    }
    QVERIFY(assembler.isInMessage());
}

QTEST_APPLESS_MAIN(tst_MessageAssembler)
#include "tst_message_assembler.moc"
