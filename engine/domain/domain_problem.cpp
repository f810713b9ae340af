// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/domains.h>

namespace commander {

std::string DomainProblem::text() const
{
    std::string out = file;
    if (line > 0)
        out += ':' + std::to_string(line);
    if (column > 0)
        out += ':' + std::to_string(column);
    if (!pointer.empty())
        out += ' ' + pointer;
    if (!message.empty())
        out += (out.empty() ? "" : ": ") + message;
    if (!remedy.empty())
        out += ". " + remedy;
    return out;
}

} // namespace commander
