// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/net_fixture.h"
#include "net/raw_peer.h"

#include <QTest>

#include <ctime>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace feedscope;
using namespace feedscope::tests;

namespace {

constexpr int kText = 0x81;
constexpr int kClose = 0x88;
constexpr int kPing = 0x89;

QByteArray numbered(int number, int size)
{
    return QByteArray::number(number).rightJustified(size, '.');
}

} // namespace

/// Many connections, slow ones, and a server that begins and ends. Single connections are in tst_server.
class tst_ServerLoad : public QObject {
    Q_OBJECT

private slots:
    void broadcastReachesEveryoneByteForByte();
    void broadcastKnowsOnlyWhoIsThere();
    void slowReaderIsClosedWhileOthersAreServed();
    void largeMessageAloneDoesNotMakeAClientSlow();
    void pingFloodWithoutReadingDoesNotGrowMemory();
    void tooManyConnectionsAre503();
    void resetAfterEveryByteIsSurvived();
    void drainClosesEveryoneWith1001();
    void drainDoesNotWaitForEver();
    void drainOfNobodyIsDone();
    void destroyingTheServerEndsEveryConnection();
    void applicationMayCallBackFromItsEvents();
    void portInUseNamesAFreeOne();
    void listensOn_data();
    void listensOn();
    void addressOfAnotherComputerIsRefused();
    void lackOfDescriptorsDoesNotSpin();
};

void tst_ServerLoad::broadcastReachesEveryoneByteForByte()
{
    constexpr int kClients = 200;
    constexpr int kMessages = 20;
    TestServer server;
    std::vector<RawPeer> peers;
    for (int i = 0; i < kClients; ++i) {
        peers.emplace_back(server.port);
        QVERIFY(peers.back().upgrade());
    }
    const auto sessions = server.application.sessions();
    QCOMPARE(sessions.size(), size_t(kClients));
    QByteArray expected;
    for (int i = 0; i < kMessages; ++i) {
        const QByteArray payload = numbered(i, 150);
        expected += unmasked(kText, payload);
        server.on([&] { server.server().broadcast(sessions, wire::Opcode::Text, payload); });
    }
    for (RawPeer &peer : peers)
        QCOMPARE(peer.read(expected.size()), expected);
    QCOMPARE(server.status().messagesSent, quint64(kClients * kMessages));
    const auto frames = server.log.frames();
    QCOMPARE(frames.size(), size_t(kClients * kMessages));
    QVERIFY(std::all_of(
        frames.begin(), frames.end(), [](const auto &seen) { return seen.shared && seen.from == wire::Role::Server; }));
}

void tst_ServerLoad::broadcastKnowsOnlyWhoIsThere()
{
    TestServer server;
    RawPeer first(server.port);
    QVERIFY(first.upgrade());
    RawPeer second(server.port);
    QVERIFY(second.upgrade());
    RawPeer third(server.port);
    QVERIFY(third.upgrade());
    auto sessions = server.application.sessions();
    std::reverse(sessions.begin(), sessions.end());
    sessions.push_back(4711);
    sessions.insert(sessions.begin(), 0);
    second.close();
    QTRY_COMPARE(server.status().connections, quint32(2));
    server.on([&] { server.server().broadcast(sessions, wire::Opcode::Binary, "x"); });
    const RawFrame expected{0x82, "x"};
    QCOMPARE(first.readFrame(), expected);
    QCOMPARE(third.readFrame(), expected);
    server.on([&] {
        QVERIFY(!server.server().send(4711, wire::Opcode::Text, "nobody"));
        server.server().close(4711, 1000, {});
        server.server().ping(4711, "x");
    });
}

void tst_ServerLoad::slowReaderIsClosedWhileOthersAreServed()
{
    net::ServerOptions options;
    options.sendQueueBytes = 256 * 1024;
    TestServer server(options);
    RawPeer slow(server.port, 4096);
    QVERIFY(slow.upgrade());
    RawPeer other(server.port);
    QVERIFY(other.upgrade());
    const auto sessions = server.application.sessions();

    constexpr int kSize = 32 * 1024;
    const qint64 bound = options.sendQueueBytes + kSize + 200;
    int sent = 0;
    while (server.status().slowClientsClosed == 0) {
        QVERIFY2(sent < 10'000, "the kernel cannot hold this much");
        const QByteArray payload = numbered(sent++, kSize);
        server.on([&] { server.server().broadcast(sessions, wire::Opcode::Text, payload); });
        const RawFrame expected{kText, payload};
        QCOMPARE(other.readFrame(), expected);
        for (const auto &session : server.sessions())
            QVERIFY2(session.queuedBytes <= bound, qPrintable(QString::number(session.queuedBytes)));
    }
    QCOMPARE(server.status().slowClientsClosed, quint64(1));
    // What was sent before the decision arrives whole and in order, then the reason, and nothing behind it.
    int got = 0;
    std::optional<RawFrame> frame = slow.readFrame();
    for (; frame && frame->first == kText; frame = slow.readFrame()) {
        QCOMPARE(frame->payload, numbered(got, kSize));
        ++got;
    }
    QVERIFY(frame);
    QCOMPARE(frame->first, kClose);
    QCOMPARE(frame->closeCode(), 1013);
    QVERIFY(got > 0 && got < sent);
    QVERIFY(slow.write(masked(kClose, frame->payload.first(2))));
    QByteArray rest;
    QCOMPARE(slow.readToEnd(&rest), RawPeer::End::Fin);
    QCOMPARE(rest, QByteArray());
    QTRY_COMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].sentCode, std::optional<quint16>(1013));

    server.on([&] { server.server().broadcast(sessions, wire::Opcode::Text, "still here"); });
    const RawFrame last{kText, "still here"};
    QCOMPARE(other.readFrame(), last);
}

void tst_ServerLoad::largeMessageAloneDoesNotMakeAClientSlow()
{
    net::ServerOptions options;
    options.sendQueueBytes = 64 * 1024;
    TestServer server(options);
    RawPeer peer(server.port, 4096);
    QVERIFY(peer.upgrade());
    const QByteArray large(20 * 1024 * 1024, 'L');
    const auto id = server.application.sessions().front();
    bool sent = false;
    server.on([&] { sent = server.server().send(id, wire::Opcode::Binary, large); });
    QVERIFY(sent);
    const auto frame = peer.readFrame();
    QVERIFY(frame && frame->payload == large);
    QCOMPARE(server.status().slowClientsClosed, quint64(0));
}

void tst_ServerLoad::pingFloodWithoutReadingDoesNotGrowMemory()
{
    TestServer server;
    RawPeer peer(server.port, 4096);
    QVERIFY(peer.upgrade());
    const QByteArray pings = masked(kPing, QByteArray(125, 'p')).repeated(500);
    // Until the server reads no more: then this end cannot write either.
    qint64 written = 0;
    int refusals = 0;
    while (refusals < 50) {
        const qint64 count = peer.writeWhatFits(pings.sliced(written % pings.size()));
        if (count > 0) {
            written += count;
            refusals = 0;
        } else {
            ++refusals;
            server.on([] {}); // its turn
        }
        for (const auto &session : server.sessions())
            QVERIFY2(session.queuedBytes < 512 * 1024, qPrintable(QString::number(session.queuedBytes)));
        QVERIFY2(written < 200'000'000, "the server reads without end");
    }
    // Once the peer reads, all of its pings are answered.
    const qint64 whole = written / 131;
    const RawFrame pong{0x8a, QByteArray(125, 'p')};
    for (qint64 i = 0; i < whole; ++i)
        QCOMPARE(peer.readFrame(), pong);
}

void tst_ServerLoad::tooManyConnectionsAre503()
{
    net::ServerOptions options;
    options.maxConnections = 2;
    TestServer server(options);
    RawPeer first(server.port);
    QVERIFY(first.upgrade());
    RawPeer second(server.port);
    QVERIFY(second.upgrade());
    {
        RawPeer third(server.port);
        QVERIFY(third.write(handshakeRequest()));
        QByteArray response;
        QCOMPARE(third.readToEnd(&response), RawPeer::End::Fin);
        QVERIFY2(response.startsWith("HTTP/1.1 503 "), response.constData());
        QVERIFY(response.contains("\r\nRetry-After: "));
    }
    QVERIFY(first.write(masked(kText, "undisturbed")));
    const RawFrame expected{kText, "undisturbed"};
    QCOMPARE(first.readFrame(), expected);
    second.close();
    bool admitted = false;
    QTRY_VERIFY_WITH_TIMEOUT(admitted = admitted || RawPeer(server.port).upgrade(), kPatienceMs);
}

void tst_ServerLoad::resetAfterEveryByteIsSurvived()
{
    // N4: the stream is reset inside the request, inside a frame, and between frames.
    TestServer server({}, "welcome");
    const QByteArray bytes = handshakeRequest() + masked(kText, "some text") + masked(kPing, "ping")
        + masked(kClose, QByteArray("\x03\xe8", 2));
    for (qsizetype count = 0; count <= bytes.size(); ++count) {
        RawPeer peer(server.port);
        QVERIFY(peer.write(bytes.first(count)));
        peer.reset();
    }
    RawPeer after(server.port);
    QVERIFY(after.upgrade());
    QTRY_VERIFY_WITH_TIMEOUT(server.status().connections == 1
            && server.application.endings().size() + 1 == server.status().accepted
            && server.log.endings().size() + 1 == server.status().accepted,
        kPatienceMs);
}

void tst_ServerLoad::drainClosesEveryoneWith1001()
{
    TestServer server;
    std::vector<RawPeer> peers;
    for (int i = 0; i < 50; ++i) {
        peers.emplace_back(server.port);
        QVERIFY(peers.back().upgrade());
    }
    RawPeer silent(server.port);
    RawPeer half(server.port);
    QVERIFY(half.write("GET / HTTP/1.1\r\n"));
    const quint64 before = static_cast<quint64>(50 * handshakeRequest().size());
    QTRY_COMPARE(server.status().bytesReceived, before + 16);

    std::atomic<bool> done = false;
    server.on(
        [&] { server.server().drain(wire::GoingAway, "stopping", 10 * base::kNsPerSecond, [&] { done = true; }); });
    for (RawPeer &peer : peers) {
        const RawFrame expected{kClose, QByteArray("\x03\xe9", 2) + "stopping"};
        QCOMPARE(peer.readFrame(), expected);
    }
    QVERIFY(!done);
    for (RawPeer &peer : peers) {
        QVERIFY(peer.write(masked(kClose, QByteArray("\x03\xe9", 2))));
        QCOMPARE(peer.readToEnd(), RawPeer::End::Fin);
        peer.close();
    }
    QCOMPARE(silent.readToEnd(), RawPeer::End::Fin);
    silent.close();
    QByteArray response;
    QCOMPARE(half.readToEnd(&response), RawPeer::End::Fin);
    half.close();
    QVERIFY(response.startsWith("HTTP/1.1 503 "));
    QTRY_VERIFY_WITH_TIMEOUT(done, kPatienceMs);
    QCOMPARE(server.application.endings().size(), size_t(50));
    for (const wire::Ending &ending : server.application.endings())
        QVERIFY(ending.clean);
    QVERIFY(!RawPeer(server.port).isConnected());
}

void tst_ServerLoad::drainDoesNotWaitForEver()
{
    TestServer server;
    RawPeer peer(server.port);
    QVERIFY(peer.upgrade());
    std::atomic<bool> done = false;
    server.on([&] { server.server().drain(wire::GoingAway, {}, 100 * base::kNsPerMs, [&] { done = true; }); });
    QTRY_VERIFY_WITH_TIMEOUT(done, 4000); // the close timeout is 5 s
    QCOMPARE(server.application.endings().size(), size_t(1));
    QCOMPARE(server.application.endings()[0].transport, wire::TransportEnd::LocalAbort);
    QVERIFY(peer.readToEnd() != RawPeer::End::StillOpen);
}

void tst_ServerLoad::drainOfNobodyIsDone()
{
    TestServer server;
    std::atomic<int> done = 0;
    server.on([&] {
        server.server().drain(wire::GoingAway, {}, base::kNsPerSecond, [&] { ++done; });
        server.server().drain(wire::GoingAway, {}, base::kNsPerSecond, [&] { ++done; });
    });
    QTRY_COMPARE(int(done), 2);
}

void tst_ServerLoad::destroyingTheServerEndsEveryConnection()
{
    TestServer server;
    std::vector<RawPeer> peers;
    for (int i = 0; i < 20; ++i) {
        peers.emplace_back(server.port);
        QVERIFY(peers.back().upgrade());
    }
    RawPeer handshaking(server.port);
    QVERIFY(handshaking.write("GET "));
    for (RawPeer &peer : peers)
        QVERIFY(peer.write(masked(kText, "in flight")));
    server.destroyServer();
    for (RawPeer &peer : peers)
        QVERIFY(peer.readToEnd() != RawPeer::End::StillOpen);
    QVERIFY(handshaking.readToEnd() != RawPeer::End::StillOpen);
    QCOMPARE(server.log.endings().size(), size_t(20));
    QVERIFY(server.application.endings().empty());
}

void tst_ServerLoad::applicationMayCallBackFromItsEvents()
{
    class Meddler final : public net::Application {
    public:
        void opened(net::SessionId session, const wire::HttpRequest &request, const QByteArray &) override
        {
            all.push_back(session);
            if (request.path() == "/refused")
                server->close(session, wire::PolicyViolation, "not you");
        }
        void messageReceived(net::SessionId session, const wire::MessageView &message, base::Timestamp) override
        {
            if (message.payload == QByteArrayView("destroy")) {
                server.reset();
                return;
            }
            server->broadcast(all, message.opcode, message.payload.toByteArray());
            server->ping(session, "x");
            server->sessions();
        }
        void closed(net::SessionId session, const wire::Ending &) override
        {
            server->broadcast(all, wire::Opcode::Text, "left");
            server->close(session, wire::NormalClosure, {});
            QVERIFY(!server->send(session, wire::Opcode::Text, "too late"));
        }
        wire::HttpResponse answer(const wire::HttpRequest &) override { return wire::makeRefusal(404, "no"); }

        std::unique_ptr<net::Server> server;
        std::vector<net::SessionId> all;
    };

    SeenLog log;
    Meddler application;
    NetThread thread;
    wire::ConnectionId last = 0;
    quint16 port = 0;
    thread.reactor.runSync([&] {
        application.server = std::make_unique<net::Server>(
            thread.reactor, net::ServerOptions(), application, log, [&] { return ++last; });
        port = application.server->listen().value();
    });
    RawPeer refused(port);
    QVERIFY(refused.write(handshakeRequest("/refused") + masked(kText, "never mind")));
    QVERIFY(refused.readHead().startsWith("HTTP/1.1 101 "));
    QCOMPARE(refused.readFrame().value_or(RawFrame()).closeCode(), 1008);

    RawPeer one(port);
    QVERIFY(one.upgrade());
    RawPeer two(port);
    QVERIFY(two.upgrade());
    QVERIFY(one.write(masked(kText, "to all")));
    const RawFrame expected{kText, "to all"};
    QCOMPARE(one.readFrame(), expected);
    QCOMPARE(two.readFrame(), expected);
    one.reset();
    const RawFrame left{kText, "left"};
    QCOMPARE(two.readFrame(), left);
    // Not promised, and survived: the server goes while one of its sessions is in the middle of what it received.
    QVERIFY(two.write(masked(kText, "destroy") + masked(kText, "and more")));
    QVERIFY(two.readToEnd() != RawPeer::End::StillOpen);
    thread.reactor.runSync([&] { QVERIFY(!application.server); });
}

void tst_ServerLoad::portInUseNamesAFreeOne()
{
    TestServer first;
    QVERIFY(!first.error);
    net::ServerOptions options;
    options.port = first.port;
    TestServer second(options);
    QVERIFY(second.error);
    QCOMPARE(second.error->code, base::ErrorCode::AddressInUse);
    bool ok = false;
    const quint16 free = second.error->detail.toUShort(&ok);
    QVERIFY(ok && free > 0 && free != first.port);
    QCOMPARE(second.error->what,
        QStringLiteral("Port %1 on 127.0.0.1 is already in use; port %2 is free.").arg(first.port).arg(free));
    options.port = free;
    TestServer third(options);
    QVERIFY(!third.error);
    QCOMPARE(third.port, free);
}

void tst_ServerLoad::listensOn_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("url");
    QTest::newRow("127.0.0.1") << QByteArray("127.0.0.1") << QByteArray("ws://127.0.0.1");
    QTest::newRow("localhost, by name") << QByteArray("localhost") << QByteArray("ws://localhost");
    QTest::newRow("localhost, by its IPv4 address") << QByteArray("localhost") << QByteArray("ws://127.0.0.1");
    QTest::newRow("every IPv4 address") << QByteArray("0.0.0.0") << QByteArray("ws://127.0.0.1");
    QTest::newRow("::1") << QByteArray("::1") << QByteArray("ws://[::1]");
    QTest::newRow("every address, by IPv4") << QByteArray("::") << QByteArray("ws://127.0.0.1");
}

void tst_ServerLoad::listensOn()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, url);
    net::ServerOptions options;
    options.host = host;
    TestServer server(options);
    if (server.error && host.contains(':'))
        QSKIP("no IPv6 here");
    QVERIFY2(!server.error, server.error ? qPrintable(server.error->what) : "");

    class Events final : public net::ClientEvents {
    public:
        void opened(wire::ConnectionId, const QByteArray &) override { open = true; }
        void messageReceived(const wire::MessageView &, base::Timestamp) override { }
        void pongReceived(qint64) override { }
        void closed(const wire::Ending &) override { }
        void failed(const base::Error &error) override { qWarning() << error.what; }
        std::atomic<bool> open = false;
    };
    Events events;
    SeenLog log;
    std::unique_ptr<net::Client> client;
    server.on([&] {
        net::ClientOptions clientOptions;
        clientOptions.url = net::parseWsUrl(url + ':' + QByteArray::number(server.port) + '/').value();
        client = std::make_unique<net::Client>(server.thread.reactor, clientOptions, 1000, events, log);
        client->start();
    });
    QTRY_VERIFY(events.open);
    server.on([&] { client.reset(); });
}

void tst_ServerLoad::addressOfAnotherComputerIsRefused()
{
    net::ServerOptions options;
    options.host = "192.0.2.1"; // RFC 5737: for documentation, nobody's
    TestServer server(options);
    QVERIFY(server.error);
    QCOMPARE(server.error->code, base::ErrorCode::BadInput);
    QVERIFY(server.error->what.contains(QStringLiteral("192.0.2.1")));
}

void tst_ServerLoad::lackOfDescriptorsDoesNotSpin()
{
    // R9
    TestServer server;
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("cannot accept a connection for now")));
    const int spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(spare) + 1; // the highest one there is
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    std::vector<int> fillers;
    for (int filler = ::dup(spare); filler >= 0; filler = ::dup(spare))
        fillers.push_back(filler);
    ::close(spare); // the one that the peer's socket takes

    const auto cpuNs = [&] {
        qint64 ns = 0;
        server.on([&] {
            timespec time{};
            ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
            ns = time.tv_sec * base::kNsPerSecond + time.tv_nsec;
        });
        return ns;
    };
    RawPeer peer(server.port);
    QVERIFY(peer.isConnected());
    QVERIFY(peer.write(handshakeRequest()));
    const qint64 start = cpuNs();
    QCOMPARE(peer.readToEnd(nullptr, 500), RawPeer::End::StillOpen);
    const qint64 used = cpuNs() - start;
    for (const int filler : fillers)
        ::close(filler);
    ::setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY2(used < 50 * base::kNsPerMs, qPrintable(QStringLiteral("%1 ns of CPU while waiting 500 ms").arg(used)));
    QVERIFY(peer.readHead().startsWith("HTTP/1.1 101 "));
}

QTEST_GUILESS_MAIN(tst_ServerLoad)
#include "tst_server_load.moc"
