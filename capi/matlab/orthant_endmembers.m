function [E, pixels] = orthant_endmembers(Y, count, varargin)
% ORTHANT_ENDMEMBERS  Spectra at the corners of the pixels of a scene.
%
%   [E, pixels] = orthant_endmembers(Y, count, 'method', 'vca', 'seed', 1)
%
%   Y       bands x pixels, or an image lines x samples x bands
%   E       bands x count;  pixels: which ones they are, counted from 1 (of an image, as its first two subscripts run)
%
% Options, written by capi/bindings.py from orthant.h (true and false are 1 and 0):
%   method      'vca', 'spa', 'nfindr'; 0: VCA
%   seed        VCA: of the directions, where the caller gives none
  shape = size(Y);
  if numel(shape) == 3
    Y = reshape(Y, shape(1) * shape(2), shape(3)).';
  end
  [E, pixels] = orthant_mex('endmembers', Y, double(count), orthant_options(varargin));
end
