"""conan_stand_in.py RECIPE SOURCES BUILD PACKAGE: run a recipe's methods over stand-ins of what it imports.

f64 is off; BUILD may hold the objects of an earlier build from the same SOURCES."""
import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import types

recipe, sources, build, package = (pathlib.Path(word).resolve() for word in sys.argv[1:])


class Settings:
    os, arch, compiler, build_type = "Linux", "x86_64", "gcc", "None"


class CppInfo:
    def set_property(self, name, value):
        assert (name, value) == ("cmake_find_mode", "none")


class ConanFile:
    settings = options = default_options = None
    recipe_folder, export_sources_folder = str(recipe), str(package.parent / "conan_sources")
    source_folder, build_folder, package_folder = export_sources_folder, str(build), str(package)


class Toolchain:
    def __init__(self, conanfile):
        self.conanfile, self.variables = conanfile, {}

    def generate(self):
        self.conanfile.variables = self.variables


class CMake:
    def __init__(self, conanfile):
        self.conanfile = conanfile

    def _run(self, *words):
        subprocess.run(["cmake", *words], check=True)

    def configure(self):
        given = [f"-D{name}={'ON' if value is True else 'OFF'}" for name, value in self.conanfile.variables.items()]
        assert given == ["-DORTHANT_F64=OFF"], given
        self._run("-S", self.conanfile.source_folder, "-B", str(build), f"-DCMAKE_INSTALL_PREFIX={package}",
                  "-DCMAKE_INSTALL_LIBDIR=lib", "-DCMAKE_BUILD_TYPE=None", *given)

    def build(self):
        self._run("--build", str(build), "--parallel", "2")

    def install(self):
        self._run("--install", str(build))


def check_sha256(_, path, expected):
    assert hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() == expected, path


def copy(_, pattern, src, dst):
    found = list(pathlib.Path(src).glob(pattern))
    assert found, (pattern, src)
    pathlib.Path(dst).mkdir(parents=True, exist_ok=True)
    for path in found:
        shutil.copy(path, dst)


def unzip(_, path, strip_root):
    assert strip_root
    with tarfile.open(path) as archive:
        archive.extractall(sources)
        ConanFile.source_folder = str(sources / archive.getnames()[0].split("/")[0])


modules = {"conan": {"ConanFile": ConanFile},
           "conan.tools.cmake": {"CMake": CMake, "CMakeToolchain": Toolchain, "cmake_layout": lambda conanfile: None},
           "conan.tools.files": {"check_sha256": check_sha256, "copy": copy, "unzip": unzip},
           "conan.tools.build": {"can_run": lambda conanfile: True}}
for name, members in modules.items():
    sys.modules[name] = types.SimpleNamespace(**members)
for name in ("conanfile.py", "test_package/conanfile.py"):
    spec = importlib.util.spec_from_file_location("conanfile", recipe / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if name == "conanfile.py":  # of the other, that it can be read
        made = module.Orthant()
        assert set(made.default_options) == set(made.options)
        assert set(made.settings) == {"os", "arch", "compiler", "build_type"}
        made.settings, made.options, made.cpp_info = Settings, types.SimpleNamespace(f64=False), CppInfo()
        for step in ("export_sources", "layout", "source", "generate", "build", "package", "package_info"):
            getattr(made, step)()
        assert made.cpp_info.libs == ["orthant"]
        assert all(os.path.isdir(package / folder) for folder in made.cpp_info.builddirs)
