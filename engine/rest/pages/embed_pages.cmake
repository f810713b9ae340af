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

# embed_api(<out.cpp> <file>): the same for the text that the API's documents are made of.
function(embed_api out file)
    file(READ ${file} text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(CONFIGURE OUTPUT ${out} CONTENT [=[
// Made by CMake from resources/api.
#include "rest/api/api_text.h"

namespace commander::rest {

std::string_view apiText() noexcept
{
    return R"api(@text@)api";
}

} // namespace commander::rest
]=] @ONLY)
endfunction()
