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
% Options, as in orthant.h: sum_to_one, method, max_iter, tol, missing (true: NaN is a band that a pixel lacks).
  shape = size(Y);
  if numel(shape) == 3
    Y = reshape(Y, shape(1) * shape(2), shape(3)).';
  end
  [A, report] = orthant_mex('unmix', Y, E, orthant_options(varargin));
  if numel(shape) == 3
    A = reshape(A.', shape(1), shape(2), []);
  end
end
