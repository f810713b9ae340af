// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_program.h"

#include "filter/filter_error.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace commander {

namespace {

/// A record with what has been found out about it.
class Subject {
public:
    Subject(const Record &record, const StatusOf &statusOf) : m_record(record), m_statusOf(statusOf) { }

    [[nodiscard]] bool fits(const FilterLeaf &leaf)
    {
        if (leaf.isText)
            return leaf.search->isIn(m_record);
        switch (leaf.field) {
        case FilterField::Kind:
            return leaf.matches(static_cast<std::int64_t>(m_record.kind));
        case FilterField::Topic:
            return leaf.matches(m_record.topic);
        case FilterField::Action:
            return leaf.matches(m_record.action);
        case FilterField::Actor:
            return leaf.matches(m_record.actor);
        case FilterField::Key:
            return leaf.matches(m_record.key);
        case FilterField::Id:
            return leaf.matches(m_record.id);
        case FilterField::Parent:
            return leaf.matches(m_record.parent);
        case FilterField::Correlation:
            // Whoever is at the root need not say so.
            return leaf.matches(m_record.correlation.isNull() ? m_record.id : m_record.correlation);
        case FilterField::Partition:
            return leaf.matches(std::int64_t{m_record.partition});
        case FilterField::PartitionOffset:
            return leaf.matches(clamped(m_record.offset.value));
        case FilterField::LedgerPosition:
            return leaf.matches(clamped(m_record.position.value));
        case FilterField::Depth:
            return leaf.matches(std::int64_t{m_record.depth});
        case FilterField::Size:
            return leaf.matches(clamped(m_record.data.size()));
        case FilterField::Recorded:
            return leaf.matches(m_record.recordedAt.micros);
        case FilterField::Time:
            return leaf.matches(m_record.time().micros);
        case FilterField::Status: {
            const auto status = m_statusOf ? m_statusOf(m_record) : std::nullopt;
            return status && leaf.matches(static_cast<std::int64_t>(*status));
        }
        case FilterField::Headers:
            return m_headers.fits(leaf, m_record.headers);
        case FilterField::Data:
            return m_data.fits(leaf, m_record.data);
        }
        return false;
    }

private:
    static std::int64_t clamped(std::uint64_t value)
    {
        constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return static_cast<std::int64_t>(std::min(value, highest));
    }

    /// Parsed when it is first asked for. What is no JSON has no fields.
    class Payload {
    public:
        [[nodiscard]] bool fits(const FilterLeaf &leaf, std::string_view text)
        {
            if (!m_isRead && !text.empty()) {
                if (auto json = parseJson(text))
                    m_json = std::move(*json);
            }
            m_isRead = true;
            return m_json && leaf.matches(*m_json);
        }

    private:
        bool m_isRead = false;
        std::optional<Json> m_json;
    };

    const Record &m_record;
    const StatusOf &m_statusOf;
    Payload m_data;
    Payload m_headers;
};

bool matches(const FilterProgram &program, Subject &subject)
{
    using Type = FilterNode::Type;
    const auto partFits = [&subject](const FilterProgram &part) { return matches(part, subject); };
    switch (program.type) {
    case Type::And:
        return std::ranges::all_of(program.parts, partFits);
    case Type::Or:
        return std::ranges::any_of(program.parts, partFits);
    case Type::Not:
        return !matches(program.parts.front(), subject);
    case Type::Test:
    case Type::Text:
        return subject.fits(*program.leaf);
    }
    return false;
}

/// Metadata is at hand, text is searched, data parsed.
int costOf(const FilterProgram &program)
{
    if (program.leaf) {
        if (program.leaf->isText)
            return 1;
        return program.leaf->field == FilterField::Data || program.leaf->field == FilterField::Headers ? 2 : 0;
    }
    int cost = 0;
    for (const auto &part : program.parts)
        cost = std::max(cost, costOf(part));
    return cost;
}

/// Trees may come from elsewhere than the parser: nothing in them is taken for granted.
bool isWellFormed(const FilterNode &node)
{
    using Type = FilterNode::Type;
    switch (node.type) {
    case Type::And:
        return true;
    case Type::Or:
        return !node.parts.empty();
    case Type::Not:
        return node.parts.size() == 1;
    case Type::Text:
        return node.values.size() == 1 && !node.values.front().text.empty();
    case Type::Test:
        break;
    }
    const auto type = filter::typeOf(node.field);
    if (!filter::takes(type, node.test) || (!node.path.empty() && type != filter::FieldType::Json))
        return false;
    switch (node.test) {
    case FilterOperator::Exists:
        return node.values.empty();
    case FilterOperator::In:
        return !node.values.empty();
    case FilterOperator::Between:
        return node.values.size() == 2;
    default:
        return node.values.size() == 1;
    }
}

class Compiler {
public:
    explicit Compiler(Timestamp now) : m_now(now) { }

    [[nodiscard]] Result<FilterProgram> compile(const FilterNode &node)
    {
        FilterProgram program;
        program.type = node.type;
        if (!isWellFormed(node))
            return filter::failAt(1, "the filter's tree is malformed");
        if (node.type == FilterNode::Type::Test || node.type == FilterNode::Type::Text) {
            if (node.test == FilterOperator::Matches && ++m_patterns > limits::filterPatternsMax)
                return filter::failAt(node.values.front().column, "too many regular expressions",
                                      "At most " + std::to_string(limits::filterPatternsMax) + ".");
            auto leaf = compileLeaf(node, m_now);
            if (!leaf)
                return fail(std::move(leaf.error()));
            program.leaf = std::make_shared<const FilterLeaf>(std::move(*leaf));
            return program;
        }
        for (const auto &part : node.parts) {
            auto compiled = compile(part);
            if (!compiled)
                return compiled;
            program.parts.push_back(std::move(*compiled));
        }
        std::ranges::stable_sort(program.parts, {}, costOf);
        return program;
    }

private:
    const Timestamp m_now;
    std::size_t m_patterns = 0;
};

} // namespace

bool FilterProgram::matches(const Record &record, const StatusOf &statusOf) const
{
    Subject subject(record, statusOf);
    return commander::matches(*this, subject);
}

Result<FilterProgram> compileProgram(const FilterNode &node, Timestamp now)
{
    return Compiler(now).compile(node);
}

} // namespace commander
