// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

class QStringListModel;

namespace feedscope::ui {

/// The one field at the top: connects to a URL, opens a file, finds a symbol or topic, or filters frames. It decides which by what was typed and says
/// so; it does none of it.
class AddressField : public QLineEdit {
    Q_OBJECT
public:
    enum class Kind : quint8 { Empty, Url, File, Symbol, Topic, Filter };
    explicit AddressField(QWidget *parent = nullptr);

    void setSymbols(const QStringList &symbols);
    void setTopics(const QStringList &topics);
    Kind kindOf(const QString &text) const;

signals:
    void urlEntered(const QString &url);
    void fileEntered(const QString &path);
    void symbolEntered(const QString &symbol);
    void topicEntered(const QString &topic);
    void filterEntered(const QString &filter);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override; ///< the shortcut, while there is nothing else to see

private:
    void enter();
    void updateCompletions();

    QStringList m_symbols;
    QStringList m_topics;
    QStringListModel *m_completions;
};

} // namespace feedscope::ui
