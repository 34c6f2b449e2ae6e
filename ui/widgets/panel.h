// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>
#include <QWidget>

namespace feedscope::ui {

/// The line on top of a panel: its title, muted, and to the right what is worth knowing about it. Takes no focus.
class PanelTitle : public QWidget {
    Q_OBJECT
public:
    explicit PanelTitle(const QString &title, QWidget *parent = nullptr);
    void setText(const QString &title); ///< repaints only when it differs
    void setDetail(const QString &detail, const QColor &color = {}); ///< repaints only when it differs
    QString detail() const { return m_detail; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_title;
    QString m_detail;
    QColor m_color;
};

/// A splitter whose handle is the one line between two panels.
class LineSplitter : public QSplitter {
    Q_OBJECT
public:
    explicit LineSplitter(Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    QSplitterHandle *createHandle() override;
};

/// A horizontal line where a splitter would be too much.
class Line : public QWidget {
    Q_OBJECT
public:
    explicit Line(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// `top` over `bottom`, opaque.
QColor blend(const QColor &bottom, const QColor &top, double share);

} // namespace feedscope::ui
