// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;
class QToolButton;

namespace feedscope::ui {

/// One line across the page that says something once and goes when it is dismissed: what is being seen at the first start, a port that was taken, a
/// file that could not be opened. Never a dialog. The newest notice is on top; the one before comes back when it is dismissed, so none is lost.
class NoticeBar : public QWidget {
    Q_OBJECT
public:
    enum class Severity : quint8 { Info, Warning, Error };

    explicit NoticeBar(QWidget *parent = nullptr);
    /// `key` names the notice to the signals; one with the same key or text is replaced. `action` may be empty.
    void show(Severity severity, const QString &text, const QString &key = {}, const QString &action = {});
    QString text() const; ///< empty: no notice
    int waiting() const; ///< notices under the one that is shown

signals:
    void actionTriggered(const QString &key);
    void dismissed(const QString &key);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void present();
    void dismiss();

    struct Notice {
        Severity severity = Severity::Info;
        QString text;
        QString key;
        QString action;
    };
    std::vector<Notice> m_notices; // the newest last
    QLabel *m_text;
    QLabel *m_more;
    QPushButton *m_action;
};

} // namespace feedscope::ui
