/* Slice k of the spectral domain is the mean of slices 0..k: lower triangular, invertible, not orthogonal.
 * Plain C. */
#include <tubal/plugin.h>

static int matrix(void* state, int p, const double* theta, double* F, double* frequency, double* scale,
                  char* message, size_t size) {
  (void)state, (void)theta, (void)frequency, (void)message, (void)size;
  for (int k = 0; k < p; ++k)
    for (int l = 0; l < p; ++l) F[k * p + l] = l <= k ? 1.0 / (k + 1) : 0.0;
  *scale = p == 1 ? 1 : 0;
  return 0;
}

const tubal_transform* tubal_plugin(void) {
  static const tubal_transform transform = {
      .version = TUBAL_PLUGIN_VERSION,
      .size = sizeof(tubal_transform),
      .name = "causal_average",
      .summary = "running means of the slices, lower triangular",
      .allowed_p = "any",
      .matrix = matrix,
  };
  return &transform;
}
