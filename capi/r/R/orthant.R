# Nouns of orthant.h on R's matrices, which are column-major doubles as the library's are.

# Options as a list of numbers and words; what the C side knows.
options_of <- function(given, known) {
  unknown <- setdiff(names(given), known)
  if (length(unknown) || (length(given) && is.null(names(given))))
    stop("no option ", paste(unknown, collapse = ", "), "; there are ", paste(known, collapse = ", "))
  lapply(given, function(value) if (is.character(value)) value else as.double(value))
}

dense <- function(X, name) {
  X <- as.matrix(X)
  if (!is.numeric(X)) stop(name, " must be numeric")
  storage.mode(X) <- "double"
  X
}

nmf <- function(V, rank, ...) {
  options <- options_of(list(...), c("method", "start", "loss", "beta", "max_iter", "tol", "l1_w", "l1_h", "l2_w", "l2_h",
                                     "seed"))
  if (is(V, "sparseMatrix")) V <- as(as(V, "generalMatrix"), "CsparseMatrix") else V <- dense(V, "V")
  sparse <- if (is(V, "CsparseMatrix")) list(V@p, V@i, as.double(V@x)) else NULL
  out <- .Call(orthant_r_nmf, if (is.null(sparse)) V else NULL, sparse, dim(V), as.integer(rank), options)
  names(out) <- c("W", "H", "report")
  rownames(out$W) <- rownames(V)
  colnames(out$H) <- colnames(V)
  out
}

unmix <- function(Y, E, ...) {
  options <- options_of(list(...), c("sum_to_one", "method", "max_iter", "tol", "missing"))
  shape <- dim(Y)
  if (length(shape) == 3) Y <- t(matrix(Y, shape[1] * shape[2], shape[3]))
  Y <- dense(Y, "Y")
  E <- dense(E, "E")
  if (nrow(Y) != nrow(E)) stop("Y has ", nrow(Y), " bands and E ", nrow(E))
  out <- .Call(orthant_r_unmix, Y, E, options)
  names(out) <- c("A", "report")
  rownames(out$A) <- colnames(E)
  lost <- which(is.nan(out$A[1, ]))
  if (length(lost))
    warning("no abundances for ", length(lost), " of ", ncol(Y), " pixels, the first ", lost[1], ": NA, NaN or infinite")
  if (length(shape) == 3) out$A <- array(t(out$A), c(shape[1:2], ncol(E)), list(NULL, NULL, colnames(E)))
  out
}

endmembers <- function(Y, count, ...) {
  options <- options_of(list(...), c("method", "seed"))
  shape <- dim(Y)
  if (length(shape) == 3) Y <- t(matrix(Y, shape[1] * shape[2], shape[3]))
  out <- .Call(orthant_r_endmembers, dense(Y, "Y"), as.integer(count), options)
  names(out) <- c("E", "pixels")
  out
}
