# A processor without AVX-512: the other set of kernels, and BLAS kernels for AVX2, give the same answers.
file(GLOB cases ${PROJECT_SOURCE_DIR}/tests/golden/*.h5)
add_test(NAME "core: golden cases without AVX-512" COMMAND tubal verify ${cases})
set_tests_properties("core: golden cases without AVX-512" PROPERTIES ENVIRONMENT "TUBAL_KERNELS=avx2;OPENBLAS_CORETYPE=HASWELL")
add_test(NAME "core: matrix products without AVX-512" COMMAND test_core -w NoTests "products*")
add_test(NAME "core: attention without AVX-512" COMMAND test_layers -w NoTests "attention*")
set_tests_properties("core: matrix products without AVX-512" "core: attention without AVX-512" PROPERTIES ENVIRONMENT "TUBAL_KERNELS=avx2")
# OpenBLAS's variants train the same bits; `skipped` where only one is installed.
add_test(NAME "core: variants of OpenBLAS" COMMAND ${PROJECT_SOURCE_DIR}/tests/core/variants.sh $<TARGET_FILE:tubal> $<TARGET_FILE:test_core>)
set_tests_properties("core: variants of OpenBLAS" PROPERTIES SKIP_RETURN_CODE 77)
