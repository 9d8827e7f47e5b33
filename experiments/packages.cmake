# `cpack --config build/CPackConfig.cmake`: Debian packages, `tubal` (the program) and `libtubal-dev` (static libraries, headers, the
# CMake package, plug-ins). Debian demands a maintainer with an address; who passes packages on names himself by TUBAL_CONTACT.
set(TUBAL_CONTACT "Tubal developers <tubal@localhost.invalid>" CACHE STRING "Maintainer of the Debian packages: Name <address>")
set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_IGNORE_FILES "/[.]git/;/build[^/]*/;/studies/;/__pycache__/;/node_modules/")
set(CPACK_PACKAGE_NAME tubal)
set(CPACK_PACKAGE_CONTACT "${TUBAL_CONTACT}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL command plugin libraries)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_COMMAND_GROUP program)
set(CPACK_COMPONENT_PLUGIN_GROUP development)
set(CPACK_COMPONENT_LIBRARIES_GROUP development)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME tubal)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "gnuplot-nox, libtubal-dev")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "L-product Transformers: sweeps, transforms, reports
 Trains Transformers whose token embeddings are folded into slices that an
 invertible transform mixes, over YAML grids, with seeds and controls; compares
 them and writes reports. It needs a processor with AVX2 on amd64.
 .
 The program is linked with FFTW: as a whole it is under FFTW's GPL.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libtubal-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS "cmake, g++ | c++-compiler, tubal (= ${PROJECT_VERSION})")
set(needs libxtensor-dev libopenblas-dev libhdf5-dev libssl-dev nlohmann-json3-dev libfftw3-dev pkg-config)
if(TUBAL_ONEDNN AND TUBAL_ONEDNN_INCLUDE)
  list(APPEND needs libdnnl-dev)
endif()
list(JOIN needs ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "L-product Transformers: libraries and plug-ins
 Static libraries and headers of the L-product algebra and its models, and the
 header that a transform of one's own is built against.")

# What Debian wants of /usr/share/doc and the manual: written when packages are made.
configure_file(${PROJECT_SOURCE_DIR}/experiments/cli/manual/copyright.in ${PROJECT_BINARY_DIR}/packages/copyright @ONLY)
string(TIMESTAMP today "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/packages/changelog CONTENT "tubal (@PROJECT_VERSION@) unstable; urgency=medium

  * Version @PROJECT_VERSION@.

 -- @TUBAL_CONTACT@  @today@
" @ONLY)
set(CPACK_TUBAL_PAPERS ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/experiments/package_files.cmake)
include(CPack)
include(CPackComponent)
