function [E, pixels] = orthant_endmembers(Y, count, varargin)
% ORTHANT_ENDMEMBERS  Spectra at the corners of the pixels of a scene.
%
%   [E, pixels] = orthant_endmembers(Y, count, 'method', 'vca', 'seed', 1)
%
%   Y       bands x pixels, or an image lines x samples x bands
%   E       bands x count;  pixels: which ones they are, counted from 1 (of an image, as its first two subscripts run)
%
% Options, as in orthant.h: method ('vca', 'spa', 'nfindr'), seed.
  shape = size(Y);
  if numel(shape) == 3
    Y = reshape(Y, shape(1) * shape(2), shape(3)).';
  end
  [E, pixels] = orthant_mex('endmembers', Y, double(count), orthant_options(varargin));
end
