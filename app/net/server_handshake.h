// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/handshake.h"
#include "wire/observer.h"

namespace feedscope::net {

/// What a server does with the first bytes of a connection: the head is parsed, then answered. Knows no socket.
class ServerHandshake {
public:
    enum class Outcome : quint8 {
        Upgrade, ///< the response is a 101
        Plain, ///< an HTTP request that somebody else answers
        Refuse,
    };
    struct Answer {
        Outcome outcome = Outcome::Refuse;
        wire::HttpResponse response; ///< empty where Plain
        QByteArray subprotocol;
        QByteArray extensions;
        std::vector<wire::Violation> violations;
    };

    ServerHandshake();
    /// Takes bytes up to the end of the head and returns how many it took.
    qsizetype feed(QByteArrayView bytes) { return m_parser.feed(bytes); }
    bool hasBytes() const { return !m_parser.rawBytes().isEmpty(); }
    bool isComplete() const { return m_parser.state() != wire::HttpHeadParser::State::Incomplete; }
    const wire::HttpRequest &request() const { return m_parser.request(); }

    /// Of a complete head.
    Answer answer(const wire::ServerHandshakeOptions &options) const;
    /// Of any head, by a rule of the server's own: a limit or a timeout.
    Answer refuse(wire::Rule rule, const QString &detail) const;

    /// What an observer is told; its addresses are the caller's.
    wire::HandshakeSeen seen(const Answer &answer, const QByteArray &responseHead) const;

private:
    wire::HttpHeadParser m_parser;
};

/// A response as it is sent: it says that the connection ends with it, how long it is, and has no body where HEAD asked
/// for none.
wire::HttpResponse finished(wire::HttpResponse response, const wire::HttpRequest &request);
/// The bytes without the body.
QByteArray headBytes(wire::HttpResponse response);

} // namespace feedscope::net
