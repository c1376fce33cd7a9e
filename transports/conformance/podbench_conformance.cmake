# podbench_add_conformance_test(NAME <spec> RANKS <n>... [PLUGIN <target>] [TIMEOUT <seconds>]
#                               [NOTICES_LOST_PEER] [NO_ENDINGS])
#
# Adds the test `conformance.<spec>`: the transport `<spec>` (NAME or NAME:DEVICE) must pass the conformance
# suite with each of the given numbers of ranks. PLUGIN names the target that builds the plug-in where it is
# not in podbench's own plug-in folder. NOTICES_LOST_PEER also demands that the death of a rank is reported as
# LostPeer; NO_ENDINGS leaves out the launches that end badly. Where the transport cannot be used the test
# counts as skipped and says why.
function(podbench_add_conformance_test)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "NOTICES_LOST_PEER;NO_ENDINGS" "NAME;PLUGIN;TIMEOUT" "RANKS")
  if(NOT ARG_NAME OR NOT ARG_RANKS OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "podbench_add_conformance_test: needs NAME <spec> and RANKS <n>..., nothing else unknown")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  list(JOIN ARG_RANKS "," ranks)
  set(arguments --transport ${ARG_NAME} --ranks ${ranks} --limit ${ARG_TIMEOUT})
  if(ARG_NOTICES_LOST_PEER)
    list(APPEND arguments --notices-lost-peer)
  endif()
  if(ARG_NO_ENDINGS)
    list(APPEND arguments --no-endings)
  endif()
  add_test(NAME conformance.${ARG_NAME} COMMAND podbench::conformance ${arguments})
  set_tests_properties(conformance.${ARG_NAME} PROPERTIES
    SKIP_RETURN_CODE 77 TIMEOUT ${ARG_TIMEOUT} LABELS conformance PROCESSORS 2)
  if(ARG_PLUGIN)
    set_property(TEST conformance.${ARG_NAME} APPEND PROPERTY
      ENVIRONMENT_MODIFICATION "PODBENCH_TRANSPORT_PATH=path_list_prepend:$<TARGET_FILE_DIR:${ARG_PLUGIN}>")
  endif()
endfunction()
