// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/client.h"
#include "net/stream.h"

#include <asio/steady_timer.hpp>

namespace feedscope::net {

/// One TCP connection of a client: request, answer, WebSocket, end. Shared with the handlers in flight, so that a close
/// frame still gets out after its Client is gone; it tells nobody anything then.
class ClientSession final : public Stream, private wire::ConnectionEvents {
public:
    ClientSession(Reactor &reactor, asio::ip::tcp::socket socket, const ClientOptions &options, wire::ConnectionId id,
        ClientEvents &events, wire::WireObserver &observer);
    ~ClientSession() override;

    /// `deadlineNs`: until when the handshake has to be done.
    void start(qint64 deadlineNs);
    /// No event comes any more. What has not ended is cut; the observer is told.
    void detach();
    /// Gives up before it is open.
    void giveUp();

    bool isOpen() const;
    bool send(wire::Opcode opcode, QByteArrayView payload);
    void ping(QByteArrayView payload);
    void close(quint16 code, const QByteArray &reason);

private:
    void bytesReceived(std::span<char> bytes, base::Timestamp now) override;
    void streamEnded(wire::TransportEnd end, const QString &detail, base::Timestamp now) override;
    void left() override;

    void frameSeen(const FrameSeen &seen, base::Timestamp now) override;
    void messageReceived(const wire::MessageView &message, base::Timestamp now) override;
    void write(const QByteArray &bytes) override;
    void ended(const wire::Ending &ending, bool abort, base::Timestamp now) override;

    qsizetype takeHead(QByteArrayView bytes);
    void judgeHead(base::Timestamp now);
    void takeRefusal(QByteArrayView bytes);
    void refused();
    void open(base::Timestamp now);
    void fail(base::ErrorCode code, const QString &what, const QString &detail = {});
    void failUnanswered(base::ErrorCode code, const QString &what, base::Timestamp now);
    void reportHandshake(bool accepted, std::vector<wire::Violation> violations, base::Timestamp now);
    void deliverRoundTrips();
    void deadlineReached();
    void followDeadline();
    void wakeAt(qint64 monoNs);

    enum class Stage : quint8 { Handshake, Refusal, WebSocket, Over };

    const ClientOptions m_options;
    const wire::ConnectionId m_id;
    ClientEvents *m_events; // null: nobody wants to know
    wire::WireObserver *m_observer;
    asio::steady_timer m_timer;
    qint64 m_wakeNs = 0; // what the timer is set to
    qint64 m_deadlineNs = 0; // of the handshake, of reading a refusal, of leaving
    qint64 m_requestNs = 0;
    Stage m_stage = Stage::Handshake;
    wire::HttpRequest m_request;
    std::unique_ptr<wire::HttpHeadParser> m_parser; // until the answer is judged
    int m_interimAnswers = 0;
    QByteArray m_refusalBody;
    std::optional<wire::Connection> m_connection;
    std::vector<qint64> m_roundTrips; // not delivered yet
};

} // namespace feedscope::net
