# Includes run one way, between the folders and inside experiments/.
add_test(NAME "structure: rooms" COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/rooms.py ${PROJECT_SOURCE_DIR})
