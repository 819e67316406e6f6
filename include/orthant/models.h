/** @file orthant/models.h
 * Orthant: weight files.  A part of orthant.h, readable alone. */
#ifndef ORTHANT_MODELS_H
#define ORTHANT_MODELS_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Weight files ----------------------------------------------------------------------------------------------- */

#define ORTHANT_BLOB_VERSION 1 /**< the major version of the format */

/** A model is the bytes of its weight file: a header of 64 bytes, records sorted by name, payloads aligned, all read
 * where they lie (flash, a mapped file).  Opening copies nothing and there is no closing; the bytes must outlive their
 * use.  Any number of threads and handles may share a model.  The format, and the records of every kind:
 * tools/docs/guide/weights.md. */
typedef struct orthant_model orthant_model;

#define ORTHANT_MODEL_NALMU 1      /**< multiplicative updates with learned multipliers */
#define ORTHANT_MODEL_RALMU 2      /**< ... whose multipliers come from a small network */
#define ORTHANT_MODEL_SYMNMF_NET 3 /**< SymNMF-Net of one matrix */
#define ORTHANT_MODEL_FACTORMER 4  /**< a transformer that proposes factors */
#define ORTHANT_MODEL_SCHEDULE 5   /**< a learned schedule of extrapolated HALS */

#define ORTHANT_ELEMENT_F32 0  /**< IEEE single precision */
#define ORTHANT_ELEMENT_F16 1  /**< IEEE half precision */
#define ORTHANT_ELEMENT_BF16 2 /**< the upper half of an f32 */
#define ORTHANT_ELEMENT_I8 3   /**< of eight bits, with a scale and a zero point */
#define ORTHANT_ELEMENT_I16 4  /**< of sixteen bits, in the same way */
#define ORTHANT_ELEMENT_I32 5  /**< whole numbers: shapes and choices of a model */
#define ORTHANT_ELEMENT_F64 6  /**< IEEE double precision: states of a training */

/** Check all of a weight file but the CRC of its data.
 *   blob  in   `bytes` bytes at a multiple of the file's alignment, 64 unless it was made with another; used in place
 *   out   out  the model, which is the same address
 *   OK | E_ARG | E_BLOB (orthant_model_problem says what is wrong)
 *   Cost: linear in the number of records; the data are not read */
ORTHANT_API orthant_status orthant_model_open(const void *blob, size_t bytes, const orthant_model **out);
/** Check the CRC of the data.  It finds corruption, not tampering; signatures are the product's own.
 *   OK | E_ARG | E_BLOB.   Cost: one reading of the file */
ORTHANT_API orthant_status orthant_model_verify(const orthant_model *m);
/** What open or verify refuse, in a static string; "ok" where neither does.  Never null. */
ORTHANT_API const char *orthant_model_problem(const void *blob, size_t bytes);

/** ORTHANT_MODEL_... of an opened model; 0 for null. */
ORTHANT_API int32_t orthant_model_kind(const orthant_model *m);
/** The number of its records; 0 for null. */
ORTHANT_API int32_t orthant_model_records(const orthant_model *m);
/** Its length in bytes; 0 for null. */
ORTHANT_API size_t orthant_model_bytes(const orthant_model *m);
/** "nalmu", "ralmu", ... for ORTHANT_MODEL_..., in a static string; null for an unknown kind. */
ORTHANT_API const char *orthant_model_kind_name(int32_t kind);
/** "f32", "f16", ... for ORTHANT_ELEMENT_..., in a static string; null for an unknown type. */
ORTHANT_API const char *orthant_element_name(int32_t element);

/* ---- Advanced: what is in a weight file ------------------------------------------------------------------------- */

/** One array of a model.  Set `size`; the rest is written.  A number is scale * (stored - zero_point). */
typedef struct orthant_record {
  uint32_t size;      /**< required: sizeof this struct */
  int32_t element;    /**< ORTHANT_ELEMENT_... */
  int32_t rank;       /**< 0 to 4 */
  int32_t zero_point; /**< 0 for floating-point types */
  uint32_t dims[4];   /**< beyond rank: 0; dims[0] runs fastest */
  float scale;        /**< 1 for floating-point types */
  uint32_t reserved;
  const char *name;   /**< in the file */
  const void *data;   /**< in the file, little-endian */
  size_t count;       /**< elements */
  size_t bytes;       /**< that they take */
} orthant_record;
/** Describe record i in [0, orthant_model_records).   OK | E_ARG */
ORTHANT_API orthant_status orthant_model_record(const orthant_model *m, int32_t i, orthant_record *out);
/** Elements of record i as numbers.
 *   out  out  `count` numbers, of the elements from, from + 1, ...
 *   OK | E_ARG (also where the record has no such elements) */
ORTHANT_API orthant_status orthant_model_values_f32(const orthant_model *m, int32_t i, size_t from, size_t count,
                                                    float *out);
ORTHANT_API orthant_status orthant_model_values_f64(const orthant_model *m, int32_t i, size_t from, size_t count,
                                                    double *out);

/** The same model with other numbers: every array of rank 2 and above that is not I32 becomes `element`; scalars and
 * vectors stay as they are.
 *   element    in   ORTHANT_ELEMENT_... but I32
 *   alignment  in   16, 32, 64, 128 or 256; 0: 64
 *   out        out  `capacity` bytes at any address, or null to ask for the size alone; must not overlap the model
 *   bytes      out  the length
 *   OK | E_ARG | E_SCRATCH (capacity too small) | E_DATA (a number that the type cannot hold)
 *   Cost: one reading and one writing of the file */
ORTHANT_API orthant_status orthant_model_convert(const orthant_model *m, int32_t element, int32_t alignment, void *out,
                                                 size_t capacity, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
