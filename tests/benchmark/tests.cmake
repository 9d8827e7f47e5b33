# That the commands run; what they measure decides nothing.
foreach(mode training inference)
  add_test(NAME "benchmark: tubal bench, ${mode}" COMMAND tubal bench --mode ${mode} --set model.p=4 --set model.width=32
    --batch 4 --length 24 --mean-length 16 --vocabulary 100 --steps 2)
  set_tests_properties("benchmark: tubal bench, ${mode}" PROPERTIES
    PASS_REGULAR_EXPRESSION "\"mode\":\"${mode}\".*\"tokens_per_second\":[0-9.]+,\"product_seconds\":[0-9.e-]+,\"over_products\":[0-9.]+,\"processor_over_products\":[0-9.]+,\"peak_gb\":[0-9.]+")
endforeach()
add_test(NAME "benchmark: beside PyTorch" COMMAND ${CMAKE_CURRENT_LIST_DIR}/compare.py --help)
add_test(NAME "benchmark: products' share of gated and rotary models" COMMAND ${CMAKE_CURRENT_LIST_DIR}/shares.py --tubal $<TARGET_FILE:tubal>
  --rounds 1 --width 32 --p 4 --batch 2 --length 8 --steps 1)
set_tests_properties("benchmark: products' share of gated and rotary models" PROPERTIES
  PASS_REGULAR_EXPRESSION "[|] 32 [|] 4 [|] plain [|] [0-9.]+ [|] 1.00 [|].*[|] swiglu, rotary, rms_norm [|] [0-9.]+ [|] [0-9.]+ [|]")
