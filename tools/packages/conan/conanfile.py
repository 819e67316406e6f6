"""A recipe of Conan 2: conan create orthant-@VERSION@-recipes/conan.  The sources lie beside the folder of recipes."""
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import check_sha256, copy, unzip

ARCHIVE = "orthant-@VERSION@.tar.gz"


class Orthant(ConanFile):
    name = "orthant"
    version = "@VERSION@"
    license = "BSD-3-Clause"
    description = "Nonnegative matrix factorization and hyperspectral unmixing without a heap"
    topics = ("nmf", "hyperspectral", "unmixing", "embedded")
    settings = "os", "arch", "compiler", "build_type"
    options = {"f64": [True, False]}
    default_options = {"f64": True}

    def export_sources(self):
        copy(self, ARCHIVE, os.path.join(self.recipe_folder, "..", ".."), self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def source(self):
        archive = os.path.join(self.export_sources_folder, ARCHIVE)
        check_sha256(self, archive, "@SHA256@")
        unzip(self, archive, strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.variables["ORTHANT_F64"] = bool(self.options.f64)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        # CMake finds the targets that Orthant itself installs; its names are the same for every way of taking it.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "Orthant")]
        self.cpp_info.libs = ["orthant"]
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["m"]
