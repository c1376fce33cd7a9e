# Packs what every page carries (page/*.js, page/page.css and, where it is there, the plot library) into one C++
# file, so that the program needs none of them at run time.

# The one file of the library that is embedded: another than this is not, whatever its name.
set(plot_library_version 1.6.32)
set(plot_library_sha256 19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f)

set(page_folder "${CMAKE_CURRENT_SOURCE_DIR}/page")
set(live_scripts format axis theme table heat_map curves legend chart samples start)
set(still_scripts format theme table heat_map start)

# Comments of whole lines and indentation mean nothing to a browser.
function(read_lean file result)
  file(READ "${file}" text)
  string(REGEX REPLACE "(^|\n)[ \t]*//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "\n[ \t\n]+" "\n" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
endfunction()

function(join_scripts result)
  set(text "(()=>{'use strict';")
  foreach(name IN LISTS ARGN)
    read_lean("${page_folder}/${name}.js" part)
    string(APPEND text "${part}")
  endforeach()
  set(${result} "${text}})()" PARENT_SCOPE)
endfunction()

# A constant `name` of the text, and its SHA-256 where asked for: the hash is that of the bytes in the page.
function(add_text variable name text)
  string(APPEND ${variable} "constexpr std::string_view ${name} = R\"podbench(${text})podbench\";\n")
  string(SHA256 hash "${text}")
  string(APPEND ${variable} "constexpr std::string_view ${name}_sha256 = \"${hash}\";\n")
  set(${variable} "${${variable}}" PARENT_SCOPE)
endfunction()

# Where setup.sh puts it, and where a person may name it.
find_path(PODBENCH_UPLOT_DIR uPlot.iife.min.js
  HINTS "${CMAKE_BINARY_DIR}/../plot" "${CMAKE_BINARY_DIR}" PATH_SUFFIXES node_modules/uplot/dist
  NO_DEFAULT_PATH DOC "Folder of uPlot.iife.min.js, which makes the charts of pages live; without it they are pictures")
set(plot_library "")
set(plot_style "")
set(plot_licence "")
set(plot_name "")
if(PODBENCH_UPLOT_DIR)
  file(SHA256 "${PODBENCH_UPLOT_DIR}/uPlot.iife.min.js" found_sha256)
  if(found_sha256 STREQUAL plot_library_sha256)
    file(READ "${PODBENCH_UPLOT_DIR}/uPlot.iife.min.js" plot_library)
    string(REPLACE "</" "<\\/" plot_library "${plot_library}")
    file(READ "${PODBENCH_UPLOT_DIR}/uPlot.min.css" plot_style)
    file(READ "${PODBENCH_UPLOT_DIR}/../LICENSE" plot_licence)
    set(plot_name "uPlot ${plot_library_version}")
  else()
    message(WARNING "${PODBENCH_UPLOT_DIR} is not uPlot ${plot_library_version}: charts of pages will be pictures")
  endif()
else()
  message(STATUS "uPlot is not here (scripts/setup.sh fetches it): charts of pages will be pictures")
endif()

join_scripts(live ${live_scripts})
join_scripts(still ${still_scripts})
read_lean("${page_folder}/page.css" style)

set(packed "// Made by page_assets.cmake.\n#include \"analysis/report/assets.hpp\"\n\nnamespace podbench::report {\nnamespace {\n")
add_text(packed plot_library "${plot_library}")
add_text(packed plot_licence "${plot_licence}")
add_text(packed live "${live}")
add_text(packed still "${still}")
add_text(packed style "${plot_style}${style}")
string(APPEND packed "}  // namespace

const Assets& assets() {
  static constexpr Assets all{{plot_library, plot_library_sha256}, \"${plot_name}\", plot_licence,
                                 {live, live_sha256}, {still, still_sha256}, {style, style_sha256}};
  return all;
}

}  // namespace podbench::report
")
set(page_assets_source "${CMAKE_CURRENT_BINARY_DIR}/assets.cpp")
file(WRITE "${page_assets_source}.new" "${packed}")
file(COPY_FILE "${page_assets_source}.new" "${page_assets_source}" ONLY_IF_DIFFERENT)
