# Every failure: a table over all commands and states, every n-th system call, limits on memory, signals at each phase, clocks, users, and
# studies of many trials.
set(failures ${CMAKE_CURRENT_LIST_DIR})
foreach(shim fail_at clock)
  add_library(${shim} MODULE ${failures}/${shim}.c)
  target_link_libraries(${shim} PRIVATE ${CMAKE_DL_LIBS})
  set_target_properties(${shim} PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/failures)
endforeach()
add_executable(make_large ${failures}/make_large.cpp)
target_link_libraries(make_large PRIVATE tubal_experiments tubal_options)
target_precompile_headers(make_large REUSE_FROM tubal_core)

# All of them, or a hundred thousand trials, take their time (tests/run.sh configures each time).
set(failures_limit 600)
if(NOT "$ENV{FAILURES_ALL}$ENV{FAILURES_TRIALS}" STREQUAL "")
  set(failures_limit 14400)
endif()
function(failures_test name script)
  add_test(NAME "failures: ${name}"
    COMMAND ${PROJECT_SOURCE_DIR}/tests/streams/run.sh ${PROJECT_SOURCE_DIR}/tests/failures/${script} ${ARGN})
  set_tests_properties("failures: ${name}" PROPERTIES TIMEOUT ${failures_limit} SKIP_RETURN_CODE 77)
endfunction()
failures_test("table" table.py $<TARGET_FILE:tubal>)
failures_test("system calls" calls.py $<TARGET_FILE:fail_at> $<TARGET_FILE:tubal>)
failures_test("memory" memory.py $<TARGET_FILE:tubal>)
failures_test("phases" phases.py $<TARGET_FILE:fail_at> $<TARGET_FILE:tubal>)
failures_test("clock" clock.py $<TARGET_FILE:clock> $<TARGET_FILE:tubal>)
failures_test("users" users.py $<TARGET_FILE:tubal>)
failures_test("many trials" large.py $<TARGET_FILE:make_large> $<TARGET_FILE:fail_at> $<TARGET_FILE:tubal>)
