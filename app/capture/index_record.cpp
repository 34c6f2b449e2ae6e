// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/index_record.h"

#include "capture/checksum.h"

#include <cstring>

namespace feedscope::capture {

namespace {

template <class T> quint32 crcBeforeLastField(const T &value)
{
    return checksum(QByteArrayView(reinterpret_cast<const char *>(&value), sizeof(T) - sizeof(quint32)));
}

} // namespace

quint32 checksumOf(const IndexRecord &record)
{
    return crcBeforeLastField(record);
}

quint32 checksumOf(const FileHeader &header)
{
    return crcBeforeLastField(header);
}

quint32 checksumOf(const ChunkHeader &header)
{
    return crcBeforeLastField(header);
}

bool isWhole(const FileHeader &header)
{
    return header.magic == kFileMagic && header.crc == checksumOf(header) && header.headerBytes >= sizeof(FileHeader)
        && header.headerBytes % kChunkAlignment == 0;
}

bool isWhole(const ChunkHeader &header, quint64 fileId)
{
    if (header.magic != kChunkMagic || header.fileId != fileId || header.crc != checksumOf(header))
        return false;
    return header.payloadBytes <= header.chunkBytes && header.eventCount <= header.recordCount
        && header.bytesUsed() <= header.chunkBytes && header.chunkBytes - header.bytesUsed() < kChunkAlignment
        && header.chunkBytes % kChunkAlignment == 0;
}

quint64 fileIdOf(const FileHeader &header)
{
    quint64 id = 0;
    std::memcpy(&id, header.id.data(), sizeof id);
    return id;
}

IndexRecord toIndexRecord(const Record &record)
{
    IndexRecord raw;
    const wire::FrameHeader &header = record.header;
    const auto set = [&raw](bool on, quint32 flag) { raw.flags |= on ? flag : 0; };
    raw.flags = static_cast<quint32>(record.kind) << IndexRecord::KindShift;
    set(record.from == wire::Role::Server, IndexRecord::FromServer);
    raw.connection = record.connection;
    raw.storedLength = record.storedLength;
    if (record.kind != RecordKind::Frame)
        return raw;
    raw.flags |= static_cast<quint32>(header.opcode) & IndexRecord::OpcodeMask;
    set(header.fin, IndexRecord::Fin);
    set(header.rsv1, IndexRecord::Rsv1);
    set(header.rsv2, IndexRecord::Rsv2);
    set(header.rsv3, IndexRecord::Rsv3);
    set(header.masked, IndexRecord::Masked);
    set(!record.complete, IndexRecord::Incomplete);
    set(record.textMessage, IndexRecord::TextMessage);
    set(record.rttNs.has_value(), IndexRecord::HasRtt);
    raw.flags |= (header.extendedLengthBytes == 8 ? 2u : header.extendedLengthBytes == 2 ? 1u : 0u) << IndexRecord::ExtendedShift;
    raw.length = header.length;
    raw.wireOffset = record.wireOffset;
    raw.messageOrRtt = record.rttNs ? static_cast<quint64>(*record.rttNs) : record.message;
    raw.violations = record.violations.bits();
    raw.maskingKey = header.maskingKey;
    return raw;
}

} // namespace feedscope::capture
