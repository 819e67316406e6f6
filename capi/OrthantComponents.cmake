# What find_package(Orthant COMPONENTS ...) asks for.  Orthant::mpi is for the MPI that it was built with, which CMake
# has to find too: only who asks for it needs one.
get_filename_component(_orthant_mpi "${CMAKE_CURRENT_LIST_DIR}/../../liborthant-mpi.a" ABSOLUTE)
if("mpi" IN_LIST Orthant_FIND_COMPONENTS AND EXISTS "${_orthant_mpi}" AND NOT TARGET Orthant::mpi)
  find_package(MPI QUIET COMPONENTS C)
  if(MPI_C_FOUND)
    get_target_property(_orthant_include Orthant::static INTERFACE_INCLUDE_DIRECTORIES)
    add_library(Orthant::mpi UNKNOWN IMPORTED)
    set_target_properties(Orthant::mpi PROPERTIES
      IMPORTED_LOCATION "${_orthant_mpi}"
      IMPORTED_LINK_INTERFACE_LANGUAGES C
      INTERFACE_INCLUDE_DIRECTORIES "${_orthant_include}"
      INTERFACE_LINK_LIBRARIES MPI::MPI_C)
    unset(_orthant_include)
  endif()
endif()
foreach(_orthant_kind ${Orthant_FIND_COMPONENTS})
  set(Orthant_${_orthant_kind}_FOUND FALSE)
  if(TARGET Orthant::${_orthant_kind})
    set(Orthant_${_orthant_kind}_FOUND TRUE)
  elseif(Orthant_FIND_REQUIRED_${_orthant_kind})
    set(Orthant_FOUND FALSE)
    set(Orthant_NOT_FOUND_MESSAGE "Orthant::${_orthant_kind} is not installed here, or its MPI is not found")
  endif()
endforeach()
unset(_orthant_kind)
unset(_orthant_mpi)
