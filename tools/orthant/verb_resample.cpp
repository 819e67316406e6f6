// orthant resample: the spectra of a library on the bands of an image.
#include "input.hpp"
#include "spectra.hpp"

namespace orthant::tool {

namespace {

struct ResampleFlags {
  std::string library, to, output;
  double fwhm = 0;
};

// The bands that a file states, with or without its numbers.
Grid wanted_grid(const ResampleFlags &flags) {
  std::optional<Data> data = read_lone_header(flags.to);
  if (!data) data = read_data(flags.to);
  Grid grid = grid_of(data->meta, static_cast<int64_t>(data->meta.wavelength.size()));
  if (flags.fwhm > 0) grid.fwhm.assign(grid.wavelength.size(), flags.fwhm / 1000);
  if (!grid.known())
    throw InputError(flags.to + ": states no wavelength for each of its bands; add them to its header");
  return grid;
}

void resample(Common &common, const ResampleFlags &flags) {
  refuse_existing(flags.output, common.force);
  const Data data = read_data(flags.library, Checksum::sha256);
  const Table<double> spectra = to_table<double>(data);
  say_notes(common, spectra.meta);
  if (!grid_of(spectra.meta, spectra.rows).known()) {
    throw InputError(flags.library + ": states no wavelength for each band of its spectra; add them");
  }
  OnGrid<double> out = resampled(spectra, data.good, wanted_grid(flags));
  for (const std::string &text : out.said) say(common, flags.library + ": " + text);
  if (out.bands.empty()) {
    throw InputError(flags.library + ": has no wavelength in common with " + flags.to + "; check the units of both");
  }
  const Record record = make_record(common, spectra.meta, false);
  out.spectra.meta.description = record.text();
  const Table<float> narrow = [&] {
    Table<float> t(out.spectra.rows, out.spectra.cols);
    std::copy(out.spectra.values.begin(), out.spectra.values.end(), t.values.begin());
    t.names = out.spectra.names;
    t.meta = out.spectra.meta;
    return t;
  }();
  write_table(flags.output, narrow, common.force);
  if (common.json) {
    Json json;
    json.object().value("schema_version", 1).value("verb", "resample");
    write_record(json, record);
    json.value("bands", narrow.rows)
        .value("spectra", narrow.cols)
        .value("wavelength_micrometres", narrow.meta.wavelength);
    json.value("notes", out.said).value("file", flags.output).end();
    put(json.text());
    return;
  }
  put(cat(narrow.cols, " spectra on ", narrow.rows, " bands, written to ", flags.output, "\n"));
}

}  // namespace

void add_resample(CLI::App &app, Common &common) {
  auto flags = std::make_shared<ResampleFlags>();
  CLI::App &verb = *app.add_subcommand("resample", "the spectra of a library on the bands of an image");
  add_examples(verb,
               {"orthant resample library.sli --to scene.hdr -o scene-library.sli",
                "orthant resample library.csv --to scene.hdr --fwhm 10 -o scene-library.csv", "",
                "Each band is the response of a Gaussian of its FWHM, or linear between its neighbours where no",
                "FWHM is known. Bands that the library does not cover are left out. `unmix` does the same by itself",
                "where the wavelengths of its two files differ."});
  verb.add_option("library", flags->library, "spectra that state their wavelengths: .sli, .csv")->required();
  verb.add_option("--to", flags->to, "a file that states the wavelengths wanted: an ENVI header is enough")
      ->required()
      ->type_name("FILE");
  verb.add_option("-o,--output", flags->output, "file for the spectra: .sli, .csv or .npy")
      ->required()
      ->type_name("FILE");
  verb.add_option("--fwhm", flags->fwhm, "width of all bands at half their top, in nanometres; 0: as FILE states")
      ->check(CLI::NonNegativeNumber)
      ->type_name("NM");
  add_common(verb, common, flags_output);
  verb.callback([flags, &common] { resample(common, *flags); });
}

}  // namespace orthant::tool
