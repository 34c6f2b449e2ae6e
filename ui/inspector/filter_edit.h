// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

class QCompleter;
class QStandardItemModel;

namespace feedscope::ui {

/// One line of the filter language: completes field names, underlines from the column where the text stops making sense, and remembers what was
/// entered (Up and Down). Compiles nothing itself.
class FilterEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit FilterEdit(QWidget *parent = nullptr);

    /// Field names with a line each, for completion.
    void setFields(const std::vector<std::pair<QString, QString>> &fields);
    void setError(int column, const QString &what); ///< column 1-based
    void clearError();
    int errorColumn() const { return m_errorColumn; } ///< 0: none
    QString errorText() const { return m_errorText; }
    QRect errorRect() const; ///< the underlined part
    /// Shown inside the field at its right end: what the filter found.
    void setNote(const QString &note, bool isError);
    QString note() const { return m_note; }

    QStringList history() const { return m_history; }
    void setHistory(const QStringList &history);
    void remember(const QString &text); ///< newest first, without doubles

    QCompleter *fieldCompleter() const { return m_completer; }

signals:
    void committed(const QString &text); ///< Enter
    void left(); ///< Esc or Down from an empty history: back to the list

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    void complete();
    void insertCompletion(const QString &field);
    int wordStart() const;
    void updateMargins();

    QCompleter *m_completer;
    QStandardItemModel *m_fields;
    int m_errorColumn = 0;
    QString m_errorText;
    QString m_note;
    bool m_noteIsError = false;
    QStringList m_history;
    int m_historyAt = -1; // -1: what is being typed
    QString m_typed;
};

} // namespace feedscope::ui
