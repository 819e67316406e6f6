/* Orthant: weight blobs.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_MODELS_H
#define ORTHANT_MODELS_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Weights --------------------------------------------------------------------------------------------------- */

/* A model is its blob: 64-byte header, records sorted by name, payloads aligned, all read where they lie (flash, a
 * mapped file).  Open copies nothing and there is no close; the blob must outlive its use.  Any number of threads and
 * handles may share it. */
#define ORTHANT_BLOB_VERSION 1 /* the major format version */
typedef struct orthant_model orthant_model;

#define ORTHANT_MODEL_NALMU 1      /* unrolled multiplicative updates                 */
#define ORTHANT_MODEL_RALMU 2      /* ... whose multipliers come from a small network */
#define ORTHANT_MODEL_SYMNMF_NET 3 /* unrolled symmetric NMF                          */
#define ORTHANT_MODEL_FACTORMER 4  /* transformer for factors                         */
#define ORTHANT_MODEL_SCHEDULE 5   /* learned parameters of a solver                  */

#define ORTHANT_ELEMENT_F32 0
#define ORTHANT_ELEMENT_F16 1
#define ORTHANT_ELEMENT_BF16 2
#define ORTHANT_ELEMENT_I8 3
#define ORTHANT_ELEMENT_I16 4
#define ORTHANT_ELEMENT_I32 5
#define ORTHANT_ELEMENT_F64 6

/* Check all of a blob but its data's CRC.  It must lie at a multiple of its alignment (64 unless made otherwise).
 *   OK | E_ARG | E_BLOB (orthant_model_problem says what).   Cost: the records. */
ORTHANT_API orthant_status orthant_model_open(const void *blob, size_t bytes, const orthant_model **out);
/* The CRC of the data: it finds corruption, not tampering; signing is the product's own step.   OK | E_ARG | E_BLOB. */
ORTHANT_API orthant_status orthant_model_verify(const orthant_model *m);
/* What open or verify refuse, in a static string; "ok" where neither does.  Never null. */
ORTHANT_API const char *orthant_model_problem(const void *blob, size_t bytes);

/* Of an opened model: ORTHANT_MODEL_..., the number of records, the length.  0 for null. */
ORTHANT_API int32_t orthant_model_kind(const orthant_model *m);
ORTHANT_API int32_t orthant_model_records(const orthant_model *m);
ORTHANT_API size_t orthant_model_bytes(const orthant_model *m);
/* "nalmu", ..., or null for an unknown kind; "f32", ..., or null. */
ORTHANT_API const char *orthant_model_kind_name(int32_t kind);
ORTHANT_API const char *orthant_element_name(int32_t element);

/* One array of a model.  Set `size`; the rest is written.  A value is scale * (stored - zero_point). */
typedef struct orthant_record {
  uint32_t size;
  int32_t element;      /* ORTHANT_ELEMENT_...                                          */
  int32_t rank;         /* 0 to 4                                                       */
  int32_t zero_point;   /* 0 for floating types                                         */
  uint32_t dims[4];     /* beyond rank: 0; dims[0] runs fastest                         */
  float scale;          /* 1 for floating types                                         */
  uint32_t reserved;
  const char *name;     /* in the blob                                                  */
  const void *data;     /* in the blob, little-endian                                   */
  size_t count, bytes;  /* elements, and the bytes that they take                       */
} orthant_record;
/* Record i in [0, orthant_model_records).   OK | E_ARG. */
ORTHANT_API orthant_status orthant_model_record(const orthant_model *m, int32_t i, orthant_record *out);
/* `count` elements of record i from element `from` on, as numbers.   OK | E_ARG. */
ORTHANT_API orthant_status orthant_model_values_f32(const orthant_model *m, int32_t i, size_t from, size_t count,
                                                    float *out);
ORTHANT_API orthant_status orthant_model_values_f64(const orthant_model *m, int32_t i, size_t from, size_t count,
                                                    double *out);

/* The same model with other numbers: every matrix (rank 2 and above, not i32) becomes `element` (F32, F16, BF16, I8, I16
 * or F64); scalars and vectors stay as they are.
 *   alignment  in   16, 32, 64, 128 or 256; 0: 64
 *   out        out  `capacity` bytes at any address, or null to ask for the size only; does not overlap the model
 *   bytes      out  the length
 *   OK | E_ARG | E_SCRATCH (capacity too small) | E_DATA (a value that the type cannot hold). */
ORTHANT_API orthant_status orthant_model_convert(const orthant_model *m, int32_t element, int32_t alignment, void *out,
                                                 size_t capacity, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
