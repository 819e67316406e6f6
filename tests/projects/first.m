% Factor a matrix of rank one, full, sparse and with a missing entry; unmix three pixels, one of which has no number.
1;
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
E = [0.1 0.9; 0.2 0.5; 0.3 0.2; 0.4 0.1];
truth = [0.75 0.5 0; 0.25 0.5 1];
Y = E * truth;
Y(1, 2) = NaN;
warning('off', 'orthant:data');
A = orthant_unmix(Y, E, 'sum_to_one', true);
assert(all(isnan(A(:, 2))));
assert(A(:, [1 3]), truth(:, [1 3]), 1e-9);
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
