# Settings and helpers that every folder's CMakeLists.txt shares.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(PODBENCH_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread; empty for none")
option(PODBENCH_WERROR "Treat warnings as errors" ON)

# Where the build tree keeps plug-ins; the program looks here too when it runs from the build tree.
set(PODBENCH_PLUGIN_BUILD_DIR "${CMAKE_BINARY_DIR}/lib/podbench/transports")
set(PODBENCH_PLUGIN_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/podbench/transports")

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)

# The flags of every target of ours; private, so that they never reach somebody who uses the install.
function(podbench_flags target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wconversion
    # GCC 12 sees overlaps in std::string that are not there (GCC bug 105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
    $<$<BOOL:${PODBENCH_WERROR}>:-Werror>)
  if(PODBENCH_SANITIZE)
    # What a sanitizer adds makes GCC see uninitialised members in its own <regex> (GCC bug 105562).
    target_compile_options(${target} PRIVATE -fsanitize=${PODBENCH_SANITIZE} -fno-omit-frame-pointer
      -Wno-maybe-uninitialized)
    target_link_options(${target} PUBLIC -fsanitize=${PODBENCH_SANITIZE})
  endif()
endfunction()

# podbench_library(NAME source...): a folder's static library `podbench_NAME`, alias `podbench::NAME`.
# Includes are written from the project's root, in the tree as in an install.
function(podbench_library name)
  add_library(podbench_${name} STATIC ${ARGN})
  add_library(podbench::${name} ALIAS podbench_${name})
  set_target_properties(podbench_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(podbench_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/podbench>)
  target_compile_features(podbench_${name} PUBLIC cxx_std_20)
  podbench_flags(podbench_${name})
endfunction()

# podbench_transport(NAME source...): a plug-in `podbench_transport_NAME.so`, found at run time.
# The caller adds its network library with target_link_libraries(podbench_transport_NAME PRIVATE ...).
function(podbench_transport name)
  add_library(podbench_transport_${name} MODULE ${ARGN})
  set_target_properties(podbench_transport_${name} PROPERTIES
    PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${PODBENCH_PLUGIN_BUILD_DIR}")
  target_link_libraries(podbench_transport_${name} PRIVATE podbench::transports)
  podbench_flags(podbench_transport_${name})
  install(TARGETS podbench_transport_${name} LIBRARY DESTINATION "${PODBENCH_PLUGIN_INSTALL_DIR}")
endfunction()
