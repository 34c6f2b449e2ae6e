// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/link_words.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QUrl>

namespace feedscope::ui {

using engine::LinkState;
using engine::LinkStatus;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LinkWords", text);
}

QString shortName(const QByteArray &url, const QByteArray &ownServerUrl)
{
    if (!ownServerUrl.isEmpty() && url.startsWith(ownServerUrl))
        return tr("local");
    const QUrl parsed(QString::fromUtf8(url));
    const QString host = parsed.host() + (parsed.port() > 0 ? QStringLiteral(":%1").arg(parsed.port()) : QString());
    return host + (parsed.path() == QLatin1String("/") ? QString() : parsed.path());
}

QString untilRetry(const LinkStatus &link, qint64 monoNowNs)
{
    return formatDuration(qMax<qint64>(0, link.retryAtMonoNs - monoNowNs));
}

} // namespace

LinkRow linkRow(const LinkStatus &link, const QByteArray &ownServerUrl, qint64 monoNowNs, const QPalette &palette)
{
    const Colors &colors = colorsFor(palette);
    LinkRow row;
    row.toolTip = QString::fromUtf8(link.url);
    row.color = colors.warning;
    QString sign = QStringLiteral("◐ ");
    switch (link.state) {
    case LinkState::Open:
        sign = QStringLiteral("● ");
        row.state = link.rttNs ? formatDuration(*link.rttNs) : tr("open");
        row.toolTip += QLatin1Char('\n') + (link.speaksFeedProtocol ? tr("open, feed protocol") : tr("open; its frames are in the inspector"));
        row.color = colors.good;
        break;
    case LinkState::Connecting:
        row.state = tr("connecting");
        break;
    case LinkState::Closing:
        row.state = tr("closing");
        break;
    case LinkState::Waiting:
        row.state = tr("retry %1").arg(untilRetry(link, monoNowNs));
        row.toolTip += QLatin1Char('\n') + link.detail;
        break;
    case LinkState::Closed:
        sign = QStringLiteral("○ ");
        row.state = tr("closed");
        row.toolTip += QLatin1Char('\n') + link.detail;
        row.color = colors.muted;
        break;
    }
    row.name = sign + shortName(link.url, ownServerUrl);
    return row;
}

LinkBanner linkBanner(const LinkStatus &link, qint64 monoNowNs)
{
    const QString url = QString::fromUtf8(link.url);
    switch (link.state) {
    case LinkState::Open:
        if (link.speaksFeedProtocol || link.messages == 0)
            return {};
        return {tr("%1 is open, but does not speak Feedscope's feed protocol: its frames are in the Inspector.").arg(url), Severity::Info};
    case LinkState::Connecting:
        return {tr("Connecting to %1 …").arg(url), Severity::Info, BannerAction::Stop};
    case LinkState::Closing:
        return {tr("Closing %1 …").arg(url), Severity::Info};
    case LinkState::Waiting:
        return {tr("Connection lost, %1; attempt %2 in %3").arg(link.detail).arg(link.attempts).arg(untilRetry(link, monoNowNs)),
            Severity::Warning, BannerAction::Retry | BannerAction::Stop};
    case LinkState::Closed:
        return {tr("Connection closed, %1").arg(link.detail), Severity::Warning, BannerAction::Retry};
    }
    return {};
}

} // namespace feedscope::ui
