# `cmake --install build`, component `command`: the program, its manual page and completions, what it says of itself, examples.
install(TARGETS tubal RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)

# Page and completions are made from what the program built here says; an emulator serves where it is built for another machine.
set(manual ${PROJECT_SOURCE_DIR}/experiments/cli/manual)
set(made ${PROJECT_BINARY_DIR}/manual)
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  file(GLOB sources CONFIGURE_DEPENDS ${manual}/*)
  add_custom_command(OUTPUT ${made}/tubal.1 ${made}/tubal.bash ${made}/_tubal ${made}/tubal.fish
    COMMAND ${manual}/generate.sh ${made} ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:tubal> DEPENDS tubal ${sources}
    COMMENT "Manual page and completions, from tubal's --help" VERBATIM)
  add_custom_target(tubal_manual ALL DEPENDS ${made}/tubal.1)
  install(FILES ${made}/tubal.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command)
  install(FILES ${made}/tubal.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tubal COMPONENT command)
  install(FILES ${made}/_tubal DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT command)
  install(FILES ${made}/tubal.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT command)
else()
  message(STATUS "No manual page and completions: they are made by running tubal, and CMAKE_CROSSCOMPILING_EMULATOR is not set")
endif()

set(documents ${CMAKE_INSTALL_DATADIR}/doc/tubal)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${documents} COMPONENT command)
install(FILES ${PROJECT_SOURCE_DIR}/analysis/report.png DESTINATION ${documents}/analysis COMPONENT command)
install(FILES ${PROJECT_SOURCE_DIR}/experiments/results/paper-imdb/front-parameters.svg DESTINATION ${documents}/experiments/results/paper-imdb
  COMPONENT command)
install(FILES ${PROJECT_SOURCE_DIR}/experiments/README.md DESTINATION ${documents}/experiments COMPONENT command)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments/grids DESTINATION ${documents}/experiments COMPONENT command)
install(PROGRAMS ${PROJECT_SOURCE_DIR}/experiments/quickstart.sh DESTINATION ${documents}/experiments COMPONENT command)
# Licences of the fonts and drawing libraries that reports carry (analysis/report/embed.cmake gathers them).
install(FILES ${PROJECT_BINARY_DIR}/analysis/report_assets.cpp.licences DESTINATION ${documents} RENAME LICENSES-of-reports
  COMPONENT command)
