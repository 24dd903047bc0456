#!/bin/sh
# test-project.sh FOLDER NAME PROJECT [FILTER]: runs a project's tests, or those that the filter names, and leaves what they said in FOLDER/NAME.log, and the exit code in
# FOLDER/NAME.code. A test that hangs is named and ended, and the others are run.
set -u
results=$1 name=$2 project=$3 filter=${4:-}
dotnet test "$project" -c Release --no-build --nologo ${filter:+--filter "$filter"} --logger "console;verbosity=minimal" \
  --blame-hang --blame-hang-timeout 10m --blame-hang-dump-type none > "$results/$name.log" 2>&1
echo $? > "$results/$name.code"
