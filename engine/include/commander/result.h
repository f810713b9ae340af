// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/error.h>

#include <tl/expected.hpp>
#include <utility>

namespace commander {

/// A value or an Error. C++20 has no std::expected yet; tl::expected has the same interface.
template <class T = void> using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "no such record", id.text());`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string what, std::string where = {},
                                                std::string remedy = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(remedy), {}});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace commander
