# `cmake --install build`, component `libraries`: find_package(tubal COMPONENTS libraries), target_link_libraries(x tubal::layers),
# #include <tubal/layers/model.hpp>.
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
install(FILES ${PROJECT_SOURCE_DIR}/layers/README.md DESTINATION ${documents}/layers COMPONENT libraries)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/layers/examples DESTINATION ${documents}/layers COMPONENT libraries)
