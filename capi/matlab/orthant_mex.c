/* orthant_mex(VERB, ARRAYS..., OPTIONS): what orthant_nmf.m, orthant_unmix.m and orthant_endmembers.m call, in MATLAB
 * and Octave.  OPTIONS is a struct of fields of the config in orthant.h, numbers or words.  single stays single. */
#include <math.h>
#include <string.h>

#include "mex.h"
#include "orthant.h"

static void fail(orthant_status st, const char *call) {
  mexErrMsgIdAndTxt("orthant:error", "%s: %s", call, orthant_status_text(st));
}

/* In words that name the field of a config, or the first bad entry of data. */
#define REFUSED(noun, c) \
  do { \
    char text[300]; \
    orthant_##noun##_config_problem(&(c), text, sizeof text); \
    mexErrMsgIdAndTxt("orthant:error", "orthant_%s: %s", #noun, text); \
  } while (0)
#define FAIL_DATA(S, st, noun, data, what) \
  do { \
    char text[300]; \
    if (st != ORTHANT_E_DATA || orthant_matrix_problem_##S(&(data), what, text, sizeof text) == 0) \
      fail(st, "orthant_" #noun); \
    mexErrMsgIdAndTxt("orthant:error", "orthant_%s: %s", #noun, text); \
  } while (0)

static const mxArray *field(const mxArray *options, const char *name) {
  return options && mxIsStruct(options) ? mxGetField(options, 0, name) : NULL;
}

static double number(const mxArray *options, const char *name, double otherwise) {
  const mxArray *value = field(options, name);
  return value ? mxGetScalar(value) : otherwise;
}

/* The number of a word, by what the library calls it; a number stays. */
static int32_t word(const mxArray *options, const char *name, const char *(*named)(int32_t)) {
  const mxArray *value = field(options, name);
  char text[32];
  int32_t k;
  if (!value) return 0;
  if (!mxIsChar(value)) return (int32_t)mxGetScalar(value);
  mxGetString(value, text, sizeof text);
  for (k = 0; named(k); ++k)
    if (strcmp(named(k), text) == 0) return k;
  mexErrMsgIdAndTxt("orthant:argument", "'%s' is no %s", text, name);
  return 0;
}

static int has_nan(const mxArray *a) {
  const size_t n = mxGetNumberOfElements(a);
  size_t i;
  if (mxIsSparse(a)) return 0;
  for (i = 0; i < n; ++i)
    if (mxIsSingle(a) ? isnan(((const float *)mxGetData(a))[i]) : isnan(((const double *)mxGetData(a))[i])) return 1;
  return 0;
}

static void expect(const mxArray *a, const char *name, const mxArray *like) {
  if (!(mxIsDouble(a) || mxIsSingle(a)) || mxIsComplex(a) || mxGetNumberOfDimensions(a) != 2)
    mexErrMsgIdAndTxt("orthant:argument", "%s must be a real matrix of class double or single", name);
  if (like && mxIsSingle(a) != mxIsSingle(like))
    mexErrMsgIdAndTxt("orthant:argument", "%s must have the class of the data", name);
}

static mxArray *report_of(const orthant_report *r) {
  static const char *stops[] = {"", "iterations", "kkt", "objective", "cancelled", "nonfinite", "step", "error"};
  const char *names[] = {"stop", "iters", "objective", "rel_error", "kkt"};
  mxArray *out = mxCreateStructMatrix(1, 1, 5, names);
  mxSetField(out, 0, "stop", mxCreateString(r->stop >= 0 && r->stop < 8 ? stops[r->stop] : ""));
  mxSetField(out, 0, "iters", mxCreateDoubleScalar(r->iters));
  mxSetField(out, 0, "objective", mxCreateDoubleScalar(r->objective));
  mxSetField(out, 0, "rel_error", mxCreateDoubleScalar(r->rel_error));
  mxSetField(out, 0, "kkt", mxCreateDoubleScalar(r->kkt));
  return out;
}

/* Sparse indices are wider in MATLAB than in the library. */
static void narrow(const mxArray *a, int32_t **starts, int32_t **indices) {
  const mwIndex *jc = mxGetJc(a), *ir = mxGetIr(a);
  const mwSize cols = mxGetN(a);
  mwIndex t;
  if (jc[cols] > 0x7fffffff) mexErrMsgIdAndTxt("orthant:argument", "more entries than 32-bit indices count");
  *starts = mxMalloc((cols + 1) * sizeof **starts);
  *indices = mxMalloc((jc[cols] + 1) * sizeof **indices);
  for (t = 0; t <= cols; ++t) (*starts)[t] = (int32_t)jc[t];
  for (t = 0; t < jc[cols]; ++t) (*indices)[t] = (int32_t)ir[t];
}

static mxArray *matrix(size_t rows, size_t cols, mxClassID class) {
  return mxCreateNumericMatrix(rows, cols, class, mxREAL);
}

#define NOUNS(T, S, CLASS) \
  static orthant_matrix_##S data_##S(const mxArray *a, int32_t kind) { \
    orthant_matrix_##S m; \
    int32_t *starts = NULL, *indices = NULL; \
    memset(&m, 0, sizeof m); \
    m.size = sizeof m, m.kind = kind, m.rows = (int32_t)mxGetM(a), m.cols = (int32_t)mxGetN(a), m.ld = m.rows; \
    m.values = mxGetData(a); \
    if (mxIsSparse(a)) { \
      narrow(a, &starts, &indices); \
      m.kind = ORTHANT_CSC, m.ld = 0, m.starts = starts, m.indices = indices; \
    } \
    return m; \
  } \
  static void nmf_##S(mxArray **out, const mxArray *V, const mxArray *rank, const mxArray *o) { \
    const orthant_matrix_##S data = data_##S(V, has_nan(V) ? ORTHANT_MASKED : ORTHANT_DENSE); \
    orthant_nmf_config c; \
    orthant_report r; \
    orthant_nmf_##S *nmf; \
    orthant_status st; \
    size_t bytes; \
    void *mem; \
    memset(&c, 0, sizeof c), memset(&r, 0, sizeof r); \
    c.size = sizeof c, r.size = sizeof r, c.rows = data.rows, c.cols = data.cols, c.rank = (int32_t)mxGetScalar(rank); \
    c.data = data.kind, c.method = word(o, "method", orthant_nmf_method_name); \
    c.start = word(o, "start", orthant_nmf_start_name), c.loss = word(o, "loss", orthant_nmf_loss_name); \
    c.beta = number(o, "beta", 0), c.max_iter = (int32_t)number(o, "max_iter", 0), c.tol = number(o, "tol", 0); \
    c.l1_w = number(o, "l1_w", 0), c.l1_h = number(o, "l1_h", 0), c.seed = (uint64_t)number(o, "seed", 0); \
    c.l2_w = number(o, "l2_w", 0), c.l2_h = number(o, "l2_h", 0); \
    if (orthant_nmf_size_##S(&c, &bytes)) REFUSED(nmf, c); \
    out[0] = matrix((size_t)c.rows, (size_t)c.rank, CLASS), out[1] = matrix((size_t)c.rank, (size_t)c.cols, CLASS); \
    mem = mxMalloc(bytes); \
    st = orthant_nmf_init_##S(&c, mem, bytes, &nmf); \
    if (!st) st = orthant_nmf_start_##S(nmf, &data, mxGetData(out[0]), c.rows, mxGetData(out[1]), c.rank); \
    if (!st) st = orthant_nmf_run_##S(nmf, &data, mxGetData(out[0]), c.rows, mxGetData(out[1]), c.rank, &r); \
    mxFree(mem); \
    if (st) FAIL_DATA(S, st, nmf, data, ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM); \
    out[2] = report_of(&r); \
  } \
  static void unmix_##S(mxArray **out, const mxArray *Y, const mxArray *E, const mxArray *o) { \
    const orthant_matrix_##S data = data_##S(Y, number(o, "missing", 0) != 0 ? ORTHANT_MASKED : ORTHANT_DENSE); \
    orthant_unmix_config c; \
    orthant_report r; \
    orthant_unmix_##S *unmix; \
    orthant_status st; \
    size_t bytes, lost = 0, j; \
    void *mem; \
    T *A; \
    memset(&c, 0, sizeof c), memset(&r, 0, sizeof r); \
    c.size = sizeof c, r.size = sizeof r, c.bands = data.rows, c.endmembers = (int32_t)mxGetN(E), c.data = data.kind; \
    if ((int32_t)mxGetM(E) != c.bands) \
      mexErrMsgIdAndTxt("orthant:argument", "Y and E have different numbers of bands"); \
    c.sum_to_one = number(o, "sum_to_one", 0) != 0, c.method = word(o, "method", orthant_unmix_method_name); \
    c.max_iter = (int32_t)number(o, "max_iter", 0), c.tol = number(o, "tol", 0); \
    if (orthant_unmix_size_##S(&c, &bytes)) REFUSED(unmix, c); \
    out[0] = matrix((size_t)c.endmembers, (size_t)data.cols, CLASS); \
    A = mxGetData(out[0]), mem = mxMalloc(bytes); \
    st = orthant_unmix_init_##S(&c, mxGetData(E), c.bands, mem, bytes, &unmix); \
    if (st) mxFree(mem), fail(st, "orthant_unmix"); \
    st = orthant_unmix_run_##S(unmix, &data, A, c.endmembers, &r); \
    mxFree(mem); \
    for (j = 0; st == ORTHANT_E_DATA && j < (size_t)data.cols; ++j) lost += isnan(A[j * (size_t)c.endmembers]) != 0; \
    if (st && (st != ORTHANT_E_DATA || lost == (size_t)data.cols)) FAIL_DATA(S, st, unmix, data, 0); \
    if (st) mexWarnMsgIdAndTxt("orthant:data", "no abundances for %d of %d pixels: NaN", (int)lost, (int)data.cols); \
    out[1] = report_of(&r); \
  } \
  static void endmembers_##S(mxArray **out, const mxArray *Y, const mxArray *count, const mxArray *o) { \
    const orthant_matrix_##S data = data_##S(Y, ORTHANT_DENSE); \
    orthant_endmembers_config c; \
    orthant_endmembers_##S *job; \
    orthant_status st; \
    size_t bytes; \
    void *mem; \
    int32_t k, *pixel; \
    memset(&c, 0, sizeof c); \
    c.size = sizeof c, c.bands = data.rows, c.pixels = data.cols, c.endmembers = (int32_t)mxGetScalar(count); \
    c.method = word(o, "method", orthant_endmembers_method_name), c.seed = (uint64_t)number(o, "seed", 0); \
    if (orthant_endmembers_size_##S(&c, &bytes)) REFUSED(endmembers, c); \
    out[0] = matrix((size_t)c.bands, (size_t)c.endmembers, CLASS); \
    out[1] = mxCreateDoubleMatrix(1, (size_t)c.endmembers, mxREAL); \
    mem = mxMalloc(bytes), pixel = mxCalloc((size_t)c.endmembers, sizeof *pixel); \
    st = orthant_endmembers_init_##S(&c, mem, bytes, &job); \
    if (!st) st = orthant_endmembers_run_##S(job, &data, NULL, 0, mxGetData(out[0]), c.bands, pixel); \
    for (k = 0; k < c.endmembers; ++k) mxGetPr(out[1])[k] = pixel[k] + 1; \
    mxFree(mem), mxFree(pixel); \
    if (st) FAIL_DATA(S, st, endmembers, data, ORTHANT_DATA_ROOM); \
  }

NOUNS(float, f32, mxSINGLE_CLASS)
NOUNS(double, f64, mxDOUBLE_CLASS)

void mexFunction(int nlhs, mxArray *plhs[], int nrhs, const mxArray *prhs[]) {
  mxArray *out[3] = {NULL, NULL, NULL};
  const mxArray *options = nrhs > 3 ? prhs[3] : NULL;
  char verb[16];
  int k;
  if (nrhs < 3 || mxGetString(prhs[0], verb, sizeof verb))
    mexErrMsgIdAndTxt("orthant:argument", "orthant_mex is called by the orthant functions");
  expect(prhs[1], "the data", NULL);
#define VERB(noun) \
  if (strcmp(verb, #noun) == 0) { \
    if (mxIsSingle(prhs[1])) noun##_f32(out, prhs[1], prhs[2], options); \
    else noun##_f64(out, prhs[1], prhs[2], options); \
  }
  if (strcmp(verb, "unmix") == 0) expect(prhs[2], "E", prhs[1]);
  VERB(nmf)
  VERB(unmix)
  VERB(endmembers)
  for (k = 0; k < 3; ++k)
    if (k < nlhs || (k == 0 && nlhs == 0)) plhs[k] = out[k];
    else if (out[k]) mxDestroyArray(out[k]);
}
