// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_state.h"

#include <limits>

namespace commander {

using viewformat::ChangeForm;

namespace {

Error damaged(std::string what, std::int64_t sequence)
{
    return {ErrorCode::LedgerDamaged,
            "the views file is damaged: " + std::move(what),
            "change at position " + std::to_string(viewformat::positionOf(sequence).value),
            "Reopen the workspace: the file is then built anew from the ledger.",
            {}};
}

Result<void> applyWhole(DocumentState &state, const LoggedChange &change, Origins origins)
{
    // Documents have no bound on their values: folds may collect for years.
    auto document = parseJson(change.body, {limits::jsonDepthMax, std::numeric_limits<std::size_t>::max()});
    if (!document)
        return fail(damaged("a document is no JSON", change.sequence));
    if (origins == Origins::Keep) {
        auto read = readOrigins(change.origins, viewformat::positionOf(change.sequence).value);
        if (!read || read->size() != leafCount(*document))
            return fail(damaged("a document's origins do not fit it", change.sequence));
        state.origins = std::move(*read);
    }
    state.document = std::move(*document);
    state.fullBytes = change.body.size();
    state.patches = 0;
    return {};
}

Result<void> applyPatched(DocumentState &state, const LoggedChange &change, Origins origins)
{
    if (!state.document)
        return fail(damaged("a patch without a document", change.sequence));
    std::optional<Json> before;
    if (origins == Origins::Keep)
        before = state.document;
    if (auto applied = applyPatch(*state.document, change.body); !applied)
        return fail(damaged(applied.error().text(), change.sequence));
    if (before) {
        auto step = stepBetween(*before, state.origins, *state.document, viewformat::positionOf(change.sequence).value);
        state.origins = std::move(step.origins);
    }
    ++state.patches;
    return {};
}

} // namespace

Result<void> applyLogged(DocumentState &state, const LoggedChange &change, Origins origins)
{
    Result<void> applied;
    switch (change.form) {
    case ChangeForm::Removed:
        state = {};
        break;
    case ChangeForm::Created:
    case ChangeForm::Full:
        applied = applyWhole(state, change, origins);
        break;
    case ChangeForm::Patch:
        applied = applyPatched(state, change, origins);
        break;
    }
    state.sequence = change.sequence;
    return applied;
}

std::string writeOrigins(const LeafOrigins &origins, std::uint64_t position)
{
    std::string bytes;
    bytes.reserve(origins.size() * 2);
    for (const auto origin : origins) {
        auto distance = position - origin;
        for (; distance >= 0x80; distance >>= 7)
            bytes += static_cast<char>(0x80 | (distance & 0x7f));
        bytes += static_cast<char>(distance);
    }
    return bytes;
}

std::optional<LeafOrigins> readOrigins(std::string_view bytes, std::uint64_t position)
{
    LeafOrigins origins;
    std::uint64_t distance = 0;
    unsigned shift = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (shift > 56)
            return std::nullopt;
        distance |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        shift += 7;
        if (byte & 0x80)
            continue;
        if (distance > position)
            return std::nullopt;
        origins.push_back(position - distance);
        distance = 0;
        shift = 0;
    }
    return shift == 0 ? std::optional(std::move(origins)) : std::nullopt;
}

} // namespace commander
