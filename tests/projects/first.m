% What first.c does, in Octave, with the variable `out` for OUT; then a matrix of rank one, full, sparse and with a
% missing entry, an image, endmembers, and refusals.
1;
warning('off', 'orthant:data');
for kind = {'single', 'double'}
  of = @(X) cast(X, kind{1});
  V = of(reshape(mod((0:60 * 80 - 1) * 7919, 101), 60, 80));
  [W, H, report] = orthant_nmf(V, 4);
  E = of([0.1 0.2 0.3 0.4; 0.9 0.5 0.2 0.1]');
  Y = of([0.3 0.275 0.275 0.325; NaN 0.35 0.25 0.25; 0.9 0.5 0.2 0.1]');
  A = orthant_unmix(Y, E, 'sum_to_one', true);
  assert(all(isnan(A(:, 2))));
  assert(A(:, [1 3]), of([0.75 0; 0.25 1]), 1e-5);
  if (exist('out', 'var'))
    suffix = {'.f32', '.f64'}{1 + strcmp(kind{1}, 'double')};
    file = fopen([out suffix], 'w');
    for X = {W, H, A}
      fwrite(file, X{1}, kind{1});
    end
    fclose(file);
  end
end

V = (1:3)' * (1:4);
[W, H, report] = orthant_nmf(V, 1);
printf('Octave: |V - W H| / |V| = %.1e\n', report.rel_error);
assert(W * H, V, 1e-5);
[Ws, Hs] = orthant_nmf(sparse(V), 1);
assert(Ws * Hs, V, 1e-5);
assert(class(orthant_nmf(single(V), 1)), 'single');
V(2, 3) = NaN;
[W, H] = orthant_nmf(V, 1, 'max_iter', 5000, 'tol', 1e-9);
assert(W(2) * H(3), 6, 1e-3);
truth = [0.75 0.5 0; 0.25 0.5 1];
E = [0.1 0.9; 0.2 0.5; 0.3 0.2; 0.4 0.1];
image = reshape((E * truth)', 1, 3, 4);
assert(size(orthant_unmix(image, E)), [1 3 2]);
assert(orthant_unmix(E * truth, E, 'method', 'fast_pg'), truth, 1e-6);
[~, pixels] = orthant_endmembers([1 0 0.5 0; 0 1 0.5 0; 0 0 0 1], 3, 'method', 'spa');
assert(sort(pixels), [1 2 4]);
failed = false;
try
  orthant_nmf(V, 1, 'sise', 1);
catch problem
  failed = ! isempty(strfind(problem.message, 'no option sise'));
end
assert(failed);
failed = false;
try
  orthant_nmf(V, 0);
catch problem
  failed = ! isempty(strfind(problem.message, 'rank is 0; it must be from 1 to 32768'));
end
assert(failed);
