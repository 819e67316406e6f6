// Orthant in a browser or in Node: NMF, unmixing and endmembers on Float32Arrays.
//
//   import {Orthant} from './orthant.mjs';
//   const orthant = await Orthant.load();
//   const {E, pixels} = orthant.endmembers(Y, bands, 4, {method: 'vca', seed: 1});
//   const {A, rms, kkt} = orthant.unmix(Y, bands, E, {sumToOne: true});
//   const {W, H} = orthant.nmf(V, rows, rank, {loss: 'kl'});
//
// V, W and H are column-major: V holds column after column of `rows` numbers.  Y holds spectrum after spectrum, E endmember after endmember, A the fractions of pixel after pixel.  The library
// allocates nothing: this class lays blocks one after another into the module's memory and takes them back in the
// opposite order.

// The bytes of the module: a file where Node runs, else fetched.
async function bytesOf(source) {
  if (new URL(source, import.meta.url).protocol === 'file:') return (await import('node:fs/promises')).readFile(source);
  const answer = await fetch(source);
  if (!answer.ok)
    throw new Error(`${source}: ${answer.status} ${answer.statusText}; serve orthant.wasm beside the page`);
  return answer.arrayBuffer();
}

// Numbers in the module's memory.  A view is asked for anew at each use: growing the memory detaches older ones.
class Block {
  constructor(module, kind, at, length) {
    Object.assign(this, {module, kind, at, length});
  }
  get view() {
    return new this.kind(this.module.memory.buffer, this.at, this.length);
  }
  copy() {
    return this.view.slice();
  }
}

export class Orthant {
  // source: a URL, or the bytes of orthant.wasm
  static async load(source = new URL('orthant.wasm', import.meta.url)) {
    const bytes = source instanceof URL || typeof source === 'string' ? await bytesOf(source) : source;
    const {instance} = await WebAssembly.instantiate(bytes, {});
    return new Orthant(instance.exports);
  }

  constructor(module) {
    this.module = module;
    this.top = module.__heap_base.value;
  }

  get version() {
    return `${this.#text(this.module.orthant_version())} (${this.#text(this.module.orthant_build())})`;
  }

  // A block that stays until release(): for data that several calls read in place.
  f32(length) {
    return this.#block(Float32Array, length);
  }
  // Everything taken since `block`, and it, is free again.
  release(block) {
    this.top = block.at;
  }

  // Spectra at the corners of the data.  Y: a Float32Array, copied in, or a block.
  endmembers(Y, bands, count, {method = 'vca', seed = 1} = {}) {
    return this.#scratch(() => {
      const pixels = this.#pixels(Y, bands);
      const data = this.#place(Y), E = this.f32(bands * count), chosen = this.#block(Int32Array, count);
      const code = this.#code(this.module.orthant_endmembers_method_name, method);
      const memory = this.#workspace(this.module.endmembers_bytes(bands, pixels, count, code));
      this.#check(this.module.endmembers(bands, pixels, count, code, seed, data.at, E.at, chosen.at, memory.at,
        memory.length));
      return {E: E.copy(), pixels: chosen.copy()};
    });
  }

  // Abundances for given endmembers.  rms: of each pixel, |y - E a| / sqrt(bands); kkt: the largest relative residual
  // of the optimality conditions.  A pixel with NaN or infinite entries has the abundances NaN; an error where all have.
  unmix(Y, bands, E, {sumToOne = true} = {}) {
    return this.#scratch(() => {
      const pixels = this.#pixels(Y, bands), count = this.#pixels(E, bands);
      const data = this.#place(Y), spectra = this.#place(E);
      const A = this.f32(count * pixels), rms = this.f32(pixels), figures = this.#block(Float64Array, 2);
      const memory = this.#workspace(this.module.unmix_bytes(bands, count, Number(sumToOne)));
      this.#check(this.module.unmix(bands, pixels, count, Number(sumToOne), data.at, spectra.at, A.at, rms.at,
        figures.at, memory.at, memory.length));
      const [relativeError, kkt] = figures.view;
      return {A: A.copy(), rms: rms.copy(), relativeError, kkt};
    });
  }

  // V ~ W H with W (rows x rank) and H (rank x columns) nonnegative.  V: a Float32Array, copied in, or a block.
  nmf(V, rows, rank, {loss = 'frobenius', beta = 0, maxIter = 0, tol = 0, seed = 0} = {}) {
    return this.#scratch(() => {
      const cols = this.#pixels(V, rows), kind = this.#code(this.module.orthant_nmf_loss_name, loss);
      const data = this.#place(V), W = this.f32(rows * rank), H = this.f32(rank * cols), figures = this.#block(Float64Array, 3);
      const memory = this.#workspace(this.module.nmf_bytes(rows, cols, rank, kind));
      this.#check(this.module.nmf(rows, cols, rank, kind, beta, maxIter, tol, seed, data.at, W.at, H.at, figures.at, memory.at,
        memory.length));
      const [relativeError, kkt, iterations] = figures.view;
      return {W: W.copy(), H: H.copy(), relativeError, kkt, iterations};
    });
  }

  // A synthetic scene with known truth; Y is a block that stays.
  scene({bands = 198, lines = 100, samples = 100, count = 4, seed = 1, snr = 30} = {}) {
    const Y = this.f32(bands * lines * samples);
    return this.#scratch(() => {
      const wavelength = this.f32(bands), E = this.f32(bands * count), A = this.f32(count * lines * samples);
      this.#check(this.module.scene(bands, lines, samples, count, seed, snr, wavelength.at, E.at, A.at, Y.at));
      return {Y, wavelength: wavelength.copy(), E: E.copy(), A: A.copy()};
    });
  }

  #text(at) {
    const bytes = new Uint8Array(this.module.memory.buffer, at);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  }
  #check(status) {
    if (status !== 0) throw Object.assign(new Error(this.#text(this.module.orthant_status_text(status))), {status});
  }
  // The number of a word, by what the library calls it.
  #code(nameOf, word) {
    const known = [];
    for (let at = nameOf(0); at; at = nameOf(known.length)) known.push(this.#text(at));
    if (!known.includes(word)) throw new Error(`there is no ${word}, but ${known.join(', ')}`);
    return known.indexOf(word);
  }
  #pixels(Y, bands) {
    if (!(bands >= 1) || Y.length % bands)
      throw new Error(`${Y.length} numbers are not whole spectra of ${bands} bands`);
    return Y.length / bands;
  }

  #block(kind, length) {
    const at = Math.ceil(this.top / 64) * 64, end = at + length * kind.BYTES_PER_ELEMENT;
    const missing = Math.ceil((end - this.module.memory.buffer.byteLength) / 65536);
    try {
      if (missing > 0) this.module.memory.grow(missing);
    } catch {
      throw new Error(`${Math.ceil(end / 2 ** 20)} MiB are more than this tab gives; cut out a part of the scene`);
    }
    this.top = end;
    return new Block(this.module, kind, at, length);
  }
  #place(numbers) {
    if (numbers instanceof Block) return numbers;
    const block = this.f32(numbers.length);
    block.view.set(numbers);
    return block;
  }
  #workspace(bytes) {
    if (bytes === 0) throw new Error(this.#text(this.module.orthant_status_text(-1)));
    return this.#block(Uint8Array, bytes);
  }
  #scratch(work) {
    const {top} = this;
    try {
      return work();
    } finally {
      this.top = top;
    }
  }
}
