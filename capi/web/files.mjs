// ENVI and NumPy files as images: spectrum after spectrum in float32.  Errors name file, finding, and what to do.

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const ENVI_TYPES = {1: Uint8Array, 2: Int16Array, 3: Int32Array, 4: Float32Array, 5: Float64Array, 12: Uint16Array,
  13: Uint32Array, 14: BigInt64Array, 15: BigUint64Array};
const NPY_TYPES = {f4: Float32Array, f8: Float64Array, u1: Uint8Array, b1: Uint8Array, i1: Int8Array, u2: Uint16Array,
  i2: Int16Array, u4: Uint32Array, i4: Int32Array, u8: BigUint64Array, i8: BigInt64Array};

export class FileError extends Error {}

const short = text => (text.length > 40 ? text.slice(0, 40) + '...' : text).replace(/\s+/g, ' ');
const type = kind => kind.name.replace('Array', '').replace('Big', '').toLowerCase();

// Files as dropped or chosen -> the image that they hold together.  Whatever is wrong is a FileError, a sentence.
export async function readFiles(files, place) {
  try {
    return await readTogether(files, place);
  } catch (error) {
    if (error instanceof FileError || error.constructor === Error) throw error;  // the latter of `place`
    throw new FileError(`${files.map(f => f.name).join(', ')}: cannot be taken (${short(String(error.message))}); ` +
      'see that it is there, whole, and not too large for a tab');
  }
}

async function readTogether(files, place) {
  const npy = files.filter(f => /\.npy$/i.test(f.name)), headers = files.filter(f => /\.hdr$/i.test(f.name));
  const other = files.filter(f => !npy.includes(f) && !headers.includes(f));
  if (npy.length === 1 && files.length === 1) return readNpy(await bytesOf(npy[0]), npy[0].name, place);
  if (headers.some(h => h.size > 10 << 20)) throw new FileError(`${headers[0].name}: is too long for an ENVI header`);
  if (headers.length === 1 && other.length === 1 && files.length === 2)
    return readEnvi(await headers[0].text(), await bytesOf(other[0]), headers[0].name, other[0].name, place);
  if (headers.length === 1 && files.length === 1)
    throw new FileError(`${headers[0].name}: is an ENVI header; give it together with its data file, both at once`);
  if (other.length === 1 && files.length === 1)
    throw new FileError(`${other[0].name}: neither an .npy file nor an ENVI .hdr; an ENVI data file needs its ` +
      'header, give both at once');
  throw new FileError(`${files.map(f => f.name).join(', ')}: give one .npy file, or one ENVI .hdr and its data file`);
}

async function bytesOf(file) {
  if (file.size >= 2 ** 31)
    throw new FileError(`${file.name}: has ${(file.size / 2 ** 30).toFixed(1)} GiB, a tab reads 2; cut out a part`);
  return file.arrayBuffer();
}

// --- ENVI ------------------------------------------------------------------------------------------------------------

// Numbers as the command line takes them.
function numberOf(text) {
  if (/^[+-]?nan$/i.test(text)) return NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function parseHeader(text, fail) {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (!lines[0].trim().startsWith('ENVI'))
    fail(`the first line is '${short(lines[0])}', not ENVI; give an ENVI header`);
  const values = new Map();
  for (let i = 1; i < lines.length; ++i) {
    const equals = lines[i].indexOf('=');
    if (lines[i].startsWith(';') || equals < 0) continue;
    const key = lines[i].slice(0, equals).trim().toLowerCase(), parts = [lines[i].slice(equals + 1).trim()];
    // A list runs to its closing brace, over lines; each is looked at once.
    for (let open = parts[0].startsWith('{') && !parts[0].includes('}'); open;) {
      if (++i >= lines.length) fail(`the list of '${short(key)}' has no closing brace; complete it`);
      if (lines[i].startsWith(';')) continue;
      parts.push(lines[i].trim());
      open = !lines[i].includes('}');
    }
    const value = parts.join(' ');
    if (values.has(key) && values.get(key) !== value) fail(`'${short(key)}' is given twice; keep the right one`);
    values.set(key, value);
  }
  return values;
}

export function readEnvi(text, buffer, name, dataName, place) {
  const fail = what => { throw new FileError(`${name}: ${what}`); };
  const header = parseHeader(text, fail), notes = [];
  const given = key => (header.get(key) ?? '') !== '';
  const need = key => (given(key) ? header.get(key) : fail(`'${key}' is missing; add the line '${key} = ...'`));
  const integer = (key, least, most) => {
    const value = numberOf(need(key));
    if (!Number.isInteger(value) || value < least || value > most)
      fail(`'${key}' is '${short(header.get(key))}'; a whole number from ${least} to ${most} is needed`);
    return value;
  };
  const numbers = key => {
    if (!given(key)) return null;
    const list = header.get(key), end = list.indexOf('}');
    const inside = list.startsWith('{') ? list.slice(1, end < 0 ? undefined : end) : list;
    const texts = inside.split(',').map(t => t.trim());
    if (texts.at(-1) === '') texts.pop();
    return texts.map((t, i) => numberOf(t) ?? fail(`value ${i + 1} of '${key}' is '${short(t)}', not a number`));
  };

  const [samples, lines, bands] = ['samples', 'lines', 'bands'].map(key => integer(key, 1, 2 ** 31 - 1));
  const offset = given('header offset') ? integer('header offset', 0, 2 ** 52) : 0;
  const code = integer('data type', 0, 255), kind = ENVI_TYPES[code];
  if (!kind)
    fail(`data type ${code} is ${code === 6 || code === 9 ? 'complex' : 'unknown'}; 1 to 5 and 12 to 15 are read`);
  if (!given('byte order')) notes.push('byte order is not stated; taken as little-endian');
  const little = !given('byte order') || integer('byte order', 0, 1) === 0;
  if (given('file compression') && integer('file compression', 0, 255))
    fail('the data are compressed; write them uncompressed');
  if (/spectral library/i.test(header.get('file type') ?? ''))
    fail('is a spectral library, not an image; give an image');
  const interleave = need('interleave').toLowerCase();
  const strides = {bsq: [samples, 1, lines * samples], bil: [bands * samples, 1, samples],
    bip: [bands * samples, bands, 1]}[interleave];
  if (!strides) fail(`interleave is '${short(interleave)}'; bsq, bil or bip is needed`);

  const end = offset + lines * samples * bands * kind.BYTES_PER_ELEMENT;
  if (end > buffer.byteLength)
    fail(`data file ${dataName} has ${buffer.byteLength} bytes, the header asks for ${end} (${lines} x ${samples} x ` +
      `${bands}, ${type(kind)}, offset ${offset}); correct the header or fetch the data file again`);
  if (end < buffer.byteLength) notes.push(`${buffer.byteLength - end} bytes after the data were left out`);

  // What describes the bands is left out where its length is wrong; what changes the numbers must fit.
  const perBand = (key, must) => {
    const list = numbers(key);
    if (!list?.length || list.length === bands) return list?.length ? list : null;
    const what = `'${key}' has ${list.length} values for ${bands} bands`;
    if (must) fail(`${what}; correct the header`);
    notes.push(`${what} and was left out`);
    return null;
  };
  const one = key => {
    const list = numbers(key);
    return list?.[0] ?? null;
  };
  const good = perBand('bbl', true);
  const gain = perBand('data gain values', true), shift = perBand('data offset values', true);
  const divisor = one('reflectance scale factor') ?? 1;
  if (!(divisor > 0)) fail(`reflectance scale factor is '${divisor}'; a positive number is needed`);
  const wavelength = perBand('wavelength', false);
  const unit = header.get('wavelength units') ?? '';
  const nanometres = /nano|nm/i.test(unit) || wavelength?.some(w => w > 100);
  const kept = [...Array(bands).keys()].filter(b => !good || good[b] !== 0);
  if (kept.length === 0) fail("the bad band list 'bbl' leaves no band; correct it");
  if (kept.length < bands) notes.push(`${bands - kept.length} of ${bands} bands left out, as the bad band list says`);
  return toImage({name, buffer, kind, little, offset, lines, samples, kept, strides, notes, place,
    scale: kept.map(b => (gain ? gain[b] : 1) / divisor), shift: kept.map(b => (shift ? shift[b] : 0) / divisor),
    ignore: one('data ignore value'),
    wavelength: wavelength && kept.map(b => wavelength[b] / (nanometres ? 1000 : 1))});
}

// --- NumPy -----------------------------------------------------------------------------------------------------------

export function readNpy(buffer, name, place) {
  const fail = what => { throw new FileError(`${name}: ${what}`); };
  const bytes = new Uint8Array(buffer), view = new DataView(buffer);
  const text = (from, to) => Array.from(bytes.subarray(from, to), code => String.fromCharCode(code)).join('');
  if (bytes.length < 10 || text(0, 6) !== '\x93NUMPY') fail('is not a NumPy file; save it with numpy.save');
  const major = bytes[6], before = major === 1 ? 10 : 12;
  if (major < 1 || major > 3) fail(`has version ${major}; versions 1 to 3 are read`);
  if (bytes.length < before) fail('ends inside its header; fetch it again');
  const offset = before + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (offset > bytes.length) fail(`has ${bytes.length} bytes, its header alone asks for ${offset}; fetch it again`);
  if (offset > 65536) fail(`has a header of ${offset} bytes; save a plain numeric array`);
  const header = text(before, offset);

  const item = (key, value) => new RegExp(`['"]${key}['"]:\\s*${value}`).exec(header)?.[1];
  const descr = item('descr', `['"]([^'"]*)['"]`), fortran = item('fortran_order', '(True|False)');
  const shape = item('shape', '\\(([\\d\\s,]*)\\)')?.split(',').map(t => t.trim()).filter(t => t).map(Number);
  if (descr === undefined || !fortran || !shape)
    fail(`its header is '${short(header.trim())}'; save a plain numeric array with numpy.save`);
  const kind = /^[<>|]/.test(descr) ? NPY_TYPES[descr.slice(1)] : undefined;
  if (!kind) fail(`element type '${short(descr)}' is not supported; save as float32, float64 or integers`);
  if (shape.length < 2 || shape.length > 3)
    fail(`has ${shape.length} dimensions; give (lines, samples, bands) or (pixels, bands)`);
  if (shape.includes(0)) fail('is empty: a side of its shape is 0');
  const count = shape.reduce((a, b) => a * b), has = Math.floor((bytes.length - offset) / kind.BYTES_PER_ELEMENT);
  if (count > has)
    fail(`has ${has} numbers of type ${type(kind)}, its header asks for ${count} (${shape.join(' x ')}); ` +
      'fetch it again');

  const notes = [], bands = shape.at(-1);
  const stride = [];
  for (let i = 0, step = 1; i < shape.length; ++i) {
    const axis = fortran === 'True' ? i : shape.length - 1 - i;
    stride[axis] = step;
    step *= shape[axis];
  }
  let lines = shape[0], samples = shape[1], strides = stride;
  if (shape.length === 2) {  // no geometry: the pixels fill rows of about a square
    const pixels = shape[0];
    samples = Math.ceil(Math.sqrt(pixels));
    lines = Math.ceil(pixels / samples);
    strides = [stride[0] * samples, stride[0], stride[1]];
    notes.push(`has two dimensions, taken as pixels x bands; the maps show the pixels in rows of ${samples}. ` +
      'Save an array (lines, samples, bands) for its true shape');
  }
  return toImage({name, buffer, kind, little: descr[0] !== '>', offset, lines, samples, strides, notes, place,
    pixels: shape.length === 2 ? shape[0] : lines * samples, kept: [...Array(bands).keys()],
    scale: Array(bands).fill(1), shift: Array(bands).fill(0), ignore: null, wavelength: null});
}

// float32 in C order
export function writeNpy(shape, numbers) {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + '\n';
  const bytes = new Uint8Array(10 + header.length + 4 * numbers.length), view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  numbers.forEach((v, i) => view.setFloat32(10 + header.length + 4 * i, v, true));
  return bytes;
}

// --- Numbers in any order to spectra ---------------------------------------------------------------------------------

function elements(buffer, kind, offset, count, little) {
  const size = kind.BYTES_PER_ELEMENT;
  const native = little === LITTLE || size === 1;
  if (native && offset % size === 0) return new kind(buffer, offset, count);
  const bytes = new Uint8Array(buffer.slice(offset, offset + count * size));
  for (let i = 0; i < bytes.length && !native; i += size) bytes.subarray(i, i + size).reverse();
  return new kind(bytes.buffer);
}

// {name, lines, samples, bands, columns, Y, columnOf, wavelength, notes}: pixel (line, sample) is the column
// columnOf[sample + samples * line] of Y, or -1 where it is left out, for NaN, Inf or the ignored value.
function toImage({name, buffer, kind, little, offset, lines, samples, pixels = lines * samples, kept, strides, scale,
  shift, ignore, wavelength, notes, place}) {
  const bands = kept.length;
  const span = (i, n) => strides[i] * (n - 1);
  const length = Math.floor((buffer.byteLength - offset) / kind.BYTES_PER_ELEMENT);
  const needed = Math.min(length, span(0, lines) + span(1, samples) + span(2, kept.at(-1) + 1) + 1);
  const raw = elements(buffer, kind, offset, needed, little);
  if (ignore !== null && kind === Float32Array) ignore = Math.fround(ignore);
  const block = place(pixels * bands), Y = block.view;
  const columnOf = new Int32Array(lines * samples).fill(-1);
  let columns = 0, first = null, dropped = 0, ignored = 0;
  for (let start = 0; start < pixels;) {  // a chunk of a line: its bands are read in runs, its spectra written in cache
    const line = Math.floor(start / samples), sample = start % samples;
    const n = Math.min(256, samples - sample, pixels - start), base = line * strides[0] + sample * strides[1];
    for (let b = 0; b < bands; ++b) {
      const from = base + kept[b] * strides[2], a = scale[b], c = shift[b];
      for (let p = 0, to = columns * bands + b; p < n; ++p, to += bands) {
        const v = Number(raw[from + p * strides[1]]);
        Y[to] = v === ignore ? NaN : a * v + c;
      }
    }
    // Good spectra close the gaps that the others leave.
    for (let p = 0, from = columns; p < n; ++p, ++from) {
      const at = from * bands;
      let bad = -1;
      for (let b = 0; b < bands && bad < 0; ++b) if (!Number.isFinite(Y[at + b])) bad = b;
      if (bad < 0) {
        if (columns < from) Y.copyWithin(columns * bands, at, at + bands);
        columnOf[start + p] = columns++;
      } else {
        const v = Number(raw[base + kept[bad] * strides[2] + p * strides[1]]);
        if (v === ignore) ++ignored;
        first ??= `line ${line + 1}, sample ${sample + p + 1}, band ${kept[bad] + 1}: ${v}`;
        ++dropped;
      }
    }
    start += n;
  }
  if (dropped) {
    const what = [dropped > ignored && 'NaN, infinite numbers', ignored && 'the data ignore value'].filter(Boolean);
    notes.push(`${dropped} of ${pixels} pixels hold ${what.join(' or ')} and are left out (the first: ${first})`);
  }
  if (columns === 0)
    throw new FileError(`${name}: no pixel is free of NaN and ignored values (the first: ${first}); ` +
      'give finite numbers, or leave out the bands that lack them by a bad band list (bbl)');
  block.length = columns * bands;
  return {name, lines, samples, bands, columns, Y: block, columnOf, wavelength, notes};
}
