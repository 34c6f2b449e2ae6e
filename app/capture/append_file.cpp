// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/append_file.h"

#include <QFile>

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace feedscope::capture {

QString systemErrorText(int number)
{
    return qt_error_string(number);
}

base::Result<std::unique_ptr<AppendFile>> AppendFile::create(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat old {};
    if (::lstat(name.constData(), &old) == 0 && S_ISREG(old.st_mode))
        ::unlink(name.constData());
    const int descriptor = ::open(name.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); // payloads may be confidential
    if (descriptor < 0) {
        const int error = errno;
        return base::failure(base::ErrorCode::Io,
            QStringLiteral("The capture %1 cannot be written: %2.").arg(path, systemErrorText(error)),
            QStringLiteral("open: errno %1").arg(error));
    }
    return std::unique_ptr<AppendFile>(new AppendFile(descriptor));
}

AppendFile::~AppendFile()
{
    ::close(m_descriptor);
}

int AppendFile::append(std::span<const std::span<const char>> parts)
{
    std::array<iovec, 8> pieces;
    Q_ASSERT(parts.size() <= pieces.size());
    size_t count = 0;
    for (const std::span<const char> part : parts) {
        if (!part.empty())
            pieces[count++] = {const_cast<char *>(part.data()), part.size()}; // pwritev() only reads
    }
    quint64 end = m_size;
    for (size_t first = 0; first < count;) {
        const ssize_t written = ::pwritev(m_descriptor, &pieces[first], static_cast<int>(count - first), static_cast<off_t>(end));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            const int error = written < 0 ? errno : ENOSPC;
            // Where cutting fails too, the next attempt writes over what is left there, and readers see a torn tail until then.
            [[maybe_unused]] const int cut = ::ftruncate(m_descriptor, static_cast<off_t>(m_size));
            return error;
        }
        end += static_cast<quint64>(written);
        for (auto left = static_cast<size_t>(written); left > 0;) {
            iovec &piece = pieces[first];
            const size_t taken = qMin(left, piece.iov_len);
            piece.iov_base = static_cast<char *>(piece.iov_base) + taken;
            piece.iov_len -= taken;
            left -= taken;
            if (piece.iov_len == 0)
                ++first;
        }
    }
    m_size = end;
    return 0;
}

} // namespace feedscope::capture
