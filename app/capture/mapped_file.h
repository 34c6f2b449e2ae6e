// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QString>

#include <memory>
#include <utility>
#include <vector>

namespace feedscope::capture {

/// A file mapped for reading that follows it while it grows. Addresses stay valid until the end. What lies behind size() must not be touched.
class MappedFile {
public:
    static base::Result<std::unique_ptr<MappedFile>> open(const QString &path);
    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    /// Asks how large the file is now and makes that readable. False: the system would not map it (size() stays as it was).
    bool refresh();
    quint64 size() const { return m_size; }
    /// The first byte; the newest address of it.
    const char *data() const { return m_data; }
    /// Copies bytes without the mapping: safe also while somebody cuts the file. False: they are not all there.
    bool read(quint64 offset, void *to, size_t bytes) const;

private:
    explicit MappedFile(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    bool map(quint64 bytes);

    int m_descriptor;
    quint64 m_size = 0;
    const char *m_data = nullptr;
    quint64 m_mapped = 0;
    std::vector<std::pair<void *, size_t>> m_mappings; // each at least twice the one before: few
};

} // namespace feedscope::capture
