// Lines over one axis as SVG that inherits the page's colours.

const SVG = 'http://www.w3.org/2000/svg';

function add(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

// Round numbers in [low, high], at most `most` of them.
function ticks(low, high, most) {
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(f => f * power >= rough);
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; ++i) out.push(Number((i * step).toPrecision(12)));
  return out;
}

// series: [{values, colour, dashed}]; x: where each value stands; gaps in x break the lines.
export function drawChart(host, {x, series, xLabel, yLabel, label}) {
  const width = Math.max(host.clientWidth, 240), height = Math.round(Math.min(Math.max(width * 0.48, 210), 320));
  const left = 46, right = 8, top = 20, bottom = 38;
  let low = 0, high = 0;
  for (const {values} of series) for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  if (high === low) high = low + 1;
  const first = x[0], last = x.at(-1) > first ? x.at(-1) : first + 1;
  const px = v => left + (v - first) / (last - first) * (width - left - right);
  const py = v => height - bottom - (v - low) / (high - low) * (height - top - bottom);

  const svg = document.createElementNS(SVG, 'svg');
  const attributes = {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label};
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const v of ticks(low, high, 5)) {
    add(svg, 'line', {class: v === 0 ? 'axis' : 'grid', x1: left, x2: width - right, y1: py(v), y2: py(v)});
    add(svg, 'text', {x: left - 7, y: py(v) + 4, 'text-anchor': 'end'}, Math.abs(v) >= 10000 ? v.toExponential() : v);
  }
  for (const v of ticks(first, last, Math.max(4, Math.floor(width / 90))))
    add(svg, 'text', {x: px(v), y: height - bottom + 17, 'text-anchor': 'middle'}, v);
  add(svg, 'text', {x: left, y: 11}, yLabel);
  add(svg, 'text', {x: width - right, y: height - 4, 'text-anchor': 'end'}, xLabel);

  const steps = x.slice(1).map((v, i) => Math.abs(v - x[i])).sort((a, b) => a - b);
  const gap = 4 * (steps[Math.floor(steps.length / 2)] ?? 1);
  for (const {values, colour, dashed, name} of series) {
    let d = '';
    for (let i = 0; i < x.length; ++i) {
      const move = i === 0 || Math.abs(x[i] - x[i - 1]) > gap;
      d += `${move ? 'M' : 'L'}${px(x[i]).toFixed(1)} ${py(values[i]).toFixed(1)}`;
    }
    const line = add(svg, 'path', {class: dashed ? 'line dashed' : 'line', d, stroke: colour});
    add(line, 'title', {}, name);
  }
  host.replaceChildren(svg);
}
