// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/field_changes.h"

#include <algorithm>
#include <unordered_map>

namespace commander {

namespace {

constexpr std::size_t smallObject = 16; ///< members; a linear search is quicker up to here

/// Finds members of one object, quickest when asked in their order.
class MemberFinder {
public:
    explicit MemberFinder(const Json::Object &object) : m_object(object)
    {
        if (object.size() > smallObject) {
            for (const auto &member : object)
                m_byName.emplace(member.first, &member.second);
        }
    }
    [[nodiscard]] const Json *find(std::string_view name) const
    {
        if (!m_byName.empty()) {
            const auto found = m_byName.find(name);
            return found == m_byName.end() ? nullptr : found->second;
        }
        for (const auto &member : m_object) {
            if (member.first == name)
                return &member.second;
        }
        return nullptr;
    }

private:
    const Json::Object &m_object;
    std::unordered_map<std::string_view, const Json *> m_byName;
};

class FieldWalk {
public:
    void compare(const Json *before, const Json *after)
    {
        if (before && after) {
            if (before->isObject() && after->isObject())
                return compareObjects(*before->asObject(), *after->asObject());
            if (before->isArray() && after->isArray())
                return compareArrays(*before->asArray(), *after->asArray());
            if (*before == *after)
                return;
        }
        FieldChange change;
        change.pointer = m_pointer;
        if (before)
            change.before = writeJson(*before);
        if (after)
            change.after = writeJson(*after);
        m_changes.push_back(std::move(change));
    }
    std::vector<FieldChange> take() { return std::move(m_changes); }

private:
    void compareAt(std::string_view token, const Json *before, const Json *after)
    {
        const auto length = m_pointer.size();
        m_pointer += '/';
        m_pointer += token;
        compare(before, after);
        m_pointer.resize(length);
    }
    void compareObjects(const Json::Object &before, const Json::Object &after)
    {
        const MemberFinder inAfter(after);
        for (const auto &[name, value] : before)
            compareAt(escapePointerToken(name), &value, inAfter.find(name));
        const MemberFinder inBefore(before);
        for (const auto &[name, value] : after) {
            if (!inBefore.find(name))
                compareAt(escapePointerToken(name), nullptr, &value);
        }
    }
    void compareArrays(const Json::Array &before, const Json::Array &after)
    {
        for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i)
            compareAt(std::to_string(i), i < before.size() ? &before[i] : nullptr,
                      i < after.size() ? &after[i] : nullptr);
    }

    std::string m_pointer;
    std::vector<FieldChange> m_changes;
};

void visitLeaves(const Json &value, std::string &pointer,
                 const std::function<void(std::string_view, const Json &)> &leaf)
{
    const auto length = pointer.size();
    if (const auto *object = value.asObject(); object && !object->empty()) {
        for (const auto &member : *object) {
            pointer += '/';
            pointer += escapePointerToken(member.first);
            visitLeaves(member.second, pointer, leaf);
            pointer.resize(length);
        }
    } else if (const auto *array = value.asArray(); array && !array->empty()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            pointer += '/';
            pointer += std::to_string(i);
            visitLeaves((*array)[i], pointer, leaf);
            pointer.resize(length);
        }
    } else {
        leaf(pointer, value);
    }
}

} // namespace

std::vector<FieldChange> fieldChanges(const Json *before, const Json *after)
{
    if (!before && !after)
        return {};
    FieldWalk walk;
    walk.compare(before, after);
    return walk.take();
}

void forEachLeaf(const Json &document, const std::function<void(std::string_view, const Json &)> &leaf)
{
    std::string pointer;
    visitLeaves(document, pointer, leaf);
}

} // namespace commander
