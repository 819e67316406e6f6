//! Where the library lies: ORTHANT_LIB_DIR, with ORTHANT_LIB_KIND (static, dylib) and, for the static one, the libraries
//! that its backend needs in ORTHANT_LIBS; without them what pkg-config says.
use std::{env, process::Command};

fn main() {
    for name in ["ORTHANT_LIB_DIR", "ORTHANT_LIB_KIND", "ORTHANT_LIBS", "PKG_CONFIG_PATH"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let bare = env::var("CARGO_CFG_TARGET_OS").map_or(false, |os| os == "none");
    if let Ok(dir) = env::var("ORTHANT_LIB_DIR") {
        println!("cargo:rustc-link-search=native={dir}");
        let kind = env::var("ORTHANT_LIB_KIND").unwrap_or_else(|_| "static".into());
        println!("cargo:rustc-link-lib={kind}=orthant");
        if kind == "static" && !bare {
            for lib in env::var("ORTHANT_LIBS").unwrap_or_else(|_| "m".into()).split_whitespace() {
                println!("cargo:rustc-link-lib={lib}");
            }
        }
        return;
    }
    let found = Command::new("pkg-config").args(["--libs", "orthant"]).output();
    let words = match &found {
        Ok(o) if o.status.success() => String::from_utf8_lossy(&o.stdout),
        _ => {
            println!("cargo:warning=no ORTHANT_LIB_DIR, and pkg-config does not know orthant");
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
