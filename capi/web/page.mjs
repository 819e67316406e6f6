// The page: files in, maps and spectra out.  The scene and the work are in worker.mjs.
import {drawChart} from './chart.mjs';
import {drawMap, GRADIENT, percentile} from './colours.mjs';
import {writeNpy} from './files.mjs';

const $ = id => document.getElementById(id);
const colour = k => `var(--s${k % 8})`;
const percent = v => `${(100 * v).toFixed(1)} %`;
const seconds = ms => `${(ms / 1000).toFixed(2)} s`;

let scene = null, result = null;
let picked = 0, shown = null;  // sample + samples * line; of that pixel {measured, fit}

// --- The worker ------------------------------------------------------------------------------------------------------

const worker = new Worker(new URL('worker.mjs', import.meta.url), {type: 'module'});
const waiting = new Map();
let messages = 0;

function ask(job, rest = {}) {
  return new Promise((resolve, reject) => {
    waiting.set(++messages, {resolve, reject});
    worker.postMessage({id: messages, job, ...rest});
  });
}
worker.onmessage = ({data: {id, value, error, empty}}) => {
  const {resolve, reject} = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) resolve(value);
  else reject(Object.assign(new Error(error), {empty}));
};
worker.onerror = event => say(`The page did not start: ${event.message ?? 'a part of it is missing'}; serve its ` +
  'folder by a web server, such as python3 -m http.server, and open it by http://');

// One error at a time; none where the text is empty.
function say(error) {
  $('error').textContent = error;
  $('error').hidden = error === '';
}

// --- A scene, its materials ------------------------------------------------------------------------------------------

async function open(job, rest) {
  say('');
  document.body.setAttribute('aria-busy', 'true');
  try {
    scene = await ask(job, rest);
    clear();
    const {name, lines, samples, bands, notes, picture} = scene;
    document.body.classList.add('loaded');
    $('scene').hidden = false;
    $('name').textContent = name;
    $('facts').textContent = `${lines} lines, ${samples} samples, ${bands} bands`;
    $('notes').replaceChildren(...notes.map(note => Object.assign(document.createElement('li'), {textContent: note})));
    $('notes').hidden = notes.length === 0;
    showMap($('picture'), picture.rgba);
    $('caption').textContent = picture.camera ? 'True colour. Pick a pixel here or in a map.' :
      `Bands ${picture.bands.map(b => b + 1).join(', ')} as red, green, blue. Pick a pixel here or in a map.`;
    pick((samples >> 1) + samples * (lines >> 1));
    await unmix();
  } catch (error) {
    say(error.message);
    if (error.empty) {  // the scene before was released to make room
      scene = result = null;
      $('scene').hidden = true;
      document.body.classList.remove('loaded');
    }
  }
  document.body.removeAttribute('aria-busy');
}

function clear() {
  result = shown = null;
  for (const id of ['maps', 'endmembers', 'legend', 'spectrum', 'bars', 'fit', 'time']) $(id).replaceChildren();
  $('save').hidden = true;
}

let runs = 0;
async function unmix() {
  if (!scene) return;
  const run = ++runs, began = performance.now();
  const count = Math.round(Number($('count').value));
  say('');
  $('scene').classList.add('working');
  try {
    if (!(count >= 2 && count <= 16)) throw new Error(`${$('count').value || 'No number of'} endmembers: give 2 to 16`);
    const value = await ask('unmix', {count, method: $('method').value, sumToOne: $('sum').checked});
    if (run !== runs) return;  // a later request is on its way
    result = value;
    showResult();
    const total = performance.now() - began, {endmembers, abundances} = result.times;
    $('time').textContent = `${scene.columns.toLocaleString('en')} pixels in ${seconds(total)}: endmembers ` +
      `${seconds(endmembers)}, abundances ${seconds(abundances)}. |Y - EA| / |Y| is ` +
      `${percent(result.relativeError)}, the largest KKT residual ${result.kkt.toExponential(1)}.`;
    Object.assign($('time').dataset, {total, endmembers, abundances, run});
    $('status').textContent = `Unmixed into ${count} endmembers.`;
    await pick(picked);
  } catch (error) {
    if (run === runs) say(error.message);
  }
  if (run === runs) $('scene').classList.remove('working');
}

function showResult() {
  const {A, E, count, rms} = result, {columnOf, bands} = scene;
  $('save').hidden = false;
  // Fractions run to 1; without the sum, to what nearly all stay below.
  const top = $('sum').checked ? 1 : percentile(A, 0.999) || 1;
  $('top').textContent = Number(top.toPrecision(2));
  $('scale').style.background = GRADIENT;
  const tile = (rgba, colourOf, name, figure) => {
    const map = document.createElement('div'), caption = document.createElement('figcaption');
    map.className = 'map';
    showMap(map, rgba, name);
    const strong = document.createElement('b');
    strong.append(...(colourOf ? [chip(colourOf)] : []), name);
    caption.append(strong, figure);
    const whole = document.createElement('figure');
    whole.append(map, caption);
    return whole;
  };
  const worst = percentile(rms, 0.99) || 1;
  const tiles = Array.from({length: count}, (_, k) => {
    let mean = 0;
    for (let p = k; p < A.length; p += count) mean += A[p] * count / A.length;
    return tile(drawMap(columnOf, p => A[p * count + k], top), colour(k), `Endmember ${k + 1}`,
      $('sum').checked ? `${percent(mean)} of the scene` : `mean ${mean.toPrecision(2)}`);
  });
  $('maps').replaceChildren(...tiles,
    tile(drawMap(columnOf, p => rms[p], worst), null, 'Residual', `0 to ${worst.toPrecision(2)} rms`));
  $('legend').replaceChildren(...Array.from({length: count}, (_, k) => legend(k)));
  drawEndmembers();

  const cells = Float32Array.from({length: columnOf.length * count}, (_, i) => {
    const column = columnOf[Math.floor(i / count)];
    return column < 0 ? NaN : A[column * count + i % count];
  });
  const stem = scene.name.replace(/\.\w+$/, '').toLowerCase();
  offer($('save-maps'), `${stem}-abundances.npy`, writeNpy([scene.lines, scene.samples, count], cells));
  const each = [...Array(count).keys()], x = axis();
  const rows = x.map((at, b) => [at, ...each.map(k => E[k * bands + b])].join(','));
  const head = [scene.wavelength ? 'wavelength_um' : 'band', ...each.map(k => `endmember_${k + 1}`)].join(',');
  offer($('save-spectra'), `${stem}-endmembers.csv`, [head, ...rows, ''].join('\n'));
}

function chip(background) {
  const node = document.createElement('i');
  node.className = 'chip';
  node.style.background = background;
  return node;
}
function legend(k) {
  const span = document.createElement('span');
  span.append(chip(colour(k)), `Endmember ${k + 1}`);
  return span;
}
function offer(link, name, content) {
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
}

// --- Spectra ---------------------------------------------------------------------------------------------------------

const axis = () => (scene.wavelength ? [...scene.wavelength].map(w => Number(w.toPrecision(6))) :
  Array.from({length: scene.bands}, (_, b) => b + 1));
const axisLabels = () => ({x: axis(), xLabel: scene.wavelength ? 'wavelength, µm' : 'band', yLabel: 'value'});

function drawEndmembers() {
  const {E, count} = result, {bands} = scene;
  drawChart($('endmembers'), {...axisLabels(), label: `Spectra of ${count} endmembers`,
    series: Array.from({length: count}, (_, k) => ({values: E.subarray(k * bands, (k + 1) * bands), colour: colour(k),
      name: `Endmember ${k + 1}`}))});
}

function drawSpectrum() {
  if (!shown) return $('spectrum').replaceChildren();
  drawChart($('spectrum'), {...axisLabels(), label: 'Spectrum of the picked pixel and its reconstruction', series: [
    {values: shown.measured, colour: 'var(--text)', name: 'measured'},
    {values: shown.fit, colour: 'var(--mark)', dashed: true, name: 'reconstruction'}]});
}

// --- Maps and the pixel picker ---------------------------------------------------------------------------------------

function showMap(host, rgba, label) {
  const canvas = document.createElement('canvas');
  canvas.width = scene.samples;
  canvas.height = scene.lines;
  canvas.getContext('2d').putImageData(new ImageData(rgba, scene.samples, scene.lines), 0, 0);
  if (label) Object.assign(canvas, {role: 'img', ariaLabel: `Map of ${label}`});
  host.replaceChildren(canvas, document.createElement('i'));
}

async function pick(index) {
  picked = index;
  const {samples, lines, bands, columnOf} = scene;
  const line = Math.floor(index / samples), sample = index % samples, column = columnOf[index];
  for (const ring of document.querySelectorAll('.map i'))
    Object.assign(ring.style, {left: `${(sample + 0.5) / samples * 100}%`, top: `${(line + 0.5) / lines * 100}%`});
  $('where').textContent = `Line ${line + 1}, sample ${sample + 1}`;
  if (!result) return;
  if (column < 0) {
    shown = null;
    $('fit').textContent = 'left out: no valid numbers';
    $('bars').replaceChildren();
    return drawSpectrum();
  }
  const measured = await ask('spectrum', {column}).catch(error => say(error.message));
  if (!measured || index !== picked || !result) return;
  const {A, E, count, rms} = result, fit = new Float32Array(bands);
  const shares = A.subarray(column * count, (column + 1) * count);
  shares.forEach((a, k) => fit.forEach((_, b) => { fit[b] += a * E[k * bands + b]; }));
  shown = {measured, fit};
  drawSpectrum();
  $('fit').textContent = `residual ${rms[column].toPrecision(2)} rms`;
  const text = v => ($('sum').checked ? percent(v) : v.toPrecision(3));
  const top = Math.max(...shares, 1e-30);
  $('bars').replaceChildren(...[...shares].flatMap((a, k) => {
    const level = document.createElement('i'), value = document.createElement('b');
    level.className = 'level';
    level.style.cssText = `width: ${100 * Math.max(a, 0) / ($('sum').checked ? 1 : top)}%; background: ${colour(k)}`;
    value.textContent = text(a);
    return [legend(k), level, value];
  }));
  $('status').textContent = `Line ${line + 1}, sample ${sample + 1}: ` +
    [...shares].map((a, k) => `endmember ${k + 1} ${text(a)}`).join(', ');
}

function pickAt(event) {
  const map = event.target.closest('.map');
  if (!map || !scene || (event.type === 'pointermove' && event.buttons === 0)) return;
  const box = map.querySelector('canvas').getBoundingClientRect();
  const along = (at, from, size, n) => Math.min(Math.max(Math.floor((at - from) / size * n), 0), n - 1);
  pick(along(event.clientX, box.left, box.width, scene.samples) +
    scene.samples * along(event.clientY, box.top, box.height, scene.lines));
}
document.addEventListener('pointerdown', pickAt);
document.addEventListener('pointermove', pickAt);

$('picture').addEventListener('keydown', event => {
  const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
  if (!move || !scene) return;
  event.preventDefault();
  const step = event.shiftKey ? 10 : 1, {samples, lines} = scene;
  const sample = Math.min(Math.max(picked % samples + move[0] * step, 0), samples - 1);
  const line = Math.min(Math.max(Math.floor(picked / samples) + move[1] * step, 0), lines - 1);
  pick(sample + samples * line);
});

// --- What a person gives ---------------------------------------------------------------------------------------------

function give(files) {
  if (files.length) open('open', {files: [...files]});
}
$('files').addEventListener('change', event => {
  give(event.target.files);
  event.target.value = '';  // the same files again are a change, too
});
document.addEventListener('dragover', event => {
  event.preventDefault();
  $('drop').classList.add('over');
});
document.addEventListener('dragleave', event => {
  if (!event.relatedTarget) $('drop').classList.remove('over');
});
document.addEventListener('drop', event => {
  event.preventDefault();
  $('drop').classList.remove('over');
  give(event.dataTransfer.files);
});
$('example').addEventListener('click', () => open('example'));
$('options').addEventListener('change', unmix);
$('options').addEventListener('submit', event => event.preventDefault());

let width = 0;
new ResizeObserver(() => {  // charts are drawn for the width they have
  if (!result || document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  drawEndmembers();
  drawSpectrum();
}).observe(document.body);
