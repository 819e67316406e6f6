"""Compiles the library into the package, so that an installed wheel needs nothing but the C library and NumPy."""
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from wheel.bdist_wheel import bdist_wheel

HERE = Path(__file__).resolve().parent
ABI = re.search(r'"ORTHANT_ABI": (\d+)', (HERE / "orthant/_abi.py").read_text())[1]
NAMES = {"win32": f"orthant-{ABI}.dll", "darwin": f"liborthant.{ABI}.dylib"}
LIBRARY = NAMES.get(sys.platform, f"liborthant.so.{ABI}")


class Build(build_py):
    def run(self):
        super().run()
        sources = HERE / "native"  # of a source distribution
        if not (sources / "orthant.cpp").exists():
            sources = Path(self.build_lib).resolve().parent / "native"
            subprocess.run([sys.executable, str(HERE.parents[1] / "tools/amalgamate"), str(sources)], check=True)
        compiler, linker = (shlex.split(os.environ.get(*names)) for names in (("CXX", "c++"), ("CC", "cc")))
        flags = ["-O2", "-std=c++17", "-fno-exceptions", "-fno-rtti"] + ["-fPIC"] * (sys.platform != "win32")
        made = sources / "orthant.o"
        subprocess.run([*compiler, *flags, "-DORTHANT_NO_TRAINING", "-DORTHANT_THREADS",
                        "-DORTHANT_THREADS_SERVED", "-c", str(sources / "orthant.cpp"), "-o", str(made)],
                       check=True)
        subprocess.run([*linker, "-shared", str(made), "-o", str(Path(self.build_lib) / "orthant" / LIBRARY)]
                       + ["-lm"] * (sys.platform != "win32"), check=True)


class Wheel(bdist_wheel):
    """For any Python 3 of this platform."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class Compiled(Distribution):
    def has_ext_modules(self):
        return True


setup(cmdclass={"build_py": Build, "bdist_wheel": Wheel}, distclass=Compiled)
