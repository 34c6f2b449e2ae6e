// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/theme.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolTip>

namespace feedscope::ui {

namespace {

bool g_desktopIsDark = true; // read once, before our own palette hides it

/// Fusion, with the one border between two panels where it would draw a grip, and with the edge of an input field that both themes show.
class HouseStyle final : public QProxyStyle {
public:
    HouseStyle()
        : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
    {
    }
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        if (element == CE_Splitter)
            painter->fillRect(option->rect, colorsFor(option->palette).border);
        else
            QProxyStyle::drawControl(element, option, painter, widget);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        if (element != PE_FrameLineEdit) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        // Fusion derives this line from the window's colour; on a dark one it cannot be seen.
        const Colors &colors = colorsFor(option->palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(option->state.testFlag(State_HasFocus) ? colors.accent : colors.border);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter->restore();
    }
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        return metric == PM_SplitterWidth ? 1 : QProxyStyle::pixelMetric(metric, option, widget);
    }
};

} // namespace

void prepareTheme()
{
    g_desktopIsDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    QApplication::setStyle(new HouseStyle); // the application owns it
    QApplication::setFont(wordFont());
}

void applyTheme(Theme theme)
{
    const bool dark = theme == Theme::Dark || (theme == Theme::System && g_desktopIsDark);
    const QPalette palette = dark ? darkPalette() : lightPalette();
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

Theme themeFromName(const QString &name)
{
    if (name == QLatin1String("dark"))
        return Theme::Dark;
    return name == QLatin1String("light") ? Theme::Light : Theme::System;
}

QString themeName(Theme theme)
{
    switch (theme) {
    case Theme::Dark:
        return QStringLiteral("dark");
    case Theme::Light:
        return QStringLiteral("light");
    case Theme::System:
        break;
    }
    return QStringLiteral("system");
}

} // namespace feedscope::ui
