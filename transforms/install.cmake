# `cmake --install build`: the command, what a plug-in needs (component `plugin`), and the libraries with their headers.
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

install(TARGETS tubal RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)

# The libraries: find_package(tubal COMPONENTS libraries), target_link_libraries(x tubal::layers), #include <tubal/layers/model.hpp>.
include(${PROJECT_SOURCE_DIR}/layers/public_headers.cmake)
foreach(library core transforms layers)
  set_target_properties(tubal_${library} PROPERTIES EXPORT_NAME ${library})
  add_library(tubal::${library} ALIAS tubal_${library})
endforeach()
install(TARGETS tubal_core tubal_transforms tubal_layers EXPORT tubalLibraries
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libraries)
install(EXPORT tubalLibraries NAMESPACE tubal:: DESTINATION ${where} COMPONENT libraries)
foreach(header ${TUBAL_PUBLIC_HEADERS})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tubal/${folder} COMPONENT libraries)
endforeach()
