// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QWidget>

class QLabel;
class QPushButton;

namespace feedscope::ui {

enum class Severity : quint8 { None, Info, Warning, Error };
enum class BannerAction : quint8 { None = 0, Retry = 1, Stop = 2 };
Q_DECLARE_FLAGS(BannerActions, BannerAction)
Q_DECLARE_OPERATORS_FOR_FLAGS(BannerActions)

/// What the page says about its connection, inside the page. Hidden while there is nothing to say; its text may change each second without moving.
class ConnectionBanner : public QWidget {
    Q_OBJECT
public:
    explicit ConnectionBanner(QWidget *parent = nullptr);
    void say(const QString &text, Severity severity, BannerActions actions);
    QString text() const;

signals:
    void retryRequested();
    void stopRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_text;
    QPushButton *m_retry;
    QPushButton *m_stop;
    Severity m_severity = Severity::None;
};

} // namespace feedscope::ui
