// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "feed/feed_batch.h"
#include "ui/dashboard/connection_banner.h"
#include "ui/models/market_model.h"

#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>

namespace feedscope::ui {

/// The dashboard screen: tape, watchlist, one big chart with its quality lane, book, trades and this computer. Knows no engine and no socket: it is
/// handed values, says which topics it needs, and asks for frames. apply() never repaints; displayTick(), once per display frame, repaints what
/// has changed and nothing else. GUI thread.
class DashboardPage : public QWidget {
    Q_OBJECT
public:
    explicit DashboardPage(QWidget *parent = nullptr);
    ~DashboardPage() override;

    void apply(const feed::FeedBatch &batch);
    void displayTick(qint64 nowNs); ///< wall time
    /// Empty text or Severity::None: nothing to say. Without `actions` the banner has no buttons.
    void setConnection(const QString &text, Severity severity, std::optional<BannerActions> actions = std::nullopt);
    void setServerTopics(const QStringList &topics); ///< lists its symbols before they have values
    void selectSymbol(const QString &symbol);
    void selectMetric(const QString &topic); ///< "system.cpu", as a line in the big chart
    void showMoment(qint64 wallNs); ///< leaves the live edge: the chart stands around that moment
    void clear(); ///< forgets all values; what is chosen stays
    void setReducedMotion(bool on); ///< no flashes, the tape stands still

    QStringList wantedTopics() const; ///< what topicsWanted() said last
    QString symbol() const;
    QString shownMetric() const; ///< empty: a symbol is in the chart
    bool isFollowing() const;
    bool hasCandles() const; ///< the big chart has something to show as candles
    const MarketModel &market() const;

    QByteArray saveState() const;
    bool restoreState(const QByteArray &state); ///< false: not one of ours, nothing changed
    QString suggestedFileName() const; ///< "AAPL-1s-20260711-120005.png"
    /// The chart with its quality lane and a caption (what, interval, from, to, zone), at twice the size of the screen.
    base::Result<void> exportPng(const QString &path) const;

public slots:
    void pauseView();
    void goLive();
    void focusSearch();

signals:
    void topicsWanted(const QStringList &topics); ///< the complete list
    void framesWanted(const QString &filterText);
    void symbolSelected(const QString &symbol);
    void retryRequested();
    void stopRequested();
    void exportRequested(const QString &suggestedFileName); ///< answer with exportPng()

protected:
    void focusInEvent(QFocusEvent *event) override; ///< passes it to the watchlist
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// `topic == "market.AAPL" and time >= 12:00:05 and time < 12:00:06`, in local time; an empty topic gives the times alone.
QString framesFilter(const QString &topic, qint64 fromNs, qint64 toNs);

} // namespace feedscope::ui
