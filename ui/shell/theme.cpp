// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/theme.h"

#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolTip>

namespace feedscope::ui {

namespace {

bool g_desktopIsDark = true; // read once, before our own palette hides it

/// Fusion, with the one border between two panels where it would draw a grip, input fields whose edge both themes show, and flat
/// buttons as flat as the chips of the pages.
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
        if (element == PE_FrameLineEdit)
            drawInputEdge(*option, *painter);
        else if (element == PE_PanelButtonTool && option->state.testFlag(State_AutoRaise))
            drawFlatButton(*option, *painter);
        else
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        return metric == PM_SplitterWidth ? 1 : QProxyStyle::pixelMetric(metric, option, widget);
    }

private:
    // Fusion derives this line from the window's colour; on a dark one it cannot be seen.
    static void drawInputEdge(const QStyleOption &option, QPainter &painter)
    {
        const Colors &colors = colorsFor(option.palette);
        const bool focused = option.state.testFlag(State_HasFocus);
        drawRounded(option, painter, focused ? colors.accent : blend(colors.border, colors.muted, 0.3), Qt::NoBrush);
    }
    static void drawFlatButton(const QStyleOption &option, QPainter &painter)
    {
        const QColor window = option.palette.color(QPalette::Window);
        if (option.state & (State_On | State_Sunken))
            drawRounded(option, painter, Qt::NoPen, blend(window, option.palette.color(QPalette::Highlight), 0.26));
        else if (option.state.testFlag(State_Enabled) && option.state.testFlag(State_MouseOver))
            drawRounded(option, painter, Qt::NoPen, blend(window, option.palette.color(QPalette::WindowText), 0.1));
    }
    static void drawRounded(const QStyleOption &option, QPainter &painter, const QPen &pen, const QBrush &brush)
    {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(pen);
        painter.setBrush(brush);
        painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter.restore();
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
