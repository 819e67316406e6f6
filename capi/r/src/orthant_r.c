/* .Call entries of the package: doubles, and sparse matrices by their slots.  An error frees nothing, since all memory is
 * R's. */
#include <R.h>
#include <R_ext/Rdynload.h>
#include <Rinternals.h>
#include <string.h>

#include "orthant.h"

static void fail(orthant_status st, const char *call) { Rf_error("%s: %s", call, orthant_status_text(st)); }

/* In words that name the field of a config, or the first bad entry of data. */
#define REFUSED(noun, c)                                             \
  do {                                                               \
    char text[300];                                                  \
    orthant_##noun##_config_problem(&(c), text, sizeof text);        \
    Rf_error("%s: %s", #noun, text);                                 \
  } while (0)
static void fail_data(orthant_status st, const char *call, const orthant_matrix_f64 *data, int32_t what) {
  char text[300];
  if (st != ORTHANT_E_DATA || orthant_matrix_problem_f64(data, what, text, sizeof text) == 0) fail(st, call);
  Rf_error("%s: %s", call, text);
}

static SEXP option(SEXP list, const char *name) {
  const SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  for (R_xlen_t k = 0; k < Rf_xlength(list); ++k)
    if (strcmp(CHAR(STRING_ELT(names, k)), name) == 0) return VECTOR_ELT(list, k);
  return R_NilValue;
}

static double number(SEXP list, const char *name) {
  const SEXP value = option(list, name);
  return value == R_NilValue ? 0 : Rf_asReal(value);
}

static int32_t word(SEXP list, const char *name, const char *(*named)(int32_t)) {
  const SEXP value = option(list, name);
  if (value == R_NilValue) return 0;
  if (TYPEOF(value) != STRSXP) return (int32_t)Rf_asReal(value);
  const char *text = CHAR(STRING_ELT(value, 0));
  for (int32_t k = 0; named(k); ++k)
    if (strcmp(named(k), text) == 0) return k;
  Rf_error("'%s' is no %s", text, name);
  return 0;
}

static SEXP report_of(const orthant_report *r) {
  static const char *const stops[] = {"", "iterations", "kkt", "objective", "cancelled", "nonfinite", "step", "error"};
  const char *names[] = {"stop", "iters", "objective", "rel_error", "kkt", ""};
  const SEXP out = PROTECT(Rf_mkNamed(VECSXP, names));
  SET_VECTOR_ELT(out, 0, Rf_mkString(r->stop >= 0 && r->stop < 8 ? stops[r->stop] : ""));
  SET_VECTOR_ELT(out, 1, Rf_ScalarInteger(r->iters));
  SET_VECTOR_ELT(out, 2, Rf_ScalarReal(r->objective));
  SET_VECTOR_ELT(out, 3, Rf_ScalarReal(r->rel_error));
  SET_VECTOR_ELT(out, 4, Rf_ScalarReal(r->kkt));
  UNPROTECT(1);
  return out;
}

static SEXP orthant_r_nmf(SEXP V, SEXP sparse, SEXP dim, SEXP rank, SEXP options) {
  const int32_t rows = INTEGER(dim)[0], cols = INTEGER(dim)[1], k = Rf_asInteger(rank);
  orthant_matrix_f64 data = ORTHANT_DENSE_F64(NULL, rows, cols, rows);
  orthant_nmf_config c = {sizeof c, rows, cols, k};
  orthant_report r = {sizeof r};
  orthant_nmf_f64 *nmf;
  size_t bytes = 0;
  if (V == R_NilValue) {
    data.kind = ORTHANT_CSC, data.ld = 0;
    data.starts = INTEGER(VECTOR_ELT(sparse, 0)), data.indices = INTEGER(VECTOR_ELT(sparse, 1));
    data.values = REAL(VECTOR_ELT(sparse, 2));
  } else {
    data.values = REAL(V);
    for (R_xlen_t i = 0; i < Rf_xlength(V); ++i)
      if (ISNAN(REAL(V)[i])) data.kind = ORTHANT_MASKED; /* NA is a missing entry */
  }
  c.data = data.kind;
  c.method = word(options, "method", orthant_nmf_method_name);
  c.start = word(options, "start", orthant_nmf_start_name);
  c.loss = word(options, "loss", orthant_nmf_loss_name);
  c.beta = number(options, "beta"), c.max_iter = (int32_t)number(options, "max_iter"), c.tol = number(options, "tol");
  c.l1_w = number(options, "l1_w"), c.l1_h = number(options, "l1_h");
  c.l2_w = number(options, "l2_w"), c.l2_h = number(options, "l2_h"), c.seed = (uint64_t)number(options, "seed");
  orthant_status st = orthant_nmf_size_f64(&c, &bytes);
  if (st) REFUSED(nmf, c);
  const SEXP out = PROTECT(Rf_allocVector(VECSXP, 3));
  SET_VECTOR_ELT(out, 0, Rf_allocMatrix(REALSXP, rows, k));
  SET_VECTOR_ELT(out, 1, Rf_allocMatrix(REALSXP, k, cols));
  double *W = REAL(VECTOR_ELT(out, 0)), *H = REAL(VECTOR_ELT(out, 1));
  void *mem = R_alloc(bytes, 1);
  st = orthant_nmf_init_f64(&c, mem, bytes, &nmf);
  if (!st) st = orthant_nmf_start_f64(nmf, &data, W, rows, H, k);
  if (!st) st = orthant_nmf_run_f64(nmf, &data, W, rows, H, k, &r);
  if (st) fail_data(st, "nmf", &data, ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM);
  SET_VECTOR_ELT(out, 2, report_of(&r));
  UNPROTECT(1);
  return out;
}

static SEXP orthant_r_unmix(SEXP Y, SEXP E, SEXP options) {
  const int32_t bands = Rf_nrows(Y), pixels = Rf_ncols(Y), count = Rf_ncols(E);
  orthant_matrix_f64 data = ORTHANT_DENSE_F64(REAL(Y), bands, pixels, bands);
  orthant_unmix_config c = {sizeof c, bands, count};
  orthant_report r = {sizeof r};
  orthant_unmix_f64 *job;
  size_t bytes = 0;
  if (number(options, "missing") != 0) data.kind = ORTHANT_MASKED;
  c.data = data.kind;
  c.sum_to_one = number(options, "sum_to_one") != 0;
  c.method = word(options, "method", orthant_unmix_method_name);
  c.max_iter = (int32_t)number(options, "max_iter"), c.tol = number(options, "tol");
  orthant_status st = orthant_unmix_size_f64(&c, &bytes);
  if (st) REFUSED(unmix, c);
  const SEXP out = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(out, 0, Rf_allocMatrix(REALSXP, count, pixels));
  double *A = REAL(VECTOR_ELT(out, 0));
  void *mem = R_alloc(bytes, 1);
  st = orthant_unmix_init_f64(&c, REAL(E), bands, mem, bytes, &job);
  if (st) fail(st, "unmix");
  st = orthant_unmix_run_f64(job, &data, A, count, &r);
  for (int32_t j = 0; st == ORTHANT_E_DATA && j < pixels; ++j)
    if (!ISNAN(A[(size_t)j * (size_t)count])) st = ORTHANT_OK; /* the others are valid */
  if (st) fail_data(st, "unmix", &data, 0);
  SET_VECTOR_ELT(out, 1, report_of(&r));
  UNPROTECT(1);
  return out;
}

static SEXP orthant_r_endmembers(SEXP Y, SEXP wanted, SEXP options) {
  const int32_t bands = Rf_nrows(Y), pixels = Rf_ncols(Y), count = Rf_asInteger(wanted);
  const orthant_matrix_f64 data = ORTHANT_DENSE_F64(REAL(Y), bands, pixels, bands);
  orthant_endmembers_config c = {sizeof c, bands, pixels, count};
  orthant_endmembers_f64 *job;
  size_t bytes = 0;
  c.method = word(options, "method", orthant_endmembers_method_name), c.seed = (uint64_t)number(options, "seed");
  orthant_status st = orthant_endmembers_size_f64(&c, &bytes);
  if (st) REFUSED(endmembers, c);
  const SEXP out = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(out, 0, Rf_allocMatrix(REALSXP, bands, count));
  SET_VECTOR_ELT(out, 1, Rf_allocVector(INTSXP, count));
  int *pixel = INTEGER(VECTOR_ELT(out, 1));
  void *mem = R_alloc(bytes, 1);
  st = orthant_endmembers_init_f64(&c, mem, bytes, &job);
  if (!st) st = orthant_endmembers_run_f64(job, &data, NULL, 0, REAL(VECTOR_ELT(out, 0)), bands, pixel);
  if (st) fail_data(st, "endmembers", &data, ORTHANT_DATA_ROOM);
  for (int32_t k = 0; k < count; ++k) ++pixel[k]; /* counted from one */
  UNPROTECT(1);
  return out;
}

static const R_CallMethodDef entries[] = {{"orthant_r_nmf", (DL_FUNC)&orthant_r_nmf, 5},
                                          {"orthant_r_unmix", (DL_FUNC)&orthant_r_unmix, 3},
                                          {"orthant_r_endmembers", (DL_FUNC)&orthant_r_endmembers, 3},
                                          {NULL, NULL, 0}};

void R_init_orthant(DllInfo *dll) {
  R_registerRoutines(dll, NULL, entries, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
}
