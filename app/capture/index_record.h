// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/record.h"

#include <array>
#include <bit>
#include <span>

namespace feedscope::capture {

// The layout of FORMAT.md, as structs. They are read and written as they lie in memory.
static_assert(std::endian::native == std::endian::little, "a .fscap file is little-endian; this computer needs byte swapping");

/// One record in 64 bytes: what is known without its payload. A plain view of the file; nothing in it can be trusted before its checksum was.
struct IndexRecord {
    enum Flag : quint32 {
        OpcodeMask = 0xf,
        Fin = 1u << 4,
        Rsv1 = 1u << 5,
        Rsv2 = 1u << 6,
        Rsv3 = 1u << 7,
        Masked = 1u << 8,
        FromServer = 1u << 9,
        Incomplete = 1u << 10, ///< the stream ended, or framing was lost, inside this frame
        HasRtt = 1u << 11, ///< messageOrRtt is a round-trip time
        TextMessage = 1u << 12, ///< a frame of a text message, its continuations included
        KindShift = 16, ///< two bits: RecordKind
        ExtendedShift = 18, ///< two bits: 0 none, 1 two bytes, 2 eight bytes of extended length
    };

    quint32 flags = 0;
    quint32 connection = 0;
    qint32 monoDelta = 0; ///< ns after the chunk's anchor on the monotonic clock
    qint32 wallDrift = 0; ///< ns by which (wall - monotonic) differs from the chunk's anchor
    quint64 length = 0; ///< as declared in the frame header
    quint64 wireOffset = 0;
    quint64 messageOrRtt = 0; ///< number of the message, or ns
    quint32 violations = 0; ///< frames: one bit per rule; handshakes: how many
    std::array<quint8, 4> maskingKey{};
    quint32 payloadOffset = 0; ///< in the chunk's payload area
    quint32 storedLength = 0;
    quint32 payloadCrc = 0;
    quint32 recordCrc = 0; ///< over the 60 bytes before it

    RecordKind kind() const { return static_cast<RecordKind>(flags >> KindShift & 3); }
    wire::Opcode opcode() const { return static_cast<wire::Opcode>(flags & OpcodeMask); }
    wire::Role from() const { return flags & FromServer ? wire::Role::Server : wire::Role::Client; }
    quint8 extendedLengthBytes() const
    {
        constexpr std::array<quint8, 4> bytes {0, 2, 8, 0};
        return bytes[flags >> ExtendedShift & 3];
    }
    quint8 headerSize() const { return static_cast<quint8>(2 + extendedLengthBytes() + (flags & Masked ? 4 : 0)); }
    /// Bytes of this frame that were on the wire, as far as they came.
    quint64 wireLength() const { return headerSize() + (flags & Incomplete ? storedLength : length); }
};
static_assert(sizeof(IndexRecord) == 64);

struct FileHeader {
    std::array<char, 8> magic{};
    quint16 versionMajor = 1;
    quint16 versionMinor = 0;
    quint32 headerBytes = 64;
    std::array<quint8, 16> id{}; ///< random; its first half is repeated in every chunk
    qint64 startWallNs = 0;
    qint64 startMonoNs = 0;
    std::array<quint8, 12> reserved{};
    quint32 crc = 0; ///< over the 60 bytes before it
};
static_assert(sizeof(FileHeader) == 64);
inline constexpr std::array<char, 8> kFileMagic {'F', 'S', 'C', 'A', 'P', '\r', '\n', '\x1a'};

/// Followed by recordCount index records, the event rows, the connection table, the payload area, and zeros up to a multiple of 64.
struct ChunkHeader {
    std::array<char, 8> magic{};
    quint64 fileId = 0; ///< so that a capture inside a payload is not taken for a chunk
    quint64 sequence = 0;
    quint64 chunkBytes = 0; ///< header and padding included
    quint64 firstRow = 0; ///< of the capture as written
    quint64 firstFrame = 0; ///< number of the first frame in here or after it
    qint64 anchorMonoNs = 0;
    qint64 anchorWallNs = 0;
    quint32 recordCount = 0;
    quint32 eventCount = 0; ///< records that are no frames
    quint64 payloadBytes = 0;
    quint32 connectionBytes = 0;
    quint32 connectionCount = 0;
    quint64 droppedFrames = 0; ///< since the capture began, before this chunk's first record
    quint64 droppedEvents = 0;
    quint32 contentCrc = 0; ///< over the records' recordCrc in order, and through them over index and payloads
    quint32 tablesCrc = 0; ///< over event rows and connection table
    std::array<quint8, 12> reserved{};
    quint32 crc = 0; ///< over the 124 bytes before it

    quint64 eventsOffset() const { return sizeof(ChunkHeader) + quint64(recordCount) * sizeof(IndexRecord); }
    quint64 connectionsOffset() const { return eventsOffset() + quint64(eventCount) * sizeof(quint32); }
    quint64 payloadOffset() const { return connectionsOffset() + connectionBytes; }
    quint64 bytesUsed() const { return payloadOffset() + payloadBytes; }
};
static_assert(sizeof(ChunkHeader) == 128);
inline constexpr std::array<char, 8> kChunkMagic {'F', 'S', 'C', 'H', 'U', 'N', 'K', '\x1a'};
inline constexpr quint64 kChunkAlignment = 64;

/// Records of one chunk as they lie in the file: what a filter by header fields runs over. Valid as long as the reader.
struct IndexRun {
    std::span<const IndexRecord> records;
    quint64 firstRow = 0; ///< of records[0]
    quint64 firstNo = 0; ///< number of the first frame among them
    base::Timestamp anchor;
    QByteArrayView payloads; ///< of the whole chunk

    /// Empty optional: the record points outside of its chunk.
    std::optional<QByteArrayView> payloadOf(const IndexRecord &record) const
    {
        const auto size = static_cast<quint64>(payloads.size());
        if (record.payloadOffset > size || record.storedLength > size - record.payloadOffset)
            return std::nullopt;
        return payloads.sliced(record.payloadOffset, record.storedLength);
    }
    base::Timestamp timeOf(const IndexRecord &record) const
    {
        const qint64 mono = anchor.monoNs + record.monoDelta;
        return {anchor.wallNs + record.monoDelta + record.wallDrift, mono};
    }
};

/// CRCs of the structs.
quint32 checksumOf(const IndexRecord &record);
quint32 checksumOf(const FileHeader &header);
quint32 checksumOf(const ChunkHeader &header);
/// Magic, checksum, and sizes that agree with each other.
bool isWhole(const FileHeader &header);
bool isWhole(const ChunkHeader &header, quint64 fileId);
/// The number that every chunk of a file carries.
quint64 fileIdOf(const FileHeader &header);

/// A record's header facts as they are stored, for records that are not in a file. Its times are 0 against an anchor of record.time.
IndexRecord toIndexRecord(const Record &record);

} // namespace feedscope::capture
