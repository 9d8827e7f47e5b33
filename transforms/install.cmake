# `cmake --install build`, component `plugin`: the CMake package, and what a plug-in needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(where ${CMAKE_INSTALL_LIBDIR}/cmake/tubal)

add_library(tubal_plugin INTERFACE)
target_include_directories(tubal_plugin INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS tubal_plugin EXPORT tubalPlugin)
install(EXPORT tubalPlugin NAMESPACE tubal:: DESTINATION ${where} COMPONENT plugin)
install(FILES ${PROJECT_SOURCE_DIR}/transforms/plugin.h ${PROJECT_SOURCE_DIR}/transforms/plugin.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tubal COMPONENT plugin)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tubalConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/transforms/tubalConfig.cmake ${PROJECT_BINARY_DIR}/tubalConfigVersion.cmake
  DESTINATION ${where} COMPONENT plugin)

set(documents ${CMAKE_INSTALL_DATADIR}/doc/libtubal-dev)
install(FILES ${PROJECT_SOURCE_DIR}/transforms/README.md DESTINATION ${documents}/transforms COMPONENT plugin)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/transforms/examples DESTINATION ${documents}/transforms COMPONENT plugin)
