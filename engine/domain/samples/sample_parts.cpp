// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/samples/sample_parts.h"

#include <commander/record.h>

namespace commander::samples {

Hash256 hashOf(const DomainDescription &domain, std::string_view logic)
{
    // Each text stands with its length, so that no two descriptions give the same bytes.
    std::string text;
    const auto add = [&text](std::string_view part) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    };
    add(domain.name);
    add(std::to_string(domain.version));
    add(logic);
    for (const auto &command : domain.commands) {
        add(command.action);
        add(command.schema);
        add(command.keyField);
    }
    for (const auto &event : domain.events) {
        add(event.action);
        add(event.schema);
    }
    for (const auto &view : domain.views) {
        add(view.name);
        add(std::to_string(view.version));
        for (const auto &event : view.events)
            add(event);
    }
    for (const auto &event : domain.reactsTo)
        add(event);
    return sha256(text);
}

tl::unexpected<Error> unknownAction(std::string_view domain, std::string_view action)
{
    return fail(ErrorCode::DomainFault, "the domain " + std::string(domain) + " does not know " + std::string(action));
}

tl::unexpected<Error> badData(std::string_view domain, std::string_view action, std::string_view member)
{
    return fail(ErrorCode::DomainFault,
                "the data of " + std::string(action) + " has no usable member '" + std::string(member) + "'",
                "domain " + std::string(domain), "The record was accepted under another schema.");
}

} // namespace commander::samples
