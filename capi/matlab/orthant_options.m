function options = orthant_options(pairs)
% Names and values as a struct; called by the orthant functions.
  if mod(numel(pairs), 2) ~= 0 || ~iscellstr(pairs(1:2:end))
    error('orthant:argument', 'options are names with their values');
  end
  known = {'method', 'start', 'loss', 'beta', 'max_iter', 'tol', 'l1_w', 'l1_h', 'l2_w', 'l2_h', 'seed', 'sum_to_one', ...
           'missing'};
  options = struct();
  for k = 1:2:numel(pairs)
    if ~any(strcmp(pairs{k}, known))
      error('orthant:argument', 'no option %s; there are %s', pairs{k}, strjoin(known, ', '));
    end
    options.(pairs{k}) = pairs{k + 1};
  end
end
