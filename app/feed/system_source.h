// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/source.h"

#include <memory>

namespace feedscope::feed {

/// This computer's real numbers, once a second, from /proc: system.cpu {"value": percent, "cores":[…]}, system.memory {"value": percent,
/// "used":…, "total":…}, system.network {"received":bytes/s,"sent":bytes/s,"value":received}, system.disk {"read":bytes/s,"written":bytes/s,
/// "value":…}, system.load {"value":…}. A number that cannot be read is left out, not guessed.
class SystemSource final : public Source {
public:
    /// `procRoot` is for tests.
    explicit SystemSource(QByteArray procRoot = "/proc");
    ~SystemSource() override;

    QByteArray name() const override;
    std::vector<QByteArray> topics() const override;
    void advance(qint64 wallNs, Publisher &publisher) override;
    qint64 nextDueNs() const override;
    std::optional<QByteArray> snapshot(const QByteArray &topic) const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::feed
