// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/input.h"
#include "wire/connection.h"
#include "wire/utf8.h"

#include <vector>

using namespace feedscope;

namespace {

class ZeroMasks final : public wire::MaskSource {
public:
    wire::MaskingKey next() override { return {1, 2, 3, 4}; }
};

/// An owner that calls back in all the places where it may, as the fuzzer says, and checks the promises of
/// ConnectionEvents.
class Owner final : public wire::ConnectionEvents {
public:
    wire::Connection *connection = nullptr;
    quint8 habits = 0;
    base::Timestamp now;
    QByteArray written;
    quint64 sentOffset = 0;
    bool seenOwn = false;
    int endings = 0;

    void frameSeen(const FrameSeen &seen, base::Timestamp) override
    {
        fuzz::require(endings == 0);
        if (connection && seen.from == connection->role()) {
            fuzz::require(!seenOwn && seen.frame.violations.isEmpty());
            fuzz::require(seen.frame.wireOffset == sentOffset);
            sentOffset += seen.frame.header.size() + seen.frame.header.length;
            seenOwn = true;
        }
    }
    void messageReceived(const wire::MessageView &message, base::Timestamp) override
    {
        fuzz::require(endings == 0);
        fuzz::require(message.opcode != wire::Opcode::Text || wire::isValidUtf8(message.payload));
        fuzz::require(message.payload.size() <= 300);
        if (habits & 1)
            connection->sendMessage(message.opcode, message.payload, now);
        if (habits & 2)
            connection->ping("ping", now);
        if (habits & 4)
            connection->close(quint16(4000), "enough", now);
        if (habits & 8)
            connection->abort(wire::TransportEnd::LocalAbort, {}, now);
        fuzz::require(message.opcode != wire::Opcode::Text || wire::isValidUtf8(message.payload)); // still there
    }
    void write(const QByteArray &bytes) override
    {
        fuzz::require(endings == 0 && seenOwn); // each write was seen before
        seenOwn = false;
        written += bytes;
        if ((habits & 16) && written.size() > 200)
            connection->close(quint16(1013), "slow", now);
        if ((habits & 32) && written.size() > 300)
            connection->abort(wire::TransportEnd::LocalAbort, {}, now);
    }
    void ended(const wire::Ending &ending, bool, base::Timestamp) override
    {
        ++endings;
        fuzz::require(!ending.clean || (ending.closeSent && ending.closeReceived));
        fuzz::require(ending.clean || ending.code == wire::AbnormalClosure);
        fuzz::require(!ending.sentCode || wire::isValidOnWire(*ending.sentCode));
        fuzz::require(!connection->sendMessage(wire::Opcode::Binary, "late", now));
    }
};

} // namespace

/// Peers, owners and clocks that do what they like: the connection ends at most once and writes only valid frames.
extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    fuzz::Input input(data, size);
    const wire::Role role = input.byte() & 1 ? wire::Role::Client : wire::Role::Server;
    wire::Limits limits;
    limits.messageBytes = 300;
    limits.fragments = 8;
    ZeroMasks masks;
    Owner owner;
    owner.habits = input.byte();
    wire::Connection connection(role, limits, owner, &masks, {});
    owner.connection = &connection;

    while (!input.rest().isEmpty()) {
        const quint8 command = input.byte();
        owner.now.monoNs += (command & 7) * base::kNsPerSecond;
        switch (command >> 5) {
        case 0:
            connection.sendMessage(wire::Opcode::Binary, "hello", owner.now);
            break;
        case 1:
            if (const auto deadline = connection.nextDeadlineNs())
                owner.now.monoNs = qMax(owner.now.monoNs, *deadline);
            connection.deadlineReached(owner.now);
            break;
        case 2:
            if ((command & 31) == 31)
                connection.transportEnded(wire::TransportEnd::PeerFin, {}, owner.now);
            else if ((command & 31) == 30)
                connection.close(std::nullopt, {}, owner.now);
            break;
        default: {
            const QByteArrayView part = input.take(command & 63);
            std::vector<char> chunk(part.begin(), part.end());
            connection.receive(chunk, owner.now);
        }
        }
    }
    connection.transportEnded(wire::TransportEnd::PeerReset, {}, owner.now);
    fuzz::require(owner.endings == 1);
    fuzz::require(connection.state() == wire::Connection::State::Closed && !connection.nextDeadlineNs());

    wire::FrameDecoder decoder({role, false});
    decoder.feed({owner.written.data(), static_cast<size_t>(owner.written.size())});
    bool closed = false;
    while (const auto frame = decoder.next()) {
        fuzz::require(frame->violations.isEmpty() && !closed);
        closed = frame->header.opcode == wire::Opcode::Close;
    }
    fuzz::require(!decoder.takeUnfinished());
    return 0;
}
