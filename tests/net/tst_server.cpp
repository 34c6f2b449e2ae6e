// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/net_fixture.h"
#include "net/raw_peer.h"

#include <QTest>

#include <algorithm>

using namespace feedscope;
using namespace feedscope::tests;

namespace {

constexpr int kText = 0x81;
constexpr int kBinary = 0x82;
constexpr int kClose = 0x88;
constexpr int kPing = 0x89;
constexpr int kPong = 0x8a;

QByteArray closePayload(int code, const QByteArray &reason = {})
{
    return QByteArray() + static_cast<char>(code >> 8) + static_cast<char>(code & 0xff) + reason;
}

int statusOf(const QByteArray &response)
{
    return response.startsWith("HTTP/1.1 ") ? response.mid(9, 3).toInt() : -1;
}

net::ServerOptions quickHandshake()
{
    net::ServerOptions options;
    options.handshakeTimeoutNs = 200 * base::kNsPerMs;
    return options;
}

} // namespace

/// Handshakes, refusals, frames and endings of single connections, seen by a peer made of bare sockets. Many
/// connections at once are in tst_server_load; other implementations as peers in tst_interop.
class tst_Server : public QObject {
    Q_OBJECT

private slots:
    void answersTheExampleOfTheRfc();
    void everyChunkingOfTheRequestIsAnswered_data();
    void everyChunkingOfTheRequestIsAnswered();
    void framesInTheSegmentOfTheRequestComeAfterOpened();
    void secondRequestAfterTheHandshakeIsFrameBytes();
    void chosenSubprotocolIsAnswered();

    void refusesWithAStatus_data();
    void refusesWithAStatus();
    void refusalReachesAPeerThatKeepsSending();
    void halfAHandshakeIsAnsweredWith408();
    void aByteNowAndThenDoesNotBuyTime();
    void silenceIsClosedWithoutAnAnswer();
    void peerThatLeavesInsideTheRequestIsSeen();
    void foreignHostIsRefusedForPlainHttpToo();
    void allowedOriginsCanChange();

    void plainHttpIsAnsweredByTheApplication();
    void headGetsNoBody();
    void requestWithAHalfClosedStreamIsAnswered();

    void echoesEveryKindAndSize_data();
    void echoesEveryKindAndSize();
    void answersPings();
    void brokenRuleEndsWithItsCode_data();
    void brokenRuleEndsWithItsCode();
    void oversizedFrameIsRefusedOnItsHeader();
    void serverEndsTheStreamFirstAfterACleanClose();
    void closeByTheServerIsAnsweredAndEnds();
    void peerThatNeverAnswersTheCloseIsCut();
    void peerThatNeverPongsIsCut();
    void peerThatVanishesIsNamed_data();
    void peerThatVanishesIsNamed();
    void closeFrameBeforeAResetIsStillRead();
    void roundTripTimeIsKept();
};

void tst_Server::answersTheExampleOfTheRfc()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write(handshakeRequest("/chat?x=1")));
    const QByteArray head = peer.readHead();
    QVERIFY(head.startsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    QVERIFY(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    QTRY_COMPARE(server.application.paths(), std::vector<QByteArray>{"/chat"});

    const auto seen = server.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].requestBytes, handshakeRequest("/chat?x=1"));
    QCOMPARE(seen[0].responseBytes, head);
    QVERIFY(seen[0].accepted && seen[0].acceptOk && seen[0].violations.empty());
    QCOMPARE(seen[0].url, "ws://localhost/chat?x=1");
    QCOMPARE(seen[0].local, "127.0.0.1:" + QByteArray::number(server.port));
    QVERIFY(seen[0].peer.startsWith("127.0.0.1:"));
    QCOMPARE(seen[0].localRole, wire::Role::Server);

    const auto sessions = server.sessions();
    QCOMPARE(sessions.size(), size_t(1));
    QCOMPARE(sessions[0].path, "/chat");
    QCOMPARE(sessions[0].peer, seen[0].peer);
    QCOMPARE(server.status().accepted, quint64(1));
    QCOMPARE(server.status().bytesReceived, static_cast<quint64>(seen[0].requestBytes.size()));
    QCOMPARE(server.status().bytesSent, static_cast<quint64>(head.size()));
}

void tst_Server::everyChunkingOfTheRequestIsAnswered_data()
{
    QTest::addColumn<int>("step");
    for (const int step : {1, 2, 7, 60, 100'000})
        QTest::addRow("%d bytes at a time", step) << step;
}

void tst_Server::everyChunkingOfTheRequestIsAnswered()
{
    QFETCH(int, step);
    TestServer server;
    RawPeer peer(server.port);
    const QByteArray bytes = handshakeRequest() + masked(kText, "after");
    for (qsizetype i = 0; i < bytes.size(); i += step)
        QVERIFY(peer.write(bytes.mid(i, step)));
    QVERIFY(peer.readHead().startsWith("HTTP/1.1 101 "));
    const RawFrame expected{kText, "after"};
    QCOMPARE(peer.readFrame(), expected);
}

void tst_Server::framesInTheSegmentOfTheRequestComeAfterOpened()
{
    // H19: the greeting is sent in opened(), the echoes answer frames that were there before it was called.
    TestServer server({}, "welcome");
    RawPeer peer(server.port);
    QVERIFY(peer.write(handshakeRequest() + masked(kText, "one") + masked(kBinary, "two") + masked(kPing, "three")));
    QVERIFY(peer.readHead().startsWith("HTTP/1.1 101 "));
    const std::vector<RawFrame> expected{{kText, "welcome"}, {kText, "one"}, {kBinary, "two"}, {kPong, "three"}};
    for (const RawFrame &frame : expected)
        QCOMPARE(peer.readFrame(), frame);
}

void tst_Server::secondRequestAfterTheHandshakeIsFrameBytes()
{
    // H20
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write(handshakeRequest() + handshakeRequest()));
    QVERIFY(peer.readHead().startsWith("HTTP/1.1 101 "));
    const auto frame = peer.readFrame();
    QVERIFY(frame);
    QCOMPARE(frame->first, kClose);
    QCOMPARE(frame->closeCode(), 1002);
}

void tst_Server::chosenSubprotocolIsAnswered()
{
    net::ServerOptions options;
    options.handshake.subprotocols = {"feedscope.v1", "other"};
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.write(handshakeRequest("/", "Sec-WebSocket-Protocol: other, feedscope.v1\r\n")));
    QVERIFY(peer.readHead().contains("\r\nSec-WebSocket-Protocol: feedscope.v1\r\n"));
    QTRY_COMPARE(server.log.handshakes().size(), size_t(1));
    QCOMPARE(server.log.handshakes()[0].subprotocol, "feedscope.v1");
}

void tst_Server::refusesWithAStatus_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("header");
    const QByteArray good = handshakeRequest();
    const auto replaced = [&](const char *from, const char *to) {
        QByteArray request = good;
        return request.replace(from, to);
    };
    QTest::newRow("garbage") << QByteArray("\x01\x02\x03\x04\r\n\r\n") << 400 << QByteArray();
    QTest::newRow("a TLS hello") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9) << 400 << QByteArray();
    QTest::newRow("version 12") << replaced("Version: 13", "Version: 12") << 426
                                << QByteArray("\r\nSec-WebSocket-Version: 13\r\n");
    QTest::newRow("no key") << replaced("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "") << 400 << QByteArray();
    QTest::newRow("POST") << replaced("GET ", "POST ") << 405 << QByteArray("\r\nAllow: GET\r\n");
    QTest::newRow("H18 a body") << replaced("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n12345") << 400 << QByteArray();
    QTest::newRow("H21 no Host") << replaced("Host: localhost\r\n", "") << 400 << QByteArray();
    QTest::newRow("another host") << replaced("Host: localhost", "Host: attacker.example") << 403 << QByteArray();
    QTest::newRow("another origin") << handshakeRequest("/", "Origin: https://attacker.example\r\n") << 403
                                    << QByteArray();
    QTest::newRow("another path") << handshakeRequest("/nowhere") << 404 << QByteArray();
    QTest::newRow("H11 a request line of 9 KiB")
        << handshakeRequest('/' + QByteArray(9 * 1024, 'a')) << 414 << QByteArray();
    QTest::newRow("H11 a header of 9 KiB")
        << handshakeRequest("/", "X: " + QByteArray(9 * 1024, 'a') + "\r\n") << 431 << QByteArray();
    QTest::newRow("H12 2000 headers") << handshakeRequest("/", QByteArray("X: y\r\n").repeated(2000)) << 431
                                      << QByteArray();
    QTest::newRow("HTTP/2.0") << replaced("HTTP/1.1", "HTTP/2.0") << 505 << QByteArray();
}

void tst_Server::refusesWithAStatus()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, header);
    net::ServerOptions options;
    options.handshake.paths = {"/"};
    options.handshake.allowedHosts = {"localhost"};
    options.handshake.allowedOrigins = {"http://localhost"};
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.write(request));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QCOMPARE(statusOf(response), status);
    QVERIFY2(response.contains(header), response.constData());
    QVERIFY(response.contains("\r\nConnection: close\r\n"));
    const qsizetype headEnd = response.indexOf("\r\n\r\n") + 4;
    QVERIFY2(response.size() > headEnd, "a refusal says why");

    QCOMPARE(server.status().refused, quint64(1));
    QCOMPARE(server.status().accepted, quint64(0));
    const auto seen = server.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QVERIFY(!seen[0].accepted);
    QVERIFY(!seen[0].violations.empty());
    QVERIFY(!seen[0].requestBytes.isEmpty());
    QVERIFY(request.startsWith(seen[0].requestBytes));
    QCOMPARE(seen[0].responseBytes, response.first(headEnd));
    QVERIFY(server.application.paths().empty());
}

void tst_Server::refusalReachesAPeerThatKeepsSending()
{
    // Closing a socket with unread bytes in it would reset the stream and take the answer away from the peer.
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write("POST / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nContent-Length: 4000000\r\n\r\n"));
    for (int i = 0; i < 40; ++i)
        QVERIFY(peer.write(QByteArray(100'000, 'x')));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QCOMPARE(statusOf(response), 405);
}

void tst_Server::halfAHandshakeIsAnsweredWith408()
{
    TestServer server(quickHandshake());
    RawPeer peer(server.port);
    QVERIFY(peer.write(handshakeRequest().first(40)));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QCOMPARE(statusOf(response), 408);
    const auto seen = server.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].requestBytes, handshakeRequest().first(40));
    QCOMPARE(seen[0].violations.size(), size_t(1));
    QCOMPARE(seen[0].violations[0].rule, wire::Rule::HandshakeTimeout);
}

void tst_Server::aByteNowAndThenDoesNotBuyTime()
{
    // H9. The peer sends for as long as it is let, a byte each time the server's thread has looked around.
    TestServer server(quickHandshake());
    RawPeer peer(server.port);
    QVERIFY(peer.write("GET /"));
    QByteArray response;
    while (peer.readToEnd(&response, 20) == RawPeer::End::StillOpen && response.isEmpty())
        peer.writeWhatFits("a");
    QCOMPARE(statusOf(response), 408);
}

void tst_Server::silenceIsClosedWithoutAnAnswer()
{
    TestServer server(quickHandshake());
    std::vector<RawPeer> peers; // H10
    for (int i = 0; i < 40; ++i)
        peers.emplace_back(server.port);
    for (RawPeer &peer : peers) {
        QByteArray response;
        QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
        QCOMPARE(response, QByteArray());
    }
    QVERIFY(server.log.handshakes().empty());
    RawPeer late(server.port);
    QVERIFY(late.upgrade());
}

void tst_Server::peerThatLeavesInsideTheRequestIsSeen()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write("GET / HT"));
    QTRY_COMPARE(server.status().bytesReceived, quint64(8)); // or the reset would overtake them
    peer.reset();
    QTRY_COMPARE(server.log.handshakes().size(), size_t(1));
    QCOMPARE(server.log.handshakes()[0].requestBytes, "GET / HT");
    QVERIFY(!server.log.handshakes()[0].accepted);
}

void tst_Server::foreignHostIsRefusedForPlainHttpToo()
{
    // A page of attacker.example whose name resolves to 127.0.0.1 asks with its own Host.
    net::ServerOptions options;
    options.handshake.allowedHosts = {"localhost"};
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.write("GET /metrics HTTP/1.1\r\nHost: attacker.example\r\n\r\n"));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QCOMPARE(statusOf(response), 403);
}

void tst_Server::allowedOriginsCanChange()
{
    net::ServerOptions options;
    options.handshake.allowedOrigins = {"http://a.example"};
    TestServer server(options);
    const QByteArray request = handshakeRequest("/", "Origin: http://b.example\r\n");
    RawPeer before(server.port);
    QVERIFY(before.write(request));
    QCOMPARE(statusOf(before.readHead()), 403);
    server.on([&] { server.server().setAllowedOrigins({"http://b.example"}); });
    RawPeer after(server.port);
    QVERIFY(after.write(request));
    QCOMPARE(statusOf(after.readHead()), 101);
}

void tst_Server::plainHttpIsAnsweredByTheApplication()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QVERIFY(response.startsWith("HTTP/1.1 200 OK\r\n"));
    QVERIFY(response.contains("\r\nContent-Length: 20\r\n"));
    QVERIFY(response.contains("\r\nConnection: close\r\n"));
    QVERIFY(response.endsWith("\r\n\r\nyou asked for /page\n"));
    QCOMPARE(server.status().refused, quint64(0));
    const auto seen = server.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QVERIFY(!seen[0].accepted && seen[0].violations.empty());
}

void tst_Server::headGetsNoBody()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write("HEAD /page HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QVERIFY(response.contains("\r\nContent-Length: 20\r\n"));
    QVERIFY(response.endsWith("\r\n\r\n"));
}

void tst_Server::requestWithAHalfClosedStreamIsAnswered()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.write("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    peer.finish();
    QByteArray response;
    QCOMPARE(peer.readToEnd(&response), RawPeer::End::Fin);
    QCOMPARE(statusOf(response), 200);
}

void tst_Server::echoesEveryKindAndSize_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 125, 126, 127, 128, 65'535, 65'536, 65'537, 1'000'000})
        QTest::addRow("%d bytes of text", size) << kText << size;
    QTest::newRow("binary") << kBinary << 4096;
}

void tst_Server::echoesEveryKindAndSize()
{
    QFETCH(int, first);
    QFETCH(int, size);
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QByteArray payload(size, Qt::Uninitialized);
    for (int i = 0; i < size; ++i)
        payload[i] = static_cast<char>('a' + i % 23);
    QVERIFY(peer.write(masked(first, payload) + masked(kText, "next")));
    const RawFrame expected{first, payload};
    const RawFrame next{kText, "next"};
    QCOMPARE(peer.readFrame(), expected);
    QCOMPARE(peer.readFrame(), next);
    QCOMPARE(server.status().messagesReceived, quint64(2));
    QCOMPARE(server.status().messagesSent, quint64(2));

    const auto frames = server.log.frames();
    QCOMPARE(frames.size(), size_t(4));
    QCOMPARE(frames[0].from, wire::Role::Client);
    QCOMPARE(frames[0].frame.payload, payload);
    QCOMPARE(frames[1].from, wire::Role::Server);
    QCOMPARE(frames[1].frame.payload, payload);
}

void tst_Server::answersPings()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(masked(kPing, "are you there") + masked(kPing, {})));
    const RawFrame pong{kPong, "are you there"};
    const RawFrame empty{kPong, {}};
    QCOMPARE(peer.readFrame(), pong);
    QCOMPARE(peer.readFrame(), empty);
}

void tst_Server::brokenRuleEndsWithItsCode_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::newRow("RFC 6455 5.1 unmasked") << unmasked(kText, "hello") << 1002;
    QTest::newRow("RFC 6455 5.2 RSV1") << masked(0xc1, "hello") << 1002;
    QTest::newRow("RFC 6455 5.2 opcode 3") << masked(0x83, "hello") << 1002;
    QTest::newRow("RFC 6455 5.4 orphan continuation") << masked(0x80, "hello") << 1002;
    QTest::newRow("RFC 6455 5.5 a ping of 126 bytes") << masked(kPing, QByteArray(126, 'x')) << 1002;
    QTest::newRow("RFC 6455 5.6 text that is not UTF-8") << masked(kText, "\xff\xfe") << 1007;
    QTest::newRow("RFC 6455 5.5.1 a close of one byte") << masked(kClose, "\x03") << 1002;
    QTest::newRow("garbage") << QByteArray("this is not a frame at all") << 1002;
}

void tst_Server::brokenRuleEndsWithItsCode()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(bytes));
    const auto frame = peer.readFrame();
    QVERIFY(frame);
    QCOMPARE(frame->first, kClose);
    QCOMPARE(frame->closeCode(), code);
    QCOMPARE(peer.readToEnd(), RawPeer::End::Fin);
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    const wire::Ending ending = server.application.endings()[0];
    QCOMPARE(ending.sentCode, std::optional<quint16>(static_cast<quint16>(code)));
    QCOMPARE(ending.transport, wire::TransportEnd::LocalAbort);
    QCOMPARE(ending.startedBy, ending.closeReceived ? wire::Role::Client : wire::Role::Server);
    QVERIFY(!ending.clean);
    QCOMPARE(server.log.endings().size(), size_t(1));
    QCOMPARE(server.status().connections, quint32(0));
}

void tst_Server::oversizedFrameIsRefusedOnItsHeader()
{
    // a gigabyte is announced and nothing of it sent.
    net::ServerOptions options;
    options.limits.messageBytes = 1000;
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(QByteArray("\x82\xff\x00\x00\x00\x00\x40\x00\x00\x00\x01\x02\x03\x04", 14)));
    const auto frame = peer.readFrame();
    QVERIFY(frame);
    QCOMPARE(frame->closeCode(), 1009);
    QCOMPARE(peer.readToEnd(), RawPeer::End::Fin);
    peer.close();
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].sentCode, std::optional<quint16>(1009));
}

void tst_Server::serverEndsTheStreamFirstAfterACleanClose()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(masked(kClose, closePayload(4000, "done"))));
    const RawFrame expected{kClose, closePayload(4000, "done")};
    QCOMPARE(peer.readFrame(), expected);
    QCOMPARE(peer.readToEnd(), RawPeer::End::Fin); // RFC 6455 7.1.1, while our own half is still open
    const auto endings = server.application.endings();
    QCOMPARE(endings.size(), size_t(1));
    QVERIFY(endings[0].clean);
    QCOMPARE(int(endings[0].code), 4000);
    QCOMPARE(endings[0].reason, "done");
    QCOMPARE(endings[0].transport, wire::TransportEnd::None);
    QCOMPARE(endings[0].startedBy, wire::Role::Client);
}

void tst_Server::closeByTheServerIsAnsweredAndEnds()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(masked(kText, "bye")));
    const RawFrame expected{kClose, closePayload(1000, "as asked")};
    QCOMPARE(peer.readFrame(), expected);
    QVERIFY(server.application.endings().empty());
    QVERIFY(peer.write(masked(kClose, closePayload(1000))));
    QCOMPARE(peer.readToEnd(), RawPeer::End::Fin);
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QVERIFY(server.application.endings()[0].clean);
    QCOMPARE(server.application.endings()[0].startedBy, wire::Role::Server);
}

void tst_Server::peerThatNeverAnswersTheCloseIsCut()
{
    net::ServerOptions options;
    options.limits.closeTimeoutNs = 100 * base::kNsPerMs;
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.write(masked(kText, "bye")));
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].transport, wire::TransportEnd::Timeout);
    QCOMPARE(int(server.application.endings()[0].code), 1006);
    QVERIFY(peer.readToEnd() != RawPeer::End::StillOpen);
}

void tst_Server::peerThatNeverPongsIsCut()
{
    net::ServerOptions options;
    options.limits.pingIntervalNs = 50 * base::kNsPerMs;
    options.limits.pongTimeoutNs = 200 * base::kNsPerMs;
    TestServer server(options);
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    QVERIFY(peer.readToEnd() != RawPeer::End::StillOpen);
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].transport, wire::TransportEnd::Timeout);
    QVERIFY(server.application.endings()[0].detail.contains(QStringLiteral("no pong")));
}

void tst_Server::peerThatVanishesIsNamed_data()
{
    QTest::addColumn<bool>("reset");
    QTest::addColumn<QByteArray>("cause");
    QTest::newRow("C7 FIN") << false << QByteArray("tcp-fin");
    QTest::newRow("C7 RST") << true << QByteArray("tcp-reset");
}

void tst_Server::peerThatVanishesIsNamed()
{
    QFETCH(bool, reset);
    QFETCH(QByteArray, cause);
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    if (reset)
        peer.reset();
    else
        peer.close();
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    const wire::Ending ending = server.application.endings()[0];
    QCOMPARE(wire::transportEndName(ending.transport), cause);
    QCOMPARE(int(ending.code), 1006);
    QVERIFY(!ending.clean && !ending.closeReceived);
    QCOMPARE(ending.startedBy, wire::Role::Client);
    QCOMPARE(server.log.endings().size(), size_t(1));
    QTRY_COMPARE(server.status().connections, quint32(0));
}

void tst_Server::closeFrameBeforeAResetIsStillRead()
{
    // A peer that closes and leaves at once; the server is writing to it at the same time.
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    const auto sessions = server.application.sessions();
    QVERIFY(peer.write(masked(kClose, closePayload(1001))));
    peer.close();
    server.on([&] {
        for (int i = 0; i < 100; ++i)
            server.server().send(sessions[0], wire::Opcode::Text, "too late");
    });
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].receivedCode, std::optional<quint16>(1001));
    QCOMPARE(int(server.application.endings()[0].code), 1001);
}

void tst_Server::roundTripTimeIsKept()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    const auto id = server.application.sessions().front();
    QVERIFY(!server.sessions()[0].rttNs);
    server.on([&] { server.server().ping(id, "t"); });
    const RawFrame ping{kPing, "t"};
    QCOMPARE(peer.readFrame(), ping);
    QVERIFY(peer.write(masked(kPong, "t")));
    QTRY_VERIFY(server.sessions()[0].rttNs);
    QVERIFY(*server.sessions()[0].rttNs > 0);
}

QTEST_GUILESS_MAIN(tst_Server)
#include "tst_server.moc"
