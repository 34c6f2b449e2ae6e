// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filter_parser.h"

#include "capture/filter_lexer.h"
#include "capture/filter_literals.h"

namespace feedscope::capture {

namespace {

using Kind = FilterToken::Kind;

constexpr int kDeepestNesting = 64;
constexpr qsizetype kLongestText = 4096;

std::optional<FilterOp> comparisonOf(Kind kind)
{
    switch (kind) {
    case Kind::Equal:
        return FilterOp::Equal;
    case Kind::NotEqual:
        return FilterOp::NotEqual;
    case Kind::Less:
        return FilterOp::Less;
    case Kind::LessEqual:
        return FilterOp::LessEqual;
    case Kind::Greater:
        return FilterOp::Greater;
    case Kind::GreaterEqual:
        return FilterOp::GreaterEqual;
    case Kind::In:
        return FilterOp::In;
    case Kind::Contains:
        return FilterOp::Contains;
    case Kind::Matches:
        return FilterOp::Matches;
    default:
        return std::nullopt;
    }
}

QString shown(const FilterToken &token)
{
    return token.kind == Kind::End ? QStringLiteral("the end") : token.text.isEmpty() ? QStringLiteral("this") : u'\'' + token.text + u'\'';
}

/// Recursive descent; the first error ends it (m_error), and everything after it is not looked at.
class Parser {
public:
    explicit Parser(std::vector<FilterToken> tokens)
        : m_tokens(std::move(tokens))
    {
    }

    tl::expected<std::vector<FilterNode>, FilterError> run()
    {
        either(0);
        if (!m_error && peek().kind != Kind::End) {
            fail(peek(),
                peek().kind == Kind::CloseParen ? QStringLiteral("this ) has no (")
                                                : QStringLiteral("'and' or 'or' is missing before %1").arg(shown(peek())));
        }
        if (m_error)
            return tl::unexpected(*m_error);
        return std::move(m_nodes);
    }

private:
    const FilterToken &peek() const { return m_tokens[m_at]; }
    const FilterToken &take() { return m_tokens[m_at + 1 < m_tokens.size() ? m_at++ : m_at]; }
    bool takeIf(Kind kind)
    {
        if (peek().kind != kind)
            return false;
        take();
        return true;
    }
    int fail(const FilterToken &token, const QString &what)
    {
        if (!m_error)
            m_error = FilterError {token.column, what};
        return -1;
    }
    int add(FilterNode node)
    {
        m_nodes.push_back(std::move(node));
        return static_cast<int>(m_nodes.size()) - 1;
    }
    int join(FilterNode::Kind kind, int left, int right)
    {
        FilterNode node;
        node.kind = kind;
        node.left = left;
        node.right = right;
        return add(std::move(node));
    }

    int either(int depth)
    {
        int left = both(depth);
        while (!m_error && takeIf(Kind::Or))
            left = join(FilterNode::Kind::Or, left, both(depth));
        return left;
    }
    int both(int depth)
    {
        int left = one(depth);
        while (!m_error && takeIf(Kind::And))
            left = join(FilterNode::Kind::And, left, one(depth));
        return left;
    }
    int one(int depth)
    {
        const FilterToken &token = peek();
        if (depth > kDeepestNesting)
            return fail(token, QStringLiteral("nested more than %1 levels deep").arg(kDeepestNesting));
        if (takeIf(Kind::Not)) {
            const int child = one(depth + 1);
            return m_error ? -1 : join(FilterNode::Kind::Not, child, -1);
        }
        if (takeIf(Kind::OpenParen)) {
            const int child = either(depth + 1);
            if (!m_error && !takeIf(Kind::CloseParen))
                return fail(peek(), QStringLiteral("a ) is missing here, for the ( in column %1").arg(token.column));
            return child;
        }
        return test();
    }

    int test()
    {
        const FilterToken field = take();
        if (field.kind != Kind::Word)
            return fail(field, QStringLiteral("a field is wanted here, not %1").arg(shown(field)));
        const auto match = findField(field.text);
        if (!match)
            return fail(field, unknownField(field.text));
        m_info = match->info;
        FilterNode node;
        node.field = m_info->id;
        node.argument = match->argument;
        if (peek().kind == Kind::Slice) {
            const FilterToken &token = take();
            if (m_info->type != FieldType::Bytes && m_info->type != FieldType::Text)
                return fail(token, QStringLiteral("only bytes and text can be sliced, not %1").arg(field.text));
            const auto slice = parseSlice(token.text);
            if (!slice)
                return fail(token, slice.error());
            node.slice = *slice;
        }
        const FilterToken operation = peek();
        if (const auto op = comparisonOf(operation.kind)) {
            take();
            node.op = *op;
            if (!operands(node, operation))
                return -1;
        } else if (!node.slice) {
            presence(node);
        }
        return add(std::move(node));
    }

    static QString unknownField(const QString &name)
    {
        const QString near = nearestName(name, fieldNames());
        if (!near.isEmpty())
            return QStringLiteral("unknown field '%1'; did you mean '%2'?").arg(name, near.endsWith(u'.') ? near + QStringLiteral("NAME") : near);
        return QStringLiteral("unknown field '%1'").arg(name);
    }

    /// A field alone: of our own truth values "true", of everything else (and of Wireshark's) "present".
    void presence(FilterNode &node) const
    {
        const auto isTrue = [&node](FieldId field) {
            node.field = field;
            node.op = FilterOp::Equal;
            node.ranges = {{1, 1}};
        };
        if (m_info->type == FieldType::Boolean && !m_info->isWireshark)
            isTrue(m_info->id);
        else if (m_info->id == FieldId::Mask)
            isTrue(FieldId::Masked);
        else if (m_info->id == FieldId::Payload)
            isTrue(FieldId::HasPayload);
    }

    bool operands(FilterNode &node, const FilterToken &operation)
    {
        const bool isNumber = m_info->type <= FieldType::Sender;
        if ((node.op == FilterOp::Contains || node.op == FilterOp::Matches) && isNumber) {
            fail(operation, QStringLiteral("'%1' looks into bytes and text; %2 is neither")
                                .arg(node.op == FilterOp::Contains ? QStringLiteral("contains") : QStringLiteral("matches"),
                                    QLatin1String(m_info->name)));
            return false;
        }
        if (node.op != FilterOp::In)
            return operand(node, take());
        if (!takeIf(Kind::OpenBrace)) {
            fail(peek(), QStringLiteral("a set is wanted after 'in': in {ping pong}"));
            return false;
        }
        do {
            if (!operand(node, take()))
                return false;
            takeIf(Kind::Comma);
        } while (peek().kind != Kind::CloseBrace);
        take();
        return true;
    }

    bool operand(FilterNode &node, const FilterToken &value)
    {
        if (value.kind != Kind::Word && value.kind != Kind::String) {
            fail(value, value.kind == Kind::End || value.text.isEmpty() ? QStringLiteral("a value is wanted here")
                                                                         : QStringLiteral("a value is wanted here, not %1").arg(shown(value)));
            return false;
        }
        if (m_info->type == FieldType::Never)
            return true;
        if (node.op == FilterOp::Matches)
            return regularExpression(node, value);
        return m_info->type <= FieldType::Sender ? numericOperand(node, value) : plainOperand(node, value);
    }

    bool numericOperand(FilterNode &node, const FilterToken &value)
    {
        const FieldId before = node.field;
        const bool isFirst = node.ranges.empty();
        const auto range = node.op == FilterOp::In && value.kind == Kind::Word ? splitRange(value.text) : std::nullopt;
        FieldId field = m_info->id;
        const auto low = parseBound(range ? range->first : value.text, m_info->type, field);
        const auto high = range && low ? parseBound(range->second, m_info->type, field) : low;
        if (!low || !high) {
            fail(value, low ? high.error() : low.error());
            return false;
        }
        if (!isFirst && field != before) {
            fail(value, QStringLiteral("times of day and moments cannot stand in one set"));
            return false;
        }
        node.field = field;
        node.outside = node.op == FilterOp::NotEqual;
        if (range) {
            const auto from = rangesFor(FilterOp::GreaterEqual, *low);
            const auto to = rangesFor(FilterOp::LessEqual, *high);
            if (!from.empty() && !to.empty() && from[0].low <= to[0].high)
                node.ranges.push_back({from[0].low, to[0].high});
        } else {
            const auto ranges = rangesFor(node.op, *low);
            node.ranges.insert(node.ranges.end(), ranges.begin(), ranges.end());
        }
        return true;
    }

    bool plainOperand(FilterNode &node, const FilterToken &value)
    {
        FilterOperand operand;
        if (value.kind == Kind::String) {
            operand.bytes = value.text.toUtf8();
        } else if (m_info->type == FieldType::Bytes) {
            const auto bytes = parseBytes(value.text);
            if (!bytes) {
                fail(value, QStringLiteral("'%1' are no bytes; write 82:a1, or text in quotes").arg(value.text));
                return false;
            }
            operand.bytes = *bytes;
        } else if (m_info->type == FieldType::Json && node.op != FilterOp::Contains && jsonWord(value.text, operand)) {
        } else {
            fail(value, QStringLiteral("text is written in quotes: \"%1\"").arg(value.text));
            return false;
        }
        node.operands.push_back(std::move(operand));
        return true;
    }

    static bool jsonWord(const QString &word, FilterOperand &operand)
    {
        if (word == QLatin1String("true"))
            operand.kind = FilterOperand::Kind::True;
        else if (word == QLatin1String("false"))
            operand.kind = FilterOperand::Kind::False;
        else if (word == QLatin1String("null"))
            operand.kind = FilterOperand::Kind::Null;
        else if (const auto number = parseDouble(word)) {
            operand.kind = FilterOperand::Kind::Number;
            operand.number = *number;
        } else {
            return false;
        }
        return true;
    }

    bool regularExpression(FilterNode &node, const FilterToken &value)
    {
        if (value.kind != Kind::String) {
            fail(value, QStringLiteral("a regular expression is written in quotes: \"%1\"").arg(value.text));
            return false;
        }
        node.expression = QRegularExpression(value.text);
        if (!node.expression.isValid()) {
            FilterToken place = value;
            place.column += 1 + static_cast<int>(node.expression.patternErrorOffset());
            fail(place, QStringLiteral("the regular expression is wrong here: %1").arg(node.expression.errorString()));
            return false;
        }
        node.expression.optimize();
        return true;
    }

    std::vector<FilterToken> m_tokens;
    size_t m_at = 0;
    const FieldInfo *m_info = nullptr; // of the test that is being read
    std::vector<FilterNode> m_nodes;
    std::optional<FilterError> m_error;
};

} // namespace

tl::expected<std::vector<FilterNode>, FilterError> parseFilter(const QString &text)
{
    if (text.size() > kLongestText)
        return tl::unexpected(FilterError {static_cast<int>(kLongestText) + 1, QStringLiteral("a filter has at most %1 characters").arg(kLongestText)});
    auto tokens = lexFilter(text);
    if (!tokens)
        return tl::unexpected(tokens.error());
    return Parser(std::move(*tokens)).run();
}

} // namespace feedscope::capture
