// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/market_model.h"

#include <QWidget>

namespace feedscope::ui {

QString qualityName(feed::QualityKind kind); ///< "gap"
QString qualityText(const feed::QualityMark &mark); ///< "gap 1240–1311, 72 missing (slow-client) in market.AAPL at 12:00:05.123"
/// "3 gaps (72 missing)", "1 reconnect": all that was seen since the start; empty: nothing.
QStringList qualityParts(const MarketModel &market);
QString qualitySummary(const MarketModel &market); ///< the same as one text, or "nothing missing"

/// What went wrong with the data, on the chart's time axis: gaps, order, duplicates, checksums, reconnects, staleness, drops. Marks of the shown
/// topic are full height, those of other topics low. A click, or Enter on the chosen mark, asks for the frames around it.
class QualityLane : public QWidget {
    Q_OBJECT
public:
    explicit QualityLane(const MarketModel &market, QWidget *parent = nullptr);

    void setTopicWord(const QString &word); ///< "AAPL": marks of topics with this word are the shown ones
    /// The chart's axis, in this widget's coordinates.
    void displayTick(qint64 fromNs, qint64 toNs, int left, int right);
    int visibleMarks() const { return static_cast<int>(m_drawn.size()); }
    void reset();
    bool concerns(const feed::QualityMark &mark) const;
    QColor markColor(feed::QualityKind kind) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void framesRequested(const QString &topic, qint64 fromNs, qint64 toNs);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Drawn {
        int x = 0;
        feed::QualityKind kind{};
        bool own = true;
        quint64 number = 0; // of the mark, by arrival
        bool operator==(const Drawn &) const = default;
    };
    const feed::QualityMark *mark(quint64 number) const;
    const Drawn *at(int x) const;
    void request(const Drawn &drawn);

    const MarketModel &m_market;
    QString m_word;
    std::vector<Drawn> m_drawn; // by x
    int m_left = 0;
    int m_right = 0;
    quint64 m_chosen = 0; // number + 1; 0: none
};

} // namespace feedscope::ui
