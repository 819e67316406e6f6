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
% Options, written by capi/bindings.py from orthant.h (true and false are 1 and 0):
%   method      advanced: 'ehals', 'hals', 'ahals', 'anls', 'aoadmm', 'pg', 'mu', 'ccd', 'minvol', 'murnmf',
%               'aurnmf'; 0: chosen by loss and data
%   start       advanced: 'cols', 'spas', 'spa', 'random', 'nndsvd', 'nndsvda', 'nndsvdar', 'given', 'sub',
%               'nnsvdlrc', 'rough'; 0: chosen by method and data
%   loss        'frobenius', 'kl', 'is', 'beta'; 0: Frobenius
%   beta        of ORTHANT_LOSS_BETA
%   max_iter    outer iterations of one run; 0: 500, of MURNMF and AURNMF 1000; < 0: none, the report only
%   tol         stop when kkt <= tol; 0: 1e-4; < 0: none
%   l1_w        + l1_w sum(W) + l1_h sum(H); 0: none
%   l1_h        + l1_w sum(W) + l1_h sum(H); 0: none
%   l2_w        + l2_w/2 |W|^2 + l2_h/2 |H|^2; 0: none
%   l2_h        + l2_w/2 |W|^2 + l2_h/2 |H|^2; 0: none
%   seed        of the random starts; every value is good
  [W, H, report] = orthant_mex('nmf', V, double(rank), orthant_options(varargin));
end
