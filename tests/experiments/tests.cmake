# The command itself: a plan for programs, the key reference, exit status 2 with nothing on standard output.
add_test(NAME "experiments: tubal plan" COMMAND ${CMAKE_CURRENT_LIST_DIR}/plan.sh $<TARGET_FILE:tubal> ${PROJECT_SOURCE_DIR})
