// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/feed_connection.h"
#include "ui/dashboard/connection_banner.h"

#include <QColor>
#include <QPalette>

namespace feedscope::ui {

// What the window says about a connection, in Sources and in the dashboard's banner. Pure functions of a status and the time.

/// One row of Sources.
struct LinkRow {
    QString name; ///< "● local", "◐ feed.example.org": shape tells the state before colour does
    QString state; ///< "0.8 ms", "retry 3.2 s", "closed"
    QString toolTip; ///< the complete address, and why it is not open
    QColor color; ///< of the state
};
LinkRow linkRow(const engine::LinkStatus &link, const QByteArray &ownServerUrl, qint64 monoNowNs, const QPalette &palette);

/// What the page that shows this connection says; an empty text says that all is well.
struct LinkBanner {
    QString text;
    Severity severity = Severity::None;
    BannerActions actions = BannerAction::None;
};
LinkBanner linkBanner(const engine::LinkStatus &link, qint64 monoNowNs);

} // namespace feedscope::ui
