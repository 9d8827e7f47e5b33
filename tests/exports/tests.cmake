# What a study becomes in other programs' hands: each export read by the reader itself, predictions, the README's recipes.
# A reader that is not installed is named in the output; h5py must be there.
set(run ${CMAKE_CURRENT_LIST_DIR}/run.sh)
add_test(NAME "exports: tubal compare against numpy" COMMAND ${run} check_compare.py $<TARGET_FILE:tubal> $<TARGET_FILE:test_analysis>)
add_test(NAME "exports: other readers agree" COMMAND ${run} check_exports.py $<TARGET_FILE:tubal> $<TARGET_FILE:test_analysis>)
add_test(NAME "exports: predictions and models" COMMAND ${run} check_predict.py $<TARGET_FILE:tubal>)
add_test(NAME "exports: a language model writes" COMMAND ${run} check_generate.py $<TARGET_FILE:tubal> $<TARGET_FILE:test_experiments>)
add_test(NAME "readme: analysis exports" COMMAND ${run} check_readme.py $<TARGET_FILE:tubal>)
foreach(name "exports: tubal compare against numpy" "exports: other readers agree" "exports: predictions and models" "exports: a language model writes" "readme: analysis exports")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${limit})
endforeach()
add_test(NAME "readme: results are the exported numbers" COMMAND ${CMAKE_CURRENT_LIST_DIR}/check_results.sh)
