// SPDX-License-Identifier: GPL-3.0-or-later
#include "dissect/inert.h"

namespace feedscope::dissect {

namespace {

/// Characters that show nothing themselves and change how their neighbours are shown or read.
bool isInvisible(char32_t c)
{
    return c == 0x00ad || c == 0x061c || c == 0x180e || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb)
        || (c >= 0xe0000 && c <= 0xe0fff);
}

} // namespace

QString inertText(QByteArrayView utf8, qsizetype most)
{
    // No character takes more than four bytes, so that this is enough to see whether something was cut.
    const QString text = QString::fromUtf8(utf8.first(qMin(utf8.size(), 4 * (most + 1))));
    QString out;
    qsizetype shown = 0;
    for (qsizetype i = 0; i < text.size(); ++i, ++shown) {
        if (shown == most)
            return out + QChar(0x2026);
        char32_t c = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size()) {
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
            ++i;
        }
        if (c < 0x20)
            out += QChar(static_cast<char16_t>(0x2400 + c));
        else if (c == 0x7f)
            out += QChar(0x2421);
        else if ((c >= 0x80 && c < 0xa0) || isInvisible(c))
            out += QStringLiteral("\u27e8U+%1\u27e9").arg(static_cast<uint>(c), 4, 16, QLatin1Char('0')).toUpper();
        else
            out += QString::fromUcs4(&c, 1);
    }
    return out;
}

} // namespace feedscope::dissect
