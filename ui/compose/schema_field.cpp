// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/schema_field.h"

#include "models/format.h"

#include <algorithm>
#include <array>
#include <QCoreApplication>
#include <QStringList>

namespace commander::ui {

namespace {

constexpr int depthMax = 8; // deeper, and wherever a schema contains itself, JSON is edited as text
constexpr int referencesMax = 8;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::SchemaField)
};

class SchemaReader {
public:
    explicit SchemaReader(const Json &root) : m_root(root) { }

    SchemaField read(const Json &schema, std::string name, bool required, int depth) const
    {
        SchemaField field;
        field.name = std::move(name);
        field.required = required;
        const Json *whole = resolve(schema);
        if (!whole || depth > depthMax)
            return field;
        field.title = whole->stringAt("title");
        field.description = whole->stringAt("description");
        if (const auto *fallback = whole->find("default"))
            field.fallback = writeJson(*fallback);
        chooseType(*whole, field, depth);
        takeRules(*whole, field);
        return field;
    }

private:
    [[nodiscard]] const Json *resolve(const Json &schema) const
    {
        const Json *at = &schema;
        for (int i = 0; i < referencesMax; ++i) {
            const auto *reference = at->find("$ref");
            if (!reference)
                return at;
            const auto *text = reference->asString();
            if (!text || !text->starts_with('#'))
                return nullptr;
            at = resolvePointer(m_root, std::string_view(*text).substr(1));
            if (!at)
                return nullptr;
        }
        return nullptr;
    }

    /// The one type beside null; empty when there are several or none.
    [[nodiscard]] static std::string typeName(const Json &schema)
    {
        const auto *type = schema.find("type");
        if (!type)
            return schema.find("properties") ? "object" : "";
        if (const auto *one = type->asString())
            return *one;
        std::string found;
        const auto *list = type->asArray();
        for (std::size_t i = 0; list && i < list->size(); ++i) {
            const auto *one = (*list)[i].asString();
            if (!one || *one == "null")
                continue;
            if (!found.empty())
                return {};
            found = *one;
        }
        return found;
    }

    void chooseType(const Json &schema, SchemaField &field, int depth) const
    {
        using Type = SchemaField::Type;
        if (const auto *choices = schema.find("enum"); choices && choices->asArray()) {
            field.type = Type::Choice;
            field.choices = *choices->asArray();
            return;
        }
        if (const auto *constant = schema.find("const")) {
            field.type = Type::Choice;
            field.choices = {*constant};
            return;
        }
        const std::string type = typeName(schema);
        if (type == "string")
            field.type = Type::Text;
        else if (type == "number")
            field.type = Type::Number;
        else if (type == "integer")
            field.type = Type::Integer;
        else if (type == "boolean")
            field.type = Type::Boolean;
        else if (type == "array")
            readElement(schema, field, depth);
        else if (type == "object")
            readMembers(schema, field, depth);
    }

    void readElement(const Json &schema, SchemaField &field, int depth) const
    {
        const auto *items = schema.find("items");
        if (items && !items->isObject())
            return; // a tuple: every place has a schema of its own
        field.type = SchemaField::Type::List;
        field.element.push_back(items ? read(*items, {}, true, depth + 1) : SchemaField{});
        field.element.front().required = true;
    }

    void readMembers(const Json &schema, SchemaField &field, int depth) const
    {
        const auto *properties = schema.find("properties");
        const auto *members = properties ? properties->asObject() : nullptr;
        if (!members && depth > 0)
            return; // free members: a form has no rows for them
        field.type = SchemaField::Type::Object;
        const auto *required = schema.find("required");
        const auto *names = required ? required->asArray() : nullptr;
        for (std::size_t i = 0; members && i < members->size(); ++i) {
            const auto &name = (*members)[i].first;
            const bool needed = names && std::any_of(names->begin(), names->end(), [&name](const Json &one) {
                                    return one.asString() && *one.asString() == name;
                                });
            field.members.push_back(read((*members)[i].second, name, needed, depth + 1));
        }
    }

    static void takeRules(const Json &schema, SchemaField &field)
    {
        static constexpr std::array keywords
            = {"minLength",  "maxLength", "minimum", "maximum",  "exclusiveMinimum", "exclusiveMaximum",
               "multipleOf", "format",    "pattern", "minItems", "maxItems"};
        for (const char *keyword : keywords) {
            if (const auto *value = schema.find(keyword)) {
                field.rules.emplace_back(keyword);
                field.rules.push_back(value->asString() ? *value->asString() : writeJson(*value));
            }
        }
    }

    const Json &m_root;
};

} // namespace

Result<SchemaField> SchemaField::read(std::string_view schema)
{
    const auto parsed = parseJson(schema);
    if (!parsed)
        return fail(parsed.error());
    return SchemaReader(*parsed).read(*parsed, {}, true, 0);
}

QString SchemaField::hint() const
{
    const auto rule = [this](std::string_view keyword) -> QString {
        for (std::size_t i = 0; i + 1 < rules.size(); i += 2) {
            if (rules[i] == keyword)
                return toText(rules[i + 1]);
        }
        return {};
    };
    QStringList parts;
    if (!description.empty())
        parts << toText(description);
    const auto range = [&parts](const QString &low, const QString &high, const QString &both, const QString &onlyLow,
                                const QString &onlyHigh) {
        if (!low.isEmpty() && !high.isEmpty())
            parts << both.arg(low, high);
        else if (!low.isEmpty())
            parts << onlyLow.arg(low);
        else if (!high.isEmpty())
            parts << onlyHigh.arg(high);
    };
    const bool notEmpty = rule("minLength") == u"1" && rule("maxLength").isEmpty();
    if (notEmpty)
        parts << Texts::tr("not empty");
    range(notEmpty ? QString() : rule("minLength"), rule("maxLength"), Texts::tr("%1 to %2 characters"),
          Texts::tr("at least %1 characters"), Texts::tr("at most %1 characters"));
    range(rule("minimum"), rule("maximum"), Texts::tr("%1 to %2"), Texts::tr("at least %1"), Texts::tr("at most %1"));
    range(rule("exclusiveMinimum"), rule("exclusiveMaximum"), Texts::tr("between %1 and %2"), Texts::tr("above %1"),
          Texts::tr("below %1"));
    range(rule("minItems"), rule("maxItems"), Texts::tr("%1 to %2 elements"), Texts::tr("at least %1 elements"),
          Texts::tr("at most %1 elements"));
    if (const auto step = rule("multipleOf"); !step.isEmpty())
        parts << Texts::tr("a multiple of %1").arg(step);
    if (const auto format = rule("format"); !format.isEmpty())
        parts << Texts::tr("as %1", "the format of a text, e.g. date-time").arg(format);
    if (const auto pattern = rule("pattern"); !pattern.isEmpty())
        parts << Texts::tr("like %1", "a regular expression").arg(pattern);
    if (type == Type::Integer && parts.isEmpty())
        parts << Texts::tr("a whole number");
    if (type == Type::Any)
        parts << Texts::tr("any JSON");
    return parts.join(QStringLiteral(" · "));
}

} // namespace commander::ui
