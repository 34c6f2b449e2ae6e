// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_reader.h"
#include "ui/inspector/frame_highlight.h"
#include "ui/models/frame_anatomy.h"

#include <QWidget>

class QStackedWidget;

namespace feedscope::ui {

class BitsView;
class FieldList;
class FlatTabs;
class HexView;
class MessageView;
class PayloadView;
class RichText;

/// Everything about the selected record. Only the tab that is shown is filled.
class FrameDetail final : public QWidget {
    Q_OBJECT
public:
    enum class Tab : quint8 { Bits, Fields, Hex, Text, Decoded, Message, Violations };

    explicit FrameDetail(QWidget *parent = nullptr);

    void setReader(const capture::CaptureReader *reader);
    void showRecord(std::optional<quint64> row);
    std::optional<quint64> shownRecord() const { return m_row; }
    void setTab(Tab tab);
    Tab tab() const;
    const FrameAnatomy &anatomy() const { return m_anatomy; }
    FrameHighlight *highlight() { return m_highlight; }
    BitsView *bits() { return m_bits; }
    MessageView *message() { return m_message; }
    PayloadView *text() { return m_text; }
    PayloadView *decoded() { return m_decoded; }
    RichText *violations() { return m_violations; }

signals:
    void recordWanted(quint64 row); ///< another frame of the message was chosen

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill();
    void write();

    const capture::CaptureReader *m_reader = nullptr;
    std::optional<quint64> m_row;
    FrameAnatomy m_anatomy;
    FrameHighlight *m_highlight;
    QStackedWidget *m_stack;
    RichText *m_words; // nothing, a handshake or an end
    FlatTabs *m_tabs;
    BitsView *m_bits;
    FieldList *m_fields;
    HexView *m_hex;
    PayloadView *m_text;
    PayloadView *m_decoded;
    MessageView *m_message;
    RichText *m_violations;
    quint32 m_filled = 0; // one bit per tab
};

} // namespace feedscope::ui
