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
install(FILES README.md CHANGELOG.md LICENSE results/SCHEMA.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
