function [A, report] = orthant_unmix(Y, E, varargin)
% ORTHANT_UNMIX  Abundances A >= 0 with Y ~ E*A, exact.
%
%   A = orthant_unmix(Y, E)                         nonnegative (NNLS)
%   A = orthant_unmix(Y, E, 'sum_to_one', true)     fractions (FCLS)
%
%   Y  bands x pixels, or an image lines x samples x bands: then A is lines x samples x endmembers
%   E  bands x endmembers, of the class of Y
%
% A pixel with NaN or infinite entries has the abundances NaN, and all others are returned, with a warning.
%
% Options, written by capi/bindings.py from orthant.h (true and false are 1 and 0):
%   sum_to_one  1: the abundances of each pixel sum to one (FCLS); 0: they are only nonnegative
%   method      advanced: 'bpp', 'active_set', 'hals', 'admm', 'fast_pg', 'mu', 'unconstrained', 'clip'; 0:
%               ACTIVE_SET, which is exact
%   max_iter    advanced: inner iterations of a pixel; 0: 30 * endmembers, if inexact 1000
%   tol         advanced: an inexact method stops when kkt <= tol; 0: 1e-6 in f32, 1e-12 in f64; < 0: none
%   missing     1: NaN is a band that a pixel lacks
  shape = size(Y);
  if numel(shape) == 3
    Y = reshape(Y, shape(1) * shape(2), shape(3)).';
  end
  [A, report] = orthant_mex('unmix', Y, E, orthant_options(varargin));
  if numel(shape) == 3
    A = reshape(A.', shape(1), shape(2), []);
  end
end
