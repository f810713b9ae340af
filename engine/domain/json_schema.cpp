// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/json_schema.h"

#include "domain/exact_keywords.h"
#include "domain/json_adapter.h"
#include "domain/schema_explainer.h"

#include <algorithm>
#include <exception>

#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace commander {

struct JsonSchema::State {
    Json source;
    valijson::Schema schema;
};

bool equalJson(const Json &a, const Json &b)
{
    if (a.isNumber() && b.isNumber())
        return Decimal(a.asNumber()->lexeme) == Decimal(b.asNumber()->lexeme);
    if (a.isArray() && b.isArray())
        return std::equal(a.asArray()->begin(), a.asArray()->end(), b.asArray()->begin(), b.asArray()->end(),
                          equalJson);
    if (a.isObject() && b.isObject()) {
        return a.asObject()->size() == b.asObject()->size()
            && std::all_of(a.asObject()->begin(), a.asObject()->end(), [&b](const Json::Member &member) {
                   const Json *other = b.find(member.first);
                   return other && equalJson(member.second, *other);
               });
    }
    return a == b;
}

bool JsonFrozenValue::equalTo(const valijson::adapters::Adapter &other, bool) const
{
    if (const auto *adapter = dynamic_cast<const JsonAdapter *>(&other))
        return adapter->json() && equalJson(m_value, *adapter->json());
    return other.isString() && m_value.asString() && *m_value.asString() == other.asString();
}

JsonSchema::JsonSchema(std::unique_ptr<const State> state) : m_state(std::move(state)) { }
JsonSchema::JsonSchema(JsonSchema &&) noexcept = default;
JsonSchema &JsonSchema::operator=(JsonSchema &&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(std::string_view text, const std::string &where)
{
    auto source = parseJson(text);
    if (!source)
        return fail(ErrorCode::InvalidArgument, "a schema is not JSON: " + source.error().what,
                    where + ", " + source.error().where);
    if (!source->isObject() && !source->isBool())
        return fail(ErrorCode::InvalidArgument, "a schema is neither an object nor a boolean", where);
    const auto exact = withExactKeywords(*source, where + '#');
    if (!exact)
        return fail(exact.error());

    auto state = std::make_unique<State>();
    state->source = std::move(*source);
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        teachExactKeywords(parser);
        parser.populateSchema(JsonAdapter(*exact), state->schema);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::InvalidArgument, std::string("a schema cannot be used: ") + exception.what(), where,
                    "Write it with the keywords of JSON Schema draft 7.");
    }
    return JsonSchema(std::move(state));
}

bool JsonSchema::accepts(const Json &value) const
{
    try {
        valijson::Validator validator;
        return validator.validate(m_state->schema, JsonAdapter(value), nullptr);
    } catch (const std::exception &) {
        return false; // the explanation says that it cannot be checked
    }
}

Result<void> JsonSchema::check(const Json &value) const
{
    if (accepts(value))
        return {};
    Error error{ErrorCode::SchemaInvalid, "the data does not match the schema", {}, {}, explain(value)};
    if (error.details.empty())
        error.details.push_back({"", "does not match the schema"});
    error.where = error.details.front().pointer;
    return fail(std::move(error));
}

std::vector<ErrorDetail> JsonSchema::explain(const Json &value) const
{
    return explainSchema(m_state->source, value);
}

} // namespace commander
