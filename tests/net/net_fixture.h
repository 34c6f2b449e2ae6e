// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/client.h"
#include "net/server.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace feedscope::tests {

/// A reactor with its thread.
class NetThread {
public:
    NetThread()
        : m_thread([this] { reactor.run(); })
    {
    }
    ~NetThread()
    {
        reactor.stop();
        m_thread.join();
    }
    net::Reactor reactor;

private:
    std::thread m_thread;
};

/// Everything an observer was told. Written on the reactor's thread, read on the test's.
class SeenLog final : public wire::WireObserver {
public:
    struct SeenFrame {
        wire::ConnectionId connection;
        wire::Role from;
        wire::Frame frame;
        bool shared;
    };
    void handshakeSeen(wire::ConnectionId, const wire::HandshakeSeen &handshake, base::Timestamp) override
    {
        const std::lock_guard lock(m_mutex);
        m_handshakes.push_back(handshake);
    }
    void frameSeen(
        wire::ConnectionId connection, const wire::ConnectionEvents::FrameSeen &seen, base::Timestamp) override
    {
        const std::lock_guard lock(m_mutex);
        m_frames.push_back({connection, seen.from, wire::toFrame(seen.frame), seen.shared != nullptr});
    }
    void ended(wire::ConnectionId, const wire::Ending &ending, base::Timestamp) override
    {
        const std::lock_guard lock(m_mutex);
        m_endings.push_back(ending);
    }

    std::vector<wire::HandshakeSeen> handshakes() const { return copy(m_handshakes); }
    std::vector<SeenFrame> frames() const { return copy(m_frames); }
    std::vector<wire::Ending> endings() const { return copy(m_endings); }

private:
    template <class T> T copy(const T &values) const
    {
        const std::lock_guard lock(m_mutex);
        return values;
    }
    mutable std::mutex m_mutex;
    std::vector<wire::HandshakeSeen> m_handshakes;
    std::vector<SeenFrame> m_frames;
    std::vector<wire::Ending> m_endings;
};

/// Sends every message back, and "bye" as a close 1000.
class EchoApplication final : public net::Application {
public:
    void opened(net::SessionId session, const wire::HttpRequest &request, const QByteArray &) override
    {
        const std::lock_guard lock(m_mutex);
        m_sessions.push_back(session);
        m_paths.push_back(request.path());
        if (greeting.isEmpty())
            return;
        server->send(session, wire::Opcode::Text, greeting);
    }
    void messageReceived(net::SessionId session, const wire::MessageView &message, base::Timestamp) override
    {
        if (message.payload == QByteArrayView("bye"))
            server->close(session, wire::NormalClosure, "as asked");
        else
            server->send(session, message.opcode, message.payload);
    }
    void closed(net::SessionId, const wire::Ending &ending) override
    {
        const std::lock_guard lock(m_mutex);
        m_endings.push_back(ending);
    }
    wire::HttpResponse answer(const wire::HttpRequest &request) override
    {
        wire::HttpResponse response;
        response.status = 200;
        response.headers.append("Content-Type", "text/plain");
        response.body = "you asked for " + request.path() + '\n';
        return response;
    }

    std::vector<net::SessionId> sessions() const
    {
        const std::lock_guard lock(m_mutex);
        return m_sessions;
    }
    std::vector<QByteArray> paths() const
    {
        const std::lock_guard lock(m_mutex);
        return m_paths;
    }
    std::vector<wire::Ending> endings() const
    {
        const std::lock_guard lock(m_mutex);
        return m_endings;
    }

    net::Server *server = nullptr;
    QByteArray greeting;

private:
    mutable std::mutex m_mutex;
    std::vector<net::SessionId> m_sessions;
    std::vector<QByteArray> m_paths;
    std::vector<wire::Ending> m_endings;
};

/// An echo server on a thread of its own.
class TestServer {
public:
    explicit TestServer(net::ServerOptions options = {}, const QByteArray &greeting = {})
    {
        application.greeting = greeting;
        on([&] {
            m_server =
                std::make_unique<net::Server>(thread.reactor, options, application, log, [this] { return ++m_lastId; });
            application.server = m_server.get();
            const auto listening = m_server->listen();
            if (listening)
                port = *listening;
            else
                error = listening.error();
        });
    }
    ~TestServer() { destroyServer(); }

    void destroyServer()
    {
        on([&] { m_server.reset(); });
    }
    /// Runs `work` on the reactor's thread.
    template <class Work> void on(Work work) { thread.reactor.runSync(work); }
    net::Server &server() { return *m_server; } ///< inside on() only
    net::ServerStatus status()
    {
        net::ServerStatus status;
        on([&] { status = m_server->status(); });
        return status;
    }
    std::vector<net::SessionStatus> sessions()
    {
        std::vector<net::SessionStatus> sessions;
        on([&] { sessions = m_server->sessions(); });
        return sessions;
    }

    SeenLog log;
    EchoApplication application;
    NetThread thread;
    quint16 port = 0;
    std::optional<base::Error> error;

private:
    std::unique_ptr<net::Server> m_server;
    std::atomic<wire::ConnectionId> m_lastId = 0;
};

} // namespace feedscope::tests
