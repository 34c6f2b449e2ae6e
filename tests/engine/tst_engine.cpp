// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace feedscope;
using engine::Engine;
using engine::EngineOptions;
using engine::LinkState;

/// The parts put together, over real sockets in one process: what a window stands on. The protocol itself is tests/wire's and tests/net's.
class TestEngine : public QObject {
    Q_OBJECT
private slots:
    void init();
    void marketArrivesAndEveryFrameIsRecorded();
    void topicsFollowWhatIsWanted();
    void portInUseTakesTheNextFreeOne();
    void badAddressIsAnError();
    void refusedConnectionWaitsAndCanBeRetried();
    void foreignServerIsNotTakenForAFeed();
    void pathsAnswerPlainHttp_data();
    void pathsAnswerPlainHttp();
    void foreignOriginIsRefused();

private:
    EngineOptions options() const;
    QByteArray request(const Engine &engine, const QByteArray &head) const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

constexpr int kPatienceMs = 20'000;

engine::LinkStatus statusOf(const Engine &engine, int key)
{
    for (const auto &link : engine.connections()) {
        if (link.key == key)
            return link;
    }
    return {};
}

} // namespace

void TestEngine::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

EngineOptions TestEngine::options() const
{
    EngineOptions options;
    options.server.port = 0;
    options.server.symbols = 50;
    options.capturePath = m_folder->filePath(QStringLiteral("test.fscap"));
    return options;
}

void TestEngine::marketArrivesAndEveryFrameIsRecorded()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    const auto key = engine.connectTo(engine.serverUrl() + "feed");
    QVERIFY(key);
    engine.setTopics(*key, {"market.*", "candle.AAPL.1s", "book.AAPL", "system.*"});

    feed::FeedBatch all;
    const auto collect = [&] {
        feed::FeedBatch batch = engine.take(*key);
        all.ticks.insert(all.ticks.end(), batch.ticks.begin(), batch.ticks.end());
        all.candles.insert(all.candles.end(), batch.candles.begin(), batch.candles.end());
        all.books.insert(all.books.end(), batch.books.begin(), batch.books.end());
        all.metrics.insert(all.metrics.end(), batch.metrics.begin(), batch.metrics.end());
        all.quality.insert(all.quality.end(), batch.quality.begin(), batch.quality.end());
        all.malformed += batch.malformed;
        return all.ticks.size() > 200 && !all.candles.empty() && all.books.size() > 2 && all.metrics.size() > 4;
    };
    QTRY_VERIFY_WITH_TIMEOUT(collect(), kPatienceMs);
    QCOMPARE(all.malformed, quint64(0));
    QVERIFY2(all.quality.empty(), qPrintable(all.quality.empty() ? QString() : all.quality.front().detail));
    QVERIFY(all.candles.front().snapshot);
    QVERIFY(all.candles.front().candles.size() > 100);
    const engine::LinkStatus link = statusOf(engine, *key);
    QCOMPARE(link.state, LinkState::Open);
    QVERIFY(link.speaksFeedProtocol);
    QTRY_VERIFY_WITH_TIMEOUT(statusOf(engine, *key).rttNs.has_value(), kPatienceMs);

    // Both ends of the loopback connection are in the capture, and nothing that went by is missing.
    auto *reader = engine.reader();
    QVERIFY(reader);
    QTRY_VERIFY_WITH_TIMEOUT((reader->refresh(), reader->connections().size() == 2 && reader->frameCount() > 2 * all.ticks.size()), kPatienceMs);
    QCOMPARE(engine.recorderStatus().framesDropped, quint64(0));
    const auto &first = reader->connections().front();
    QVERIFY(first.handshake.accepted);
    QVERIFY(first.handshake.acceptOk);
    QVERIFY(first.handshake.requestBytes.startsWith("GET /feed HTTP/1.1\r\n"));
}

void TestEngine::topicsFollowWhatIsWanted()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    const auto key = engine.connectTo(engine.serverUrl() + "feed");
    QVERIFY(key);
    QStringList seen; // in order; take() empties the mailbox, so what was seen is kept here
    const auto collected = [&] {
        for (const feed::SymbolTick &tick : engine.take(*key).ticks)
            seen.append(tick.symbol);
        return seen;
    };
    engine.setTopics(*key, {"market.AAPL"});
    QTRY_VERIFY_WITH_TIMEOUT(collected().contains(QStringLiteral("AAPL")), kPatienceMs);
    engine.setTopics(*key, {"market.MSFT"});
    QTRY_VERIFY_WITH_TIMEOUT(collected().count(QStringLiteral("MSFT")) > 5, kPatienceMs);
    // The stream is ordered: from the first MSFT event on, no AAPL event can follow.
    QVERIFY(seen.lastIndexOf(QStringLiteral("AAPL")) < seen.indexOf(QStringLiteral("MSFT")));
}

void TestEngine::portInUseTakesTheNextFreeOne()
{
    QTcpServer occupant;
    QVERIFY(occupant.listen(QHostAddress::LocalHost, 0));
    EngineOptions wanted = options();
    wanted.server.port = occupant.serverPort();
    Engine engine(wanted);
    QVERIFY(engine.start().empty());
    QCOMPARE(engine.portInUse(), std::optional<quint16>(occupant.serverPort()));
    QVERIFY(engine.serverSnapshot().server.port != occupant.serverPort());
    QVERIFY(engine.isServing());

    EngineOptions strict = wanted;
    strict.nextFreePort = false;
    strict.capturePath = m_folder->filePath(QStringLiteral("strict.fscap"));
    Engine second(strict);
    const auto problems = second.start();
    QCOMPARE(problems.size(), size_t(1));
    QCOMPARE(problems.front().code, base::ErrorCode::AddressInUse);
    QVERIFY(problems.front().what.contains(QString::number(occupant.serverPort())));
    QVERIFY(problems.front().detail.toUShort() > 0);
}

void TestEngine::badAddressIsAnError()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    QVERIFY(!engine.connectTo("http://127.0.0.1/"));
    QVERIFY(!engine.connectTo("ws://"));
    QVERIFY(engine.connections().empty());
}

void TestEngine::refusedConnectionWaitsAndCanBeRetried()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    quint16 port = 0;
    {
        QTcpServer briefly;
        QVERIFY(briefly.listen(QHostAddress::LocalHost, 0));
        port = briefly.serverPort();
    }
    const auto key = engine.connectTo("ws://127.0.0.1:" + QByteArray::number(port) + "/feed");
    QVERIFY(key);
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(engine, *key).state, LinkState::Waiting, kPatienceMs);
    QVERIFY(statusOf(engine, *key).detail.contains(QString::number(port)));
    QVERIFY(statusOf(engine, *key).retryAtMonoNs > 0);
    engine.stopConnection(*key);
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(engine, *key).state, LinkState::Closed, kPatienceMs);

    QTcpServer listener;
    QVERIFY(listener.listen(QHostAddress::LocalHost, port));
    engine.retryNow(*key);
    QTRY_VERIFY_WITH_TIMEOUT(listener.hasPendingConnections(), kPatienceMs);
}

void TestEngine::foreignServerIsNotTakenForAFeed()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    const auto key = engine.connectTo(engine.serverUrl() + "chat");
    QVERIFY(key);
    engine.setTopics(*key, {"market.*"});
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(engine, *key).state, LinkState::Open, kPatienceMs);
    QVERIFY(!statusOf(engine, *key).speaksFeedProtocol);
    QCOMPARE(engine.take(*key).malformed, quint64(0));
}

QByteArray TestEngine::request(const Engine &engine, const QByteArray &head) const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, engine.serverSnapshot().server.port);
    socket.write(head);
    QByteArray answer;
    while (socket.state() != QAbstractSocket::UnconnectedState && socket.waitForReadyRead(kPatienceMs))
        answer += socket.readAll();
    return answer + socket.readAll();
}

void TestEngine::pathsAnswerPlainHttp_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("page for browsers") << QByteArray("GET / HTTP/1.1") << QByteArray("200 OK") << QByteArray("<!doctype html>");
    QTest::newRow("liveness") << QByteArray("GET /healthz HTTP/1.1") << QByteArray("200 OK") << QByteArray("ok\n");
    QTest::newRow("Prometheus") << QByteArray("GET /metrics HTTP/1.1") << QByteArray("200 OK") << QByteArray("feedscope_connections 0");
    QTest::newRow("a path that only upgrades") << QByteArray("GET /feed HTTP/1.1") << QByteArray("426 ") << QByteArray("WebSocket");
    QTest::newRow("nothing there") << QByteArray("GET /nothing HTTP/1.1") << QByteArray("404 Not Found") << QByteArray("/feed");
    QTest::newRow("another method") << QByteArray("DELETE / HTTP/1.1") << QByteArray("405 ") << QByteArray("GET");
}

void TestEngine::pathsAnswerPlainHttp()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, body);
    Engine engine(options());
    QVERIFY(engine.start().empty());
    const QByteArray answer = this->request(engine, request + "\r\nHost: 127.0.0.1\r\n\r\n");
    QVERIFY2(answer.startsWith("HTTP/1.1 " + status), answer.constData());
    QVERIFY2(answer.contains(body), answer.constData());
}

void TestEngine::foreignOriginIsRefused()
{
    Engine engine(options());
    QVERIFY(engine.start().empty());
    const QByteArray port = QByteArray::number(engine.serverSnapshot().server.port);
    const auto handshake = [&](const QByteArray &host, const QByteArray &origin) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port.toUShort());
        socket.write("GET /feed HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        socket.waitForReadyRead(kPatienceMs);
        return socket.readAll().sliced(9, 3);
    };
    QCOMPARE(handshake("127.0.0.1:" + port, "http://127.0.0.1:" + port), QByteArray("101"));
    QCOMPARE(handshake("127.0.0.1:" + port, "https://evil.example"), QByteArray("403"));
    QCOMPARE(handshake("127.0.0.1:" + port, "null"), QByteArray("403"));
    QCOMPARE(handshake("attacker.test:" + port, "http://127.0.0.1:" + port), QByteArray("403"));
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
