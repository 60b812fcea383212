// Programs in MATLAB and Octave: the function, its comment, its helpers and its self-test.
//
// Not here: how a step is spelled (matlabSpelling.ts).

import { createNames } from "../names.ts";
import { MATLAB_WORDS } from "../words.ts";
import { columnMajorTest } from "./columnMajor.ts";
import { writeSteps } from "./expressions.ts";
import { MATLAB_SPELLING } from "./matlabSpelling.ts";
import { looseLines, shapeLine, signatureOf } from "./signature.ts";
import { commentText, type Target, type Unit } from "./target.ts";

export const matlab: Target = { name: "matlab", extension: "m", write };

function write(unit: Unit): string {
  const { plan, name } = unit;
  const names = createNames([...MATLAB_WORDS, name]);
  const signature = signatureOf(plan, names);
  const { lines, outputs } = writeSteps(plan, names, MATLAB_SPELLING);
  const results = plan.outputs.map((o) => names.fresh(`${o.name.replace(/[^A-Za-z0-9_]/g, "_")}_out`));
  const body = [
    ...signature.sizes.map((s) => `${s.name} = size(${s.of}, ${s.axis + 1});`),
    ...lines,
    ...outputs.map((o, i) => `${results[i]} = ${o.text};`),
  ];
  return `${[
    // A file that begins with a function would be that function and nothing more.
    ...(unit.test === undefined ? [] : ["1;"]),
    `function [${results.join(", ")}] = ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")})`,
    `  % ${commentText(unit.title)}`,
    "  % Written by nabla.",
    ...signature.inputs.map((i) => `  % ${i.name}: ${shapeLine(i.axes)}`),
    ...looseLines(signature).map((l) => `  % ${l}`),
    `  % Returns ${plan.outputs.map((o) => `${o.name} ${shapeLine(o.axes)}`).join(", ")}.`,
    ...body.map((l) => `  ${l}`),
    "end",
    ...helpers(body.join("\n")),
    ...(unit.test === undefined ? [] : ["", ...columnMajorTest(unit, signature, "matlab")]),
  ].join("\n")}\n`;
}

const HELPERS: Readonly<Record<string, string>> = {
  nabla_where: `function out = nabla_where(condition, a, b)
  shape = max([size(condition); size(a); size(b)]);
  out = zeros(shape) + b;
  wide = zeros(shape) + a;
  mask = (zeros(shape) + condition) ~= 0;
  out(mask) = wide(mask);
end`,
  nabla_take: `function out = nabla_take(a, order, axis)
  if axis == 1, out = a(order, :); else, out = a(:, order); end
end`,
  nabla_row_kron: `function out = nabla_row_kron(a, b)
  out = reshape(reshape(b, size(b, 1), [], 1) .* reshape(a, size(a, 1), 1, []), size(a, 1), []);
end`,
  nabla_blocks_right: `function out = nabla_blocks_right(c, k)
  m = size(c, 1); q = size(c, 2) / k;
  out = zeros(k * m, q * m);
  for i = 1:m, out(i:m:end, i:m:end) = reshape(c(i, :), q, k).'; end
end`,
  nabla_blocks_left: `function out = nabla_blocks_left(c, k)
  m = size(c, 1); q = size(c, 2) / k;
  out = zeros(m * k, m * q);
  for i = 1:m, out((i - 1) * k + (1:k), (i - 1) * q + (1:q)) = reshape(c(i, :), q, k).'; end
end`,
  nabla_polar: `function out = nabla_polar(a)
  [u, s, v] = svd(a, 'econ');
  values = diag(s(1:min(size(s)), 1:min(size(s))));
  out = u .* (values > 100 * eps(class(a)) * values(1)).' * v.';
end`,
  nabla_top_singular: `function out = nabla_top_singular(a)
  [u, s, v] = svd(a, 'econ');
  out = u(:, 1) * v(:, 1).' * (s(1) > 0);
end`,
  // ^ takes a fraction of a power by eigenvectors, which not every matrix has.
  nabla_power: `function out = nabla_power(a, k)
  if k == fix(k), out = a^k; return; end
  out = expm(k * logm(a));
  if isreal(a) && norm(imag(out), 1) <= 1e-9 * norm(real(out), 1), out = real(out); end
end`,
  nabla_top_eigen: `function out = nabla_top_eigen(a)
  [v, d] = eig(a);
  [~, top] = max(diag(d));
  out = v(:, top) * v(:, top).';
end`,
  nabla_logdet: `function out = nabla_logdet(a)
  [~, u, p] = lu(a);
  d = diag(u);
  out = log(det(p) * prod(sign(d))) + sum(log(abs(d)));
end`,
  nabla_entry: `function out = nabla_entry(a, varargin)
  out = a(varargin{:});
  if numel(varargin) == 2 && ischar(varargin{2}), out = out.'; end
end`,
};

const helpers = (body: string): string[] =>
  Object.entries(HELPERS)
    .filter(([name]) => body.includes(`${name}(`))
    .flatMap(([, text]) => ["", text]);
