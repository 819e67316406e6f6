#!/usr/bin/env python3
"""Writes the raw layers of the bindings from orthant.h and its parts, so that they cannot drift; for C++ the layer of
orthant/experimental.h too.

    bindings.py             write every layer in place
    bindings.py --check     say which committed layer differs from a fresh one
    bindings.py --layout    print a C program that compiles just where every struct is laid out as the layers have it
    bindings.py --sizes     print a Fortran program that does the same for the derived types
    bindings.py --stubs     print a C file that defines every function as declared, for a tool that compares interfaces

It reads the C that the header is written in, and stops at a line that it does not understand.
"""
import ctypes
import re
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOTE = "Written by capi/bindings.py from orthant.h; do not edit."


# ---- What the header says -------------------------------------------------------------------------------------------


class Type:
    """A C type: its base name, its pointers from the inside out as const or not, the length of an array."""

    def __init__(self, base, const=False, pointers=0, length=0):
        self.base, self.const, self.pointers, self.length = base, const, pointers, length


class Header:
    def __init__(self, top):
        self.numbers = {}  # macros that are integers
        self.comments = {}  # a name, or (struct, field): what the header says of it, line by line
        self.version = ""
        self.structs = {}  # name: [(field, Type)]
        self.opaque = []
        self.callbacks = {}  # name: (result, [(argument, Type)])
        self.functions = {}
        self.as_python = {}  # the names of the Python layer, once something asks for one
        self.parse(self.gather(top.resolve(), set()))

    def gather(self, path, seen):
        """The text of a header and of its parts, each once, without comments."""
        if path in seen:
            return ""
        seen.add(path)
        own = ""
        self.describe(path.read_text(encoding="utf-8"))
        text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S)
        text = text.replace("\\\n", " ")
        parts = re.findall(r'^#include "(.*)"', text, re.M)
        for line in text.splitlines():
            found = re.match(r"#define (ORTHANT_\w+) +(.+?) *$", line)
            if found and re.fullmatch(r"\(?-?\d+\)?", found[2]) and not found[1].endswith("_"):
                self.numbers[found[1]] = int(found[2].strip("()"))
            elif found and found[1] == "ORTHANT_VERSION":
                self.version = found[2].strip('"')
            elif not line.startswith("#"):
                own += line + "\n"
        others = "".join(self.gather((path.parent / part).resolve(), seen) for part in parts)
        # orthant.h includes its parts at its end; every other header what it needs at its beginning.
        return own + others if path.name == "orthant.h" else others + own

    def describe(self, text):
        """The comments of a header: of every macro, type and function, and of every field of a struct.  A comment
        stands before what it is about, or behind it with a `<`; one that is about a section is nobody's."""
        comments = []

        def mark(found):
            words = found[2]
            if re.match(r"\s*@", words):
                return " "
            comments.append("\n".join(re.sub(r"^ *\* ?", "", line) if i else line
                                      for i, line in enumerate(words.rstrip().split("\n"))).strip("\n"))
            return f" @{found[1] or '>'}{len(comments) - 1}@ "

        text = re.sub(r"/\*\*(<?) ?(.*?)\*/", mark, text, flags=re.S)
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        before, behind = r"(?:@>(\d+)@\s*)?", r"[ ]*(?:@<(\d+)@)?"

        def note(key, *found):
            number = next((n for n in found if n), None)
            if number and key not in self.comments:
                self.comments[key] = comments[int(number)]

        for found in re.finditer(before + r"#define (ORTHANT_\w+)(?:.*\\\n)*[^@\n]*" + behind, text):
            note(found[2], found[3], found[1])
        for found in re.finditer(before + r"ORTHANT_API [^;]*?(\w+)\(", text):
            note(found[2], found[1])
        for found in re.finditer(before + r"typedef (?:struct )?[^;{]*?(\w+)(?:\)\([^;]*\))?;" + behind, text):
            note(found[2], found[3], found[1])
        for before_it, name, body in re.findall(before + r"typedef struct (\w+) \{(.*?)\n\}", text, flags=re.S):
            note(name, before_it)
            for above, declared, beside in re.findall(before + r"([^;@]+);" + behind, body):
                callback = re.search(r"\(\*(\w+)\)", declared)
                if callback:
                    note(f"orthant_{callback[1]}_fn", above)
                for field in [callback[1]] if callback else re.findall(r"(\w+)(?=\s*(?:,|\[|$))", declared):
                    note((name, field), beside, above)

    def comment(self, *key):
        """What the header says of a name, or of a field of a struct.  Where it says nothing, what it says of the f32
        twin, or of that verb of the first noun that has it."""
        name, *field = key
        if field and field[0].startswith("reserved"):
            return "zero"
        first = re.sub(r"_f64$", "_f32", name)
        for one in (name, first, re.sub(r"^orthant_\w+_(get|set)_", r"orthant_nmf_\1_", first)):
            found = self.comments.get((one, *field) if field else one)
            if found:
                return found
        return ""

    def without_comment(self):
        """Names of which the header says nothing: of macros, types, functions, and fields of structs."""
        names = [*self.numbers, *self.structs, *self.opaque, *self.callbacks, *self.functions]
        fields = [(struct, field) for struct, members in self.structs.items() for field, _ in members]
        return [n for n in names if not self.comment(n)] + [".".join(f) for f in fields if not self.comment(*f)]

    def parse(self, text):
        text = re.sub(r'extern "C" \{', " ", text)
        text = " ".join(text.split())
        depth, start = 0, 0
        for at, c in enumerate(text):
            depth += (c == "{") - (c == "}")
            if c == ";" and depth == 0:
                self.declare(text[start:at].strip(" }"))
                start = at + 1
            depth = max(depth, 0)

    def declare(self, text):
        if found := re.fullmatch(r"typedef struct (\w+) ?\{(.*)\} ?(\w+)", text):
            self.structs[found[3]] = self.fields(found[2])
        elif found := re.fullmatch(r"typedef struct (\w+) (\w+)", text):
            self.opaque.append(found[2])
        elif found := re.fullmatch(r"typedef (\w+) \(\*(\w+)\)\((.*)\)", text):
            self.callbacks[found[2]] = (self.type(found[1] + " r")[1], self.arguments(found[3]))
        elif found := re.fullmatch(r"ORTHANT_API (.*?)(orthant_\w+)\((.*)\)", text):
            self.functions[found[2]] = (self.type(found[1] + "r")[1], self.arguments(found[3]))
        elif not re.fullmatch(r"typedef int32_t orthant_status|struct \w+", text):
            sys.exit(f"bindings.py does not understand: {text}")

    def fields(self, text):
        out = []
        for line in filter(None, map(str.strip, text.split(";"))):
            if found := re.fullmatch(r"(\w+) \(\*(\w+)\)\((.*)\)", line):  # a callback in place gets a name of its own
                name = f"orthant_{found[2]}_fn"
                self.callbacks[name] = (self.type(found[1] + " r")[1], self.arguments(found[3]))
                out.append((found[2], Type(name)))
                continue
            first, *rest = line.split(",")
            name, kind = self.type(first)
            out.append((name, kind))
            for more in rest:
                stars = more.count("*")
                name, length = self.name(more)
                out.append((name, Type(kind.base, kind.const, stars, length)))
        return out

    @staticmethod
    def name(text):
        found = re.fullmatch(r"[ *]*(\w+)(?:\[(\d+)\])?", text)
        return found[1], int(found[2] or 0)

    def type(self, text):
        found = re.fullmatch(r"\s*(const )?(?:struct )?(\w+)([ *]*)(\w+)(?:\[(\d+)\])?\s*", text)
        if not found:
            sys.exit(f"bindings.py does not understand: {text}")
        base = "int32_t" if found[2] == "orthant_status" else found[2]
        return found[4], Type(base, bool(found[1]), found[3].count("*"), int(found[5] or 0))

    def arguments(self, text):
        return [] if text.strip() == "void" else [self.type(a) for a in text.split(",")]


# ---- Python ---------------------------------------------------------------------------------------------------------

CTYPES = {"int8_t": "c_int8", "uint8_t": "c_uint8", "int16_t": "c_int16", "uint16_t": "c_uint16",
          "int32_t": "c_int32", "uint32_t": "c_uint32", "uint64_t": "c_uint64", "int64_t": "c_int64",
          "size_t": "c_size_t", "float": "c_float", "double": "c_double"}


def python(h):
    def kind(t):
        if t.base in CTYPES and not t.pointers:
            return CTYPES[t.base] + (f" * {t.length}" if t.length else "")
        if t.base in h.callbacks:
            return t.base
        if t.base == "char":
            return "c_char_p"
        if t.pointers == 2:
            return "POINTER(c_void_p)"
        if t.base in h.structs:
            return f"POINTER({t.base})" if t.pointers else t.base
        if t.base == "size_t":
            return "POINTER(c_size_t)"
        return "None" if t.base == "void" and not t.pointers else "c_void_p"

    out = [f'"""{NOTE}"""', "# pylint: skip-file",
           "from ctypes import (CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_float, c_int8, c_int16, c_int32,",
           "                    c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p)", "",
           f'VERSION = "{h.version}"', "NUMBERS = {"]
    out += [f'    "{k}": {v},' for k, v in h.numbers.items()] + ["}", ""]
    for name, (result, args) in h.callbacks.items():  # before the structs, which they may only point to
        types = "".join(", " + ("c_void_p" if a.base in h.structs else kind(a)) for _, a in args)
        out.append(f"{name} = CFUNCTYPE({kind(result)}{types})")
    for name, fields in h.structs.items():
        out += ["", "", f"class {name}(Structure):", "    _fields_ = ["]
        out += [f'        ("{f}", {kind(t)}),' for f, t in fields] + ["    ]"]
    out += ["", "", "# name: (result, [(argument, type, element, is an input)])", "FUNCTIONS = {"]
    for name, (result, args) in h.functions.items():
        out.append(f'    "{name}": ({kind(result)}, [')
        out += [f'        ("{a}", {kind(t)}, "{t.base}", {t.const}),' for a, t in args] + ["    ]),"]
    out += ["}", "", "# (noun, field of its config): what orthant.h says of it", "DOCS = {"]
    out += [f"    {(name[8:-7], field)!r}: {' '.join(h.comment(name, field).split())!r},"
            for name, fields in h.structs.items() if name.endswith("_config") for field, _ in fields] + ["}", ""]
    return "\n".join(out)


# ---- Rust -----------------------------------------------------------------------------------------------------------

RUST = {"int8_t": "i8", "uint8_t": "u8", "int16_t": "i16", "uint16_t": "u16", "int32_t": "i32", "uint32_t": "u32",
        "uint64_t": "u64", "int64_t": "i64", "size_t": "usize", "float": "f32", "double": "f64", "char": "c_char",
        "void": "c_void"}

RUST_WORDS = {"as", "box", "do", "dyn", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
              "ref", "self", "trait", "try", "type", "use", "where", "yield"}


def wrapped(line, indent, mark):
    """Lines below 120 columns, cut after commas; `mark` ends a line that goes on."""
    lines = []
    while len(line) > 115:
        cut = line.rfind(", ", 0, 115) + 2
        lines.append((line[:cut] + mark).rstrip())
        line = indent + "    " + line[cut:]
    return lines + [line]


def rust_comment(words, indent=""):
    """A comment as rustdoc reads it: lines that are indented keep their shape."""
    lines, shaped = [], False
    for line in words.split("\n"):
        if line.startswith("  ") != shaped:
            shaped = not shaped
            lines.append("```text" if shaped else "```")
        outside = re.split(r"(`[^`]*`)", line)
        lines.append(line if shaped else "".join(part if part.startswith("`") else re.sub(r"([][<>*|])", r"\\\1", part)
                                                 for part in outside))
    return [f"{indent}/// {line}".rstrip() for line in lines + ["```"] * shaped]


def rust_line_comment(words, indent=""):
    return rust_comment("\n".join(textwrap.wrap(words, 100)), indent)


def rust_default(n, fields):
    """All zero but for the size."""
    out = [f"impl Default for {n} {{", "    fn default() -> Self {",
           "        // All zero is valid for every field, and means default."]
    if fields[0][0] == "size":
        out += ["        let mut new: Self = unsafe { core::mem::zeroed() };",
                "        new.size = core::mem::size_of::<Self>() as u32;", "        new"]
    else:
        out += ["        unsafe { core::mem::zeroed() }"]
    return out + ["    }", "}"]


def threads(h):
    """What orthant/threads.h has besides orthant.h."""
    both = Header(HERE.parent / "include" / "orthant" / "threads.h")
    both.functions = {n: f for n, f in both.functions.items() if n not in h.functions}
    both.opaque = [n for n in both.opaque if n not in h.opaque]
    return both


def rust(h):
    def kind(t):
        if t.base in h.callbacks:
            return t.base
        base = RUST.get(t.base, t.base)
        for i in range(t.pointers):
            base = f"*{'const' if t.const and i == 0 else 'mut'} {base}"
        return f"[{base}; {t.length}]" if t.length else base

    def name(n):
        return n + "_" if n in RUST_WORDS else n

    def signature(result, args):
        types = ", ".join(f"{name(a)}: {kind(t)}" for a, t in args)
        returned = "" if result.base == "void" and not result.pointers else f" -> {kind(result)}"
        return f"({types}){returned}"

    def opaque(of):
        return [line for n in of.opaque
                for line in ["", *rust_comment(of.comment(n)), "#[repr(C)]", f"pub struct {n} {{",
                             "    _private: [u8; 0],", "}"]]

    def functions(of):
        out = ['extern "C" {']
        for n, f in of.functions.items():
            out += rust_comment(of.comment(n), "    ") + wrapped(f"    pub fn {n}{signature(*f)};", "    ", "")
        return out + ["}"]

    out = ["//! The C interface of Orthant as it is, with the comments of orthant.h.", f"//! {NOTE}", "#![no_std]",
           "#![deny(missing_docs)]", "#![allow(non_camel_case_types, non_snake_case, clippy::too_many_arguments)]", "",
           "pub use core::ffi::c_void;", "/// `char` of C; only ever behind a pointer to a static string.",
           "pub type c_char = i8;", "", "/// The release of orthant.h.",
           f'pub const ORTHANT_VERSION: &str = "{h.version}";']
    for k, v in h.numbers.items():
        out += rust_line_comment(h.comment(k)) + [f"pub const {k}: i32 = {v};"]
    for n, (result, args) in h.callbacks.items():
        out += ["", *rust_comment(h.comment(n))]
        out += wrapped(f"pub type {n} = Option<unsafe extern \"C\" fn{signature(result, args)}>;", "", "")
    out += opaque(h)
    for n, fields in h.structs.items():
        out += ["", *rust_comment(h.comment(n)), "#[repr(C)]", "#[derive(Clone, Copy)]", f"pub struct {n} {{"]
        for f, t in fields:
            out += rust_line_comment(h.comment(n, f), "    ") + [f"    pub {name(f)}: {kind(t)},"]
        out += ["}"]
        out += rust_default(n, fields)
    out += ["", "// As a C compiler lays them out with pointers of eight bytes."]
    for n in h.structs:
        out += ['#[cfg(target_pointer_width = "64")]',
                f"const _: () = assert!(core::mem::size_of::<{n}>() == {ctypes.sizeof(python_struct(h, n))});"]
    pool = threads(h)
    out += ["", *functions(h), "", "/// A pool of threads: orthant/threads.h.", '#[cfg(feature = "threads")]',
            "mod threads {", "use super::*;", *opaque(pool), *functions(pool), "}", '#[cfg(feature = "threads")]',
            "pub use threads::*;", ""]
    return "\n".join(out)


def rust_config(h):
    """The options of every config without its pointers, so that a safe program can fill one."""
    out = [f"// {NOTE}", "use orthant_sys as sys;", ""]
    for n, fields in h.structs.items():
        if not n.endswith("_config"):
            continue
        kept = [(f, t) for f, t in fields
                if f != "size" and not f.startswith("reserved") and not t.pointers and t.base in RUST]
        out += [*rust_comment(h.comment(n)), "///",
                f"/// These are the fields of `{n}` in orthant.h; zero means default.", "#[allow(dead_code)]",
                "#[derive(Clone, Copy, Debug, Default, PartialEq)]", f"pub struct {camel(n)} {{"]
        for f, t in kept:
            out += rust_line_comment(h.comment(n, f), "    ") + [f"    pub {f}: {RUST[t.base]},"]
        wide = "parallel" in dict(fields)
        if wide:
            out += ["    /// Threads, for the same bits; 0 and 1: none.  More want the feature `std`.",
                    "    pub workers: i32,"]
        threads = ", threads: &mut sys::orthant_parallel" if wide else ""
        out += ["}", f"impl {camel(n)} {{", "    #[allow(dead_code)]",
                f"    pub(crate) fn raw(&self{threads}) -> sys::{n} {{", f"        sys::{n} {{"]
        out += [f"            {f}: self.{f}," for f, _ in kept]
        out += ["            parallel: crate::threads::given(self.workers, threads),"] if wide else []
        out += ["            ..Default::default()", "        }", "    }"]
        given = "&mut Default::default()" if wide else ""
        out += ["    /// Why it is refused, in words that name the field; empty where it is not.  Pointers count as "
                "null.",
                '    #[cfg(feature = "std")]', "    pub fn problem(&self) -> std::string::String {",
                "        // SAFETY: the config lives for the call, and the room is the text's.",
                "        crate::words(|text, room| unsafe {",
                f"            sys::{n}_problem(&self.raw({given}), text, room)", "        })", "    }", "}", ""]
    return "\n".join(out)


def twins(h):
    """The functions and structs that exist for both element types: [(short name, function)], [(struct, Camel)]."""
    functions = [(n[len("orthant_"):-4], f) for n, f in h.functions.items()
                 if n.endswith("_f32") and n[:-4] + "_f64" in h.functions]
    structs = [n[:-4] for n in [*h.structs, *h.opaque] if n.endswith("_f32")]
    return functions, [(n, camel(n)) for n in structs]


def camel(name):
    return "".join(w.capitalize() for w in name[len("orthant_"):].split("_"))


def rust_element(h):
    """A trait with every function that has both element types; handles are untyped addresses."""
    functions, structs = twins(h)
    transparent = {n: c for n, c in structs if n + "_f32" in h.structs}

    def kind(t):
        base = {"float": "Self", "char": "sys::c_char", "void": "c_void"}.get(t.base, RUST.get(t.base))
        if t.base.endswith("_f32"):
            base = "Self::" + transparent[t.base[:-4]] if t.base[:-4] in transparent else "c_void"
        base = base or "sys::" + t.base
        for i in range(t.pointers):
            base = f"*{'const' if t.const and i == 0 else 'mut'} {base}"
        return base

    def name(n):
        return n + "_" if n in RUST_WORDS else n

    out = [f"// {NOTE}", "use orthant_sys::{self as sys, c_void};", "",
           "#[allow(non_snake_case, clippy::missing_safety_doc, clippy::too_many_arguments)]",
           "pub trait Functions: Copy {"]
    out += [f"    type {c}: Copy + Default;" for c in transparent.values()]
    for n, (result, args) in functions:
        types = ", ".join(f"{name(a)}: {kind(t)}" for a, t in args)
        out += wrapped(f"    unsafe fn {n}({types}) -> {kind(result)};", "    ", "")
    out += ["}"]
    for element in ("f32", "f64"):
        out += ["", "#[allow(non_snake_case)]", f"impl Functions for {element} {{"]
        out += [f"    type {c} = sys::{n}_{element};" for n, c in transparent.items()]
        for n, (result, args) in functions:
            types = ", ".join(f"{name(a)}: {kind(t)}" for a, t in args)
            passed = ", ".join(f"{name(a)} as _" if kind(t).endswith("c_void") else name(a) for a, t in args)
            out += wrapped(f"    unsafe fn {n}({types}) -> {kind(result)} {{", "    ", "")
            out += wrapped(f"        sys::orthant_{n}_{element}({passed})", "        ", "") + ["    }"]
        out += ["}"]
    return "\n".join(out + [""])


# ---- C++ ------------------------------------------------------------------------------------------------------------


def cpp_twins(functions, structs, suffix):
    out = [f"  using {c} = {n}_{suffix};" for n, c in structs]
    return out + [f"  static constexpr auto {n} = orthant_{n}_{suffix};" for n, _ in functions] + ["};"]


def cpp_problems(h, but=()):
    """One name for what is wrong with any config, and with a matrix of either element type."""
    nouns = [n for n in h.structs if n.endswith("_config") and n not in but]
    out = ["// What is wrong with a config or with data, in words: see orthant_unmix_config_problem."]
    for n in nouns:
        out += [f"inline size_t problem(const {n} *c, char *text, size_t room) {{",
                f"  return {n}_problem(c, text, room);", "}"]
    for n in [] if but else ("orthant_matrix_f32", "orthant_matrix_f64"):
        out += [f"inline size_t problem(const {n} *X, int32_t what, char *text, size_t room) {{",
                f"  return {n[:-4]}_problem{n[-4:]}(X, what, text, room);", "}"]
    return out


def cpp(h):
    """One name for both element types: Abi<float>::nmf_run is orthant_nmf_run_f32."""
    functions, structs = twins(h)
    out = [f"// {NOTE}",
           "// Every function and struct of orthant.h that exists for both element types, behind one name:",
           "// Abi<float>::nmf_run is orthant_nmf_run_f32, Abi<double>::Matrix is orthant_matrix_f64.",
           "#ifndef ORTHANT_ABI_HPP", "#define ORTHANT_ABI_HPP", "", '#include "../orthant.h"', "",
           "namespace orthant {", ""] + cpp_problems(h) + ["", "template <class T>", "struct Abi;"]
    for element, suffix in (("float", "f32"), ("double", "f64")):
        out += ["", "template <>", f"struct Abi<{element}> {{", f'  static constexpr const char *name = "{suffix}";']
        out += cpp_twins(functions, structs, suffix)
    return "\n".join(out + ["", "}  // namespace orthant", "#endif", ""])


def cpp_experimental(h):
    """The same for orthant/experimental.h, and all of Abi with it."""
    public, more = twins(h), twins(experimental())
    functions, structs = ([(n, x) for n, x in more[i] if n not in dict(public[i])] for i in range(2))
    out = [f"// {NOTE}",
           "// Abi, and every function and struct of orthant/experimental.h, behind one name for both element types.",
           "#ifndef ORTHANT_EXPERIMENTAL_HPP", "#define ORTHANT_EXPERIMENTAL_HPP", "", '#include "abi.hpp"',
           '#include "experimental.h"', "", "namespace orthant {", "",
           *cpp_problems(experimental(), set(h.structs)), "",
           "template <class T>", "struct Experimental;"]
    for element, suffix in (("float", "f32"), ("double", "f64")):
        out += ["", "template <>", f"struct Experimental<{element}> : Abi<{element}> {{"]
        out += cpp_twins(functions, structs, suffix)
    return "\n".join(out + ["", "}  // namespace orthant", "#endif", ""])


# ---- Fortran --------------------------------------------------------------------------------------------------------

FORTRAN = {"int8_t": "integer(c_int8_t)", "uint8_t": "integer(c_int8_t)", "int16_t": "integer(c_int16_t)",
           "uint16_t": "integer(c_int16_t)", "int32_t": "integer(c_int32_t)", "uint32_t": "integer(c_int32_t)",
           "uint64_t": "integer(c_int64_t)", "int64_t": "integer(c_int64_t)", "size_t": "integer(c_size_t)",
           "float": "real(c_float)", "double": "real(c_double)"}


def fortran(h):
    def field(t):
        if t.base in h.callbacks:
            return "type(c_funptr)", " = c_null_funptr"
        if t.pointers:
            return "type(c_ptr)", " = c_null_ptr"
        if t.base in h.structs:
            return f"type({t.base})", ""
        return FORTRAN[t.base], " = 0"

    def argument(t):
        if t.pointers == 0:
            return ("type(c_funptr)" if t.base in h.callbacks else FORTRAN[t.base]) + ", value"
        if t.pointers == 2:
            return "type(c_ptr), intent(out)"
        way = "intent(in)" if t.const else "intent(inout)"
        if t.base in h.structs:
            return f"type({t.base}), {way}, optional"
        if t.base == "size_t":
            return f"{FORTRAN[t.base]}, {way}"
        return "type(c_ptr), value"

    def interface(of):
        out = ["", "  interface"]
        for n, (result, args) in of.functions.items():
            listed = ", ".join(a for a, _ in args)
            void = result.base == "void" and not result.pointers
            what, ending = ("subroutine", "") if void else ("function", " result(result_)")
            out += fortran_comment(of.comment(n), "    ")
            out += wrapped(f'    {what} {n}({listed}){ending} bind(c, name="{n}")', "    ", "&")
            out.append("      import")
            out += [f"      {argument(t)} :: {a}" for a, t in args]
            if not void:
                out.append(f"      {'type(c_ptr)' if result.pointers else FORTRAN[result.base]} :: result_")
            out.append(f"    end {what} {n}")
        return out + ["  end interface"]

    out = [f"! {NOTE}", "! The C interface as it is, with the comments of orthant.h.",
           "! Arrays are addresses (c_loc); an absent optional argument is a null pointer.",
           "module orthant_raw", "  use, intrinsic :: iso_c_binding", "  implicit none", "  public",
           "  ! The release of orthant.h.", f'  character(*), parameter :: orthant_header_version = "{h.version}"']
    for k, v in fortran_numbers(h).items():
        out += fortran_comment(" ".join(h.comment(k.replace("HEADER_", "")).split()), "  ")
        out.append(f"  integer(c_int32_t), parameter :: {k} = {v}")
    for n, fields in h.structs.items():
        out += ["", *fortran_comment(h.comment(n), "  "), f"  type, bind(c) :: {n}"]
        for f, t in fields:
            kind, default = field(t)
            if f == "size":
                default = f" = {ctypes.sizeof(python_struct(h, n))}"
            out += fortran_comment(" ".join(h.comment(n, f).split()), "    ")
            out.append(f"    {kind} :: {f}{f'({t.length})' if t.length else ''}{default}")
        out.append(f"  end type {n}")
    out += interface(h) + ["end module orthant_raw", "", "! orthant/threads.h, which is an archive of its own.",
                           "module orthant_threads_raw", "  use, intrinsic :: iso_c_binding",
                           "  use orthant_raw, only: orthant_parallel", "  implicit none", "  public"]
    out += interface(threads(h)) + ["end module orthant_threads_raw", ""]
    return "\n".join(out)


def fortran_comment(words, indent):
    """Lines of a comment; those that are indented keep their shape."""
    lines = [line if line.startswith("  ") else textwrap.wrap(line, 110 - len(indent)) for line in words.split("\n")]
    flat = [one for line in lines for one in ([line] if isinstance(line, str) else line)]
    return [f"{indent}! {line}" for line in flat]


def fortran_numbers(h):
    """The constants; one that has the name of a function, which is one name in Fortran, gets another."""
    names = {n.lower() for n in h.functions}
    return {k.replace("ORTHANT_", "ORTHANT_HEADER_") if k.lower() in names else k: v for k, v in h.numbers.items()}


def fortran_public(h):
    """The statements by which the module `orthant` hands on every constant and config."""
    out = [f"! {NOTE}"]
    names = [*fortran_numbers(h), *(n for n in h.structs if n.endswith("_config"))]
    out += ["  public :: " + line.rstrip(",") for line in textwrap.wrap(", ".join(names), 105)]
    return "\n".join(out + [""])


# ---- R, MATLAB ------------------------------------------------------------------------------------------------------


def options_of(h, noun):
    """What the header says of every option that a function of R and MATLAB takes: [(name, words)], with words where the
    header has numbers."""
    def named(found):
        start = f"ORTHANT_{found[1]}_"
        return ", ".join(f'"{name[len(start):].lower()}"' for name in h.numbers if name.startswith(start))

    code = (HERE / "r/R/orthant.R").read_text(encoding="utf-8")
    known = re.search(noun + r" <- function.*?options_of\(list\(\.\.\.\), c\((.*?)\)", code, re.S)[1]
    for option in re.findall(r'"(\w+)"', known):
        words = " ".join(h.comment(f"orthant_{noun}_config", option).split())
        if option == "missing":  # a kind of data there
            words = "1: NaN is a band that a pixel lacks"
        yield option, re.sub(r"ORTHANT_(\w+)_\.\.\.", named, words)


def r_help(noun):
    """A help page with these."""
    begin, end = f"% {NOTE}\n", "% The end of what is written.\n"

    def write(h):
        out = []
        for option, words in options_of(h, noun):
            words = re.sub(r"([\\%{}])", r"\\\1", words)
            out += textwrap.wrap(f"\\item{{\\code{{{option}}}}}{{{words}}}", 116, initial_indent="    ",
                                 subsequent_indent="      ", break_long_words=False)
        before, rest = (HERE / f"r/man/{noun}.Rd").read_text(encoding="utf-8").split(begin)
        return before + begin + "\n".join(out) + "\n" + end + rest.split(end)[1]

    return write


def matlab_help(noun):
    """A function whose help ends with them."""
    begin = "% Options, written by capi/bindings.py from orthant.h (true and false are 1 and 0):\n"

    def write(h):
        before, rest = (HERE / f"matlab/orthant_{noun}.m").read_text(encoding="utf-8").split(begin)
        out = []
        for option, words in options_of(h, noun):
            words = words.replace('"', "'")
            out += textwrap.wrap(f"{option:11} {words}", 116, initial_indent="%   ", subsequent_indent="%" + " " * 15)
        code = [line for line in rest.split("\n") if not line.startswith("%")]
        return before + begin + "\n".join(out + code)

    return write


# ---- Checks ---------------------------------------------------------------------------------------------------------


def python_struct(h, name):
    """The struct as ctypes has it, from the text of the Python layer."""
    if not h.as_python:
        exec(python(h), h.as_python)
    return h.as_python[name]


def experimental():
    """orthant.h, and orthant/experimental.h, which is in no other layer than that of C++."""
    return Header(HERE.parent / "include" / "orthant" / "experimental.h")


def layout(h):
    h = experimental()
    out = ['#include "orthant/experimental.h"',
           "#define SAME(name, condition) typedef char same_##name[(condition) ? 1 : -1]"]
    for n, fields in h.structs.items():
        as_python = python_struct(h, n)
        out.append(f"SAME({n}, sizeof({n}) == {ctypes.sizeof(as_python)});")
        out += [f"SAME({n}_{f}, offsetof({n}, {f}) == {getattr(as_python, f).offset} && "
                f"sizeof((({n} *)0)->{f}) == {getattr(as_python, f).size});"
                for f, _ in fields]
    out += ["#define VALUE(name, condition) typedef char value_##name[(condition) ? 1 : -1]"]
    out += [f"VALUE({k}, {k} == {v});" for k, v in h.numbers.items()]
    return "\n".join(out + ["int main(void) { return 0; }", ""])


def padded(h):
    """The fields before which a compiler would leave a gap, where pointers have four bytes or eight."""
    found, wide = [], {"double", "uint64_t", "int64_t"}

    def place(name, pointer):
        """(size, alignment) of a struct, or of a number or pointer."""
        at, most = 0, 1
        for field, kind in h.structs[name]:
            if kind.pointers or kind.base in h.callbacks or kind.base == "size_t":
                size = align = pointer
            elif kind.base in h.structs:
                size, align = place(kind.base, pointer)
            else:
                size = align = 8 if kind.base in wide else 4
            if at % align:
                found.append(f"{name}.{field}")
            at, most = at + size * max(kind.length, 1), max(most, align)
        return -(-at // most) * most, most

    for name in h.structs:
        for pointer in (4, 8):
            place(name, pointer)
    return sorted(set(found))


def sizes(h):
    out = ["program sizes", "  use orthant_raw", "  implicit none", "  block"]
    for i, n in enumerate(h.structs):
        out += [f"    type({n}) :: x{i}"]
    for i, n in enumerate(h.structs):
        out += [f'    if (c_sizeof(x{i}) /= {ctypes.sizeof(python_struct(h, n))}) error stop "{n}"']
    return "\n".join(out + ["  end block", "end program sizes", ""])


def stubs(h):
    def c_type(t):
        return f"{'const ' if t.const else ''}{t.base} {'*' * t.pointers}"

    out = ['#include "orthant.h"']
    for n, (result, args) in h.functions.items():
        listed = ", ".join(f"{c_type(t)}{a}" for a, t in args) or "void"
        used = " ".join(f"(void){a};" for a, _ in args)
        out.append(f"{c_type(result)}{n}({listed}) {{ {used} return 0; }}")
    return "\n".join(out + [""])


LAYERS = {"python/orthant/_abi.py": python, "rust/orthant-sys/src/lib.rs": rust,
          "rust/orthant/src/config.rs": rust_config, "rust/orthant/src/element.rs": rust_element,
          "../include/orthant/abi.hpp": cpp, "../include/orthant/experimental.hpp": cpp_experimental,
          "fortran/orthant_abi.f90": fortran, "fortran/orthant_public.inc": fortran_public,
          **{f"r/man/{noun}.Rd": r_help(noun) for noun in ("nmf", "unmix", "endmembers")},
          **{f"matlab/orthant_{noun}.m": matlab_help(noun) for noun in ("nmf", "unmix", "endmembers")}}

# Packages that name the release, which is the header's.
PACKAGES = ["../CITATION.cff", "rust/Cargo.lock", "rust/orthant/Cargo.toml", "rust/orthant-sys/Cargo.toml"]


def main(asked):
    h = Header(HERE.parent / "include" / "orthant.h")
    listed = set((HERE / "orthant.sym").read_text().split())
    if listed != set(h.functions):
        sys.exit(f"the header and orthant.sym differ: {sorted(listed ^ set(h.functions))}")
    listed |= set((HERE / "experimental.sym").read_text().split())
    if listed != set(experimental().functions):
        differing = sorted(listed ^ set(experimental().functions))
        sys.exit(f"orthant/experimental.h and experimental.sym differ: {differing}")
    printed = {"--layout": layout, "--sizes": sizes, "--stubs": stubs}
    if asked in printed:
        print(printed[asked](h))
        return 0
    drifted = 0
    for name, write in LAYERS.items():
        path, fresh = HERE / name, write(h)
        if asked == "--check":
            if not path.exists() or path.read_text(encoding="utf-8") != fresh:
                print(f"FAILED: capi/{name} is not what orthant.h says; run capi/bindings.py")
                drifted += 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
    for name in experimental().without_comment() + threads(h).without_comment():
        print(f"FAILED: the headers say nothing of {name}")
        drifted += 1
    for field in padded(experimental()):
        print(f"FAILED: a gap before {field}, which would be no field of its own in every language")
        drifted += 1
    for name in PACKAGES:
        versions = set(re.findall(r'(?<!-)\bversion(?: = "|: )([^"\s]*)', (HERE / name).read_text(encoding="utf-8")))
        if versions != {h.version}:
            print(f"FAILED: capi/{name} is of {sorted(versions)}, orthant.h of {h.version}")
            drifted += 1
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
