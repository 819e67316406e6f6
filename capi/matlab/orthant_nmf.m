function [W, H, report] = orthant_nmf(V, rank, varargin)
% ORTHANT_NMF  Nonnegative matrix factorization V ~ W*H, W >= 0, H >= 0.
%
%   [W, H, report] = orthant_nmf(V, rank)
%   [W, H, report] = orthant_nmf(V, rank, 'loss', 'kl', 'max_iter', 200, ...)
%
%   V       rows x cols, nonnegative, single or double, full or sparse (double); NaN is a missing entry
%   rank    the number of columns of W
%   report  a struct: stop (the rule that ended the run), iters, objective, rel_error, kkt
%
% Options, as in orthant.h: method ('auto', 'ehals', 'hals', 'ahals', 'anls', 'aoadmm', 'pg', 'mu', ...), start ('auto',
% 'cols', 'spa', 'random', 'nndsvd', ...), loss ('frobenius', 'kl', 'is', 'beta' with beta), max_iter, tol, l1_w, l1_h,
% l2_w, l2_h, seed.
  [W, H, report] = orthant_mex('nmf', V, double(rank), orthant_options(varargin));
end
