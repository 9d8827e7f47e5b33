add_executable(benchmark_transforms ${CMAKE_CURRENT_LIST_DIR}/benchmark/crossover.cpp)
target_link_libraries(benchmark_transforms PRIVATE tubal_transforms tubal_options)
target_precompile_headers(benchmark_transforms REUSE_FROM tubal_core)
add_test(NAME "transforms: benchmark runs" COMMAND benchmark_transforms 8 4)
