// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/heartbeat_log.h"

#include <QWidget>

namespace feedscope::ui {

/// Round-trip times of one connection, one stroke each, the newest on the right; dots where a pong is still missing.
class RttSparkline final : public QWidget {
    Q_OBJECT
public:
    explicit RttSparkline(QWidget *parent = nullptr);

    void setRtts(std::vector<Heartbeats::Rtt> rtts, quint64 missing); ///< oldest first
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Heartbeats::Rtt> m_rtts;
    quint64 m_missing = 0;
};

} // namespace feedscope::ui
