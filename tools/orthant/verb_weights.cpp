// orthant weights: inspect, verify, convert and export weight blobs.
#include <algorithm>

#include "api.hpp"
#include "weights.hpp"

namespace orthant::tool {

namespace {

struct WeightsFlags {
  std::vector<std::string> files;
  std::string file, output, type = "f16", name;
  int align = 64;
};

std::string dims_text(const orthant_record &r) {
  std::string text;
  for (int k = 0; k < r.rank; ++k) text += (k ? " x " : "") + std::to_string(r.dims[k]);
  return r.rank ? text : "scalar";
}

struct Statistics {
  double least = 0, most = 0, mean = 0;
  bool finite = true;
};
Statistics statistics(const orthant_model *m, int32_t i, size_t count) {
  Statistics s;
  std::vector<double> values(count);
  check_status(orthant_model_values_f64(m, i, 0, count, values.data()), "weights");
  s.least = s.most = values[0];
  for (double v : values) {
    s.least = std::min(s.least, v);
    s.most = std::max(s.most, v);
    s.mean += v / static_cast<double>(count);
    s.finite = s.finite && v - v == 0;
  }
  return s;
}

orthant_record record_of(const orthant_model *m, int32_t i) {
  auto r = sized<orthant_record>();
  check_status(orthant_model_record(m, i, &r), "weights");
  return r;
}

void inspect(const Common &common, const WeightsFlags &flags) {
  const Weights w(flags.file);
  const orthant_model *m = w.model();
  const std::string hash = sha256(w.view());
  Json json;
  json.object().value("schema_version", 1).value("verb", "weights").value("file", flags.file).value("sha256", hash);
  json.value("kind", orthant_model_kind_name(orthant_model_kind(m)))
      .value("bytes", uint64_t(w.bytes()))
      .array("records");
  std::string text = cat(flags.file, "\n  kind         ", orthant_model_kind_name(orthant_model_kind(m)),
                         "\n  bytes        ", w.bytes(), "\n  sha256       ", hash, "\n");
  for (int32_t i = 0; i < orthant_model_records(m); ++i) {
    const orthant_record r = record_of(m, i);
    const Statistics s = statistics(m, i, r.count);
    json.object().value("name", r.name).value("element", orthant_element_name(r.element));
    json.value("dims", std::vector<uint64_t>(r.dims, r.dims + r.rank)).value("bytes", uint64_t(r.bytes));
    if (r.element >= ORTHANT_ELEMENT_I8 && r.element <= ORTHANT_ELEMENT_I32)
      json.value("scale", double(r.scale)).value("zero_point", int64_t(r.zero_point));
    json.value("minimum", s.least).value("maximum", s.most).value("mean", s.mean).value("finite", s.finite).end();
    text += format("  %-24s %-4s %-18s %s to %s, mean %s%s\n", r.name, orthant_element_name(r.element),
                   dims_text(r).c_str(), format("%.6g", s.least).c_str(), format("%.6g", s.most).c_str(),
                   format("%.6g", s.mean).c_str(), s.finite ? "" : "; NOT FINITE");
  }
  json.end().end();
  put(common.json ? json.text() : text);
}

void verify(Common &common, const WeightsFlags &flags) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "weights").array("files");
  for (const std::string &file : flags.files) {
    std::string problem = "ok";
    try {
      const Weights w(file);
    } catch (const InputError &e) {
      problem = e.what();
      common.exit_code = exit_input;
    }
    json.object().value("file", file).value("problem", problem).end();
    if (!common.json) put(problem == "ok" ? file + ": ok\n" : problem + "\n");
  }
  json.end().end();
  if (common.json) put(json.text());
}

void convert(const Common &common, const WeightsFlags &flags) {
  if (flags.output != "-") refuse_existing(flags.output, common.force);
  const Weights w(flags.file);
  int32_t element = 0;
  while (orthant_element_name(element) && flags.type != orthant_element_name(element)) ++element;
  size_t bytes = 0;
  std::string out;
  orthant_status status = orthant_model_convert(w.model(), element, flags.align, nullptr, 0, &bytes);
  out.resize(bytes);
  if (status == ORTHANT_OK) status = orthant_model_convert(w.model(), element, flags.align, out.data(), bytes, &bytes);
  if (status == ORTHANT_E_DATA)
    throw InputError(flags.file + ": has values that " + flags.type + " cannot hold; choose a wider --type");
  check_status(status, "convert");
  if (flags.output == "-") return put_bytes(out);
  write_file(flags.output, out, common.force);
  say(common, cat(flags.output, ": ", bytes, " bytes, was ", w.bytes()));
}

void export_c(const Common &common, const WeightsFlags &flags) {
  if (flags.output != "-") refuse_existing(flags.output, common.force);
  const Weights w(flags.file);
  std::string name = flags.name;
  if (name.empty()) {
    name = fs::path(flags.file).stem().string();
    for (char &c : name)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "model_" + name;
  }
  const int align = 1 << static_cast<unsigned char>(w.view()[40]);  // log2, from the header
  std::string text =
      cat("/* ", orthant_model_kind_name(orthant_model_kind(w.model())), " weights, sha256 ", sha256(w.view()),
          " */\n#include <stddef.h>\n\n#if defined(__cplusplus)\n#define ORTHANT_WEIGHTS_ALIGN alignas(", align,
          ")\nextern \"C\" const size_t ", name, "_bytes;\nextern \"C\" const unsigned char ", name, "[", w.bytes(),
          "];\n#elif defined(__GNUC__)\n#define ORTHANT_WEIGHTS_ALIGN __attribute__((aligned(", align,
          ")))\n#else\n#define ORTHANT_WEIGHTS_ALIGN _Alignas(", align, ")\n#endif\nconst size_t ", name,
          "_bytes = ", w.bytes(), ";\nORTHANT_WEIGHTS_ALIGN const unsigned char ", name, "[", w.bytes(), "] = {\n");
  const std::string_view bytes = w.view();
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char *before = i % 20 == 0 ? "  " : "", *after = i % 20 == 19 ? ",\n" : ",";
    text += before + std::to_string(static_cast<unsigned char>(bytes[i])) + after;
  }
  text += "\n};\n";
  if (flags.output == "-") return put_bytes(text);
  write_file(flags.output, text, common.force);
  say(common, cat(flags.output, ": ", name, ", ", w.bytes(), " bytes"));
}

}  // namespace

void add_weights(CLI::App &app, Common &common) {
  auto flags = std::make_shared<WeightsFlags>();
  CLI::App &verb = *app.add_subcommand("weights", "inspect, verify, convert and export weight files");
  verb.require_subcommand(1);
  add_examples(verb, {"orthant weights inspect model.orw", "orthant weights verify *.orw",
                      "orthant weights convert model.orw -o small.orw --type i8 --align 16",
                      "orthant weights export-c model.orw -o model.c --name unmix_net"});
  const auto sub = [&](const char *name, const char *what, int with) {
    CLI::App &s = *verb.add_subcommand(name, what);
    if (with & flags_output)
      s.add_option("-o,--output", flags->output, "the file to write")->required()->type_name("FILE");
    add_common(s, common, with);
    return &s;
  };
  CLI::App *s = sub("inspect", "kind, arrays, types, ranges", flags_basic);
  s->add_option("file", flags->file, "a weight blob (.orw)")->required();
  add_examples(*s, {"orthant weights inspect model.orw --json"});
  s->callback([flags, &common] { inspect(common, *flags); });

  s = sub("verify", "structure and checksums; exit code 3 where a file is not good", flags_basic);
  s->add_option("files", flags->files, "weight blobs (.orw)")->required();
  add_examples(*s, {"orthant weights verify a.orw b.orw"});
  s->callback([flags, &common] { verify(common, *flags); });

  s = sub("convert", "the same model with numbers of another type", flags_output);
  s->add_option("file", flags->file, "a weight blob (.orw)")->required();
  s->add_option("--type", flags->type, "of every matrix; i8 and i16 with a scale each")
      ->check(CLI::IsMember({"f32", "f16", "bf16", "i8", "i16", "f64"}))
      ->capture_default_str();
  s->add_option("--align", flags->align, "of payloads, and of the address where it may lie")
      ->check(CLI::IsMember({16, 32, 64, 128, 256}))
      ->capture_default_str();
  add_examples(*s, {"orthant weights convert model.orw -o small.orw --type f16",
                    "orthant weights convert model.orw -o tiny.orw --type i8 --align 16"});
  s->callback([flags, &common] { convert(common, *flags); });

  s = sub("export-c", "a C array, for firmware", flags_output);
  s->add_option("file", flags->file, "a weight blob (.orw)")->required();
  s->add_option("--name", flags->name, "of the array; by the file if left out");
  add_examples(*s, {"orthant weights export-c model.orw -o model.c --name unmix_net"});
  s->callback([flags, &common] { export_c(common, *flags); });
}

}  // namespace orthant::tool
