// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_step.h"

#include "values/json_validity.h"
#include "values/sabotage.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_map>

namespace commander {

namespace {

bool isSameScalar(const Json &before, const Json &after)
{
    if (const auto *text = before.asString())
        return after.asString() && *after.asString() == *text;
    if (const auto *number = before.asNumber())
        return after.asNumber() && after.asNumber()->lexeme == number->lexeme;
    return false; // the others are rare
}

/// One walk over both documents that finds the patch and carries the origins along.
class StepWalk {
public:
    StepWalk(std::span<const std::uint64_t> origins, std::uint64_t position) : m_before(origins), m_position(position)
    {
    }

    /// Every leaf of `after` is new.
    void fresh(const Json &after, std::size_t depth);
    /// Compares; returns how many leaves `before` has.
    std::size_t walk(const Json &before, std::size_t leaf, const Json &after, std::size_t depth);
    [[nodiscard]] DocumentStep take()
    {
        if (!m_step.patch.empty())
            m_step.patch += ']';
        return std::move(m_step);
    }

private:
    std::size_t walkObject(const Json &before, std::size_t leaf, const Json &after, std::size_t depth);
    std::size_t walkReordered(const Json::Object &before, std::size_t leaf, const Json::Object &after,
                              std::size_t depth);
    std::size_t walkArray(const Json::Array &before, std::size_t leaf, const Json::Array &after, std::size_t depth);
    void enter(std::string_view member);
    void enter(std::size_t index);
    void set(const Json &value);
    void remove();
    void open();
    void keepOrigin(std::size_t leaf)
    {
        m_step.origins.push_back(sabotaged(Saboteur::UnchangedFieldBlamed) ? m_position : m_before[leaf]);
    }
    /// An empty container is a leaf: unchanged only if it was empty before.
    void emptyLeaf(bool emptyBefore, std::size_t leaf)
    {
        m_step.origins.push_back(emptyBefore ? m_before[leaf] : m_position);
    }

    const std::span<const std::uint64_t> m_before;
    const std::uint64_t m_position;
    DocumentStep m_step;
    std::string m_pointer;
    int m_silent = 0; ///< > 0 inside a part that the patch replaces as a whole
};

void StepWalk::enter(std::string_view member)
{
    m_pointer += '/';
    if (member.find_first_of("~/") == std::string_view::npos)
        m_pointer += member;
    else
        m_pointer += escapePointerToken(member);
}

void StepWalk::enter(std::size_t index)
{
    m_pointer += '/';
    m_pointer += std::to_string(index);
}

void StepWalk::open()
{
    m_step.patch += m_step.patch.empty() ? "[[" : ",[";
    appendJsonString(m_step.patch, m_pointer);
}

void StepWalk::set(const Json &value)
{
    if (m_silent)
        return;
    if (m_step.fault.empty())
        m_step.fault = jsonFaultOf(value);
    open();
    m_step.patch += ',';
    appendJson(m_step.patch, value);
    m_step.patch += ']';
}

void StepWalk::remove()
{
    if (m_silent)
        return;
    open();
    m_step.patch += ']';
}

void StepWalk::fresh(const Json &after, std::size_t depth)
{
    if (const auto *object = after.asObject(); object && !object->empty()) {
        if (depth >= limits::jsonDepthMax) {
            m_step.tooDeep = true;
            return;
        }
        for (const auto &member : *object)
            fresh(member.second, depth + 1);
    } else if (const auto *array = after.asArray(); array && !array->empty()) {
        if (depth >= limits::jsonDepthMax) {
            m_step.tooDeep = true;
            return;
        }
        for (const auto &element : *array)
            fresh(element, depth + 1);
    } else {
        m_step.tooDeep |= depth >= limits::jsonDepthMax && (object || array);
        m_step.origins.push_back(m_position);
    }
}

std::size_t StepWalk::walk(const Json &before, std::size_t leaf, const Json &after, std::size_t depth)
{
    const bool objects = before.isObject() && after.isObject();
    const bool arrays = before.isArray() && after.isArray();
    if (objects || arrays) {
        if (depth >= limits::jsonDepthMax) {
            m_step.tooDeep = true;
            return leafCount(before);
        }
        return objects ? walkObject(before, leaf, after, depth)
                       : walkArray(*before.asArray(), leaf, *after.asArray(), depth);
    }
    if (before == after) { // scalars
        keepOrigin(leaf);
        return 1;
    }
    set(after);
    fresh(after, depth);
    return leafCount(before);
}

// A patch can drop members and append new ones, nothing else: the next object must be "those that stay, in their old
// order, then the new ones". Any other is replaced as a whole.
std::size_t StepWalk::walkObject(const Json &beforeValue, std::size_t leaf, const Json &afterValue, std::size_t depth)
{
    const auto &before = *beforeValue.asObject();
    const auto &after = *afterValue.asObject();

    std::size_t kept = 0;
    for (const auto &member : before) {
        if (kept < after.size() && after[kept].first == member.first)
            ++kept;
    }
    if (kept < after.size()) {
        std::vector<std::string_view> names;
        names.reserve(before.size() + after.size() - kept);
        for (const auto &member : before)
            names.push_back(member.first);
        for (std::size_t i = kept; i < after.size(); ++i)
            names.push_back(after[i].first);
        std::sort(names.begin(), names.end());
        if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
            set(afterValue);
            ++m_silent;
            const auto leaves = walkReordered(before, leaf, after, depth);
            --m_silent;
            return leaves;
        }
    }

    const auto length = m_pointer.size();
    std::size_t leaves = 0;
    std::size_t next = 0;
    for (const auto &[name, value] : before) {
        const bool stays = next < kept && after[next].first == name;
        if (stays && isSameScalar(value, after[next].second)) { // most members, and no pointer is needed for them
            keepOrigin(leaf + leaves);
            ++leaves;
            ++next;
            continue;
        }
        enter(name);
        if (stays) {
            leaves += walk(value, leaf + leaves, after[next].second, depth + 1);
            ++next;
        } else {
            remove();
            leaves += leafCount(value);
        }
        m_pointer.resize(length);
    }
    for (std::size_t i = kept; i < after.size(); ++i) {
        if (m_step.fault.empty() && !isUtf8(after[i].first))
            m_step.fault = "the name of a member is not UTF-8";
        enter(after[i].first);
        set(after[i].second);
        fresh(after[i].second, depth + 1);
        m_pointer.resize(length);
    }
    if (after.empty())
        emptyLeaf(before.empty(), leaf);
    return before.empty() ? 1 : leaves;
}

std::size_t StepWalk::walkReordered(const Json::Object &before, std::size_t leaf, const Json::Object &after,
                                    std::size_t depth)
{
    struct Place {
        const Json *value;
        std::size_t leaf;
    };
    std::unordered_map<std::string_view, Place> places;
    std::size_t leaves = 0;
    for (const auto &[name, value] : before) {
        places.emplace(name, Place{&value, leaf + leaves});
        leaves += leafCount(value);
    }
    for (const auto &[name, value] : after) {
        if (const auto place = places.find(name); place != places.end())
            walk(*place->second.value, place->second.leaf, value, depth + 1);
        else
            fresh(value, depth + 1);
    }
    return before.empty() ? 1 : leaves;
}

std::size_t StepWalk::walkArray(const Json::Array &before, std::size_t leaf, const Json::Array &after,
                                std::size_t depth)
{
    const auto length = m_pointer.size();
    const auto common = std::min(before.size(), after.size());
    std::size_t leaves = 0;
    for (std::size_t i = 0; i < common; ++i) {
        enter(i);
        leaves += walk(before[i], leaf + leaves, after[i], depth + 1);
        m_pointer.resize(length);
    }
    for (std::size_t i = common; i < before.size(); ++i)
        leaves += leafCount(before[i]);
    for (std::size_t i = before.size(); i > common; --i) { // from the end, so that the indices before stay valid
        enter(i - 1);
        remove();
        m_pointer.resize(length);
    }
    for (std::size_t i = common; i < after.size(); ++i) {
        enter(i);
        set(after[i]);
        fresh(after[i], depth + 1);
        m_pointer.resize(length);
    }
    if (after.empty())
        emptyLeaf(before.empty(), leaf);
    return before.empty() ? 1 : leaves;
}

std::string unescaped(std::string_view token)
{
    std::string name;
    name.reserve(token.size());
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size()) {
            name += token[i + 1] == '1' ? '/' : '~';
            ++i;
        } else {
            name += token[i];
        }
    }
    return name;
}

std::optional<std::size_t> arrayIndex(std::string_view token)
{
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (code != std::errc{} || end != token.data() + token.size())
        return std::nullopt;
    return index;
}

Json *memberOf(Json::Object &object, std::string_view name)
{
    const auto found
        = std::find_if(object.begin(), object.end(), [name](const auto &member) { return member.first == name; });
    return found == object.end() ? nullptr : &found->second;
}

Json *childOf(Json &value, std::string_view token)
{
    if (auto *object = value.asObject())
        return memberOf(*object, token.find('~') == std::string_view::npos ? std::string(token) : unescaped(token));
    if (auto *array = value.asArray()) {
        const auto index = arrayIndex(token);
        return index && *index < array->size() ? &(*array)[*index] : nullptr;
    }
    return nullptr;
}

bool applyChange(Json &document, std::string_view pointer, Json *value)
{
    if (pointer.empty()) {
        if (value)
            document = std::move(*value);
        return value != nullptr;
    }
    Json *parent = &document;
    pointer.remove_prefix(1);
    for (auto slash = pointer.find('/'); slash != std::string_view::npos; slash = pointer.find('/')) {
        parent = childOf(*parent, pointer.substr(0, slash));
        if (!parent)
            return false;
        pointer.remove_prefix(slash + 1);
    }
    if (auto *object = parent->asObject()) {
        const auto name = unescaped(pointer);
        if (!value)
            return parent->erase(name);
        if (auto *member = memberOf(*object, name))
            *member = std::move(*value);
        else
            object->emplace_back(name, std::move(*value));
        return true;
    }
    auto *array = parent->asArray();
    const auto index = arrayIndex(pointer);
    if (!array || !index || *index > array->size() || (!value && *index == array->size()))
        return false;
    if (!value)
        array->erase(array->begin() + static_cast<std::ptrdiff_t>(*index));
    else if (*index == array->size())
        array->push_back(std::move(*value));
    else
        (*array)[*index] = std::move(*value);
    return true;
}

} // namespace

DocumentStep stepBetween(const Json &before, std::span<const std::uint64_t> beforeOrigins, const Json &after,
                         std::uint64_t position)
{
    StepWalk walk(beforeOrigins, position);
    walk.walk(before, 0, after, 0);
    return walk.take();
}

DocumentStep stepFromNothing(const Json &after, std::uint64_t position)
{
    StepWalk walk({}, position);
    walk.fresh(after, 0);
    return walk.take();
}

std::size_t leafCount(const Json &value)
{
    std::size_t count = 0;
    if (const auto *object = value.asObject()) {
        for (const auto &member : *object)
            count += leafCount(member.second);
    } else if (const auto *array = value.asArray()) {
        for (const auto &element : *array)
            count += leafCount(element);
    }
    return std::max<std::size_t>(count, 1);
}

Result<void> applyPatch(Json &document, std::string_view patch)
{
    // The patch itself is two levels around the value.
    auto changes = parseJson(patch, {limits::jsonDepthMax + 2, std::numeric_limits<std::size_t>::max()});
    if (!changes)
        return fail(ErrorCode::LedgerDamaged, "a patch is no JSON: " + changes.error().what);
    auto *list = changes->asArray();
    if (!list)
        return fail(ErrorCode::LedgerDamaged, "a patch is no list");
    for (auto &change : *list) {
        auto *parts = change.asArray();
        const auto *pointer = parts && (parts->size() == 1 || parts->size() == 2) ? parts->front().asString() : nullptr;
        if (!pointer || !applyChange(document, *pointer, parts->size() == 2 ? &parts->back() : nullptr))
            return fail(ErrorCode::LedgerDamaged, "a patch does not fit its document",
                        pointer ? *pointer : std::string());
    }
    return {};
}

} // namespace commander
