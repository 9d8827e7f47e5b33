# Includes run one way, between the folders and inside experiments/.
add_test(NAME "structure: rooms" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/rooms.py ${PROJECT_SOURCE_DIR})
# The report's scripts import what they use of each other.
add_test(NAME "structure: scripts" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/scripts.py ${PROJECT_SOURCE_DIR}/analysis/report/script)
# The form of C++ and of the scripts; skipped, saying so, where the tool is missing.
add_test(NAME "structure: clang-format" COMMAND ${CMAKE_CURRENT_LIST_DIR}/form.sh clang-format ${PROJECT_SOURCE_DIR})
add_test(NAME "structure: prettier" COMMAND ${CMAKE_CURRENT_LIST_DIR}/form.sh prettier ${PROJECT_SOURCE_DIR} ${TUBAL_REPORT_MODULES})
set_tests_properties("structure: clang-format" "structure: prettier" PROPERTIES SKIP_RETURN_CODE 77)
# One statement a line; comments and literals that stop short.
add_test(NAME "structure: tidy" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/tidy.py ${PROJECT_SOURCE_DIR})
# Each case of the programs is run by a test of its own.
add_test(NAME "structure: cases" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/cases.py ${PROJECT_BINARY_DIR})
