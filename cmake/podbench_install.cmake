# The install beside program and plug-ins, which their folders install themselves: documents, and the CMake
# package `podbench` with which a transport outside this tree is built and proved (tests/package does so).
include(CMakePackageConfigHelpers)

set(podbench_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/podbench")
set(podbench_include_dir "${CMAKE_INSTALL_INCLUDEDIR}/podbench")

install(TARGETS podbench_base podbench_transports EXPORT podbenchTargets ARCHIVE)
foreach(folder base transports)
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.hpp")
  install(FILES ${headers} DESTINATION "${podbench_include_dir}/${folder}")
endforeach()

if(TARGET podbench_conformance)
  install(TARGETS podbench_conformance EXPORT podbenchTargets
    RUNTIME DESTINATION "${CMAKE_INSTALL_LIBEXECDIR}/podbench")
  install(FILES transports/conformance/podbench_conformance.cmake DESTINATION "${podbench_package_dir}")
endif()

install(EXPORT podbenchTargets NAMESPACE podbench:: DESTINATION "${podbench_package_dir}")
configure_package_config_file("${CMAKE_SOURCE_DIR}/cmake/podbenchConfig.cmake.in"
  "${CMAKE_BINARY_DIR}/package/podbenchConfig.cmake" INSTALL_DESTINATION "${podbench_package_dir}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/package/podbenchConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_BINARY_DIR}/package/podbenchConfig.cmake"
  "${CMAKE_BINARY_DIR}/package/podbenchConfigVersion.cmake"
  DESTINATION "${podbench_package_dir}")

install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/workloads" DESTINATION "${CMAKE_INSTALL_DATADIR}/podbench")
install(FILES README.md CHANGELOG.md LICENSE results/SCHEMA.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The manual page is the program's own help, set for man.
set(podbench_manual "${CMAKE_BINARY_DIR}/man/podbench.1")
add_custom_command(OUTPUT "${podbench_manual}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/man"
  COMMAND sh "${CMAKE_SOURCE_DIR}/man/make_man.sh" "$<TARGET_FILE:podbench>" > "${podbench_manual}"
  DEPENDS podbench "${CMAKE_SOURCE_DIR}/man/make_man.sh"
  VERBATIM)
add_custom_target(podbench_manual ALL DEPENDS "${podbench_manual}")
install(FILES "${podbench_manual}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES completion/podbench.bash RENAME podbench
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES completion/_podbench DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
