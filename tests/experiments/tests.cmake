# The command itself: a plan for programs, the key reference, exit status 2 with nothing on standard output.
add_test(NAME "experiments: tubal plan" COMMAND ${CMAKE_CURRENT_LIST_DIR}/plan/plan.sh $<TARGET_FILE:tubal> ${PROJECT_SOURCE_DIR})
# Files read by programs that are not ours: h5py always; xarray, netCDF4, h5dump and ncdump where they are installed.
add_test(NAME "experiments: study.h5 and trial.h5 in other readers"
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/records/read_study.py $<TARGET_FILE:test_experiments>)
# A plug-in whose file the life of a study changes.
add_library(ok_plugin MODULE ${CMAKE_CURRENT_LIST_DIR}/runner/ok.c)
target_include_directories(ok_plugin PRIVATE ${PROJECT_SOURCE_DIR})
set_target_properties(ok_plugin PROPERTIES PREFIX "" OUTPUT_NAME ok SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/experiments)
add_dependencies(test_experiments ok_plugin)
# A hundred random lives of a study, in ten parts. A slow machine begins no life more after 40 s of a part, and says how many it led.
foreach(first RANGE 0 90 10)
  add_test(NAME "experiments: lives of a study from ${first}" COMMAND test_experiments -w NoTests "[.life]")
  set_tests_properties("experiments: lives of a study from ${first}" PROPERTIES TIMEOUT 1200
    ENVIRONMENT "TUBAL_LIVES=10;TUBAL_FIRST_LIFE=${first};TUBAL_LIFE_SECONDS=40")
endforeach()
# A language model's data, from a text file to a trained trial, and what is refused on the way.
add_test(NAME "experiments: tubal data, plan and run on text" COMMAND ${CMAKE_CURRENT_LIST_DIR}/data/text.sh $<TARGET_FILE:tubal>)
