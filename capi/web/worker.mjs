// Where the scene lies and the work is done, so that the tab stays awake: a job for each message, answered by its
// number.
import {composite} from './colours.mjs';
import {readFiles} from './files.mjs';
import {Orthant} from './orthant.mjs';

const ready = Orthant.load();
let orthant, image = null;

// Room for the next scene, in the place of the last one.
function place(length) {
  if (image) orthant.release(image.Y);
  image = null;
  return orthant.f32(length);
}

function opened(fresh) {
  image = fresh;
  const {name, lines, samples, bands, columns, columnOf, wavelength, notes} = image;
  return {name, lines, samples, bands, columns, columnOf, wavelength, notes, picture: composite(image)};
}

const jobs = {
  async open({files}) {
    return opened(await readFiles(files, place));
  },

  example() {
    const lines = 100, samples = 100, bands = 198;
    if (image) orthant.release(image.Y);
    image = null;
    const {Y, wavelength} = orthant.scene({lines, samples, bands, count: 4, seed: 7, snr: 35});
    return opened({name: 'Example', lines, samples, bands, columns: lines * samples, Y, wavelength, notes: [],
      columnOf: Int32Array.from({length: lines * samples}, (_, i) => i)});
  },

  unmix({count, method, sumToOne}) {
    if (!image) throw new Error('No scene is open; choose a file');
    const {Y, bands, columns} = image;
    if (count > Math.min(bands, columns))
      throw new Error(`${count} endmembers cannot be found in ${columns} pixels of ${bands} bands; ask for fewer`);
    const began = performance.now();
    let found;
    try {
      found = orthant.endmembers(Y, bands, count, {method});
    } catch (error) {
      if (error.status !== -3) throw error;
      throw new Error(`The scene has no ${count} independent spectra of moderate size; ask for fewer endmembers`);
    }
    const between = performance.now();
    const fit = orthant.unmix(Y, bands, found.E, {sumToOne});
    return {...found, ...fit, count, times: {endmembers: between - began, abundances: performance.now() - between}};
  },

  spectrum({column}) {
    if (!image) throw new Error('No scene is open; choose a file');
    return image.Y.view.slice(column * image.bands, (column + 1) * image.bands);
  },
};

onmessage = async ({data: {id, job, ...rest}}) => {
  try {
    orthant = await ready;
    postMessage({id, value: await jobs[job](rest)});
  } catch (error) {
    postMessage({id, error: error.message, empty: image === null});
  }
};
