function orthant_build(sources)
% ORTHANT_BUILD  Compile orthant_mex beside this file, in MATLAB or Octave.
%
%   orthant_build('DIRECTORY')   with orthant.h and orthant.cpp, as tools/amalgamate or a release has them
  if nargin < 1
    sources = fileparts(mfilename('fullpath'));
  end
  here = fileparts(mfilename('fullpath'));
  output = fullfile(here, ['orthant_mex.' mexext]);
  mex(['-I' sources], '-DORTHANT_NO_TRAINING', fullfile(here, 'orthant_mex.c'), fullfile(sources, 'orthant.cpp'), ...
      '-output', output);
end
