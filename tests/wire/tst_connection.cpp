// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/connection.h"

#include "support/playbook.h"
#include "wire/frame_encoder.h"

#include <QRegularExpression>
#include <QTest>

#include <random>

using namespace feedscope;
using tests::hex;
using tests::Playbook;
using wire::Opcode;
using wire::Role;
using wire::Rule;
using State = wire::Connection::State;

Q_DECLARE_METATYPE(wire::Role)

/// Frames, messages and violations of an open connection. Endings are tst_connection_close's, pings by itself
/// tst_connection_ping's.
class tst_Connection : public QObject {
    Q_OBJECT

private slots:
    void deliversWhatIsAllowed_data();
    void deliversWhatIsAllowed();
    void failsOnWhatIsNot_data();
    void failsOnWhatIsNot();
    void refusesByHeaderAlone_data();
    void refusesByHeaderAlone();
    void limitsAreJudgedBeforeThePayloadArrives();
    void pingInsideAMessageIsAnsweredAtOnce();
    void pongCarriesThePayloadOfThePing();
    void pingsAreNotAnsweredWhereThatIsSwitchedOff();
    void clientMasksEachFrameWithAFreshKey();
    void sentFramesAreSeenAsSentAndBeforeTheBytes();
    void sharedBytesAreWrittenAsTheyAre();
    void ownerMayAnswerInsideAMessage();
    void ownerMayCloseInsideAMessage();
    void ownerMayAbortInsideAMessage();
    void framesAfterAnAbortAreNotDelivered();
    void bigMessageIsTheSameInOneFrameAndInMany();
    void everyRandomTraceIsTheSameInRandomChunks();
};

namespace {

/// A frame as the peer of `role` has to send it: masked with the RFC's key where the peer is a client.
QByteArray fromPeer(Role role, Opcode opcode, const QByteArray &payload, bool fin = true)
{
    wire::FrameHeader header = wire::makeHeader(opcode, static_cast<quint64>(payload.size()), fin);
    header.masked = role == Role::Server;
    if (header.masked)
        header.maskingKey = {0x37, 0xfa, 0x21, 0x3d};
    return wire::encodeFrame(header, payload);
}

/// The bytes of an unmasked transcript, masked frame by frame where our peer is a client.
QByteArray asPeer(Role role, const QByteArray &unmasked)
{
    if (role == Role::Client)
        return unmasked;
    QByteArray bytes;
    for (wire::Frame &frame : tests::decodeAll({Role::Server, false}, {unmasked})) {
        frame.header.masked = true;
        frame.header.maskingKey = {0x37, 0xfa, 0x21, 0x3d};
        bytes += wire::encodeFrame(frame.header, frame.payload);
    }
    return bytes;
}

wire::Limits withMessageBytes(quint64 bytes)
{
    wire::Limits limits = Playbook::quiet();
    limits.messageBytes = bytes;
    return limits;
}

} // namespace

void tst_Connection::deliversWhatIsAllowed_data()
{
    QTest::addColumn<QByteArray>("bytes"); // unmasked
    QTest::addColumn<QList<QByteArray>>("messages");
    using Messages = QList<QByteArray>;
    QTest::newRow("RFC 6455 5.7 text") << hex("81 05 48656c6c6f") << Messages{"Hello"};
    QTest::newRow("RFC 6455 5.7 fragmented text") << hex("01 03 48656c 80 02 6c6f") << Messages{"Hello"};
    QTest::newRow("F14 zero-length text") << hex("81 00") << Messages{""};
    QTest::newRow("F14 zero-length binary") << hex("82 00") << Messages{""};
    QTest::newRow("F14 FIN-only continuation") << hex("01 01 41 80 00") << Messages{"A"};
    QTest::newRow("F13 unsolicited pong between messages") << hex("81 01 41 8a 02 0102 81 01 42") << Messages{"A", "B"};
    QTest::newRow("F11 ping inside a message") << hex("01 01 41 89 01 78 80 01 42") << Messages{"AB"};
    QTest::newRow("U1 code point over two fragments") << hex("01 01 c3 80 01 a9") << Messages{"\xc3\xa9"};
    QTest::newRow("U1 code point over three fragments")
        << hex("01 01 e2 00 01 82 80 01 ac") << Messages{"\xe2\x82\xac"};
    QTest::newRow("U1 code point over four fragments, a ping between")
        << hex("01 01 f0 00 01 9f 89 00 00 01 98 80 01 80") << Messages{"\xf0\x9f\x98\x80"};
    QTest::newRow("U4 U+FFFE") << hex("81 03 efbfbe") << Messages{"\xef\xbf\xbe"};
    QTest::newRow("U4 U+0000") << hex("81 01 00") << Messages{QByteArray(1, '\0')};
    QTest::newRow("U4 byte order mark") << hex("81 03 efbbbf") << Messages{"\xef\xbb\xbf"};
    QTest::newRow("U4 emoji") << hex("81 04 f09f9880") << Messages{"\xf0\x9f\x98\x80"};
    QTest::newRow("coalesced") << hex("81 01 41 82 02 ff00 81 7e 0080") + QByteArray(128, 'x')
                               << Messages{"A", QByteArray("\xff\0", 2), QByteArray(128, 'x')};
}

void tst_Connection::deliversWhatIsAllowed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<QByteArray>, messages);
    for (const Role role : {Role::Server, Role::Client}) {
        for (const auto feeding : {Playbook::Feeding::Whole, Playbook::Feeding::EachByte}) {
            Playbook play(role, Playbook::quiet(), feeding);
            play >> asPeer(role, bytes);
            QCOMPARE(QList<QByteArray>(play.messages.begin(), play.messages.end()), messages);
            QCOMPARE(play.connection().state(), State::Open);
            QCOMPARE(play.endings, 0);
        }
    }
}

void tst_Connection::failsOnWhatIsNot_data()
{
    QTest::addColumn<Role>("role");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("rule");

    const auto both = [](const char *name, const QByteArray &unmasked, int code, const char *rule) {
        QTest::addRow("%s, to a server", name)
            << Role::Server << asPeer(Role::Server, unmasked) << code << QByteArray(rule);
        QTest::addRow("%s, to a client", name) << Role::Client << unmasked << code << QByteArray(rule);
    };
    both("F1 RSV1", hex("c1 01 41"), 1002, "reserved-bit-1");
    both("F1 RSV2", hex("a1 01 41"), 1002, "reserved-bit-2");
    both("F1 RSV3 on a ping", hex("99 00"), 1002, "reserved-bit-3");
    for (int opcode : {3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf}) {
        const QByteArray name = "F2 opcode " + QByteArray::number(opcode, 16);
        both(name.constData(), QByteArray(1, static_cast<char>(0x80 | opcode)) + hex("01 41"), 1002, "reserved-opcode");
    }
    both("F3 fragmented ping", hex("09 00"), 1002, "fragmented-control");
    both("F3 ping of 126 bytes", hex("89 7e 007e") + QByteArray(126, 'x'), 1002, "oversize-control");
    both("F3 close of 126 bytes", hex("88 7e 007e 03e8") + QByteArray(124, 'x'), 1002, "oversize-control");
    both("F5 continuation without a start", hex("80 01 41"), 1002, "orphan-continuation");
    both("F5 new message inside a message", hex("01 01 41 81 01 42"), 1002, "interleaved-data");
    both("F8 length 125 in 16 bits", hex("81 7e 007d") + QByteArray(125, 'x'), 1002, "non-minimal-length");
    both("F8 length 65535 in 64 bits", hex("82 7f 000000000000ffff") + QByteArray(65535, 'x'), 1002,
        "non-minimal-length");

    QTest::newRow("F6 unmasked client text")
        << Role::Server << hex("81 05 48656c6c6f") << 1002 << QByteArray("unmasked-client-frame");
    QTest::newRow("F6 unmasked client ping")
        << Role::Server << hex("89 00") << 1002 << QByteArray("unmasked-client-frame");
    QTest::newRow("F6 unmasked client close")
        << Role::Server << hex("88 02 03e8") << 1002 << QByteArray("unmasked-client-frame");
    QTest::newRow("F7 masked server text")
        << Role::Client << hex("81 85 37fa213d 7f9f4d5158") << 1002 << QByteArray("masked-server-frame");
    QTest::newRow("F7 masked server close")
        << Role::Client << hex("88 82 37fa213d 3412") << 1002 << QByteArray("masked-server-frame");
    QTest::newRow("F9 top bit, to a server")
        << Role::Server << hex("82 ff 8000000000000001 37fa213d") << 1002 << QByteArray("length-top-bit");
    QTest::newRow("F9 all ones, to a client")
        << Role::Client << hex("82 7f ffffffffffffffff") << 1002 << QByteArray("length-top-bit");

    both("U2 broken in the first fragment", hex("01 01 ff"), 1007, "invalid-utf8");
    both("U2 broken in the middle", hex("01 01 41 00 01 ff"), 1007, "invalid-utf8");
    both("U2 broken in the last fragment", hex("01 01 41 80 01 ff"), 1007, "invalid-utf8");
    both("U3 overlong", hex("81 02 c0af"), 1007, "invalid-utf8");
    both("U3 surrogate", hex("81 03 eda080"), 1007, "invalid-utf8");
    both("U3 above U+10FFFF", hex("81 04 f4908080"), 1007, "invalid-utf8");
    both("U3 truncated at the end", hex("81 02 e282"), 1007, "invalid-utf8");
    both("U5 close reason", hex("88 04 03e8 41ff"), 1007, "invalid-close-reason");
    both("C4 close of one byte", hex("88 01 03"), 1002, "close-payload-too-short");
    for (int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
        const QByteArray name = "C2 close " + QByteArray::number(code);
        const char payload[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
        both(name.constData(), hex("88 02") + QByteArray(payload, 2), 1002, "invalid-close-code");
    }
}

void tst_Connection::failsOnWhatIsNot()
{
    QFETCH(Role, role);
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    QFETCH(QByteArray, rule);
    for (const auto feeding : {Playbook::Feeding::Whole, Playbook::Feeding::EachByte}) {
        Playbook play(role, Playbook::quiet(), feeding);
        play >> (bytes + fromPeer(role, Opcode::Text, "after it"));

        QVERIFY(play.ending);
        QCOMPARE(play.endings, 1);
        QVERIFY(play.aborted);
        QVERIFY(play.messages.empty());
        QCOMPARE(play.connection().state(), State::Closed);
        const auto sent = tests::decodeAll({role, false}, {play.written()});
        QCOMPARE(sent.size(), size_t(1));
        QVERIFY(sent[0].violations.isEmpty()); // masked as its role has to, code and reason valid
        QCOMPARE(sent[0].header.opcode, Opcode::Close);
        const wire::ClosePayload close = wire::parseClosePayload(sent[0].payload);
        QCOMPARE(int(close.code.value()), code);
        QVERIFY2(close.reason.startsWith(rule), close.reason.constData());

        QCOMPARE(play.ending->code, quint16(wire::AbnormalClosure));
        QCOMPARE(play.ending->sentCode, std::optional<quint16>(code));
        QVERIFY(play.ending->closeSent);
        QVERIFY(!play.ending->clean);
        QCOMPARE(play.ending->transport, wire::TransportEnd::LocalAbort);
        QVERIFY2(play.ending->detail.startsWith(QString::fromLatin1(rule)), qPrintable(play.ending->detail));

        // The frame that broke the rule is seen with it, and before our answer.
        QVERIFY(play.frames.size() >= 2);
        const Playbook::SeenFrame &broken = play.frames[play.frames.size() - 2];
        QCOMPARE(broken.from, wire::otherRole(role));
        QVERIFY(!broken.frame.violations.isEmpty());
        QCOMPARE(play.frames.back().from, role);
    }
}

void tst_Connection::refusesByHeaderAlone_data()
{
    QTest::addColumn<QByteArray>("bytes"); // up to the one that decides
    QTest::addColumn<int>("code");
    QTest::newRow("F4 unknown opcode, whatever it announces") << hex("83") << 1002;
    QTest::newRow("F1 RSV1") << hex("c1") << 1002;
    QTest::newRow("F6 unmasked") << hex("81 05") << 1002;
    QTest::newRow("F3 ping announces 126 bytes") << hex("89 fe 007e") << 1002;
    QTest::newRow("F8 non-minimal length") << hex("82 fe 007d") << 1002;
    QTest::newRow("F9 top bit") << hex("82 ff 8000000000000001") << 1002;
    QTest::newRow("R7 message announces 1 GiB") << hex("82 ff 0000000040000000 37fa213d") << 1009;
    QTest::newRow("F5 orphan continuation") << hex("80 85 37fa213d") << 1002;
}

void tst_Connection::refusesByHeaderAlone()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    for (const auto feeding : {Playbook::Feeding::Whole, Playbook::Feeding::EachByte}) {
        Playbook play(Role::Server, Playbook::quiet(), feeding);
        play >> bytes.chopped(1);
        QCOMPARE(play.endings, 0);
        play >> bytes.last(1);
        QCOMPARE(play.endings, 1);
        QCOMPARE(int(play.ending->sentCode.value()), code);
        const wire::Frame &refused = play.frames[0].frame;
        QVERIFY(!refused.complete);
        QVERIFY(!refused.violations.isEmpty());
        QVERIFY(!refused.violations.contains(Rule::TruncatedFrame)); // it was we who stopped
        QVERIFY(wire::encodeHeader(refused.header).startsWith(bytes.first(1)));
    }
    // F4 as it comes: ten bytes of header at once.
    Playbook play(Role::Server);
    play >> hex("83 ff 4000000000000000");
    QCOMPARE(play.ending->sentCode, std::optional<quint16>(1002));
    QCOMPARE(play.frames[0].frame.header.length, quint64(1) << 62);
}

void tst_Connection::limitsAreJudgedBeforeThePayloadArrives()
{
    Playbook play(Role::Server, withMessageBytes(10));
    play >> fromPeer(Role::Server, Opcode::Text, "0123456789");
    play >> fromPeer(Role::Server, Opcode::Binary, "012345", false);
    play >> hex("00 84 37fa213d 7f"); // six and four fit, though only one byte of the four is here
    QCOMPARE(play.endings, 0);
    play >> hex("7f 7f 7f");
    play >> hex("80 81 37fa213d"); // one more does not
    QCOMPARE(play.endings, 1);
    QCOMPARE(play.ending->sentCode, std::optional<quint16>(1009));
    QVERIFY(play.frames[play.frames.size() - 2].frame.violations.contains(Rule::MessageTooBig));
    QCOMPARE(play.messages, std::vector<QByteArray>{"0123456789"});

    wire::Limits limits = Playbook::quiet();
    limits.fragments = 3;
    Playbook fragments(Role::Client, limits);
    fragments >> hex("02 00 00 00 00 00");
    QCOMPARE(fragments.endings, 0);
    fragments >> hex("00 00"); // R4
    QCOMPARE(fragments.ending->sentCode, std::optional<quint16>(1008));
}

void tst_Connection::pingInsideAMessageIsAnsweredAtOnce()
{
    Playbook play(Role::Server);
    play >> hex("01 81 00000000 41 89 82 00000000 4849 80 81 00000000 42"); // F11
    QCOMPARE(play.transcript(),
        QStringList({
            QStringLiteral("client text masked 00000000 len 1 at 0 \"A\" #1"),
            QStringLiteral("client ping fin masked 00000000 len 2 at 7 \"HI\""),
            QStringLiteral("server pong fin len 2 at 0 \"HI\""),
            QStringLiteral("write 8a024849"),
            QStringLiteral("client continuation fin masked 00000000 len 1 at 15 \"B\" #1"),
            QStringLiteral("message text \"AB\" #1 of 2"),
        }));
}

void tst_Connection::pongCarriesThePayloadOfThePing()
{
    for (const Role role : {Role::Server, Role::Client}) {
        for (const qsizetype length : {0, 1, 125}) { // F12
            QByteArray payload;
            for (qsizetype i = 0; i < length; ++i)
                payload += static_cast<char>(i * 7 + 200);
            Playbook play(role);
            play >> fromPeer(role, Opcode::Ping, payload);
            const auto sent = tests::decodeAll({role, false}, {play.written()});
            QCOMPARE(sent.size(), size_t(1));
            QCOMPARE(sent[0].header.opcode, Opcode::Pong);
            QCOMPARE(sent[0].payload, payload);
            QVERIFY(sent[0].violations.isEmpty());
        }
    }
}

void tst_Connection::pingsAreNotAnsweredWhereThatIsSwitchedOff()
{
    wire::Limits limits = Playbook::quiet();
    limits.answerPings = false;
    Playbook play(Role::Client, limits);
    play >> hex("89 00");
    QCOMPARE(play.transcript(), QStringList(QStringLiteral("server ping fin len 0 at 0 \"\"")));
}

void tst_Connection::clientMasksEachFrameWithAFreshKey()
{
    struct Counting final : wire::MaskSource {
        wire::MaskingKey next() override { return {0, 0, 0, ++count}; }
        quint8 count = 0;
    } masks;
    struct Events final : wire::ConnectionEvents {
        void frameSeen(const FrameSeen &seen, base::Timestamp) override { seenFrames.push_back(toFrame(seen.frame)); }
        void messageReceived(const wire::MessageView &, base::Timestamp) override { }
        void write(const QByteArray &bytes) override { written += bytes; }
        void ended(const wire::Ending &, bool, base::Timestamp) override { }
        std::vector<wire::Frame> seenFrames;
        QByteArray written;
    } events;
    wire::Connection connection(Role::Client, Playbook::quiet(), events, &masks, {});
    QVERIFY(connection.sendMessage(Opcode::Text, "aaaaaaaa", {}));
    QVERIFY(connection.ping("bbbb", {}));
    connection.close(quint16(1000), "bye", {});
    QCOMPARE(
        events.written, hex("81 88 00000001 6161616061616160  89 84 00000002 62626260  88 85 00000003 03e8 62 7a 65"));
    // Seen with the key as sent and the payload unmasked: what a decoder on the other side reads.
    QCOMPARE(events.seenFrames, tests::decodeAll({Role::Client, false}, {events.written}));
}

void tst_Connection::sentFramesAreSeenAsSentAndBeforeTheBytes()
{
    Playbook play(Role::Client);
    QVERIFY(play.connection().sendMessage(Opcode::Text, "Hello", play.now()));
    QVERIFY(play.connection().sendMessage(Opcode::Binary, hex("00ff"), play.now()));
    QCOMPARE(play.transcript(),
        QStringList({
            QStringLiteral("client text fin masked 37fa213d len 5 at 0 \"Hello\" #1"),
            QStringLiteral("write 818537fa213d7f9f4d5158"), // RFC 6455 5.7
            QStringLiteral("client binary fin masked 37fa213d len 2 at 11 00ff #2"),
            QStringLiteral("write 828237fa213d3705"),
        }));
}

void tst_Connection::sharedBytesAreWrittenAsTheyAre()
{
    const QByteArray payload = "shared";
    wire::FrameView frame;
    frame.header = wire::makeHeader(Opcode::Text, 6);
    frame.payload = payload;
    frame.wireOffset = 999; // each connection counts its own
    const QByteArray bytes = wire::encodeFrame(frame.header, payload);

    Playbook play(Role::Server);
    const void *written = nullptr;
    play.onWrite = [&](const QByteArray &given) { written = given.constData(); };
    QVERIFY(play.connection().sendMessage(Opcode::Text, "A", play.now()));
    QVERIFY(play.connection().sendShared(frame, bytes, play.now()));
    QCOMPARE(written, static_cast<const void *>(bytes.constData()));
    QCOMPARE(play.transcript().mid(2),
        QStringList({QStringLiteral("server text fin len 6 at 3 \"shared\" #2 shared"),
            QStringLiteral("write 8106736861726564")}));
    play.connection().close(quint16(1000), {}, play.now());
    QVERIFY(!play.connection().sendShared(frame, bytes, play.now()));
}

void tst_Connection::ownerMayAnswerInsideAMessage()
{
    Playbook play(Role::Server);
    play.onMessage = [&](const wire::MessageView &message) {
        QVERIFY(play.connection().sendMessage(message.opcode, message.payload, play.now()));
        QVERIFY(play.connection().ping("p", play.now()));
    };
    play >> fromPeer(Role::Server, Opcode::Text, "one");
    play >> (fromPeer(Role::Server, Opcode::Text, "tw", false) + fromPeer(Role::Server, Opcode::Continuation, "o"));
    QCOMPARE(play.messages, (std::vector<QByteArray>{"one", "two"}));
    const auto sent = tests::decodeAll({Role::Server, false}, {play.written()});
    QCOMPARE(sent.size(), size_t(4));
    QCOMPARE(sent[0].payload, QByteArray("one"));
    QCOMPARE(sent[2].payload, QByteArray("two"));
}

void tst_Connection::ownerMayCloseInsideAMessage()
{
    Playbook play(Role::Server);
    play.onMessage = [&](const wire::MessageView &) {
        play.connection().close(quint16(1000), "enough", play.now());
        QVERIFY(!play.connection().sendMessage(Opcode::Text, "too late", play.now()));
    };
    play >> (fromPeer(Role::Server, Opcode::Text, "one") + fromPeer(Role::Server, Opcode::Text, "two")
        + fromPeer(Role::Server, Opcode::Close, hex("03e8")));
    // What the peer had sent before it saw our close frame still arrives.
    QCOMPARE(play.messages, (std::vector<QByteArray>{"one", "two"}));
    QCOMPARE(play.endings, 1);
    QVERIFY(play.ending->clean);
    QCOMPARE(play.ending->startedBy, Role::Server);
}

void tst_Connection::ownerMayAbortInsideAMessage()
{
    // Also where the message lies in the decoder's own memory: its first half came in an earlier chunk.
    Playbook play(Role::Server, Playbook::quiet(), Playbook::Feeding::EachByte);
    QByteArray after;
    play.onMessage = [&](const wire::MessageView &message) {
        play.connection().abort(wire::TransportEnd::LocalAbort, QStringLiteral("shutdown"), play.now());
        after = message.payload.toByteArray();
    };
    play >> fromPeer(Role::Server, Opcode::Text, "a message of some length, longer than any small buffer");
    QVERIFY(after.endsWith("small buffer"));
    QCOMPARE(play.endings, 1);
    QCOMPARE(play.ending->detail, QStringLiteral("shutdown"));
    QCOMPARE(play.ending->startedBy, Role::Server);
    QVERIFY(play.written().isEmpty());
}

void tst_Connection::framesAfterAnAbortAreNotDelivered()
{
    Playbook play(Role::Server);
    play.onMessage = [&](const wire::MessageView &) {
        play.connection().abort(wire::TransportEnd::LocalAbort, {}, play.now());
    };
    play >> (fromPeer(Role::Server, Opcode::Text, "one") + fromPeer(Role::Server, Opcode::Text, "two"));
    play >> fromPeer(Role::Server, Opcode::Text, "three");
    play.fin();
    QCOMPARE(play.messages, std::vector<QByteArray>{"one"});
    QCOMPARE(play.endings, 1);
}

void tst_Connection::bigMessageIsTheSameInOneFrameAndInMany()
{
    QByteArray text; // F15
    for (int i = 0; text.size() < 1'000'000; ++i)
        text += QByteArray::number(i) + " \xe2\x82\xac ";
    Playbook one(Role::Server, withMessageBytes(2'000'000));
    one >> fromPeer(Role::Server, Opcode::Text, text);

    Playbook many(Role::Server, withMessageBytes(2'000'000));
    for (qsizetype at = 0; at < text.size(); at += 101) {
        const bool last = at + 101 >= text.size();
        many >> fromPeer(Role::Server, at == 0 ? Opcode::Text : Opcode::Continuation, text.mid(at, 101), last);
    }
    QCOMPARE(one.messages, std::vector<QByteArray>{text});
    QCOMPARE(many.messages, std::vector<QByteArray>{text});
}

void tst_Connection::everyRandomTraceIsTheSameInRandomChunks()
{
    std::mt19937 random(1007);
    const auto below = [&random](quint32 n) { return static_cast<quint32>(random() % n); };
    for (int trace = 0; trace < 300; ++trace) {
        const Role role = trace % 2 ? Role::Client : Role::Server;
        QByteArray bytes;
        const quint32 count = 1 + below(12);
        for (quint32 i = 0; i < count; ++i) {
            constexpr Opcode kOpcodes[] = {
                Opcode::Text, Opcode::Binary, Opcode::Continuation, Opcode::Ping, Opcode::Pong};
            QByteArray payload(below(3) ? below(20) : below(400), 'a');
            if (below(10) == 0)
                payload += hex("e282ac");
            if (below(40) == 0)
                payload += '\xff';
            const Opcode opcode = kOpcodes[below(5)];
            bytes +=
                fromPeer(role, opcode, isControl(opcode) ? payload.left(125) : payload, isControl(opcode) || below(3));
        }
        if (below(2))
            bytes += fromPeer(role, Opcode::Close, hex("03e9 62"));
        const auto outcome = [&](const tests::Chunks &chunks) {
            Playbook play(role, withMessageBytes(600));
            for (const QByteArray &chunk : chunks)
                play >> chunk;
            play.fin();
            QStringList told = play.transcript().filter(QRegularExpression(QStringLiteral("^(message|write|ended)")));
            return told;
        };
        const QStringList whole = outcome({bytes});
        QCOMPARE(outcome(tests::eachByte(bytes)), whole);
        for (int round = 0; round < 4; ++round) {
            tests::Chunks chunks;
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype size = qMin<qsizetype>(1 + below(60), bytes.size() - at);
                chunks.push_back(bytes.sliced(at, size));
                at += size;
            }
            QCOMPARE(outcome(chunks), whole);
        }
    }
}

QTEST_APPLESS_MAIN(tst_Connection)
#include "tst_connection.moc"
