// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace feedscope::ui {

/// A flat button of the tool row: text, or a drawn sign with an optional text; tinted while checked, outlined while focused.
class ToolChip : public QAbstractButton {
    Q_OBJECT
public:
    enum class Sign : quint8 { None, Crosshair, Pause, Live, Export, Candles, Line };

    explicit ToolChip(const QString &text, Sign sign = Sign::None, QWidget *parent = nullptr);

    void setSign(Sign sign);
    void setCompact(bool compact); ///< the sign alone; the text stays as the accessible name and tooltip
    void setTint(const QColor &color); ///< of text and sign; invalid: the palette's
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    Sign m_sign;
    QColor m_tint;
    bool m_compact = false;
};

} // namespace feedscope::ui
