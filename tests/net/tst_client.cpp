// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/client_recorder.h"
#include "net/raw_peer.h"

#include <QCryptographicHash>
#include <QTest>

using namespace feedscope;
using namespace feedscope::tests;

namespace {

using Message = ClientRecorder::Message;

QByteArray acceptFor(const QByteArray &request)
{
    const qsizetype at = request.indexOf("Sec-WebSocket-Key: ") + 19;
    const QByteArray key = request.mid(at, request.indexOf("\r\n", at) - at);
    return QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1).toBase64();
}

QByteArray acceptance(const QByteArray &request, const QByteArray &extra = {})
{
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + acceptFor(request) + "\r\n" + extra + "\r\n";
}

} // namespace

/// The client against our server and against servers of bare sockets that do what ours never would.
class tst_Client : public QObject {
    Q_OBJECT

private slots:
    void sendsAndReceives_data();
    void sendsAndReceives();
    void requestIsWhatTheRfcAsksFor();
    void subprotocolIsNegotiated();
    void framesInTheSegmentOfTheAnswerAreDelivered();
    void interimAnswersAreSkipped();
    void closeByTheClientIsClean();
    void closeByTheServerIsClean();
    void pongTellsTheRoundTrip();

    void refusedPortIsNamed();
    void unknownNameIsNamed();
    void notFoundIsToldWithItsBody();
    void refusalIsToldAsTheServerGaveIt_data();
    void refusalIsToldAsTheServerGaveIt();
    void muteServerTimesOut();
    void unacceptableAnswerFails_data();
    void unacceptableAnswerFails();
    void serverThatLeavesInTheHandshakeFails_data();
    void serverThatLeavesInTheHandshakeFails();
    void tlsIsUnsupported();
    void whatWouldBreakTheRequestIsRefused();

    void serverThatVanishesIsNamed_data();
    void serverThatVanishesIsNamed();
    void brokenServerIsToldWhy();
    void serverThatDoesNotEndTheStreamIsLeft();
    void fullQueueRefusesMore();
    void givingUpWhileConnectingIsAFailure();
    void nothingComesAfterDestruction();
    void mayBeDestroyedInsideItsEvents_data();
    void mayBeDestroyedInsideItsEvents();
};

void tst_Client::sendsAndReceives_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 125, 126, 65'535, 65'536, 1'000'000})
        QTest::addRow("%d bytes", size) << size;
}

void tst_Client::sendsAndReceives()
{
    QFETCH(int, size);
    TestServer server;
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port));
    QTRY_VERIFY(client.isOpen());
    const QByteArray payload(size, 'x');
    QVERIFY(client.send(wire::Opcode::Text, payload));
    QVERIFY(client.send(wire::Opcode::Binary, payload));
    QTRY_COMPARE(client.messages().size(), size_t(2));
    const std::vector<Message> expected{{wire::Opcode::Text, payload}, {wire::Opcode::Binary, payload}};
    QVERIFY(client.messages() == expected);

    // Both ends saw the same frames; the client's were masked, each with a key of its own.
    const auto sent = client.log.frames();
    const auto seen = server.log.frames();
    QTRY_COMPARE(server.log.frames().size(), size_t(4));
    std::vector<wire::MaskingKey> keys;
    for (const auto &frame : seen) {
        QCOMPARE(frame.frame.header.masked, frame.from == wire::Role::Client);
        if (frame.from == wire::Role::Client)
            keys.push_back(frame.frame.header.maskingKey);
    }
    QCOMPARE(keys.size(), size_t(2));
    QVERIFY(keys[0] != keys[1]);
    QCOMPARE(sent.size(), size_t(4));
    for (const auto &frame : sent) {
        const bool found =
            std::any_of(seen.begin(), seen.end(), [&](const auto &other) { return other.frame == frame.frame; });
        QVERIFY(found);
    }
}

void tst_Client::requestIsWhatTheRfcAsksFor()
{
    RawListener listener;
    NetThread net;
    auto options = ClientRecorder::optionsFor(ClientRecorder::local(listener.port(), "/feed?x=1"));
    options.origin = "http://example.org";
    options.headers = {{"X-Token", "abc"}};
    ClientRecorder client(net.reactor, options);
    RawPeer server = listener.accept();
    const QByteArray request = server.readHead();
    QVERIFY(request.startsWith("GET /feed?x=1 HTTP/1.1\r\n"));
    QVERIFY(request.contains("\r\nHost: 127.0.0.1:" + QByteArray::number(listener.port()) + "\r\n"));
    QVERIFY(request.contains("\r\nUpgrade: websocket\r\n"));
    QVERIFY(request.contains("\r\nConnection: Upgrade\r\n"));
    QVERIFY(request.contains("\r\nSec-WebSocket-Version: 13\r\n"));
    QVERIFY(request.contains("\r\nOrigin: http://example.org\r\n"));
    QVERIFY(request.contains("\r\nX-Token: abc\r\n"));
    const qsizetype at = request.indexOf("Sec-WebSocket-Key: ") + 19;
    const QByteArray key = request.mid(at, 24);
    QCOMPARE(QByteArray::fromBase64(key).size(), 16);

    ClientRecorder other(net.reactor, options);
    RawPeer again = listener.accept();
    QVERIFY(!again.readHead().contains(key));
}

void tst_Client::subprotocolIsNegotiated()
{
    net::ServerOptions serverOptions;
    serverOptions.handshake.subprotocols = {"feedscope.v1"};
    TestServer server(serverOptions);
    auto options = ClientRecorder::optionsFor(ClientRecorder::local(server.port));
    options.subprotocols = {"other", "feedscope.v1"};
    ClientRecorder client(server.thread.reactor, options);
    QTRY_VERIFY(client.isOpen());
    QCOMPARE(client.subprotocol(), "feedscope.v1");
    const auto seen = client.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].localRole, wire::Role::Client);
    QVERIFY(seen[0].accepted && seen[0].acceptOk);
    QCOMPARE(seen[0].subprotocol, "feedscope.v1");
    QCOMPARE(seen[0].url, ClientRecorder::local(server.port));
    QCOMPARE(seen[0].requestBytes, server.log.handshakes()[0].requestBytes);
    QCOMPARE(seen[0].responseBytes, server.log.handshakes()[0].responseBytes);
    QCOMPARE(seen[0].local, server.log.handshakes()[0].peer);
}

void tst_Client::framesInTheSegmentOfTheAnswerAreDelivered()
{
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    QVERIFY(server.write(acceptance(server.readHead()) + unmasked(0x81, "first") + unmasked(0x82, "second")));
    QTRY_COMPARE(client.messages().size(), size_t(2));
    QCOMPARE(client.messages()[0].payload, "first");
    QCOMPARE(client.messages()[1].payload, "second");
}

void tst_Client::interimAnswersAreSkipped()
{
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    QVERIFY(server.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + acceptance(server.readHead())));
    QTRY_VERIFY(client.isOpen());
}

void tst_Client::closeByTheClientIsClean()
{
    TestServer server;
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port));
    QTRY_VERIFY(client.isOpen());
    client.close(4001, "enough");
    QVERIFY(!client.send(wire::Opcode::Text, "too late"));
    QTRY_VERIFY(client.ending());
    QVERIFY(client.ending()->clean);
    QCOMPARE(int(client.ending()->code), 4001);
    QCOMPARE(client.ending()->startedBy, wire::Role::Client);
    QCOMPARE(client.ending()->transport, wire::TransportEnd::PeerFin); // the server ends the stream
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    const wire::Ending other = server.application.endings()[0];
    QVERIFY(other.clean);
    QCOMPARE(int(other.code), 4001);
    QCOMPARE(other.reason, "enough");
    QTRY_COMPARE(server.status().connections, quint32(0));
    QCOMPARE(client.log.endings().size(), size_t(1));
}

void tst_Client::closeByTheServerIsClean()
{
    TestServer server;
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port));
    QTRY_VERIFY(client.isOpen());
    QVERIFY(client.send(wire::Opcode::Text, "bye"));
    QTRY_VERIFY(client.ending());
    QVERIFY(client.ending()->clean);
    QCOMPARE(int(client.ending()->code), 1000);
    QCOMPARE(client.ending()->reason, "as asked");
    QCOMPARE(client.ending()->startedBy, wire::Role::Server);
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QVERIFY(server.application.endings()[0].clean);
}

void tst_Client::pongTellsTheRoundTrip()
{
    TestServer server;
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port));
    QTRY_VERIFY(client.isOpen());
    client.ping("t");
    QTRY_COMPARE(client.pongs(), 1);
    QTRY_COMPARE(client.messages().size(), size_t(1)); // sent from inside the event
}

void tst_Client::refusedPortIsNamed()
{
    quint16 port = 0;
    {
        const RawListener listener;
        port = listener.port();
    }
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(port));
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->code, base::ErrorCode::Refused);
    QCOMPARE(client.error()->what, QStringLiteral("Could not reach 127.0.0.1:%1: connection refused.").arg(port));
    QVERIFY(client.log.handshakes().empty());

    ClientRecorder byName(net.reactor, "ws://localhost:" + QByteArray::number(port) + '/');
    QTRY_VERIFY(byName.error());
    QVERIFY(byName.error()->what.startsWith(
        QStringLiteral("Could not reach localhost:%1 (2 addresses tried): ").arg(port)));
    QVERIFY(byName.error()->detail.contains(QStringLiteral("[::1]:"))
        && byName.error()->detail.contains(QStringLiteral("127.0.0.1:")));
}

void tst_Client::unknownNameIsNamed()
{
    NetThread net;
    auto options = ClientRecorder::optionsFor("ws://no-such-host.invalid/"); // RFC 6761 6.4
    options.connectTimeoutNs = 5 * base::kNsPerSecond;
    ClientRecorder client(net.reactor, options);
    QTRY_VERIFY_WITH_TIMEOUT(client.error(), kPatienceMs);
    QVERIFY(client.error()->code == base::ErrorCode::Unreachable || client.error()->code == base::ErrorCode::TimedOut);
    QVERIFY2(client.error()->what.startsWith(QStringLiteral("Could not find the host 'no-such-host.invalid'")),
        qPrintable(client.error()->what));
}

void tst_Client::notFoundIsToldWithItsBody()
{
    net::ServerOptions serverOptions;
    serverOptions.handshake.paths = {"/"};
    TestServer server(serverOptions);
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port, "/nowhere"));
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->code, base::ErrorCode::Refused);
    QVERIFY2(client.error()->what.startsWith(QStringLiteral(
                 "The server answered 404 Not Found instead of 101 Switching Protocols: unknown-path: ")),
        qPrintable(client.error()->what));
    const auto seen = client.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QVERIFY(!seen[0].accepted);
    QVERIFY(seen[0].responseBytes.startsWith("HTTP/1.1 404 "));
    QVERIFY(!client.isOpen());
    QCOMPARE(client.endings(), 1);
}

void tst_Client::refusalIsToldAsTheServerGaveIt_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const QByteArray &response, const char *what) {
        QTest::newRow(name) << response << QStringLiteral("The server answered ") + QString::fromUtf8(what);
    };
    row("a body with its length", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\nno token\n",
        "401 Unauthorized instead of 101 Switching Protocols: no token.");
    row("a body in chunks",
        "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nno \r\n5;x=y\r\ntoken\r\n0\r\n\r\n",
        "400 Bad Request instead of 101 Switching Protocols: no token.");
    row("no body", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        "403 Forbidden instead of 101 Switching Protocols.");
    row("no reason", "HTTP/1.1 403 \r\nContent-Length: 0\r\n\r\n", "403 Forbidden instead of 101 Switching Protocols.");
    row("a redirection", "HTTP/1.1 302 Found\r\nLocation: wss://example.org/\r\nContent-Length: 0\r\n\r\n",
        "302 Found instead of 101 Switching Protocols (it points to wss://example.org/).");
    row("a time to wait", "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n",
        "503 Service Unavailable instead of 101 Switching Protocols (retry after 30).");
    row("a page", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>Nginx</h1>\n",
        "404 Not Found instead of 101 Switching Protocols.");
    row("control bytes", "HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\n\x1b[2J",
        "400 Bad Request instead of 101 Switching Protocols: \\x1b[2J.");
    row("200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "200 OK instead of 101 Switching Protocols: hello.");
}

void tst_Client::refusalIsToldAsTheServerGaveIt()
{
    QFETCH(QByteArray, response);
    QFETCH(QString, what);
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    server.readHead();
    QVERIFY(server.write(response));
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->what, what);
    QCOMPARE(server.readToEnd(), RawPeer::End::Fin);
}

void tst_Client::muteServerTimesOut()
{
    RawListener listener;
    NetThread net;
    auto options = ClientRecorder::optionsFor(ClientRecorder::local(listener.port()));
    options.connectTimeoutNs = 200 * base::kNsPerMs;
    ClientRecorder client(net.reactor, options);
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->code, base::ErrorCode::TimedOut);
    QCOMPARE(client.error()->what,
        QStringLiteral("The server at 127.0.0.1:%1 took the connection but did not answer the handshake within 0.2 s.")
            .arg(listener.port()));
    QCOMPARE(client.log.handshakes().size(), size_t(1));
    QVERIFY(client.log.handshakes()[0].requestBytes.startsWith("GET / "));
    QCOMPARE(client.log.handshakes()[0].responseBytes, QByteArray());
}

void tst_Client::unacceptableAnswerFails_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<int>("rule");
    QTest::newRow("RFC 6455 4.1 a wrong Sec-WebSocket-Accept")
        << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
        << int(wire::Rule::BadAccept);
    QTest::newRow("RFC 6455 4.1 a subprotocol nobody offered")
        << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: other\r\n\r\n")
        << int(wire::Rule::UnofferedSubprotocol);
    QTest::newRow("RFC 6455 4.1 an extension nobody offered")
        << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
        << int(wire::Rule::UnofferedExtension);
    QTest::newRow("not HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2p1\r\n") << int(wire::Rule::NotHttp);
}

void tst_Client::unacceptableAnswerFails()
{
    QFETCH(QByteArray, response);
    QFETCH(int, rule);
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    response.replace("ACCEPT", acceptFor(server.readHead()));
    QVERIFY(server.write(response));
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->code, base::ErrorCode::Refused);
    QVERIFY(client.error()->what.contains(QString::fromUtf8(wire::ruleInfo(static_cast<wire::Rule>(rule)).name)));
    const auto seen = client.log.handshakes();
    QCOMPARE(seen.size(), size_t(1));
    QVERIFY(!seen[0].accepted);
    QCOMPARE(int(seen[0].violations.at(0).rule), rule);
    QVERIFY(response.startsWith(seen[0].responseBytes) && !seen[0].responseBytes.isEmpty());
    QVERIFY(!client.isOpen());
}

void tst_Client::serverThatLeavesInTheHandshakeFails_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<bool>("reset");
    QTest::addColumn<QString>("what");
    QTest::newRow("FIN") << QByteArray() << false
                         << QStringLiteral("The server ended the connection before it answered the handshake.");
    QTest::newRow("RST") << QByteArray() << true
                         << QStringLiteral("The server reset the connection before it answered the handshake.");
    QTest::newRow("FIN inside the head") << QByteArray("HTTP/1.1 101 Sw") << false
                                         << QStringLiteral(
                                                "The server ended the connection inside its answer to the handshake.");
}

void tst_Client::serverThatLeavesInTheHandshakeFails()
{
    QFETCH(QByteArray, response);
    QFETCH(bool, reset);
    QFETCH(QString, what);
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    server.readHead();
    QVERIFY(server.write(response));
    if (reset)
        server.reset();
    else
        server.close();
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->what, what);
    QCOMPARE(client.error()->code, base::ErrorCode::Refused);
}

void tst_Client::tlsIsUnsupported()
{
    NetThread net;
    net::ClientOptions options;
    options.url = {true, "127.0.0.1", 443, "/"};
    ClientRecorder client(net.reactor, options);
    QTRY_VERIFY(client.error());
    QCOMPARE(client.error()->code, base::ErrorCode::Unsupported);
}

void tst_Client::whatWouldBreakTheRequestIsRefused()
{
    NetThread net;
    RawListener listener;
    const auto good = ClientRecorder::optionsFor(ClientRecorder::local(listener.port()));
    std::vector<net::ClientOptions> bad(3, good);
    bad[0].headers = {{"X", "a\r\nY: b"}};
    bad[1].origin = "http://a\nb";
    bad[2].subprotocols = {"two words"};
    for (const net::ClientOptions &options : bad) {
        ClientRecorder client(net.reactor, options);
        QTRY_VERIFY(client.error());
        QCOMPARE(client.error()->code, base::ErrorCode::BadInput);
    }
}

void tst_Client::serverThatVanishesIsNamed_data()
{
    QTest::addColumn<bool>("reset");
    QTest::newRow("C7 FIN") << false;
    QTest::newRow("C7 RST") << true;
}

void tst_Client::serverThatVanishesIsNamed()
{
    QFETCH(bool, reset);
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    QVERIFY(server.write(acceptance(server.readHead()) + QByteArray("\x81\x05he", 4)));
    QTRY_VERIFY(client.isOpen());
    if (reset)
        server.reset();
    else
        server.close();
    QTRY_VERIFY(client.ending());
    QCOMPARE(client.ending()->transport, reset ? wire::TransportEnd::PeerReset : wire::TransportEnd::PeerFin);
    QCOMPARE(int(client.ending()->code), 1006);
    QCOMPARE(client.ending()->startedBy, wire::Role::Server);
    if (reset)
        return; // it may have overtaken the half frame
    const auto frames = client.log.frames();
    QCOMPARE(frames.size(), size_t(1));
    QVERIFY(!frames[0].frame.complete);
    QCOMPARE(frames[0].frame.payload, "he");
}

void tst_Client::brokenServerIsToldWhy()
{
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    RawPeer server = listener.accept();
    QVERIFY(server.write(acceptance(server.readHead()) + masked(0x81, "servers do not mask")));
    QTRY_VERIFY(client.ending());
    QCOMPARE(client.ending()->sentCode, std::optional<quint16>(1002));
    QByteArray bytes;
    QCOMPARE(server.readToEnd(&bytes), RawPeer::End::Fin);
    QCOMPARE(static_cast<quint8>(bytes.at(0)), 0x88);
    QVERIFY(static_cast<quint8>(bytes.at(1)) & 0x80);
}

void tst_Client::serverThatDoesNotEndTheStreamIsLeft()
{
    RawListener listener;
    NetThread net;
    auto options = ClientRecorder::optionsFor(ClientRecorder::local(listener.port()));
    options.limits.closeTimeoutNs = 100 * base::kNsPerMs;
    ClientRecorder client(net.reactor, options);
    RawPeer server = listener.accept();
    QVERIFY(server.write(acceptance(server.readHead()) + unmasked(0x88, QByteArray("\x03\xe8", 2))));
    QTRY_VERIFY(client.ending());
    QVERIFY(client.ending()->clean);
    QCOMPARE(int(client.ending()->code), 1000);
    QCOMPARE(client.ending()->transport, wire::TransportEnd::Timeout);
    QVERIFY(server.readToEnd() != RawPeer::End::StillOpen);
}

void tst_Client::fullQueueRefusesMore()
{
    RawListener listener;
    NetThread net;
    auto options = ClientRecorder::optionsFor(ClientRecorder::local(listener.port()));
    options.sendQueueBytes = 100'000;
    ClientRecorder client(net.reactor, options);
    RawPeer server = listener.accept();
    QVERIFY(server.write(acceptance(server.readHead())));
    QTRY_VERIFY(client.isOpen());
    const QByteArray payload(50'000, 'x');
    int sent = 0;
    while (client.send(wire::Opcode::Binary, payload))
        QVERIFY2(++sent < 10'000, "the kernel cannot hold this much");
    // Nothing of what was taken is lost.
    for (int i = 0; i < sent; ++i) {
        QCOMPARE(server.read(4), QByteArray("\x82\xfe\xc3\x50", 4));
        QCOMPARE(server.read(4 + payload.size()).size(), 4 + payload.size());
    }
    QTRY_VERIFY(client.send(wire::Opcode::Binary, payload));
}

void tst_Client::givingUpWhileConnectingIsAFailure()
{
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    client.close(1000, {});
    QTRY_VERIFY(client.error());
    QCOMPARE(client.endings(), 1);

    RawListener mute;
    ClientRecorder later(net.reactor, ClientRecorder::local(mute.port()));
    RawPeer server = mute.accept();
    QVERIFY(server.readHead().startsWith("GET "));
    later.close(1000, {});
    QTRY_VERIFY(later.error());
    QVERIFY(!later.ending());
}

void tst_Client::nothingComesAfterDestruction()
{
    TestServer server;
    ClientRecorder client(server.thread.reactor, ClientRecorder::local(server.port));
    QTRY_VERIFY(client.isOpen());
    QVERIFY(client.send(wire::Opcode::Text, "never answered in time"));
    client.destroy();
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(client.endings(), 0);
    QCOMPARE(client.log.endings().size(), size_t(1)); // the observer knows
    QCOMPARE(client.log.endings()[0].transport, wire::TransportEnd::LocalAbort);

    ClientRecorder early(server.thread.reactor, ClientRecorder::local(server.port));
    early.destroy();
    QCOMPARE(early.endings(), 0);
}

void tst_Client::mayBeDestroyedInsideItsEvents_data()
{
    QTest::addColumn<int>("event");
    QTest::newRow("opened") << 0;
    QTest::newRow("messageReceived") << 1;
    QTest::newRow("closed") << 2;
    QTest::newRow("failed") << 3;
}

void tst_Client::mayBeDestroyedInsideItsEvents()
{
    QFETCH(int, event);
    RawListener listener;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(listener.port()));
    std::atomic<bool> gone = false;
    const auto destroy = [&] {
        client.client.reset();
        gone = true;
    };
    net.reactor.runSync([&] {
        client.onOpened = event == 0 ? destroy : std::function<void()>();
        client.onMessage = event == 1 ? destroy : std::function<void()>();
        client.onEnd = event >= 2 ? destroy : std::function<void()>();
    });
    RawPeer server = listener.accept();
    const QByteArray request = server.readHead();
    QVERIFY(server.write(event == 3
            ? QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            : acceptance(request) + unmasked(0x81, "one") + unmasked(0x81, "two") + unmasked(0x88, {})));
    server.finish();
    QTRY_VERIFY(gone);
    QVERIFY(server.readToEnd() != RawPeer::End::StillOpen);
    QVERIFY(event != 1 || client.messages().size() == 1);
}

QTEST_GUILESS_MAIN(tst_Client)
#include "tst_client.moc"
