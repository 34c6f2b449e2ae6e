// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QString>

#include <memory>
#include <span>

namespace feedscope::capture {

/// A file that only grows, by whole pieces: a piece that could not be written completely is cut off again. Any one thread at a time.
class AppendFile {
public:
    /// A new file. An old one of that name is replaced, not overwritten: whoever still reads it keeps it.
    static base::Result<std::unique_ptr<AppendFile>> create(const QString &path);
    ~AppendFile();
    AppendFile(const AppendFile &) = delete;
    AppendFile &operator=(const AppendFile &) = delete;

    quint64 size() const { return m_size; }
    /// 0, or the errno that kept it from being written. At most 8 parts.
    int append(std::span<const std::span<const char>> parts);

private:
    explicit AppendFile(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor;
    quint64 m_size = 0;
};

QString systemErrorText(int number);

} // namespace feedscope::capture
