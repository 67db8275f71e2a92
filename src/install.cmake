# Installing: libraries, headers, tool, a CMake package that finds its own dependencies, and a pkg-config file.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS quorate quorate_headers EXPORT quorateTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET quorate-cli)
  install(TARGETS quorate-cli DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(quorate_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/quorate)
install(EXPORT quorateTargets NAMESPACE quorate:: DESTINATION ${quorate_package_dir})
configure_package_config_file(src/quorateConfig.cmake.in ${PROJECT_BINARY_DIR}/quorateConfig.cmake
                              INSTALL_DESTINATION ${quorate_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/quorateConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/quorateConfig.cmake ${PROJECT_BINARY_DIR}/quorateConfigVersion.cmake
        DESTINATION ${quorate_package_dir})

configure_file(src/quorate.pc.in ${PROJECT_BINARY_DIR}/quorate.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/quorate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
