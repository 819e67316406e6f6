# Sourced by tools/check and tools/demo, from the root of the checkout: what must be installed, and a build directory.

required_packages='build-essential meson ninja-build pkg-config python3 libcli11-dev libgtest-dev libpng-dev zlib1g-dev'
blas_packages='libblis-serial-dev liblapacke-dev liblapack-dev libmatio-dev'
check_packages='clang clang-tidy cppcheck doxygen libclang-rt-dev gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib
  qemu-system-arm g++-aarch64-linux-gnu g++-riscv64-linux-gnu g++-i686-linux-gnu g++-s390x-linux-gnu
  g++-mingw-w64-x86-64 wine64 wine qemu-user lld wasi-libc libc++-dev-wasm32
  libclang-rt-dev-wasm32 libgdal-dev gdal-bin libopenmpi-dev openmpi-bin libmpich-dev mpich python3-mpi4py'
# The bindings, the page and their tests; each is skipped aloud where its tools are missing.
binding_packages='abigail-tools cmake gfortran octave octave-dev python3-numpy python3-pip python3-scipy
  python3-setuptools python3-sklearn python3-venv python3-wheel r-base-core r-cran-matrix unzip'
# What may have come from elsewhere, and would be in the way of Debian's: program:package, installed where there is no
# such program.
binding_programs='cargo:cargo chromium:chromium node:nodejs npm:npm rustc:rustc'

say() { printf '%s\n' "== $*"; }

# The packages among the given ones that are not installed.
missing_packages() {
  for package in "$@"; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
      *'ok installed') ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# The packages of those programs, given as program:package, that are not here.
absent_programs() {
  for pair in "$@"; do
    command -v "${pair%:*}" >/dev/null 2>&1 || printf '%s ' "${pair#*:}"
  done
}

# Install what is missing, saying so; without the right to, name it.  False when a required package stays missing.
install_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "not a Debian system: nothing installed; needed are the equivalents of: $required_packages $*"
    return 0
  fi
  # shellcheck disable=SC2086
  missing=$(missing_packages $required_packages "$@")
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1; then
      as_root=sudo
    else
      say "missing, and neither root nor sudo to install them: $missing"
    fi
  fi
  if [ "$(id -u)" -eq 0 ] || [ -n "$as_root" ]; then
    say "installing with apt-get: $missing"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c \
      'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh $missing || true
  fi
  # shellcheck disable=SC2086
  missing=$(missing_packages $required_packages)
  [ -z "$missing" ] && return 0
  say "cannot build without: $missing"
  return 1
}

# configure DIRECTORY OPTION...: a build directory, made or left as it is.
configure() {
  directory=$1
  shift
  [ -f "$directory/build.ninja" ] || meson setup "$directory" "$@"
}
