# What commands print and write: full disks, closed outputs, links, pipes and devices; limits on memory; advice that works when typed.
function(streams_test name script)
  add_test(NAME "streams: ${name}"
    COMMAND ${PROJECT_SOURCE_DIR}/tests/streams/run.sh ${PROJECT_SOURCE_DIR}/tests/streams/${script} ${ARGN})
  set_tests_properties("streams: ${name}" PROPERTIES TIMEOUT ${limit} SKIP_RETURN_CODE 77)
endfunction()
streams_test("standard output" standard_output.py $<TARGET_FILE:tubal>)
streams_test("output files" output_files.py $<TARGET_FILE:tubal>)
streams_test("limits on memory" limits.py $<TARGET_FILE:tubal>)
streams_test("arguments" arguments.py $<TARGET_FILE:tubal>)
streams_test("messages" messages.py $<TARGET_FILE:tubal>)
streams_test("advice" advice.py $<TARGET_FILE:tubal>)
