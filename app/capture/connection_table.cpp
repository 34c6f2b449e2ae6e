// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/connection_table.h"

#include <bit>

namespace feedscope::capture {

namespace {

enum EntryFlag : quint8 { HasHandshake = 1, HasEnd = 2, HasRtt = 4, HasFrames = 8 };

constexpr quint64 zigzag(qint64 value)
{
    return static_cast<quint64>(value) << 1 ^ static_cast<quint64>(value >> 63);
}
constexpr qint64 unzigzag(quint64 value)
{
    return static_cast<qint64>(value >> 1) ^ -static_cast<qint64>(value & 1);
}

void putNumber(QByteArray &bytes, quint64 value)
{
    for (; value >= 0x80; value >>= 7)
        bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
}

/// Reads numbers; once one does not fit, everything after it is 0 and `failed` says so.
struct NumberReader {
    QByteArrayView bytes;
    qsizetype at = 0;
    bool failed = false;

    quint64 number()
    {
        quint64 value = 0;
        for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
            const auto byte = static_cast<quint8>(bytes[at++]);
            value |= quint64(byte & 0x7f) << shift;
            if (!(byte & 0x80))
                return value;
        }
        failed = true;
        at = bytes.size();
        return 0;
    }
    quint32 number32()
    {
        const quint64 value = number();
        failed = failed || value > 0xffffffffu;
        return static_cast<quint32>(value);
    }
    qint64 signedNumber() { return unzigzag(number()); }
};

/// Connection to position in the table, for one chunk. Open addressing: with ten thousand connections in every chunk, a node per
/// connection would cost more than everything else that is done for a record.
class Places {
public:
    explicit Places(size_t most)
        : m_slots(std::bit_ceil(2 * most + 2), 0)
        , m_shift(64 - std::countr_zero(m_slots.size()))
    {
    }
    /// The place of `id`, or `next` where it is new.
    quint32 findOrInsert(wire::ConnectionId id, quint32 next, const std::vector<ConnectionDelta> &deltas)
    {
        for (size_t at = id * 0x9e37'79b9'7f4a'7c15 >> m_shift;; at = (at + 1) & (m_slots.size() - 1)) {
            quint32 &slot = m_slots[at];
            if (slot == 0)
                slot = next + 1;
            if (slot == next + 1 || deltas[slot - 1].id == id)
                return slot - 1;
        }
    }

private:
    std::vector<quint32> m_slots; // 0: empty
    int m_shift;
};

} // namespace

std::vector<ConnectionDelta> tallyConnections(std::span<const IndexRecord> records)
{
    std::vector<ConnectionDelta> deltas;
    Places places(records.size());
    size_t last = 0;
    for (size_t i = 0; i < records.size(); ++i) {
        const IndexRecord &record = records[i];
        if (deltas.empty() || deltas[last].id != record.connection) {
            last = places.findOrInsert(record.connection, static_cast<quint32>(deltas.size()), deltas);
            if (last == deltas.size()) {
                deltas.emplace_back();
                deltas.back().id = record.connection;
                deltas.back().firstIndex = static_cast<quint32>(i);
            }
        }
        ConnectionDelta &delta = deltas[last];
        switch (record.kind()) {
        case RecordKind::Frame:
            (record.flags & IndexRecord::FromServer ? delta.framesFromServer : delta.framesFromClient) += 1;
            (record.flags & IndexRecord::FromServer ? delta.bytesFromServer : delta.bytesFromClient) += record.wireLength();
            if (record.flags & IndexRecord::HasRtt)
                delta.lastRttNs = static_cast<qint64>(record.messageOrRtt);
            delta.lastMonoDelta = record.monoDelta;
            delta.lastWallDrift = record.wallDrift;
            break;
        case RecordKind::Handshake:
            delta.handshakeIndex = static_cast<quint32>(i);
            break;
        case RecordKind::End:
            delta.endIndex = static_cast<quint32>(i);
            break;
        }
    }
    return deltas;
}

QByteArray encodeConnections(const std::vector<ConnectionDelta> &deltas)
{
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(deltas.size()) * 20);
    qint64 before = 0;
    for (const ConnectionDelta &delta : deltas) {
        const bool hasFrames = delta.framesFromClient || delta.framesFromServer;
        putNumber(bytes, zigzag(qint64(delta.id) - before));
        before = delta.id;
        bytes += static_cast<char>((delta.handshakeIndex ? HasHandshake : 0) | (delta.endIndex ? HasEnd : 0)
            | (delta.lastRttNs ? HasRtt : 0) | (hasFrames ? HasFrames : 0));
        putNumber(bytes, delta.firstIndex);
        if (delta.handshakeIndex)
            putNumber(bytes, *delta.handshakeIndex);
        if (delta.endIndex)
            putNumber(bytes, *delta.endIndex);
        if (hasFrames) {
            putNumber(bytes, delta.framesFromClient);
            putNumber(bytes, delta.framesFromServer);
            putNumber(bytes, delta.bytesFromClient);
            putNumber(bytes, delta.bytesFromServer);
            putNumber(bytes, zigzag(delta.lastMonoDelta));
            putNumber(bytes, zigzag(delta.lastWallDrift));
        }
        if (delta.lastRttNs)
            putNumber(bytes, zigzag(*delta.lastRttNs));
    }
    return bytes;
}

std::optional<std::vector<ConnectionDelta>> decodeConnections(QByteArrayView bytes, quint32 count)
{
    if (count > static_cast<quint64>(bytes.size()) / 3) // an entry has at least three bytes
        return std::nullopt;
    std::vector<ConnectionDelta> deltas;
    deltas.reserve(count);
    NumberReader in {bytes};
    qint64 before = 0;
    for (quint32 i = 0; i < count; ++i) {
        ConnectionDelta delta;
        before += in.signedNumber();
        if (before < 0 || before > 0xffffffffLL)
            return std::nullopt;
        delta.id = static_cast<wire::ConnectionId>(before);
        const auto flags = in.number();
        delta.firstIndex = in.number32();
        if (flags & HasHandshake)
            delta.handshakeIndex = in.number32();
        if (flags & HasEnd)
            delta.endIndex = in.number32();
        if (flags & HasFrames) {
            delta.framesFromClient = in.number();
            delta.framesFromServer = in.number();
            delta.bytesFromClient = in.number();
            delta.bytesFromServer = in.number();
            delta.lastMonoDelta = static_cast<qint32>(in.signedNumber());
            delta.lastWallDrift = static_cast<qint32>(in.signedNumber());
        }
        if (flags & HasRtt)
            delta.lastRttNs = in.signedNumber();
        if (in.failed)
            return std::nullopt;
        deltas.push_back(delta);
    }
    return deltas;
}

} // namespace feedscope::capture
