// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/schema_explainer.h"

#include "domain/exact_keywords.h"
#include "domain/json_adapter.h"

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t detailsMax = 50;
constexpr int depthMax = 256; ///< of references within references; the data itself is at most 64 deep

std::string_view typeName(const Json &value)
{
    if (value.isNull())
        return "null";
    if (value.isBool())
        return "a boolean";
    if (const auto *number = value.asNumber())
        return isIntegerLexeme(number->lexeme) ? "an integer" : "a number that is no integer";
    if (value.isString())
        return "a string";
    return value.isArray() ? "an array" : "an object";
}

std::string withArticle(std::string_view type)
{
    if (type == "null")
        return "null";
    return (type == "integer" || type == "array" || type == "object" ? "an " : "a ") + std::string(type);
}

bool hasType(const Json &value, std::string_view type)
{
    const auto *number = value.asNumber();
    return (type == "null" && value.isNull()) || (type == "boolean" && value.isBool()) || (type == "number" && number)
        || (type == "integer" && number && isIntegerLexeme(number->lexeme)) || (type == "string" && value.isString())
        || (type == "array" && value.isArray()) || (type == "object" && value.isObject());
}

std::string joined(const std::vector<std::string> &words)
{
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

std::string counted(std::int64_t count, std::string_view noun)
{
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

class Explainer {
public:
    explicit Explainer(const Json &root) : m_root(root) { }

    std::vector<ErrorDetail> explain(const Json &schema, const Json &value, const std::string &pointer, int depth)
    {
        std::vector<ErrorDetail> found;
        const auto *whole = resolve(schema);
        if (!whole || depth > depthMax) {
            found.push_back({pointer, "cannot be checked: the schema's reference leads nowhere"});
            return found;
        }
        if (const auto verdict = whole->asBool(); verdict && !*verdict)
            found.push_back({pointer, "is not allowed"});
        if (!explainType(*whole, value, pointer, found))
            return found; // everything else would only repeat it
        explainValue(*whole, value, pointer, found);
        explainObject(*whole, value, pointer, depth, found);
        explainArray(*whole, value, pointer, depth, found);
        explainChoices(*whole, value, pointer, depth, found);
        return found;
    }

private:
    using Details = std::vector<ErrorDetail>;

    [[nodiscard]] const Json *resolve(const Json &schema) const
    {
        const Json *at = &schema;
        for (int hops = 0; at && at->find("$ref"); ++hops) {
            const auto reference = at->stringAt("$ref");
            if (hops > depthMax || !reference.starts_with('#'))
                return nullptr;
            at = resolvePointer(m_root, reference.substr(1));
        }
        return at;
    }

    [[nodiscard]] bool matches(const Json &schema, const Json &value, int depth)
    {
        return explain(schema, value, {}, depth + 1).empty();
    }

    static void add(Details &found, std::string pointer, std::string message)
    {
        if (found.size() < detailsMax)
            found.push_back({std::move(pointer), std::move(message)});
    }
    void addAll(Details &found, const Json &schema, const Json &value, const std::string &pointer, int depth)
    {
        for (auto &detail : explain(schema, value, pointer, depth + 1))
            add(found, std::move(detail.pointer), std::move(detail.message));
    }

    static bool explainType(const Json &schema, const Json &value, const std::string &pointer, Details &found)
    {
        const auto *type = schema.find("type");
        if (!type)
            return true;
        std::vector<std::string> allowed;
        if (type->asString())
            allowed.push_back(*type->asString());
        else if (const auto *list = type->asArray()) {
            for (const auto &one : *list)
                allowed.push_back(one.asString() ? *one.asString() : std::string());
        }
        if (std::any_of(allowed.begin(), allowed.end(), [&](const auto &one) { return hasType(value, one); }))
            return true;
        std::transform(allowed.begin(), allowed.end(), allowed.begin(), withArticle);
        add(found, pointer, "expected " + joined(allowed) + ", got " + std::string(typeName(value)));
        return false;
    }

    static void explainValue(const Json &schema, const Json &value, const std::string &pointer, Details &found)
    {
        if (const auto *keywords = schema.asObject()) {
            for (const auto &[name, operand] : *keywords) {
                if (!ExactKeyword::isOne(name))
                    continue;
                const auto keyword = ExactKeyword::make(name, operand);
                if (keyword && !keyword->accepts(value))
                    add(found, pointer, keyword->complaint(value));
            }
        }
        if (const auto *constant = schema.find("const"); constant && !equalJson(*constant, value))
            add(found, pointer, "must be " + writeJson(*constant));
        const auto *list = schema.find("enum");
        if (const auto *values = list ? list->asArray() : nullptr) {
            if (std::none_of(values->begin(), values->end(), [&](const Json &one) { return equalJson(one, value); })) {
                std::vector<std::string> texts;
                std::transform(values->begin(), values->end(), std::back_inserter(texts), writeJson);
                add(found, pointer, "must be " + joined(texts));
            }
        }
    }

    void explainObject(const Json &schema, const Json &value, const std::string &pointer, int depth, Details &found)
    {
        const auto *members = value.asObject();
        if (!members)
            return;
        const auto *required = schema.find("required");
        if (const auto *names = required ? required->asArray() : nullptr) {
            for (const auto &name : *names) {
                if (name.asString() && !value.find(*name.asString()))
                    add(found, pointer, "required member '" + *name.asString() + "' is missing");
            }
        }
        const auto *properties = schema.find("properties");
        const auto *others = schema.find("additionalProperties");
        const auto *names = schema.find("propertyNames");
        for (const auto &[name, member] : *members) {
            const auto memberPointer = pointer + '/' + escapePointerToken(name);
            if (names && !matches(*names, Json(name), depth))
                add(found, memberPointer, "this member name is not allowed");
            if (const auto *known = properties ? properties->find(name) : nullptr)
                addAll(found, *known, member, memberPointer, depth);
            else if (others && others->isBool() && !*others->asBool())
                add(found, memberPointer, "unknown member");
            else if (others)
                addAll(found, *others, member, memberPointer, depth);
        }
        const auto size = static_cast<std::int64_t>(members->size());
        if (const auto least = schema.integerAt("minProperties"); least && size < *least)
            add(found, pointer, "must have at least " + counted(*least, "member"));
        if (const auto most = schema.integerAt("maxProperties"); most && size > *most)
            add(found, pointer, "must have at most " + counted(*most, "member"));
        explainDependencies(schema, value, pointer, depth, found);
    }

    void explainDependencies(const Json &schema, const Json &value, const std::string &pointer, int depth,
                             Details &found)
    {
        const auto *dependencies = schema.find("dependencies");
        const auto *list = dependencies ? dependencies->asObject() : nullptr;
        if (!list)
            return;
        for (const auto &[name, needs] : *list) {
            if (!value.find(name))
                continue;
            if (const auto *members = needs.asArray()) {
                for (const auto &need : *members) {
                    if (need.asString() && !value.find(*need.asString()))
                        add(found, pointer, "member '" + *need.asString() + "' is missing, '" + name + "' needs it");
                }
            } else {
                addAll(found, needs, value, pointer, depth);
            }
        }
    }

    void explainArray(const Json &schema, const Json &value, const std::string &pointer, int depth, Details &found)
    {
        const auto *elements = value.asArray();
        if (!elements)
            return;
        const auto *items = schema.find("items");
        const auto *positional = items ? items->asArray() : nullptr;
        for (std::size_t i = 0; i < elements->size(); ++i) {
            const Json *itemSchema = items;
            if (positional)
                itemSchema = i < positional->size() ? &(*positional)[i] : schema.find("additionalItems");
            if (itemSchema)
                addAll(found, *itemSchema, (*elements)[i], pointer + '/' + std::to_string(i), depth);
        }
        const auto size = static_cast<std::int64_t>(elements->size());
        if (const auto least = schema.integerAt("minItems"); least && size < *least)
            add(found, pointer, "must have at least " + counted(*least, "element"));
        if (const auto most = schema.integerAt("maxItems"); most && size > *most)
            add(found, pointer, "must have at most " + counted(*most, "element"));
        if (const auto *contains = schema.find("contains")) {
            if (std::none_of(elements->begin(), elements->end(),
                             [&](const Json &element) { return matches(*contains, element, depth); }))
                add(found, pointer, "no element is as the schema wants at least one to be");
        }
        const auto *unique = schema.find("uniqueItems");
        if (unique && unique->asBool().value_or(false)) {
            for (std::size_t i = 1; i < elements->size(); ++i) {
                const auto end = elements->begin() + static_cast<std::ptrdiff_t>(i);
                if (std::any_of(elements->begin(), end, [&](const Json &one) { return equalJson(one, *end); })) {
                    add(found, pointer + '/' + std::to_string(i), "repeats an earlier element");
                    break;
                }
            }
        }
    }

    void explainChoices(const Json &schema, const Json &value, const std::string &pointer, int depth, Details &found)
    {
        if (const auto *all = choice(schema, "allOf")) {
            for (const auto &one : *all)
                addAll(found, one, value, pointer, depth);
        }
        if (const auto *any = choice(schema, "anyOf")) {
            if (std::none_of(any->begin(), any->end(), [&](const Json &one) { return matches(one, value, depth); }))
                add(found, pointer, "matches none of the forms that are allowed here");
        }
        if (const auto *one = choice(schema, "oneOf")) {
            const auto count = std::count_if(one->begin(), one->end(),
                                             [&](const Json &form) { return matches(form, value, depth); });
            if (count != 1) {
                add(found, pointer,
                    count == 0 ? "matches none of the forms that are allowed here"
                               : "matches more than one of the forms of which exactly one is allowed here");
            }
        }
        if (const auto *refused = schema.find("not"); refused && matches(*refused, value, depth))
            add(found, pointer, "is of a form that is not allowed here");
        if (const auto *condition = schema.find("if")) {
            const auto *then = schema.find(matches(*condition, value, depth) ? "then" : "else");
            if (then)
                addAll(found, *then, value, pointer, depth);
        }
    }

    static const Json::Array *choice(const Json &schema, std::string_view keyword)
    {
        const auto *list = schema.find(keyword);
        return list ? list->asArray() : nullptr;
    }

    const Json &m_root;
};

} // namespace

std::vector<ErrorDetail> explainSchema(const Json &schema, const Json &value)
{
    return Explainer(schema).explain(schema, value, {}, 0);
}

} // namespace commander
