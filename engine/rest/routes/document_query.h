// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/query_params.h"

#include <commander/views.h>

namespace commander::rest {

/// One condition as clients write it: FIELD OP VALUE with =, !=, <, <=, >, >= or ^= (begins with). FIELD is a JSON
/// pointer (`/address/zip`) or names with dots between (`address.zip`); VALUE is JSON, or else taken as a text:
/// `balance>=1000`, `owner=Ada`, `zip="01234"`. Error InvalidArgument.
[[nodiscard]] Result<FieldCondition> parseCondition(std::string_view text);
/// `owner` or `-balance` (descending), the field as above.
[[nodiscard]] Result<DocumentSort> parseSort(std::string_view text);

/// The parameters where, sort, prefix and cursor of a list of documents. Errors InvalidArgument.
[[nodiscard]] Result<DocumentListRequest> documentListRequest(const QueryParams &query);
/// Where the next page begins; empty on the last one.
[[nodiscard]] std::string documentCursor(const DocumentListRequest &request, const DocumentList &list);

} // namespace commander::rest
