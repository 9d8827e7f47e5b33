# Manual page, completions, `cmake --install` and Debian packages; exit 77 where the programs that they need are missing.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  set(install ${CMAKE_CURRENT_LIST_DIR})
  add_test(NAME "install: the manual page says what --help says"
    COMMAND /usr/bin/python3 ${install}/manual.py $<TARGET_FILE:tubal> ${PROJECT_BINARY_DIR}/manual/tubal.1 ${PROJECT_SOURCE_DIR})
  add_test(NAME "install: completion in bash, zsh and fish"
    COMMAND /usr/bin/python3 ${install}/completion.py $<TARGET_FILE:tubal> ${PROJECT_BINARY_DIR}/manual)
  add_test(NAME "install: cmake --install" COMMAND ${install}/install.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  add_test(NAME "install: Debian packages" COMMAND ${install}/packages.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  set_tests_properties("install: the manual page says what --help says" "install: completion in bash, zsh and fish"
    "install: cmake --install" "install: Debian packages" PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endif()
