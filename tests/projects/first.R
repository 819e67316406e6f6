# first.R [OUT]: what first.c does, in R, where numbers are doubles; then a matrix of rank one, dense, sparse and with a
# missing entry, endmembers, and refusals.
library(orthant)
V <- matrix(((0:(60 * 80 - 1)) * 7919) %% 101, 60, 80)
fit <- nmf(V, 4)
E <- cbind(dark = c(0.1, 0.2, 0.3, 0.4), bright = c(0.9, 0.5, 0.2, 0.1))
Y <- cbind(c(0.3, 0.275, 0.275, 0.325), c(NaN, 0.35, 0.25, 0.25), c(0.9, 0.5, 0.2, 0.1))
A <- withCallingHandlers(unmix(Y, E, sum_to_one = TRUE)$A, warning = function(w) {
  stopifnot(grepl("1 of 3 pixels, the first 2", conditionMessage(w)))
  invokeRestart("muffleWarning")
})
stopifnot(all(is.nan(A[, 2])), max(abs(A[, -2] - cbind(c(0.75, 0.25), c(0, 1)))) < 1e-9)
stopifnot(identical(rownames(A), colnames(E)))
out <- commandArgs(TRUE)
if (length(out)) {
  file <- file(paste0(out[1], ".f64"), "wb")
  for (X in list(fit$W, fit$H, A)) writeBin(as.vector(X), file)
  close(file)
}

V <- outer(1:3, 1:4)
fit <- nmf(V, 1)
cat(sprintf("R: |V - W H| / |V| = %.1e\n", fit$report$rel_error))
stopifnot(max(abs(V - fit$W %*% fit$H)) < 1e-5)
sparse <- nmf(Matrix::Matrix(V + 0, sparse = TRUE), 1)
stopifnot(max(abs(V - sparse$W %*% sparse$H)) < 1e-5)
V[2, 3] <- NA
stopifnot(abs((nmf(V, 1, max_iter = 5000, tol = 1e-9)$W %*% nmf(V, 1, max_iter = 5000, tol = 1e-9)$H)[2, 3] - 6) < 1e-3)
corners <- endmembers(cbind(c(1, 0, 0), c(0, 1, 0), c(0.5, 0.5, 0), c(0, 0, 1)), 3, method = "spa")
stopifnot(setequal(corners$pixels, c(1, 2, 4)))
free <- unmix(Y[, 1, drop = FALSE], E, method = "unconstrained")$A
stopifnot(max(abs(free - c(0.75, 0.25))) < 1e-9, grepl("'best' is no method", try(unmix(Y, E, method = "best"), silent = TRUE)))
stopifnot(inherits(try(nmf(V, 1, sise = 1), silent = TRUE), "try-error"))
stopifnot(grepl("rank is 0; it must be from 1 to 32768", try(nmf(V, 0), silent = TRUE)),
          grepl("entry (0, 0), counted from 0, is -", try(nmf(-V, 1), silent = TRUE), fixed = TRUE))
