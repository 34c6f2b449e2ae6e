// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/client_recorder.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace feedscope;
using namespace feedscope::tests;

/// An implementation that is not ours at the other end, in both roles.
class tst_Interop : public QObject {
    Q_OBJECT

private slots:
    void qtClientTalksToOurServer();
    void qtClientSeesOurCloseCode();
    void ourServerSeesTheQtClientsCloseCode();
    void qtClientIsRefusedOnAnUnknownPath();
    void manyQtClientsGetTheSameBroadcast();
    void ourClientTalksToAQtServer();
    void ourClientSeesTheQtServersCloseCode();
    void qtServerSeesOurCloseCode();
};

namespace {

QUrl urlOf(const TestServer &server, const QString &path = QStringLiteral("/"))
{
    return QUrl(QStringLiteral("ws://127.0.0.1:%1%2").arg(server.port).arg(path));
}

/// A QWebSocketServer that echoes.
class QtEcho {
public:
    QtEcho()
        : server(QStringLiteral("witness"), QWebSocketServer::NonSecureMode)
    {
        server.listen(QHostAddress::LocalHost);
        QObject::connect(&server, &QWebSocketServer::newConnection, &server, [this] {
            peer.reset(server.nextPendingConnection());
            QObject::connect(peer.get(), &QWebSocket::textMessageReceived, peer.get(),
                [this](const QString &text) { peer->sendTextMessage(text); });
            QObject::connect(peer.get(), &QWebSocket::binaryMessageReceived, peer.get(),
                [this](const QByteArray &bytes) { peer->sendBinaryMessage(bytes); });
        });
    }
    QWebSocketServer server;
    std::unique_ptr<QWebSocket> peer;
};

} // namespace

void tst_Interop::qtClientTalksToOurServer()
{
    TestServer server;
    QWebSocket client;
    QSignalSpy connected(&client, &QWebSocket::connected);
    QSignalSpy texts(&client, &QWebSocket::textMessageReceived);
    QSignalSpy binaries(&client, &QWebSocket::binaryMessageReceived);
    QSignalSpy pongs(&client, &QWebSocket::pong);
    client.open(urlOf(server));
    QTRY_COMPARE(connected.size(), 1);
    const QString text = QStringLiteral("Grüße, 世界 🌍");
    const QByteArray binary(300'000, '\x7f');
    client.sendTextMessage(text);
    client.sendBinaryMessage(binary);
    client.ping("are you there");
    QTRY_COMPARE(texts.size(), 1);
    QTRY_COMPARE(binaries.size(), 1);
    QTRY_COMPARE(pongs.size(), 1);
    QCOMPARE(texts[0][0].toString(), text);
    QCOMPARE(binaries[0][0].toByteArray(), binary);
    QCOMPARE(pongs[0][1].toByteArray(), "are you there");
    const auto frames = server.log.frames();
    QVERIFY(
        std::all_of(frames.begin(), frames.end(), [](const auto &seen) { return seen.frame.violations.isEmpty(); }));
}

void tst_Interop::qtClientSeesOurCloseCode()
{
    TestServer server;
    QWebSocket client;
    QSignalSpy connected(&client, &QWebSocket::connected);
    QSignalSpy disconnected(&client, &QWebSocket::disconnected);
    client.open(urlOf(server));
    QTRY_COMPARE(connected.size(), 1);
    server.on([&] { server.server().close(server.application.sessions()[0], 4242, "because"); });
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(int(client.closeCode()), 4242);
    QCOMPARE(client.closeReason(), QStringLiteral("because"));
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QVERIFY(server.application.endings()[0].clean);
}

void tst_Interop::ourServerSeesTheQtClientsCloseCode()
{
    TestServer server;
    QWebSocket client;
    QSignalSpy connected(&client, &QWebSocket::connected);
    QSignalSpy disconnected(&client, &QWebSocket::disconnected);
    client.open(urlOf(server));
    QTRY_COMPARE(connected.size(), 1);
    client.close(QWebSocketProtocol::CloseCodeGoingAway, QStringLiteral("leaving"));
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    const wire::Ending ending = server.application.endings()[0];
    QCOMPARE(int(ending.code), 1001);
    QCOMPARE(ending.reason, "leaving");
    QCOMPARE(ending.startedBy, wire::Role::Client);
    QVERIFY(ending.clean);
    QTRY_COMPARE(disconnected.size(), 1);
}

void tst_Interop::qtClientIsRefusedOnAnUnknownPath()
{
    net::ServerOptions options;
    options.handshake.paths = {"/feed"};
    TestServer server(options);
    QWebSocket client;
    QSignalSpy connected(&client, &QWebSocket::connected);
    QSignalSpy disconnected(&client, &QWebSocket::disconnected);
    client.open(urlOf(server, QStringLiteral("/nowhere")));
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(connected.size(), 0);
    QVERIFY2(client.errorString().contains(QStringLiteral("404")), qPrintable(client.errorString()));
}

void tst_Interop::manyQtClientsGetTheSameBroadcast()
{
    constexpr size_t kClients = 20;
    TestServer server;
    std::vector<std::unique_ptr<QWebSocket>> clients;
    std::vector<QStringList> got(kClients);
    for (size_t i = 0; i < kClients; ++i) {
        clients.push_back(std::make_unique<QWebSocket>());
        connect(clients[i].get(), &QWebSocket::textMessageReceived, this,
            [&got, i](const QString &text) { got[i] += text; });
        clients[i]->open(urlOf(server));
    }
    QTRY_COMPARE(server.application.sessions().size(), kClients);
    const auto sessions = server.application.sessions();
    QStringList expected;
    for (int i = 0; i < 50; ++i) {
        expected += QStringLiteral("message %1").arg(i);
        server.on([&] { server.server().broadcast(sessions, wire::Opcode::Text, expected.back().toUtf8()); });
    }
    for (size_t i = 0; i < kClients; ++i)
        QTRY_COMPARE(got[i], expected);
}

void tst_Interop::ourClientTalksToAQtServer()
{
    QtEcho witness;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(witness.server.serverPort()));
    QTRY_VERIFY(client.isOpen());
    const QByteArray text = QStringLiteral("Grüße, 世界 🌍").toUtf8();
    const QByteArray binary(300'000, '\x7f');
    QVERIFY(client.send(wire::Opcode::Text, text));
    QVERIFY(client.send(wire::Opcode::Binary, binary));
    client.ping("t");
    QTRY_VERIFY(client.messages().size() >= 2 && client.pongs() == 1);
    QCOMPARE(client.messages()[0].payload, text);
    QCOMPARE(client.messages()[1].payload, binary);
}

void tst_Interop::ourClientSeesTheQtServersCloseCode()
{
    QtEcho witness;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(witness.server.serverPort()));
    QTRY_VERIFY(client.isOpen() && witness.peer);
    witness.peer->close(QWebSocketProtocol::CloseCodeGoingAway, QStringLiteral("stopping"));
    QTRY_VERIFY(client.ending());
    QCOMPARE(int(client.ending()->code), 1001);
    QCOMPARE(client.ending()->reason, "stopping");
    QVERIFY(client.ending()->clean);
    QCOMPARE(client.ending()->startedBy, wire::Role::Server);
}

void tst_Interop::qtServerSeesOurCloseCode()
{
    QtEcho witness;
    NetThread net;
    ClientRecorder client(net.reactor, ClientRecorder::local(witness.server.serverPort()));
    QTRY_VERIFY(client.isOpen() && witness.peer);
    QSignalSpy disconnected(witness.peer.get(), &QWebSocket::disconnected);
    client.close(4242, "because");
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(int(witness.peer->closeCode()), 4242);
    QCOMPARE(witness.peer->closeReason(), QStringLiteral("because"));
    QTRY_VERIFY(client.ending());
    QVERIFY(client.ending()->clean);
    QCOMPARE(client.ending()->transport, wire::TransportEnd::PeerFin);
}

QTEST_GUILESS_MAIN(tst_Interop)
#include "tst_interop.moc"
