/** Numbers in the module's memory; valid until `release` of it or of an earlier block. */
export interface Block {
  readonly at: number;
  readonly length: number;
  readonly view: Float32Array;
  copy(): Float32Array;
}

export class Orthant {
  /** source: a URL, in Node also of a file, or the bytes of orthant.wasm; by default that beside this module. */
  static load(source?: URL | string | BufferSource): Promise<Orthant>;
  readonly version: string;
  /** A block that stays until `release`: for data that several calls read in place. */
  f32(length: number): Block;
  release(block: Block): void;
  /** V ~ W H, nonnegative and column-major: V holds column after column of `rows` numbers. */
  nmf(V: Float32Array | Block, rows: number, rank: number, options?: {
    loss?: 'frobenius' | 'kl' | 'is' | 'beta';
    beta?: number;
    maxIter?: number;
    tol?: number;
    seed?: number;
  }): {W: Float32Array; H: Float32Array; relativeError: number; kkt: number; iterations: number};
  /** Spectra at the corners of the pixels of Y, spectrum after spectrum. */
  endmembers(Y: Float32Array | Block, bands: number, count: number, options?: {
    method?: 'vca' | 'spa' | 'nfindr';
    seed?: number;
  }): {E: Float32Array; pixels: Int32Array};
  /** Abundances of each pixel, for given endmembers.  A pixel with NaN or infinite entries has the abundances NaN. */
  unmix(Y: Float32Array | Block, bands: number, E: Float32Array | Block, options?: {sumToOne?: boolean}): {
    A: Float32Array;
    rms: Float32Array;
    relativeError: number;
    kkt: number;
  };
}
