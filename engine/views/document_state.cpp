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
    state.rank = change.rank;
    state.skips = skipsAfter(change);
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
        state.document.reset();
        state.origins.clear();
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
    for (const auto origin : origins)
        appendNumber(bytes, position - origin);
    return bytes;
}

std::optional<LeafOrigins> readOrigins(std::string_view bytes, std::uint64_t position)
{
    LeafOrigins origins;
    while (!bytes.empty()) {
        std::uint64_t distance = 0;
        if (!takeNumber(bytes, distance) || distance > position)
            return std::nullopt;
        origins.push_back(position - distance);
    }
    return origins;
}

} // namespace commander
