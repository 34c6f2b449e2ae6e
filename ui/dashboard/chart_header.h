// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dashboard/figures.h"

#include <QWidget>

#include <memory>

namespace feedscope::ui {

/// What the chart shows, in large type: name, last value, change. Readable from three metres.
class ChartHeader : public QWidget {
    Q_OBJECT
public:
    struct Content {
        QString name; ///< the symbol
        QString longName; ///< "Apple"; left out where it does not fit
        QString last;
        QString change; ///< "+0.79 (0.42 %)", without the arrow
        int direction = 0;
        QString details; ///< "bid 189.11   ask 189.14   volume 12.3M"; left out where it does not fit
        bool operator==(const Content &) const = default;
    };

    explicit ChartHeader(QWidget *parent = nullptr);
    void show(const Content &content); ///< repaints only if it differs
    const Content &content() const { return m_content; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeFonts();

    Content m_content;
    QFont m_nameFont;
    std::unique_ptr<Figures> m_large;
    std::unique_ptr<Figures> m_middle;
    std::unique_ptr<Figures> m_small;
};

} // namespace feedscope::ui
