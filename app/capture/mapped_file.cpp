// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/mapped_file.h"

#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace feedscope::capture {

namespace {

constexpr quint64 kLeastMapping = 64 * 1024 * 1024; // address space, no memory

} // namespace

base::Result<std::unique_ptr<MappedFile>> MappedFile::open(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const int openError = errno;
    struct stat info {};
    if (descriptor >= 0 && (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode))) {
        ::close(descriptor);
        return base::failure(base::ErrorCode::BadInput, QStringLiteral("%1 is not a file.").arg(path));
    }
    if (descriptor < 0) {
        return base::failure(base::ErrorCode::BadInput, QStringLiteral("%1 cannot be opened: %2.").arg(path, qt_error_string(openError)),
            QStringLiteral("open: errno %1").arg(openError));
    }
    std::unique_ptr<MappedFile> file(new MappedFile(descriptor));
    if (!file->refresh()) {
        return base::failure(base::ErrorCode::Io,
            QStringLiteral("%1 cannot be mapped into memory (%2 bytes).").arg(path).arg(static_cast<qint64>(info.st_size)));
    }
    return file;
}

MappedFile::~MappedFile()
{
    for (const auto &[address, bytes] : m_mappings)
        ::munmap(address, bytes);
    ::close(m_descriptor);
}

bool MappedFile::refresh()
{
    struct stat info {};
    if (::fstat(m_descriptor, &info) != 0)
        return false;
    const auto size = static_cast<quint64>(info.st_size);
    // Twice the size, so that a growing file is mapped again only when it has doubled; where address space is scarce, just the size.
    if (size > m_mapped && !map(qMax(kLeastMapping, size * 2)) && !map(size))
        return false;
    m_size = size;
    return true;
}

bool MappedFile::map(quint64 bytes)
{
    void *const address = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, m_descriptor, 0);
    if (address == MAP_FAILED)
        return false;
    m_mappings.emplace_back(address, bytes);
    m_data = static_cast<const char *>(address);
    m_mapped = bytes;
    return true;
}

bool MappedFile::read(quint64 offset, void *to, size_t bytes) const
{
    auto *at = static_cast<char *>(to);
    while (bytes > 0) {
        const ssize_t got = ::pread(m_descriptor, at, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        offset += static_cast<quint64>(got);
        bytes -= static_cast<size_t>(got);
    }
    return true;
}

} // namespace feedscope::capture
