// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextBrowser>

namespace feedscope::ui {

/// Selectable words as tall as they are, for panels that scroll as a whole. Setting the same text again changes nothing, so that a selection stays.
class RichText final : public QTextBrowser {
    Q_OBJECT
public:
    explicit RichText(const QString &accessibleName, QWidget *parent = nullptr);

    void setRichText(const QString &html);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();

    QString m_html;
};

} // namespace feedscope::ui
