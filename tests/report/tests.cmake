# The report in headless Chromium; skipped, saying so, where there is none.
add_test(NAME "report: headless Chromium" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/report.py $<TARGET_FILE:test_analysis> $<TARGET_FILE:tubal>)
set_tests_properties("report: headless Chromium" PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
