/* A transform of your own for Tubal, from C or any language that can export a C function.
 *
 * A plug-in is a shared library that exports `tubal_plugin`, which returns a filled `tubal_transform` that
 * lives as long as the library. C++ authors take plugin.hpp instead. A plug-in provides a real invertible
 * matrix F [p, p] for each p that it accepts; the host computes the inverse and the adjoints, applies them,
 * and checks all by its table of laws when it loads the plug-in. Functions may be called from several threads
 * at once and must not throw across this interface.
 *
 * Functions that return int: 0 is success; anything else is failure, with a reason written to `message` (at
 * most `size` bytes with the final 0). */
#ifndef TUBAL_PLUGIN_H
#define TUBAL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

/* Raised whenever a member changes its place or meaning. The host refuses any other number. */
#define TUBAL_PLUGIN_VERSION 1u

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tubal_transform {
  uint32_t version;      /* TUBAL_PLUGIN_VERSION */
  uint32_t size;         /* sizeof(tubal_transform) */
  const char* name;      /* as in `transform: NAME`: lower-case letters, digits and _ */
  const char* summary;   /* one line for `tubal transforms`; may be NULL */
  const char* allowed_p; /* for people: "any", "powers of two"; may be NULL */

  /* Options are the further keys of `transform: {name: NAME, key: value}`. The state is handed to every other
   * function. Both may be NULL: no options, state NULL. */
  int (*create)(const char* const* keys, const char* const* values, size_t count, void** state, char* message,
                size_t size);
  void (*destroy)(void* state);

  /* 0 where p is taken. NULL: every p from 1. At p = 1 the transform is the identity, F = (1). */
  int (*accepts)(void* state, int p, char* message, size_t size);

  /* Writes F [p, p] row-major (spectral row k, original column l), frequency [p] in [0, 1] (set to k/(p-1)
   * before the call) and scale: l where F^T F = l I, 0 if there is none. theta: parameters, NULL for a fixed
   * transform. */
  int (*matrix)(void* state, int p, const double* theta, double* F, double* frequency, double* scale,
                char* message, size_t size);

  /* Optional (NULL: the p x p product): y = F x (map 0), F^-1 x (1), F^T x (2), F^-T x (3) along the tubes of
   * x [T, p, m]. */
  int (*apply_float)(void* state, int p, int map, const float* x, float* y, size_t T, size_t m);
  int (*apply_double)(void* state, int p, int map, const double* x, double* y, size_t T, size_t m);

  /* Learned transforms; all three or none (NULL). dF [p, p] is the whole derivative of the loss by F. */
  size_t (*parameter_count)(void* state, int p);
  int (*initial_parameters)(void* state, int p, double* theta, char* message, size_t size);
  int (*gradient)(void* state, int p, const double* theta, const double* dF, double* dtheta, char* message,
                  size_t size);
} tubal_transform;

#if defined(_WIN32)
#define TUBAL_PLUGIN_EXPORT __declspec(dllexport)
#else
#define TUBAL_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

/* The one exported function. */
TUBAL_PLUGIN_EXPORT const tubal_transform* tubal_plugin(void);

#ifdef __cplusplus
}
#endif
#endif
