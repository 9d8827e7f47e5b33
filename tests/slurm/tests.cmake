# A real Slurm of two nodes on this machine; exits 77 only where it cannot be installed, saying so.
add_test(NAME "slurm: two nodes" COMMAND ${PROJECT_SOURCE_DIR}/tests/slurm/test_slurm.sh $<TARGET_FILE:tubal>)
set_tests_properties("slurm: two nodes" PROPERTIES TIMEOUT 400 SKIP_RETURN_CODE 77)
