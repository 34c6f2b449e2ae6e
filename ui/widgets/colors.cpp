// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/colors.h"

namespace feedscope::ui {

namespace {

struct Pair {
    QColor up;
    QColor down;
};

Pair pairFor(UpDown upDown, bool dark)
{
    const QColor blue = dark ? QColor(0x4d, 0xa3, 0xff) : QColor(0x0b, 0x62, 0xc4);
    const QColor orange = dark ? QColor(0xff, 0x9f, 0x43) : QColor(0xb3, 0x54, 0x00);
    const QColor green = dark ? QColor(0x36, 0xc2, 0x8b) : QColor(0x0b, 0x7a, 0x4b);
    const QColor red = dark ? QColor(0xff, 0x6b, 0x6b) : QColor(0xc2, 0x24, 0x2b);
    switch (upDown) {
    case UpDown::GreenRed:
        return {green, red};
    case UpDown::RedGreen:
        return {red, green};
    case UpDown::BlueOrange:
        break;
    }
    return {blue, orange};
}

Colors makeColors(UpDown upDown, bool dark)
{
    const Pair pair = pairFor(upDown, dark);
    Colors colors;
    colors.dark = dark;
    colors.up = pair.up;
    colors.down = pair.down;
    colors.flat = dark ? QColor(0x9a, 0xa4, 0xb2) : QColor(0x5a, 0x64, 0x70);
    colors.grid = dark ? QColor(0x26, 0x2c, 0x36) : QColor(0xe4, 0xe8, 0xee);
    colors.border = dark ? QColor(0x2b, 0x32, 0x3d) : QColor(0xd3, 0xd9, 0xe1);
    colors.muted = dark ? QColor(0x97, 0xa3, 0xb4) : QColor(0x57, 0x63, 0x73);
    colors.warning = dark ? QColor(0xf2, 0xc1, 0x4e) : QColor(0x8a, 0x5a, 0x00);
    colors.error = dark ? QColor(0xff, 0x6b, 0x6b) : QColor(0xc2, 0x24, 0x2b);
    colors.good = dark ? QColor(0x36, 0xc2, 0x8b) : QColor(0x0b, 0x7a, 0x4b);
    colors.accent = dark ? QColor(0x5e, 0xb1, 0xff) : QColor(0x0b, 0x62, 0xc4);
    colors.text = dark ? QColor(0x6b, 0xb3, 0xff) : QColor(0x0b, 0x5c, 0xb8);
    colors.binary = dark ? QColor(0xc0, 0x94, 0xff) : QColor(0x6b, 0x34, 0xb8);
    colors.continuation = dark ? QColor(0x9c, 0xcb, 0xff) : QColor(0x2f, 0x6f, 0xb3);
    colors.control = dark ? QColor(0x9a, 0xa4, 0xb2) : QColor(0x5a, 0x64, 0x70);
    colors.close = dark ? QColor(0xff, 0x7b, 0x7b) : QColor(0xc2, 0x24, 0x2b);
    colors.handshake = dark ? QColor(0xf2, 0xc1, 0x4e) : QColor(0x8a, 0x5a, 0x00);
    return colors;
}

UpDown g_upDown = UpDown::BlueOrange; // a display preference of the whole window

} // namespace

void setUpDown(UpDown pair)
{
    g_upDown = pair;
}

const Colors &colorsFor(const QPalette &palette)
{
    static UpDown made = g_upDown;
    static Colors dark = makeColors(made, true);
    static Colors light = makeColors(made, false);
    if (made != g_upDown) {
        made = g_upDown;
        dark = makeColors(made, true);
        light = makeColors(made, false);
    }
    return palette.color(QPalette::Window).lightness() < 128 ? dark : light;
}

QColor opcodeColor(const Colors &colors, wire::Opcode opcode)
{
    switch (opcode) {
    case wire::Opcode::Text:
        return colors.text;
    case wire::Opcode::Binary:
        return colors.binary;
    case wire::Opcode::Continuation:
        return colors.continuation;
    case wire::Opcode::Close:
        return colors.close;
    case wire::Opcode::Ping:
    case wire::Opcode::Pong:
        return colors.control;
    default:
        return colors.error;
    }
}

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0x14, 0x18, 0x1f));
    palette.setColor(QPalette::WindowText, QColor(0xe6, 0xea, 0xf0));
    palette.setColor(QPalette::Base, QColor(0x10, 0x13, 0x19));
    palette.setColor(QPalette::AlternateBase, QColor(0x18, 0x1d, 0x25));
    palette.setColor(QPalette::Text, QColor(0xe6, 0xea, 0xf0));
    palette.setColor(QPalette::PlaceholderText, QColor(0x8a, 0x95, 0xa5));
    palette.setColor(QPalette::Button, QColor(0x1c, 0x22, 0x2b));
    palette.setColor(QPalette::ButtonText, QColor(0xe6, 0xea, 0xf0));
    palette.setColor(QPalette::BrightText, QColor(0xff, 0x6b, 0x6b));
    palette.setColor(QPalette::Highlight, QColor(0x1f, 0x5f, 0xa8));
    palette.setColor(QPalette::HighlightedText, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::Link, QColor(0x5e, 0xb1, 0xff));
    palette.setColor(QPalette::LinkVisited, QColor(0xc0, 0x94, 0xff));
    palette.setColor(QPalette::ToolTipBase, QColor(0x22, 0x29, 0x33));
    palette.setColor(QPalette::ToolTipText, QColor(0xe6, 0xea, 0xf0));
    palette.setColor(QPalette::Light, QColor(0x2b, 0x32, 0x3d));
    palette.setColor(QPalette::Midlight, QColor(0x25, 0x2b, 0x35));
    palette.setColor(QPalette::Mid, QColor(0x2b, 0x32, 0x3d));
    palette.setColor(QPalette::Dark, QColor(0x0c, 0x0f, 0x14));
    palette.setColor(QPalette::Shadow, QColor(0x06, 0x08, 0x0b));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x6c, 0x76, 0x85));
    return palette;
}

QPalette lightPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0xf5, 0xf7, 0xfa));
    palette.setColor(QPalette::WindowText, QColor(0x17, 0x1c, 0x24));
    palette.setColor(QPalette::Base, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::AlternateBase, QColor(0xf2, 0xf5, 0xf8));
    palette.setColor(QPalette::Text, QColor(0x17, 0x1c, 0x24));
    palette.setColor(QPalette::PlaceholderText, QColor(0x6a, 0x75, 0x84));
    palette.setColor(QPalette::Button, QColor(0xea, 0xee, 0xf3));
    palette.setColor(QPalette::ButtonText, QColor(0x17, 0x1c, 0x24));
    palette.setColor(QPalette::BrightText, QColor(0xc2, 0x24, 0x2b));
    palette.setColor(QPalette::Highlight, QColor(0x0b, 0x62, 0xc4));
    palette.setColor(QPalette::HighlightedText, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::Link, QColor(0x0b, 0x62, 0xc4));
    palette.setColor(QPalette::LinkVisited, QColor(0x6b, 0x34, 0xb8));
    palette.setColor(QPalette::ToolTipBase, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::ToolTipText, QColor(0x17, 0x1c, 0x24));
    palette.setColor(QPalette::Light, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::Midlight, QColor(0xe8, 0xec, 0xf1));
    palette.setColor(QPalette::Mid, QColor(0xd3, 0xd9, 0xe1));
    palette.setColor(QPalette::Dark, QColor(0xb8, 0xc0, 0xcb));
    palette.setColor(QPalette::Shadow, QColor(0x80, 0x8a, 0x98));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x95, 0x9e, 0xaa));
    return palette;
}

} // namespace feedscope::ui
