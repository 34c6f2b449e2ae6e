// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace feedscope::ui {

/// One line across the page that says something once and goes when it is dismissed: what is being seen at the first start, a port that was taken, a
/// file that could not be opened. Never a dialog. The newest notice replaces the one before unless that is more severe.
class NoticeBar : public QWidget {
    Q_OBJECT
public:
    enum class Severity : quint8 { Info, Warning, Error };

    explicit NoticeBar(QWidget *parent = nullptr);
    /// `key` names the notice to dismissed(); `action` may be empty.
    void show(Severity severity, const QString &text, const QString &key = {}, const QString &action = {});
    QString text() const;

signals:
    void actionTriggered(const QString &key);
    void dismissed(const QString &key);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void dismiss();

    Severity m_severity = Severity::Info;
    QString m_key;
    QLabel *m_text;
    QPushButton *m_action;
};

} // namespace feedscope::ui
