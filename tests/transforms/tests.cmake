add_executable(benchmark_transforms ${CMAKE_CURRENT_LIST_DIR}/benchmark/crossover.cpp)
target_link_libraries(benchmark_transforms PRIVATE tubal_transforms tubal_options)
target_precompile_headers(benchmark_transforms REUSE_FROM tubal_core)
add_test(NAME "transforms: benchmark runs" COMMAND benchmark_transforms haar)

# Plug-ins with one fault each, see plugins/broken.cpp.
foreach(fault RANGE 1 25)
  add_library(fault_${fault} MODULE ${CMAKE_CURRENT_LIST_DIR}/plugins/broken.cpp)
  target_compile_definitions(fault_${fault} PRIVATE FAULT=${fault})
  target_include_directories(fault_${fault} PRIVATE ${PROJECT_SOURCE_DIR})
  set_target_properties(fault_${fault} PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/plugins)
  add_dependencies(test_transforms fault_${fault})
endforeach()

# The README's commands in a fresh home: install, plug-ins built outside the tree, a sweep over one.
add_test(NAME "transforms: the README's commands" COMMAND ${CMAKE_CURRENT_LIST_DIR}/readme.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set_tests_properties("transforms: the README's commands" PROPERTIES TIMEOUT 300)

# Plug-ins that crash, exit or never end, see plugins/crashing.cpp.
foreach(fault RANGE 1 8)
  add_library(crash_${fault} MODULE ${CMAKE_CURRENT_LIST_DIR}/plugins/crashing.cpp)
  target_compile_definitions(crash_${fault} PRIVATE FAULT=${fault})
  target_include_directories(crash_${fault} PRIVATE ${PROJECT_SOURCE_DIR})
  set_target_properties(crash_${fault} PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/plugins)
  add_dependencies(test_transforms crash_${fault})
endforeach()
