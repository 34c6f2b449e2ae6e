// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector_traffic.h"

#include "wire/frame_encoder.h"
#include "wire/handshake.h"

#include <QDeadlineTimer>
#include <QThread>

#include <cmath>

namespace feedscope::tests {

using namespace wire;

/// Both ends of one connection. What one end writes waits until deliver().
struct InspectorTraffic::Link {
    struct End final : ConnectionEvents {
        End(InspectorTraffic &traffic, ConnectionId id, bool isSeen)
            : traffic(traffic)
            , id(id)
            , isSeen(isSeen)
        {
        }
        void frameSeen(const FrameSeen &seen, base::Timestamp now) override
        {
            if (!isSeen)
                return;
            traffic.m_writer->frameSeen(id, seen, now);
            ++traffic.m_made;
        }
        void messageReceived(const MessageView &, base::Timestamp) override { }
        void write(const QByteArray &bytes) override { written += bytes; }
        void ended(const Ending &ending, bool, base::Timestamp now) override
        {
            hasEnded = true;
            if (!isSeen)
                return;
            traffic.m_writer->ended(id, ending, now);
            ++traffic.m_made;
        }

        InspectorTraffic &traffic;
        ConnectionId id;
        bool isSeen;
        bool hasEnded = false;
        QByteArray written;
    };

    Link(InspectorTraffic &traffic, ConnectionId id)
        : serverEnd(traffic, id, true)
        , clientEnd(traffic, id, false)
        , server(Role::Server, limits(), serverEnd, nullptr, traffic.m_clock.now())
        , client(Role::Client, limits(), clientEnd, &traffic.m_masks, traffic.m_clock.now())
    {
    }
    static Limits limits()
    {
        Limits limits;
        limits.pingIntervalNs = 0;
        return limits;
    }
    void deliver(base::Timestamp now)
    {
        while (!serverEnd.written.isEmpty() || !clientEnd.written.isEmpty()) {
            QByteArray toClient = std::exchange(serverEnd.written, {});
            if (!toClient.isEmpty())
                client.receive({toClient.data(), static_cast<size_t>(toClient.size())}, now);
            QByteArray toServer = std::exchange(clientEnd.written, {});
            if (!toServer.isEmpty())
                server.receive({toServer.data(), static_cast<size_t>(toServer.size())}, now);
        }
    }

    End serverEnd;
    End clientEnd;
    Connection server;
    Connection client;
};

InspectorTraffic::InspectorTraffic()
    : m_path(m_folder.filePath(QStringLiteral("traffic.fscap")))
{
    capture::CaptureWriter::Options options;
    options.path = m_path;
    options.flushIntervalMs = 1;
    auto writer = capture::CaptureWriter::create(options);
    if (!writer)
        qFatal("%s", qUtf8Printable(writer.error().what));
    m_writer = std::move(*writer);
    m_disk = std::thread([this] { m_writer->run(); });
}

InspectorTraffic::~InspectorTraffic()
{
    m_writer->stop();
    m_disk.join();
}

InspectorTraffic::Link &InspectorTraffic::link(ConnectionId id)
{
    return *m_links.at(id);
}

ConnectionId InspectorTraffic::open(const QByteArray &target, const QByteArray &subprotocol, Role localRole)
{
    const ConnectionId id = ++m_lastId;
    ClientHandshakeOptions asked;
    asked.host = "127.0.0.1:8765";
    asked.target = target;
    asked.key = "dGhlIHNhbXBsZSBub25jZQ==";
    asked.origin = "http://127.0.0.1:8765";
    if (!subprotocol.isEmpty())
        asked.subprotocols = {subprotocol, subprotocol + ".cbor"};
    const HttpRequest request = makeHandshakeRequest(asked);
    ServerHandshakeOptions offered;
    if (!subprotocol.isEmpty())
        offered.subprotocols = {subprotocol};
    const HandshakeAnswer answer = answerHandshake(request, offered);

    HandshakeSeen seen;
    seen.localRole = localRole;
    seen.local = "127.0.0.1:8765";
    seen.peer = "127.0.0.1:" + QByteArray::number(53'110 + id);
    seen.url = "ws://127.0.0.1:8765" + target;
    seen.requestBytes = request.toBytes();
    seen.requestMonoNs = m_clock.now().monoNs;
    m_clock.advance(640 * base::kNsPerUs);
    seen.responseBytes = answer.response.toBytes();
    seen.accepted = answer.accepted;
    seen.acceptOk = answer.accepted;
    seen.subprotocol = answer.subprotocol;
    m_writer->handshakeSeen(id, seen, m_clock.now());
    ++m_made;
    m_links[id] = std::make_unique<Link>(*this, id);
    return id;
}

void InspectorTraffic::refuse(const QByteArray &target, const QByteArray &origin)
{
    ClientHandshakeOptions asked;
    asked.host = "127.0.0.1:8765";
    asked.target = target;
    asked.key = "dGhlIHNhbXBsZSBub25jZQ==";
    asked.origin = origin;
    const HttpRequest request = makeHandshakeRequest(asked);
    ServerHandshakeOptions offered;
    offered.allowedOrigins = {"http://127.0.0.1:8765"};
    const HandshakeAnswer answer = answerHandshake(request, offered);
    HandshakeSeen seen;
    seen.local = "127.0.0.1:8765";
    seen.peer = "127.0.0.1:54001";
    seen.requestBytes = request.toBytes();
    seen.responseBytes = answer.response.toBytes();
    seen.accepted = answer.accepted;
    seen.violations = answer.violations;
    m_writer->handshakeSeen(++m_lastId, seen, m_clock.now());
    ++m_made;
}

void InspectorTraffic::fromClient(ConnectionId id, const QByteArray &text)
{
    link(id).client.sendMessage(Opcode::Text, text, m_clock.now());
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::fromServer(ConnectionId id, const QByteArray &text)
{
    link(id).server.sendMessage(Opcode::Text, text, m_clock.now());
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::binaryFromServer(ConnectionId id, const QByteArray &bytes)
{
    link(id).server.sendMessage(Opcode::Binary, bytes, m_clock.now());
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::pingFromServer(ConnectionId id, const QByteArray &payload, qint64 roundTripNs)
{
    link(id).server.ping(payload, m_clock.now());
    m_clock.advance(roundTripNs);
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::pingWithoutPong(ConnectionId id, const QByteArray &payload)
{
    link(id).server.ping(payload, m_clock.now());
    link(id).serverEnd.written.clear(); // lost
}

void InspectorTraffic::clientBytes(ConnectionId id, const QByteArray &bytes)
{
    QByteArray copy(bytes.constData(), bytes.size());
    link(id).server.receive({copy.data(), static_cast<size_t>(copy.size())}, m_clock.now());
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::closeByClient(ConnectionId id, quint16 code, const QByteArray &reason)
{
    link(id).client.close(code, reason, m_clock.now());
    m_clock.advance(400 * base::kNsPerUs);
    link(id).deliver(m_clock.now());
}

void InspectorTraffic::cutByPeer(ConnectionId id)
{
    link(id).server.transportEnded(TransportEnd::PeerReset, {}, m_clock.now());
}

void InspectorTraffic::playMarket(int ticks)
{
    static constexpr const char *kSymbols[] = {"AAPL", "MSFT", "NVDA", "TSLA", "AMZN"};
    const ConnectionId browser = open("/feed", "feedscope.v1");
    m_clock.advance(3 * base::kNsPerMs);
    const ConnectionId phone = open("/feed?topics=market.*", "feedscope.v1");
    m_clock.advance(2 * base::kNsPerMs);
    fromServer(browser, R"({"type":"welcome","server":"Feedscope/1.0","node":"a1","session":"7f3c","ping_interval":20})");
    m_clock.advance(800 * base::kNsPerUs);
    fromClient(browser, R"({"type":"subscribe","id":1,"topics":["market.AAPL","market.*"]})");
    fromServer(browser,
        R"({"type":"subscribed","id":1,"topics":[{"topic":"market.AAPL","epoch":"e7","offset":1234,"recovered":false}]})");
    fromClient(phone, R"({"type":"subscribe","id":1,"topics":["market.*"]})");
    refuse("/feed", "https://evil.example");
    for (int i = 0; i < ticks; ++i) {
        const double wave = 189.12 + 1.4 * std::sin(i / 23.0) + 0.3 * std::sin(i / 3.0);
        const QByteArray symbol = kSymbols[i % 5];
        const QByteArray event = R"({"type":"event","topic":"market.)" + symbol + R"(","offset":)" + QByteArray::number(1235 + i)
            + R"(,"time":1700000000.)" + QByteArray::number(100'000 + i) + R"(,"data":{"symbol":")" + symbol + R"(","price":)"
            + QByteArray::number(wave, 'f', 2) + R"(,"size":)" + QByteArray::number(100 + i % 7 * 50)
            + R"(,"side":"buy","bid":189.11,"ask":189.13,"volume":0.00100000}})";
        fromServer(browser, event);
        fromServer(phone, event);
        m_clock.advance((30 + 25 * (i % 9 == 0) + (i % 60 < 12 ? -20 : 0)) * base::kNsPerMs);
        if (i % 20 == 10) {
            pingFromServer(browser, "hb" + QByteArray::number(i), (600 + (i * 37) % 700 + (i % 100 == 50 ? 4000 : 0)) * base::kNsPerUs);
            pingFromServer(phone, QByteArray::fromHex("0000000000000001"), (9 + i % 5) * base::kNsPerMs);
        }
        if (i % 70 == 35) {
            clientBytes(browser, hex("01 83 37 fa 21 3d 7f 9f 4d")); // RFC 6455 5.7: "Hel", "lo" masked
            m_clock.advance(2 * base::kNsPerMs);
            pingFromServer(browser, "between", 700 * base::kNsPerUs);
            clientBytes(browser, hex("80 82 37 fa 21 3d 5b 95"));
        }
        if (i % 50 == 25)
            binaryFromServer(phone, QByteArray::fromHex("a2646e616d65644150504c65707269636519bd38") + QByteArray(24, '\x11'));
        if (i % 90 == 45)
            clientBytes(browser, hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")); // a pong that nobody asked for
    }
    const ConnectionId faulty = open("/feed", "feedscope.v1");
    m_clock.advance(5 * base::kNsPerMs);
    clientBytes(faulty, hex("81 05 48 65 6c 6c 6f")); // not masked
    m_clock.advance(30 * base::kNsPerMs);
    fromClient(browser, "Hello");
    m_clock.advance(8 * base::kNsPerMs);
    closeByClient(browser, 1000, "bye");
    m_clock.advance(20 * base::kNsPerMs);
    pingWithoutPong(phone, "last");
}

std::unique_ptr<capture::CaptureReader> InspectorTraffic::reader()
{
    auto reader = capture::CaptureReader::open(m_path);
    if (!reader)
        qFatal("%s", qUtf8Printable(reader.error().what));
    flushInto(**reader);
    return std::move(*reader);
}

void InspectorTraffic::flushInto(capture::CaptureReader &reader)
{
    const QDeadlineTimer deadline(10'000);
    for (reader.refresh(); reader.size() < m_made; reader.refresh()) {
        if (deadline.hasExpired())
            qFatal("the capture has %llu of %llu records", reader.size(), m_made);
        QThread::yieldCurrentThread();
    }
}

} // namespace feedscope::tests
