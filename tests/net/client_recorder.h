// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/net_fixture.h"

#include <functional>

namespace feedscope::tests {

/// A client on a reactor's thread with everything it was told.
class ClientRecorder final : public net::ClientEvents {
public:
    ClientRecorder(net::Reactor &reactor, net::ClientOptions options)
        : m_reactor(reactor)
    {
        m_reactor.runSync([&] {
            client = std::make_unique<net::Client>(m_reactor, std::move(options), 7, *this, log);
            client->start();
        });
    }
    ClientRecorder(net::Reactor &reactor, const QByteArray &url)
        : ClientRecorder(reactor, optionsFor(url))
    {
    }
    ~ClientRecorder() override
    {
        m_reactor.runSync([&] { client.reset(); });
    }
    static net::ClientOptions optionsFor(const QByteArray &url)
    {
        net::ClientOptions options;
        options.url = net::parseWsUrl(url).value();
        return options;
    }
    static QByteArray local(quint16 port, const QByteArray &target = "/")
    {
        return "ws://127.0.0.1:" + QByteArray::number(port) + target;
    }

    bool send(wire::Opcode opcode, const QByteArray &payload)
    {
        bool sent = false;
        m_reactor.runSync([&] { sent = client->send(opcode, payload); });
        return sent;
    }
    void close(quint16 code, const QByteArray &reason)
    {
        m_reactor.runSync([&] { client->close(code, reason); });
    }
    void ping(const QByteArray &payload)
    {
        m_reactor.runSync([&] { client->ping(payload); });
    }
    void destroy()
    {
        m_reactor.runSync([&] { client.reset(); });
    }

    struct Message {
        wire::Opcode opcode;
        QByteArray payload;
        bool operator==(const Message &) const = default;
    };
    bool isOpen() const { return copy(m_opened); }
    QByteArray subprotocol() const { return copy(m_subprotocol); }
    std::vector<Message> messages() const { return copy(m_messages); }
    std::optional<wire::Ending> ending() const { return copy(m_ending); }
    std::optional<base::Error> error() const { return copy(m_error); }
    int pongs() const { return copy(m_pongs); }
    int endings() const { return copy(m_endings); }

    void opened(wire::ConnectionId, const QByteArray &subprotocol) override
    {
        write([&] {
            m_opened = true;
            m_subprotocol = subprotocol;
        });
        if (onOpened)
            onOpened();
    }
    void messageReceived(const wire::MessageView &message, base::Timestamp) override
    {
        write([&] { m_messages.push_back({message.opcode, message.payload.toByteArray()}); });
        if (onMessage)
            onMessage();
    }
    void pongReceived(qint64 rttNs) override
    {
        write([&] { m_pongs += rttNs >= 0 ? 1 : 1000; });
        client->send(wire::Opcode::Text, "allowed here");
    }
    void closed(const wire::Ending &ending) override
    {
        write([&] {
            m_ending = ending;
            ++m_endings;
        });
        if (onEnd)
            onEnd();
    }
    void failed(const base::Error &error) override
    {
        write([&] {
            m_error = error;
            ++m_endings;
        });
        if (onEnd)
            onEnd();
    }

    SeenLog log;
    std::unique_ptr<net::Client> client; // on the reactor's thread
    std::function<void()> onOpened; // set before the event can come
    std::function<void()> onMessage;
    std::function<void()> onEnd;

private:
    template <class T> T copy(const T &value) const
    {
        const std::lock_guard lock(m_mutex);
        return value;
    }
    template <class Set> void write(Set set)
    {
        const std::lock_guard lock(m_mutex);
        set();
    }

    net::Reactor &m_reactor;
    mutable std::mutex m_mutex;
    bool m_opened = false;
    QByteArray m_subprotocol;
    std::vector<Message> m_messages;
    std::optional<wire::Ending> m_ending;
    std::optional<base::Error> m_error;
    int m_pongs = 0;
    int m_endings = 0;
};

} // namespace feedscope::tests
