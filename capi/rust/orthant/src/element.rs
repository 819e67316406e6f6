// Written by capi/bindings.py from orthant.h; do not edit.
use orthant_sys::{self as sys, c_void};

#[allow(non_snake_case, clippy::missing_safety_doc, clippy::too_many_arguments)]
pub trait Functions: Copy {
    type Matrix: Copy + Default;
    type Symmetric: Copy + Default;
    type Penalty: Copy + Default;
    type Terms: Copy + Default;
    unsafe fn matrix_problem(X: *const Self::Matrix, what: i32, text: *mut sys::c_char, room: usize) -> usize;
    unsafe fn unmix_size(c: *const sys::orthant_unmix_config, bytes: *mut usize) -> i32;
    unsafe fn unmix_init(c: *const sys::orthant_unmix_config, E: *const Self, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut c_void) -> i32;
    unsafe fn unmix_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn unmix_check(s: *mut c_void, Y: *const Self::Matrix, A: *const Self, lda: i32, rms: *mut Self,
        kkt: *mut Self, r: *mut sys::orthant_report) -> i32;
    unsafe fn nmf_size(c: *const sys::orthant_nmf_config, bytes: *mut usize) -> i32;
    unsafe fn nmf_init(c: *const sys::orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn nmf_start(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32) -> i32;
    unsafe fn nmf_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn endmembers_size(c: *const sys::orthant_endmembers_config, bytes: *mut usize) -> i32;
    unsafe fn endmembers_init(c: *const sys::orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn endmembers_run(s: *mut c_void, Y: *const Self::Matrix, D: *const Self, ldd: i32, E: *mut Self,
        lde: i32, pixel: *mut i32) -> i32;
    unsafe fn scores_size(c: *const sys::orthant_scores_config, bytes: *mut usize) -> i32;
    unsafe fn scores_run(c: *const sys::orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const Self,
        lde: i32, E_true: *const Self, ldet: i32, A: *const Self, lda: i32, A_true: *const Self, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut sys::orthant_scores) -> i32;
    unsafe fn dimension_size(c: *const sys::orthant_dimension_config, bytes: *mut usize) -> i32;
    unsafe fn dimension_init(c: *const sys::orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn dimension_run(s: *mut c_void, Y: *const Self::Matrix, power: *mut f64, limit: *mut f64,
        noise: *mut f64, count: *mut i32) -> i32;
    unsafe fn model_values(m: *const sys::orthant_model, i: i32, from: usize, count: usize, out: *mut Self) -> i32;
    unsafe fn factormer_size(c: *const sys::orthant_factormer_config, bytes: *mut usize) -> i32;
    unsafe fn factormer_init(c: *const sys::orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn factormer_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32, W0: *const Self, ldw0: i32, H0: *const Self, ldh0: i32) -> i32;
    unsafe fn unmix_products(s: *mut c_void, B: *const Self, ldb: i32, pixels: i32, A: *mut Self, lda: i32) -> i32;
    unsafe fn library_size(c: *const sys::orthant_library_config, bytes: *mut usize) -> i32;
    unsafe fn library_init(c: *const sys::orthant_library_config, E: *const Self, lde: i32, variance: *const Self,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32;
    unsafe fn library_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self, ldd: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn mesma_size(c: *const sys::orthant_mesma_config, bytes: *mut usize) -> i32;
    unsafe fn mesma_init(c: *const sys::orthant_mesma_config, E: *const Self, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32;
    unsafe fn mesma_run(s: *mut c_void, Y: *const Self::Matrix, model: *mut i32, ldm: i32, A: *mut Self, lda: i32,
        rms: *mut Self, r: *mut sys::orthant_report) -> i32;
    unsafe fn bootstrap_size(c: *const sys::orthant_bootstrap_config, bytes: *mut usize) -> i32;
    unsafe fn bootstrap_init(c: *const sys::orthant_bootstrap_config, E: *const Self, lde: i32,
        class_of: *const i32, variance: *const Self, mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32;
    unsafe fn bootstrap_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self,
        ldd: i32, r: *mut sys::orthant_report) -> i32;
    unsafe fn nalmu_size(c: *const sys::orthant_nalmu_config, bytes: *mut usize) -> i32;
    unsafe fn nalmu_init(c: *const sys::orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn nalmu_run(s: *mut c_void, Y: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn nmf_terms(s: *mut c_void, terms: *const Self::Terms) -> i32;
    unsafe fn qp_size(c: *const sys::orthant_qp_config, bytes: *mut usize) -> i32;
    unsafe fn qp_init(c: *const sys::orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn qp_run(s: *mut c_void, G: *const Self, ldg: i32, d: *const Self, x: *mut Self,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn relu_nmd_size(c: *const sys::orthant_relu_nmd_config, bytes: *mut usize) -> i32;
    unsafe fn relu_nmd_init(c: *const sys::orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn relu_nmd_start(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self,
        ldv: i32) -> i32;
    unsafe fn relu_nmd_run(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self, ldv: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn tsvd_size(c: *const sys::orthant_tsvd_config, bytes: *mut usize) -> i32;
    unsafe fn tsvd_init(c: *const sys::orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn tsvd_run(t: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32, s: *mut Self, V: *mut Self,
        ldv: i32, r: *mut sys::orthant_report) -> i32;
    unsafe fn graph_size(c: *const sys::orthant_graph_config, bytes: *mut usize) -> i32;
    unsafe fn graph_run(c: *const sys::orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const Self::Matrix, starts: *mut i32, indices: *mut i32, values: *mut Self, capacity: i32) -> i32;
    unsafe fn graph_dense(samples: i32, starts: *const i32, indices: *const i32, values: *const Self,
        X: *mut Self, ldx: i32) -> i32;
    unsafe fn symnmf_size(c: *const sys::orthant_symnmf_config, bytes: *mut usize) -> i32;
    unsafe fn symnmf_init(c: *const sys::orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn symnmf_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32;
    unsafe fn symnmf_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn clusters_labels(samples: i32, clusters: i32, U: *const Self, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32;
    unsafe fn symnet_size(c: *const sys::orthant_symnet_config, bytes: *mut usize) -> i32;
    unsafe fn symnet_init(c: *const sys::orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32;
    unsafe fn symnet_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32;
    unsafe fn symnet_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32;
    unsafe fn symnet_save(s: *mut c_void, out: *mut c_void, capacity: usize, bytes: *mut usize) -> i32;
    unsafe fn symnet_load(s: *mut c_void, X: *const Self::Matrix, m: *const sys::orthant_model, U: *mut Self,
        ldu: i32) -> i32;
    unsafe fn symnet_problem(s: *mut c_void, X: *const Self::Matrix,
        m: *const sys::orthant_model) -> *const sys::c_char;
}

#[allow(non_snake_case)]
impl Functions for f32 {
    type Matrix = sys::orthant_matrix_f32;
    type Symmetric = sys::orthant_symmetric_f32;
    type Penalty = sys::orthant_penalty_f32;
    type Terms = sys::orthant_terms_f32;
    unsafe fn matrix_problem(X: *const Self::Matrix, what: i32, text: *mut sys::c_char, room: usize) -> usize {
        sys::orthant_matrix_problem_f32(X, what, text, room)
    }
    unsafe fn unmix_size(c: *const sys::orthant_unmix_config, bytes: *mut usize) -> i32 {
        sys::orthant_unmix_size_f32(c, bytes)
    }
    unsafe fn unmix_init(c: *const sys::orthant_unmix_config, E: *const Self, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_unmix_init_f32(c, E, lde, mem as _, bytes, out as _)
    }
    unsafe fn unmix_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_unmix_run_f32(s as _, Y, A, lda, r)
    }
    unsafe fn unmix_check(s: *mut c_void, Y: *const Self::Matrix, A: *const Self, lda: i32, rms: *mut Self,
        kkt: *mut Self, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_unmix_check_f32(s as _, Y, A, lda, rms, kkt, r)
    }
    unsafe fn nmf_size(c: *const sys::orthant_nmf_config, bytes: *mut usize) -> i32 {
        sys::orthant_nmf_size_f32(c, bytes)
    }
    unsafe fn nmf_init(c: *const sys::orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_nmf_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn nmf_start(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32) -> i32 {
        sys::orthant_nmf_start_f32(s as _, V, W, ldw, H, ldh)
    }
    unsafe fn nmf_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_nmf_run_f32(s as _, V, W, ldw, H, ldh, r)
    }
    unsafe fn endmembers_size(c: *const sys::orthant_endmembers_config, bytes: *mut usize) -> i32 {
        sys::orthant_endmembers_size_f32(c, bytes)
    }
    unsafe fn endmembers_init(c: *const sys::orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_endmembers_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn endmembers_run(s: *mut c_void, Y: *const Self::Matrix, D: *const Self, ldd: i32, E: *mut Self,
        lde: i32, pixel: *mut i32) -> i32 {
        sys::orthant_endmembers_run_f32(s as _, Y, D, ldd, E, lde, pixel)
    }
    unsafe fn scores_size(c: *const sys::orthant_scores_config, bytes: *mut usize) -> i32 {
        sys::orthant_scores_size_f32(c, bytes)
    }
    unsafe fn scores_run(c: *const sys::orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const Self,
        lde: i32, E_true: *const Self, ldet: i32, A: *const Self, lda: i32, A_true: *const Self, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut sys::orthant_scores) -> i32 {
        sys::orthant_scores_run_f32(c, mem as _, bytes, E, lde, E_true, ldet, A, lda, A_true, ldat, match_, angle,
            out)
    }
    unsafe fn dimension_size(c: *const sys::orthant_dimension_config, bytes: *mut usize) -> i32 {
        sys::orthant_dimension_size_f32(c, bytes)
    }
    unsafe fn dimension_init(c: *const sys::orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_dimension_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn dimension_run(s: *mut c_void, Y: *const Self::Matrix, power: *mut f64, limit: *mut f64,
        noise: *mut f64, count: *mut i32) -> i32 {
        sys::orthant_dimension_run_f32(s as _, Y, power, limit, noise, count)
    }
    unsafe fn model_values(m: *const sys::orthant_model, i: i32, from: usize, count: usize,
        out: *mut Self) -> i32 {
        sys::orthant_model_values_f32(m, i, from, count, out)
    }
    unsafe fn factormer_size(c: *const sys::orthant_factormer_config, bytes: *mut usize) -> i32 {
        sys::orthant_factormer_size_f32(c, bytes)
    }
    unsafe fn factormer_init(c: *const sys::orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_factormer_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn factormer_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32, W0: *const Self, ldw0: i32, H0: *const Self, ldh0: i32) -> i32 {
        sys::orthant_factormer_run_f32(s as _, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0)
    }
    unsafe fn unmix_products(s: *mut c_void, B: *const Self, ldb: i32, pixels: i32, A: *mut Self,
        lda: i32) -> i32 {
        sys::orthant_unmix_products_f32(s as _, B, ldb, pixels, A, lda)
    }
    unsafe fn library_size(c: *const sys::orthant_library_config, bytes: *mut usize) -> i32 {
        sys::orthant_library_size_f32(c, bytes)
    }
    unsafe fn library_init(c: *const sys::orthant_library_config, E: *const Self, lde: i32, variance: *const Self,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_library_init_f32(c, E, lde, variance, mem as _, bytes, out as _)
    }
    unsafe fn library_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self, ldd: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_library_run_f32(s as _, Y, A, lda, D, ldd, r)
    }
    unsafe fn mesma_size(c: *const sys::orthant_mesma_config, bytes: *mut usize) -> i32 {
        sys::orthant_mesma_size_f32(c, bytes)
    }
    unsafe fn mesma_init(c: *const sys::orthant_mesma_config, E: *const Self, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_mesma_init_f32(c, E, lde, class_of, mem as _, bytes, out as _)
    }
    unsafe fn mesma_run(s: *mut c_void, Y: *const Self::Matrix, model: *mut i32, ldm: i32, A: *mut Self, lda: i32,
        rms: *mut Self, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_mesma_run_f32(s as _, Y, model, ldm, A, lda, rms, r)
    }
    unsafe fn bootstrap_size(c: *const sys::orthant_bootstrap_config, bytes: *mut usize) -> i32 {
        sys::orthant_bootstrap_size_f32(c, bytes)
    }
    unsafe fn bootstrap_init(c: *const sys::orthant_bootstrap_config, E: *const Self, lde: i32,
        class_of: *const i32, variance: *const Self, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_bootstrap_init_f32(c, E, lde, class_of, variance, mem as _, bytes, out as _)
    }
    unsafe fn bootstrap_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self,
        ldd: i32, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_bootstrap_run_f32(s as _, Y, A, lda, D, ldd, r)
    }
    unsafe fn nalmu_size(c: *const sys::orthant_nalmu_config, bytes: *mut usize) -> i32 {
        sys::orthant_nalmu_size_f32(c, bytes)
    }
    unsafe fn nalmu_init(c: *const sys::orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_nalmu_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn nalmu_run(s: *mut c_void, Y: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_nalmu_run_f32(s as _, Y, W, ldw, H, ldh, r)
    }
    unsafe fn nmf_terms(s: *mut c_void, terms: *const Self::Terms) -> i32 {
        sys::orthant_nmf_terms_f32(s as _, terms)
    }
    unsafe fn qp_size(c: *const sys::orthant_qp_config, bytes: *mut usize) -> i32 {
        sys::orthant_qp_size_f32(c, bytes)
    }
    unsafe fn qp_init(c: *const sys::orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_qp_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn qp_run(s: *mut c_void, G: *const Self, ldg: i32, d: *const Self, x: *mut Self,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_qp_run_f32(s as _, G, ldg, d, x, r)
    }
    unsafe fn relu_nmd_size(c: *const sys::orthant_relu_nmd_config, bytes: *mut usize) -> i32 {
        sys::orthant_relu_nmd_size_f32(c, bytes)
    }
    unsafe fn relu_nmd_init(c: *const sys::orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_relu_nmd_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn relu_nmd_start(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self,
        ldv: i32) -> i32 {
        sys::orthant_relu_nmd_start_f32(s as _, M, U, ldu, V, ldv)
    }
    unsafe fn relu_nmd_run(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self, ldv: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_relu_nmd_run_f32(s as _, M, U, ldu, V, ldv, r)
    }
    unsafe fn tsvd_size(c: *const sys::orthant_tsvd_config, bytes: *mut usize) -> i32 {
        sys::orthant_tsvd_size_f32(c, bytes)
    }
    unsafe fn tsvd_init(c: *const sys::orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_tsvd_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn tsvd_run(t: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32, s: *mut Self, V: *mut Self,
        ldv: i32, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_tsvd_run_f32(t as _, X, U, ldu, s, V, ldv, r)
    }
    unsafe fn graph_size(c: *const sys::orthant_graph_config, bytes: *mut usize) -> i32 {
        sys::orthant_graph_size_f32(c, bytes)
    }
    unsafe fn graph_run(c: *const sys::orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const Self::Matrix, starts: *mut i32, indices: *mut i32, values: *mut Self, capacity: i32) -> i32 {
        sys::orthant_graph_run_f32(c, mem as _, bytes, M, starts, indices, values, capacity)
    }
    unsafe fn graph_dense(samples: i32, starts: *const i32, indices: *const i32, values: *const Self,
        X: *mut Self, ldx: i32) -> i32 {
        sys::orthant_graph_dense_f32(samples, starts, indices, values, X, ldx)
    }
    unsafe fn symnmf_size(c: *const sys::orthant_symnmf_config, bytes: *mut usize) -> i32 {
        sys::orthant_symnmf_size_f32(c, bytes)
    }
    unsafe fn symnmf_init(c: *const sys::orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_symnmf_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn symnmf_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32 {
        sys::orthant_symnmf_start_f32(s as _, X, U, ldu)
    }
    unsafe fn symnmf_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_symnmf_run_f32(s as _, X, U, ldu, r)
    }
    unsafe fn clusters_labels(samples: i32, clusters: i32, U: *const Self, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32 {
        sys::orthant_clusters_labels_f32(samples, clusters, U, ldu, labels, sparse_factor)
    }
    unsafe fn symnet_size(c: *const sys::orthant_symnet_config, bytes: *mut usize) -> i32 {
        sys::orthant_symnet_size_f32(c, bytes)
    }
    unsafe fn symnet_init(c: *const sys::orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_symnet_init_f32(c, mem as _, bytes, out as _)
    }
    unsafe fn symnet_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32 {
        sys::orthant_symnet_start_f32(s as _, X, U, ldu)
    }
    unsafe fn symnet_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_symnet_run_f32(s as _, X, U, ldu, r)
    }
    unsafe fn symnet_save(s: *mut c_void, out: *mut c_void, capacity: usize, bytes: *mut usize) -> i32 {
        sys::orthant_symnet_save_f32(s as _, out as _, capacity, bytes)
    }
    unsafe fn symnet_load(s: *mut c_void, X: *const Self::Matrix, m: *const sys::orthant_model, U: *mut Self,
        ldu: i32) -> i32 {
        sys::orthant_symnet_load_f32(s as _, X, m, U, ldu)
    }
    unsafe fn symnet_problem(s: *mut c_void, X: *const Self::Matrix,
        m: *const sys::orthant_model) -> *const sys::c_char {
        sys::orthant_symnet_problem_f32(s as _, X, m)
    }
}

#[allow(non_snake_case)]
impl Functions for f64 {
    type Matrix = sys::orthant_matrix_f64;
    type Symmetric = sys::orthant_symmetric_f64;
    type Penalty = sys::orthant_penalty_f64;
    type Terms = sys::orthant_terms_f64;
    unsafe fn matrix_problem(X: *const Self::Matrix, what: i32, text: *mut sys::c_char, room: usize) -> usize {
        sys::orthant_matrix_problem_f64(X, what, text, room)
    }
    unsafe fn unmix_size(c: *const sys::orthant_unmix_config, bytes: *mut usize) -> i32 {
        sys::orthant_unmix_size_f64(c, bytes)
    }
    unsafe fn unmix_init(c: *const sys::orthant_unmix_config, E: *const Self, lde: i32, mem: *mut c_void,
        bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_unmix_init_f64(c, E, lde, mem as _, bytes, out as _)
    }
    unsafe fn unmix_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_unmix_run_f64(s as _, Y, A, lda, r)
    }
    unsafe fn unmix_check(s: *mut c_void, Y: *const Self::Matrix, A: *const Self, lda: i32, rms: *mut Self,
        kkt: *mut Self, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_unmix_check_f64(s as _, Y, A, lda, rms, kkt, r)
    }
    unsafe fn nmf_size(c: *const sys::orthant_nmf_config, bytes: *mut usize) -> i32 {
        sys::orthant_nmf_size_f64(c, bytes)
    }
    unsafe fn nmf_init(c: *const sys::orthant_nmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_nmf_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn nmf_start(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32) -> i32 {
        sys::orthant_nmf_start_f64(s as _, V, W, ldw, H, ldh)
    }
    unsafe fn nmf_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_nmf_run_f64(s as _, V, W, ldw, H, ldh, r)
    }
    unsafe fn endmembers_size(c: *const sys::orthant_endmembers_config, bytes: *mut usize) -> i32 {
        sys::orthant_endmembers_size_f64(c, bytes)
    }
    unsafe fn endmembers_init(c: *const sys::orthant_endmembers_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_endmembers_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn endmembers_run(s: *mut c_void, Y: *const Self::Matrix, D: *const Self, ldd: i32, E: *mut Self,
        lde: i32, pixel: *mut i32) -> i32 {
        sys::orthant_endmembers_run_f64(s as _, Y, D, ldd, E, lde, pixel)
    }
    unsafe fn scores_size(c: *const sys::orthant_scores_config, bytes: *mut usize) -> i32 {
        sys::orthant_scores_size_f64(c, bytes)
    }
    unsafe fn scores_run(c: *const sys::orthant_scores_config, mem: *mut c_void, bytes: usize, E: *const Self,
        lde: i32, E_true: *const Self, ldet: i32, A: *const Self, lda: i32, A_true: *const Self, ldat: i32,
        match_: *mut i32, angle: *mut f64, out: *mut sys::orthant_scores) -> i32 {
        sys::orthant_scores_run_f64(c, mem as _, bytes, E, lde, E_true, ldet, A, lda, A_true, ldat, match_, angle,
            out)
    }
    unsafe fn dimension_size(c: *const sys::orthant_dimension_config, bytes: *mut usize) -> i32 {
        sys::orthant_dimension_size_f64(c, bytes)
    }
    unsafe fn dimension_init(c: *const sys::orthant_dimension_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_dimension_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn dimension_run(s: *mut c_void, Y: *const Self::Matrix, power: *mut f64, limit: *mut f64,
        noise: *mut f64, count: *mut i32) -> i32 {
        sys::orthant_dimension_run_f64(s as _, Y, power, limit, noise, count)
    }
    unsafe fn model_values(m: *const sys::orthant_model, i: i32, from: usize, count: usize,
        out: *mut Self) -> i32 {
        sys::orthant_model_values_f64(m, i, from, count, out)
    }
    unsafe fn factormer_size(c: *const sys::orthant_factormer_config, bytes: *mut usize) -> i32 {
        sys::orthant_factormer_size_f64(c, bytes)
    }
    unsafe fn factormer_init(c: *const sys::orthant_factormer_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_factormer_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn factormer_run(s: *mut c_void, V: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self,
        ldh: i32, W0: *const Self, ldw0: i32, H0: *const Self, ldh0: i32) -> i32 {
        sys::orthant_factormer_run_f64(s as _, V, W, ldw, H, ldh, W0, ldw0, H0, ldh0)
    }
    unsafe fn unmix_products(s: *mut c_void, B: *const Self, ldb: i32, pixels: i32, A: *mut Self,
        lda: i32) -> i32 {
        sys::orthant_unmix_products_f64(s as _, B, ldb, pixels, A, lda)
    }
    unsafe fn library_size(c: *const sys::orthant_library_config, bytes: *mut usize) -> i32 {
        sys::orthant_library_size_f64(c, bytes)
    }
    unsafe fn library_init(c: *const sys::orthant_library_config, E: *const Self, lde: i32, variance: *const Self,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_library_init_f64(c, E, lde, variance, mem as _, bytes, out as _)
    }
    unsafe fn library_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self, ldd: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_library_run_f64(s as _, Y, A, lda, D, ldd, r)
    }
    unsafe fn mesma_size(c: *const sys::orthant_mesma_config, bytes: *mut usize) -> i32 {
        sys::orthant_mesma_size_f64(c, bytes)
    }
    unsafe fn mesma_init(c: *const sys::orthant_mesma_config, E: *const Self, lde: i32, class_of: *const i32,
        mem: *mut c_void, bytes: usize, out: *mut *mut c_void) -> i32 {
        sys::orthant_mesma_init_f64(c, E, lde, class_of, mem as _, bytes, out as _)
    }
    unsafe fn mesma_run(s: *mut c_void, Y: *const Self::Matrix, model: *mut i32, ldm: i32, A: *mut Self, lda: i32,
        rms: *mut Self, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_mesma_run_f64(s as _, Y, model, ldm, A, lda, rms, r)
    }
    unsafe fn bootstrap_size(c: *const sys::orthant_bootstrap_config, bytes: *mut usize) -> i32 {
        sys::orthant_bootstrap_size_f64(c, bytes)
    }
    unsafe fn bootstrap_init(c: *const sys::orthant_bootstrap_config, E: *const Self, lde: i32,
        class_of: *const i32, variance: *const Self, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_bootstrap_init_f64(c, E, lde, class_of, variance, mem as _, bytes, out as _)
    }
    unsafe fn bootstrap_run(s: *mut c_void, Y: *const Self::Matrix, A: *mut Self, lda: i32, D: *mut Self,
        ldd: i32, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_bootstrap_run_f64(s as _, Y, A, lda, D, ldd, r)
    }
    unsafe fn nalmu_size(c: *const sys::orthant_nalmu_config, bytes: *mut usize) -> i32 {
        sys::orthant_nalmu_size_f64(c, bytes)
    }
    unsafe fn nalmu_init(c: *const sys::orthant_nalmu_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_nalmu_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn nalmu_run(s: *mut c_void, Y: *const Self::Matrix, W: *mut Self, ldw: i32, H: *mut Self, ldh: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_nalmu_run_f64(s as _, Y, W, ldw, H, ldh, r)
    }
    unsafe fn nmf_terms(s: *mut c_void, terms: *const Self::Terms) -> i32 {
        sys::orthant_nmf_terms_f64(s as _, terms)
    }
    unsafe fn qp_size(c: *const sys::orthant_qp_config, bytes: *mut usize) -> i32 {
        sys::orthant_qp_size_f64(c, bytes)
    }
    unsafe fn qp_init(c: *const sys::orthant_qp_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_qp_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn qp_run(s: *mut c_void, G: *const Self, ldg: i32, d: *const Self, x: *mut Self,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_qp_run_f64(s as _, G, ldg, d, x, r)
    }
    unsafe fn relu_nmd_size(c: *const sys::orthant_relu_nmd_config, bytes: *mut usize) -> i32 {
        sys::orthant_relu_nmd_size_f64(c, bytes)
    }
    unsafe fn relu_nmd_init(c: *const sys::orthant_relu_nmd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_relu_nmd_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn relu_nmd_start(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self,
        ldv: i32) -> i32 {
        sys::orthant_relu_nmd_start_f64(s as _, M, U, ldu, V, ldv)
    }
    unsafe fn relu_nmd_run(s: *mut c_void, M: *const Self::Matrix, U: *mut Self, ldu: i32, V: *mut Self, ldv: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_relu_nmd_run_f64(s as _, M, U, ldu, V, ldv, r)
    }
    unsafe fn tsvd_size(c: *const sys::orthant_tsvd_config, bytes: *mut usize) -> i32 {
        sys::orthant_tsvd_size_f64(c, bytes)
    }
    unsafe fn tsvd_init(c: *const sys::orthant_tsvd_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_tsvd_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn tsvd_run(t: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32, s: *mut Self, V: *mut Self,
        ldv: i32, r: *mut sys::orthant_report) -> i32 {
        sys::orthant_tsvd_run_f64(t as _, X, U, ldu, s, V, ldv, r)
    }
    unsafe fn graph_size(c: *const sys::orthant_graph_config, bytes: *mut usize) -> i32 {
        sys::orthant_graph_size_f64(c, bytes)
    }
    unsafe fn graph_run(c: *const sys::orthant_graph_config, mem: *mut c_void, bytes: usize,
        M: *const Self::Matrix, starts: *mut i32, indices: *mut i32, values: *mut Self, capacity: i32) -> i32 {
        sys::orthant_graph_run_f64(c, mem as _, bytes, M, starts, indices, values, capacity)
    }
    unsafe fn graph_dense(samples: i32, starts: *const i32, indices: *const i32, values: *const Self,
        X: *mut Self, ldx: i32) -> i32 {
        sys::orthant_graph_dense_f64(samples, starts, indices, values, X, ldx)
    }
    unsafe fn symnmf_size(c: *const sys::orthant_symnmf_config, bytes: *mut usize) -> i32 {
        sys::orthant_symnmf_size_f64(c, bytes)
    }
    unsafe fn symnmf_init(c: *const sys::orthant_symnmf_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_symnmf_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn symnmf_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32 {
        sys::orthant_symnmf_start_f64(s as _, X, U, ldu)
    }
    unsafe fn symnmf_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_symnmf_run_f64(s as _, X, U, ldu, r)
    }
    unsafe fn clusters_labels(samples: i32, clusters: i32, U: *const Self, ldu: i32, labels: *mut i32,
        sparse_factor: *mut f64) -> i32 {
        sys::orthant_clusters_labels_f64(samples, clusters, U, ldu, labels, sparse_factor)
    }
    unsafe fn symnet_size(c: *const sys::orthant_symnet_config, bytes: *mut usize) -> i32 {
        sys::orthant_symnet_size_f64(c, bytes)
    }
    unsafe fn symnet_init(c: *const sys::orthant_symnet_config, mem: *mut c_void, bytes: usize,
        out: *mut *mut c_void) -> i32 {
        sys::orthant_symnet_init_f64(c, mem as _, bytes, out as _)
    }
    unsafe fn symnet_start(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32) -> i32 {
        sys::orthant_symnet_start_f64(s as _, X, U, ldu)
    }
    unsafe fn symnet_run(s: *mut c_void, X: *const Self::Matrix, U: *mut Self, ldu: i32,
        r: *mut sys::orthant_report) -> i32 {
        sys::orthant_symnet_run_f64(s as _, X, U, ldu, r)
    }
    unsafe fn symnet_save(s: *mut c_void, out: *mut c_void, capacity: usize, bytes: *mut usize) -> i32 {
        sys::orthant_symnet_save_f64(s as _, out as _, capacity, bytes)
    }
    unsafe fn symnet_load(s: *mut c_void, X: *const Self::Matrix, m: *const sys::orthant_model, U: *mut Self,
        ldu: i32) -> i32 {
        sys::orthant_symnet_load_f64(s as _, X, m, U, ldu)
    }
    unsafe fn symnet_problem(s: *mut c_void, X: *const Self::Matrix,
        m: *const sys::orthant_model) -> *const sys::c_char {
        sys::orthant_symnet_problem_f64(s as _, X, m)
    }
}
