//! Compiles the library from its two generated files, so that nothing needs to be installed but a C++ compiler (CXX).  An
//! installed one is linked instead with the feature `installed` (as pkg-config says), or where ORTHANT_LIB_DIR names its
//! folder, with ORTHANT_LIB_KIND (static, dylib) and, for the static one, what its backend needs in ORTHANT_LIBS.  The
//! feature `threads` adds the pool of orthant/threads.h, which wants POSIX threads.
use std::{env, path::{Path, PathBuf}, process::Command};

fn main() {
    for name in ["ORTHANT_LIB_DIR", "ORTHANT_LIB_KIND", "ORTHANT_LIBS", "PKG_CONFIG_PATH", "CXX", "AR"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    if let Ok(dir) = env::var("ORTHANT_LIB_DIR") {
        return link_folder(&dir);
    }
    if env::var("CARGO_FEATURE_INSTALLED").is_err() {
        if let Some(sources) = sources() {
            return compile(&sources);
        }
    }
    link_installed();
}

fn bare() -> bool {
    env::var("CARGO_CFG_TARGET_OS").map_or(false, |os| os == "none")
}

fn threads() -> bool {
    env::var("CARGO_FEATURE_THREADS").is_ok() && !bare()
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|why| panic!("{command:?} cannot be run: {why}"));
    assert!(status.success(), "{command:?} failed");
}

/// The folder with orthant.cpp: that of a published crate, or made from the tree that this crate lies in.
fn sources() -> Option<PathBuf> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    if here.join("native/orthant.cpp").exists() {
        return Some(here.join("native"));
    }
    let tool = here.join("../../../tools/amalgamate");
    if !tool.exists() {
        return None;
    }
    let made = PathBuf::from(env::var("OUT_DIR").unwrap()).join("native");
    run(Command::new("python3").arg(&tool).arg(&made));
    for part in ["src", "capi", "include"] {
        println!("cargo:rerun-if-changed={}", here.join("../../..").join(part).display());
    }
    Some(made)
}

fn compile(sources: &Path) {
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    let (object, archive) = (out.join("orthant.o"), out.join("liborthant.a"));
    let mut words = env::var("CXX").unwrap_or_else(|_| "c++".into());
    words.push_str(" -O2 -std=c++17 -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections -fPIC -c");
    if threads() {
        words.push_str(" -DORTHANT_THREADS -pthread");
    }
    let mut words = words.split_whitespace();
    let mut compiler = Command::new(words.next().unwrap());
    run(compiler.args(words).arg(sources.join("orthant.cpp")).arg("-o").arg(&object));
    let _ = std::fs::remove_file(&archive);
    run(Command::new(env::var("AR").unwrap_or_else(|_| "ar".into())).arg("rcs").arg(&archive).arg(&object));
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=orthant");
    if threads() {
        println!("cargo:rustc-link-lib=pthread");
    }
    if !bare() {
        println!("cargo:rustc-link-lib=m");
    }
}

fn link_folder(dir: &str) {
    println!("cargo:rustc-link-search=native={dir}");
    let kind = env::var("ORTHANT_LIB_KIND").unwrap_or_else(|_| "static".into());
    println!("cargo:rustc-link-lib={kind}=orthant");
    if threads() {
        println!("cargo:rustc-link-lib={kind}=orthant-threads");
    }
    if kind == "static" && !bare() {
        for lib in env::var("ORTHANT_LIBS").unwrap_or_else(|_| "m".into()).split_whitespace() {
            println!("cargo:rustc-link-lib={lib}");
        }
    }
}

fn link_installed() {
    let package = if threads() { "orthant-threads" } else { "orthant" };
    let found = Command::new("pkg-config").args(["--libs", package]).output();
    let words = match &found {
        Ok(o) if o.status.success() => String::from_utf8_lossy(&o.stdout),
        _ => {
            println!("cargo:warning=no ORTHANT_LIB_DIR, and pkg-config does not know {package}");
            return;
        }
    };
    for word in words.split_whitespace() {
        if let Some(dir) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={dir}");
        } else if let Some(lib) = word.strip_prefix("-l") {
            println!("cargo:rustc-link-lib={lib}");
        }
    }
}
