// orthant manual: the manual page, and what lets a shell complete a command line, from the same descriptions as --help.
#include <algorithm>

#include "verbs.hpp"

namespace orthant::tool {
namespace {

// A verb with the words that name it, such as "train nalmu".
struct Named {
  std::string words;
  const CLI::App *app;
};
std::vector<const CLI::App *> verbs_of(const CLI::App &app) {
  return app.get_subcommands([](const CLI::App *verb) { return !verb->get_group().empty(); });
}
void gather(const CLI::App &app, const std::string &words, std::vector<Named> &all) {
  for (const CLI::App *verb : verbs_of(app)) {
    const std::string own = words.empty() ? verb->get_name() : words + " " + verb->get_name();
    all.push_back({own, verb});
    gather(*verb, own, all);
  }
}
std::vector<Named> all_verbs(const CLI::App &app) {
  std::vector<Named> all;
  gather(app, "", all);
  return all;
}

std::vector<const CLI::Option *> options_of(const CLI::App &verb, bool positional) {
  return verb.get_options([positional](const CLI::Option *o) {
    return !o->get_group().empty() && o->get_positional() == positional;
  });
}
// "-o", "--output"
std::vector<std::string> names_of(const CLI::Option &option) {
  std::vector<std::string> names;
  for (const std::string &name : option.get_snames()) names.push_back("-" + name);
  for (const std::string &name : option.get_lnames()) names.push_back("--" + name);
  return names;
}
bool takes_value(const CLI::Option &option) { return option.get_items_expected_max() > 0; }
// The words that it may be, if those are few: what --help has in braces.
std::vector<std::string> choices_of(const CLI::Option &option) {
  const std::string type = option.get_type_name();
  const size_t from = type.find('{'), to = type.find('}');
  std::vector<std::string> words;
  if (from == type.npos || to == type.npos) return words;
  for (size_t at = from + 1; at <= to;) {
    const size_t end = std::min(type.find(',', at), to);
    words.push_back(type.substr(at, end - at));
    at = end + 1;
  }
  return words;
}
std::string joined(const std::vector<std::string> &words, const std::string &between) {
  std::string text;
  for (const std::string &word : words) text += (text.empty() ? "" : between) + word;
  return text;
}
// The text with a backslash before each of these characters.
std::string escaped(const std::string &text, const std::string &characters) {
  std::string out;
  for (const char c : text) out += characters.find(c) == characters.npos ? std::string(1, c) : std::string("\\") + c;
  return out;
}

// Within single quotes of a shell.
std::string quoted(const std::string &text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out;
}

// ---- The manual page ------------------------------------------------------------------------------------------------

// Text as roff takes it: no escapes, no requests, and hyphens that can be searched for.
std::string roff(const std::string &text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() || out.back() == '\n') out += c == '.' || c == '\'' ? "\\&" : "";
    if (c == '\\') out += "\\e";
    if (c == '-') out += "\\-";
    if (c != '\\' && c != '-') out += c;
  }
  return out;
}
std::string roff_option(const CLI::Option &option) {
  const bool positional = option.get_positional();
  std::string head = roff(positional ? option.get_name(true) : joined(names_of(option), ", "));
  if (takes_value(option)) head += " \\fI" + roff(option.get_type_name());
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += " (" + option.get_default_str() + ")";
  return ".TP\n\\fB" + head + "\\fR\n" + roff(text) + "\n";
}
std::string roff_verb(const Named &verb) {
  std::string page = ".SS " + roff("orthant " + verb.words) + "\n" + roff(verb.app->get_description()) + "\n";
  const std::string examples = verb.app->get_footer();
  if (!examples.empty()) page += ".PP\n.nf\n" + roff(examples) + "\n.fi\n";
  for (const bool positional : {true, false}) {
    for (const CLI::Option *option : options_of(*verb.app, positional)) page += roff_option(*option);
  }
  return page;
}
std::string manual_page(const CLI::App &app) {
  std::string page = cat(".TH ORTHANT 1 \"\" \"orthant ", orthant_version(), "\" \"User Commands\"\n");
  page += ".SH NAME\northant \\- nonnegative matrix factorization and hyperspectral unmixing\n";
  page += ".SH SYNOPSIS\n.B orthant\n\\fIVERB\\fR [\\fIOPTIONS\\fR]\n";
  page += ".SH DESCRIPTION\n" + roff(app.get_description()) + "\n.PP\n.nf\n" + roff(app.get_footer()) + "\n.fi\n";
  page += ".SH VERBS\n";
  for (const Named &verb : all_verbs(app)) page += roff_verb(verb);
  page += ".SH EXIT STATUS\n";
  const std::pair<int, const char *> codes[] = {{exit_done, "done"},
                                                {exit_failure, "failed: no memory, an output that cannot be written"},
                                                {exit_usage, "a command line that asks for what there is not"},
                                                {exit_input, "an input that is missing, damaged or does not fit"},
                                                {exit_not_converged, "with --strict: not converged"},
                                                {exit_interrupted, "interrupted; what was written says how far"}};
  for (const auto &[code, text] : codes) page += cat(".TP\n.B ", code, "\n", roff(text), "\n");
  return page;
}

// ---- Completions ----------------------------------------------------------------------------------------------------

std::vector<std::string> names_of(const std::vector<const CLI::App *> &verbs) {
  std::vector<std::string> names;
  for (const CLI::App *verb : verbs) names.push_back(verb->get_name());
  return names;
}

// What may stand in a verb without an option before it, where that is one of a few words.
std::vector<std::string> words_of(const CLI::App &verb) {
  std::vector<std::string> words = names_of(verbs_of(verb));
  for (const CLI::Option *option : options_of(verb, true)) {
    const std::vector<std::string> more = choices_of(*option);
    words.insert(words.end(), more.begin(), more.end());
  }
  return words;
}

// What follows an option: its words, or a file; and what a verb takes.
std::string bash_verb(const Named &verb) {
  std::vector<std::string> names, files;
  std::string values;
  for (const CLI::Option *option : options_of(*verb.app, false)) {
    const std::vector<std::string> own = names_of(*option), words = choices_of(*option);
    names.insert(names.end(), own.begin(), own.end());
    if (!takes_value(*option)) continue;
    if (words.empty()) files.insert(files.end(), own.begin(), own.end());
    else values += "        " + joined(own, "|") + ") words='" + joined(words, " ") + "' ;;\n";
  }
  if (!files.empty()) values += "        " + joined(files, "|") + ") return ;;\n";
  const std::vector<std::string> further = words_of(*verb.app);
  return "    '" + verb.words + "')\n      options='" + joined(names, " ") + "' words='" + joined(further, " ") +
         "'\n      case $previous in\n" + values + "      esac ;;\n";
}
std::string bash_completion(const CLI::App &app) {
  std::string known, cases;
  for (const Named &verb : all_verbs(app)) {
    known += (known.empty() ? "'" : "|'") + verb.words + "'";
    cases += bash_verb(verb);
  }
  return "# Completion of orthant for bash.\n_orthant() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= longer i\n"
         "  local options='--help --version' words='" + joined(names_of(verbs_of(app)), " ") + "'\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    longer=${verb:+$verb }${COMP_WORDS[i]}\n"
         "    case $longer in " + known + ") verb=$longer ;; esac\n"
         "  done\n  COMPREPLY=()\n  case $verb in\n" + cases + "  esac\n"
         "  [[ $current == -* ]] && words=$options\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n"
         "complete -o default -F _orthant orthant\n";
}

// As zsh's _arguments reads it: '(-o --output)'{-o,--output}'[text]:value:action'.
std::string zsh_option(const CLI::Option &option) {
  const std::vector<std::string> names = names_of(option), words = choices_of(option);
  const std::string text = escaped(quoted(option.get_description()), "[]:");
  const std::string action = words.empty() ? "_files" : "(" + joined(words, " ") + ")";
  std::string line = names.size() > 1 ? "'(" + joined(names, " ") + ")'{" + joined(names, ",") + "}'" : "'" + names[0];
  line += "[" + text + "]";
  if (takes_value(option)) line += ":value:" + action;
  return "      " + line + "'";
}
std::string zsh_verb(const Named &verb) {
  std::string text = "    '" + verb.words + "')\n    _arguments";
  for (const CLI::Option *option : options_of(*verb.app, false)) text += " \\\n" + zsh_option(*option);
  const std::vector<std::string> further = words_of(*verb.app);
  return text + " \\\n      '*:value:" + (further.empty() ? "_files" : "(" + joined(further, " ") + ")") + "' ;;\n";
}
std::string zsh_completion(const CLI::App &app) {
  std::string known, cases;
  for (const Named &verb : all_verbs(app)) {
    known += (known.empty() ? "'" : "|'") + verb.words + "'";
    cases += zsh_verb(verb);
  }
  return "#compdef orthant\nlocal verb= longer word\n"
         "for word in \"${(@)words[2,CURRENT-1]}\"; do\n  longer=${verb:+$verb }$word\n"
         "  case $longer in (" + known + ") verb=$longer ;; esac\ndone\n"
         "case $verb in\n    '') compadd -- --help --version " + joined(names_of(verbs_of(app)), " ") + " ;;\n" +
         cases + "esac\n";
}

std::string fish_option(const CLI::Option &option, const std::string &when) {
  std::string line = "complete -c orthant -n '" + when + "'";
  for (const std::string &name : option.get_snames()) line += " -s " + name;
  for (const std::string &name : option.get_lnames()) line += " -l " + name;
  const std::vector<std::string> words = choices_of(option);
  if (takes_value(option)) line += words.empty() ? " -r" : " -x -a '" + joined(words, " ") + "'";
  return line + " -d '" + escaped(option.get_description(), "\\'") + "'\n";
}
std::string fish_completion(const CLI::App &app) {
  std::string text = "# Completion of orthant for fish.\n";
  const std::vector<std::string> first = names_of(verbs_of(app));
  for (const Named &verb : all_verbs(app)) {
    const size_t space = verb.words.rfind(' ');
    const std::string parent = space == verb.words.npos ? "" : verb.words.substr(0, space);
    const std::string when = parent.empty() ? "not __fish_seen_subcommand_from " + joined(first, " ")
                                            : "__fish_seen_subcommand_from " + parent;
    text += "complete -c orthant -n '" + when + "' -f -a " + verb.app->get_name() + " -d '" +
            escaped(verb.app->get_description(), "\\'") + "'\n";
    const std::string inside = "__fish_seen_subcommand_from " + verb.app->get_name();
    for (const CLI::Option *option : options_of(*verb.app, false)) text += fish_option(*option, inside);
    if (verbs_of(*verb.app).empty() && !words_of(*verb.app).empty())
      text += "complete -c orthant -n '" + inside + "' -f -a '" + joined(words_of(*verb.app), " ") + "'\n";
  }
  return text;
}

}  // namespace

void add_manual(CLI::App &app, Common &) {
  CLI::App &verb = *app.add_subcommand("manual", "the manual page, or what completes command lines in a shell");
  add_examples(verb, {"orthant manual >orthant.1                              man ./orthant.1",
                      "orthant manual bash >~/.local/share/bash-completion/completions/orthant",
                      "orthant manual fish >~/.config/fish/completions/orthant.fish"});
  const auto kind = std::make_shared<std::string>("man");
  verb.add_option("kind", *kind, "what is written")
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}))
      ->capture_default_str();
  verb.callback([&app, kind] {
    if (*kind == "man") return put_bytes(manual_page(app));
    if (*kind == "bash") return put_bytes(bash_completion(app));
    put_bytes(*kind == "zsh" ? zsh_completion(app) : fish_completion(app));
  });
}

}  // namespace orthant::tool
