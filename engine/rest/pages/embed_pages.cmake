# SPDX-License-Identifier: GPL-3.0-or-later
# embed_pages(<out.cpp> <files…>): a source file with the text of each file, so that the server needs no files at run time.
function(embed_pages out)
    set(entries "")
    foreach(file IN LISTS ARGN)
        get_filename_component(name ${file} NAME)
        file(READ ${file} text)
        # A raw string literal ends only at this delimiter.
        string(APPEND entries "    {\"${name}\", R\"page(${text})page\"},\n")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    endforeach()
    file(CONFIGURE OUTPUT ${out} CONTENT [=[
// Made by CMake from resources/web.
#include "rest/pages/pages.h"

namespace commander::rest {

std::span<const Page> pages() noexcept
{
    static constexpr Page all[] = {
@entries@    };
    return all;
}

} // namespace commander::rest
]=] @ONLY)
endfunction()
