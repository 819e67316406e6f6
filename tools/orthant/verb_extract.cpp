// orthant extract: endmembers from an image.
#include "api.hpp"
#include "counting.hpp"
#include "input.hpp"
#include "memory.hpp"

namespace orthant::tool {

namespace {

struct ExtractFlags {
  std::string image, output, count, eigenvalues;
  EndmemberSearch how;
  bool f64 = false;
  ImageFlags input;
};

void check_flags(const Common &common, const ExtractFlags &flags) {
  const fs::path output = flags.output;
  const bool printed = flags.output == "-";
  const std::string ending = output.extension().string();
  if (printed && common.json) throw UsageError("-o - and --json both want standard output; give the name of a file");
  if (!flags.eigenvalues.empty()) {
    if (fs::path(flags.eigenvalues).extension() != ".svg") {
      throw UsageError("--eigenvalues: the plot is written as .svg");
    }
    if (flags.count.find_first_not_of("0123456789") == std::string::npos) {
      throw UsageError("--eigenvalues: nothing is counted with -p " + flags.count + "; give -p auto");
    }
    refuse_existing(flags.eigenvalues, common.force);
  }
  if (!printed && ending != ".sli" && ending != ".csv" && ending != ".npy") {
    throw UsageError("-o " + flags.output + ": the ending tells the format; use .sli, .csv or .npy");
  }
  if (!printed) refuse_existing(output, common.force);
}

template <class T>
Image<T> read_scene(const Common &common, const ExtractFlags &flags) {
  ImageOptions options = image_options(flags.input);
  options.room = data_room(common);
  Progress looking(common, "looking at the image");
  options.watch = [&](double fraction) { looking.update_timed(fraction, ""); };
  Image<T> image = read_image<T>(flags.image, options, Checksum::sha256);
  looking.end();
  if (image.source) say_stays(common, image);
  return image;
}

template <class T>
void extract(Common &common, const ExtractFlags &flags) {
  const fs::path output = flags.output;
  const bool printed = flags.output == "-";
  check_flags(common, flags);
  const bool chance = flags.how.method == "vca";
  Image<T> image = read_scene<T>(common, flags);
  const Record record = make_record(common, image.meta, chance);
  say_notes(common, image.meta);
  const Scaled scaled = apply_scale(image, flags.input);
  if (!scaled.reason.empty()) say(common, scaled.reason);
  if (flags.input.scale == "auto") say_unit(common, image);
  if (chance) say(common, "seed " + std::to_string(common.seed));
  const Threads pool(common);
  const Counted counted = count_endmembers(common, image, flags.count, pool);
  if (!counted.reason.empty()) say(common, counted.reason);
  endmembers_exist(counted.count, flags.how);
  endmembers_exist(counted.count, image.bands, image.pixels());

  if (common.dry_run) {
    orthant_endmembers_config config =
        endmembers_config(common, image.bands, image.pixels(), counted.count, flags.how, pool);
    if (image.source) config.data = ORTHANT_STREAM;
    size_t bytes = 0;
    check_status(Api<T>::endmembers_size(&config, &bytes), flags.how.method, config);
    say(common, cat("would find ", counted.count, " endmembers in ", image.pixels(), " pixels of ", image.bands,
                    " bands (", flags.how.method, ", ", element_text<T>(), ") and write ", flags.output));
    say(common, "memory: image " + bytes_text(static_cast<double>(image.values.size() * sizeof(T))) + ", workspace " +
                    bytes_text(static_cast<double>(bytes)));
    return;
  }
  const double started = seconds_now();
  Extracted<T> found = extract_endmembers(common, image, counted.count, flags.how, pool);
  const double seconds = seconds_now() - started;
  found.spectra.meta.description = record.text();
  if (!flags.eigenvalues.empty()) write_file(flags.eigenvalues, eigenvalue_plot(counted, flags.image), common.force);
  if (printed) return put(csv_text(found.spectra));
  write_table(output, found.spectra, common.force);

  if (common.json) {
    Json json;
    json.object().value("schema_version", 1).value("verb", "extract");
    write_record(json, record);
    json.value("method", flags.how.method).value("element", element_text<T>()).value("divided_by", scaled.divisor);
    json.array("endmembers");
    for (size_t k = 0; k < found.pixel.size(); ++k) {
      const int64_t p = found.pixel[k];
      json.object().value("name", found.spectra.names[k]);
      json.value("line", p / image.samples).value("sample", p % image.samples).end();
    }
    json.end().value("seconds", seconds).value("file", flags.output).end();
    put(json.text());
    return;
  }
  for (size_t k = 0; k < found.pixel.size(); ++k) {
    const int64_t p = found.pixel[k];
    put(cat(found.spectra.names[k], "  line ", p / image.samples, ", sample ", p % image.samples, " (from 0)\n"));
  }
  put(cat(found.spectra.cols, " spectra of ", found.spectra.rows, " bands by ", flags.how.method, " in ",
          duration_text(seconds), ", written to ", flags.output, "\n"));
}

}  // namespace

void add_extract(CLI::App &app, Common &common) {
  auto flags = std::make_shared<ExtractFlags>();
  CLI::App &verb = *app.add_subcommand("extract", "endmembers from an image");
  add_examples(verb, {"orthant extract scene.hdr -p 5 -o endmembers.sli",
                      "orthant extract scene.hdr -p auto --eigenvalues count.svg -o endmembers.sli",
                      "orthant extract cube.mat:Y --shape 100x100 -p 4 --method spa -o endmembers.csv"});
  verb.add_option("image", flags->image, "ENVI header or data, FILE.mat:NAME, .npy, .csv")->required();
  verb.add_option("-p,--endmembers", flags->count,
                  "how many; auto: as many as HySime finds, or by name: hysime, hfc, nwhfc")
      ->required()
      ->type_name("N");
  verb.add_option("--eigenvalues", flags->eigenvalues, "with a counted -p: a plot of what is counted, .svg")
      ->type_name("FILE");
  verb.add_option("-o,--output", flags->output, "file for the spectra: .sli, .csv or .npy; -: print them as CSV")
      ->required()
      ->type_name("FILE");
  verb.add_option("--method", flags->how.method,
                  "vca and nfindr look for the largest simplex, spa projects; spa uses no chance")
      ->check(CLI::IsMember(endmember_methods()))
      ->capture_default_str();
  add_draws(verb, flags->how);
  verb.add_flag("--f64", flags->f64, "work in double precision");
  add_image_flags(verb, flags->input);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output | flags_memory);
  verb.callback([flags, &common] { flags->f64 ? extract<double>(common, *flags) : extract<float>(common, *flags); });
}

}  // namespace orthant::tool
