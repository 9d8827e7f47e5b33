# The command itself: a plan for programs, the key reference, exit status 2 with nothing on standard output.
add_test(NAME "experiments: tubal plan" COMMAND ${CMAKE_CURRENT_LIST_DIR}/plan.sh $<TARGET_FILE:tubal> ${PROJECT_SOURCE_DIR})
# Files read by programs that are not ours: h5py always; xarray, netCDF4, h5dump and ncdump where they are installed.
add_test(NAME "experiments: study.h5 and trial.h5 in other readers"
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/read_study.py $<TARGET_FILE:test_experiments>)
