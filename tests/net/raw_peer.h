// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace feedscope::tests {

constexpr int kPatienceMs = 20'000; // for what must happen; nobody waits this long where it does

/// A frame without mask, read by hand so that nothing here rests on the code under test.
struct RawFrame {
    int first = 0; ///< FIN, RSV and opcode
    QByteArray payload;
    int closeCode() const; ///< -1: none
    bool operator==(const RawFrame &) const = default;
};

/// A masked frame as RFC 6455 5.2 draws it.
QByteArray masked(int first, const QByteArray &payload, quint32 key = 0x37fa213d);
QByteArray unmasked(int first, const QByteArray &payload);
/// The request of RFC 6455 1.3.
QByteArray handshakeRequest(const QByteArray &target = "/", const QByteArray &extraHeaders = {});

/// The far end of a TCP connection as a plain blocking socket, every wait with a limit. Used from the test's thread.
class RawPeer {
public:
    enum class End { Fin, Reset, StillOpen };

    explicit RawPeer(quint16 port, int receiveBufferBytes = 0); ///< connects to 127.0.0.1
    static RawPeer adopt(int descriptor);
    ~RawPeer();
    RawPeer(RawPeer &&other) noexcept;
    RawPeer(const RawPeer &) = delete;

    bool isConnected() const { return m_descriptor >= 0; }
    bool write(const QByteArray &bytes); ///< false: not everything went out
    qint64 writeWhatFits(const QByteArray &bytes);
    QByteArray read(qsizetype count);
    QByteArray readHead(); ///< up to the empty line
    std::optional<RawFrame> readFrame();
    /// Reads until the stream ends.
    End readToEnd(QByteArray *bytes = nullptr, int patienceMs = kPatienceMs);

    void finish(); ///< FIN
    void reset(); ///< RST
    void close();

    /// Handshake done: the 101 was read.
    bool upgrade(const QByteArray &target = "/");

private:
    RawPeer() = default;
    bool fill(int patienceMs = kPatienceMs);

    int m_descriptor = -1;
    int m_error = 0;
    bool m_ended = false;
    QByteArray m_buffer;
};

/// A listening socket of the test's own, on 127.0.0.1 and any port.
class RawListener {
public:
    RawListener();
    ~RawListener();
    RawListener(const RawListener &) = delete;
    quint16 port() const { return m_port; }
    RawPeer accept();

private:
    int m_descriptor = -1;
    quint16 m_port = 0;
};

} // namespace feedscope::tests
