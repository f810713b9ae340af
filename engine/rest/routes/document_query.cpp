// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/document_query.h"

#include "rest/gate/http_syntax.h"

#include <commander/json.h>

#include <array>

namespace commander::rest {

namespace {

using Operator = FieldCondition::Operator;

/// Longer ones first, so that <= is not read as < and =.
constexpr auto operators = std::to_array<std::pair<std::string_view, Operator>>({
    {"!=", Operator::NotEqual},
    {"<=", Operator::LessOrEqual},
    {">=", Operator::GreaterOrEqual},
    {"^=", Operator::StartsWith},
    {"=", Operator::Equal},
    {"<", Operator::Less},
    {">", Operator::Greater},
});

std::string pointerOf(std::string_view field)
{
    if (field.starts_with('/'))
        return std::string(field);
    std::string pointer;
    for (;;) {
        const auto dot = field.find('.');
        pointer += '/' + escapePointerToken(field.substr(0, dot));
        if (dot == std::string_view::npos)
            return pointer;
        field.remove_prefix(dot + 1);
    }
}

std::string valueOf(std::string_view text)
{
    if (checkJson(text))
        return std::string(text);
    std::string json;
    appendJsonString(json, text);
    return json;
}

/// A sorted page ends at a value and a key: ["key", value], without the value when the document has no such field.
Result<void> readSortedCursor(DocumentListRequest &request, const std::string &content)
{
    const auto elements = sliceJsonArray(content);
    if (!elements || elements->empty() || elements->size() > 2)
        return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
    const auto key = parseJson(elements->front());
    if (!key || !key->asString())
        return fail(ErrorCode::InvalidArgument, "not a cursor of this list", "cursor");
    request.afterKey = *key->asString();
    if (elements->size() == 2)
        request.afterValue = std::string((*elements)[1]);
    return {};
}

} // namespace

Result<FieldCondition> parseCondition(std::string_view text)
{
    const auto at = text.find_first_of("!<>^=");
    if (at != std::string_view::npos) {
        for (const auto &[sign, op] : operators) {
            if (!text.substr(at).starts_with(sign))
                continue;
            const auto field = trimmed(text.substr(0, at));
            if (field.empty())
                break;
            return FieldCondition{pointerOf(field), op, valueOf(trimmed(text.substr(at + sign.size())))};
        }
    }
    return fail(ErrorCode::InvalidArgument, "not a condition: " + std::string(text), "where",
                "Write a field, one of = != < <= > >= ^= and a value, for example balance>=1000.");
}

Result<DocumentSort> parseSort(std::string_view text)
{
    DocumentSort sort;
    sort.descending = text.starts_with('-');
    if (sort.descending)
        text.remove_prefix(1);
    if (text.empty())
        return fail(ErrorCode::InvalidArgument, "missing", "sort", "Name a field, with - in front for descending.");
    sort.pointer = pointerOf(text);
    return sort;
}

Result<DocumentListRequest> documentListRequest(const QueryParams &query)
{
    DocumentListRequest request;
    request.prefix = query.text("prefix").value_or("");
    for (const auto &text : query.texts("where")) {
        auto condition = parseCondition(text);
        if (!condition)
            return fail(condition.error());
        request.where.push_back(std::move(*condition));
    }
    if (const auto text = query.text("sort")) {
        auto sort = parseSort(*text);
        if (!sort)
            return fail(sort.error());
        request.sort = std::move(*sort);
    }
    if (const auto cursor = query.text("cursor")) {
        auto content = readCursor(*cursor);
        if (!content)
            return fail(content.error());
        if (request.sort) {
            if (auto taken = readSortedCursor(request, *content); !taken)
                return fail(taken.error());
        } else {
            request.afterKey = std::move(*content);
        }
    }
    return request;
}

std::string documentCursor(const DocumentListRequest &request, const DocumentList &list)
{
    if (!list.nextKey)
        return {};
    if (!request.sort)
        return writeCursor(*list.nextKey);
    std::string content = "[";
    appendJsonString(content, *list.nextKey);
    if (list.nextValue)
        content += ',' + *list.nextValue;
    return writeCursor(content + ']');
}

} // namespace commander::rest
