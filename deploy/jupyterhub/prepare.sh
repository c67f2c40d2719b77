#!/bin/sh
# What the hub needs besides its users: run by root, once and again after every update of the course.
# Users, seed, gradebook and work of students stay as they are.
set -eu
umask 022
course=$(cd "$(dirname "$0")/../.." && pwd)
place=${COURSE_PLACE:-/srv/transfer-learning}
grader=${COURSE_GRADER:-grader}
for group in "${COURSE_STUDENTS:-course-students}" "${COURSE_INSTRUCTORS:-course-instructors}"; do
    getent group "$group" >/dev/null || groupadd "$group"
done

# An account without a password: instructors reach it through the hub.
getent passwd "$grader" >/dev/null || useradd --create-home --shell /bin/bash "$grader"
home=$(getent passwd "$grader" | cut -d: -f6)
chmod 0700 "$home"

mkdir -p "$place"
install -d -m 0700 "$place/hub"
# Everybody hands in here; with the sticky bit nobody moves what is another's. The course's folder is there before a student
# can make one of that name. It is called as CourseDirectory.course_id in nbgrader_config.py.
install -d -m 1777 "$place/exchange"
install -d -o "$grader" -g "$(id -gn "$grader")" -m 0755 "$place/exchange/transfer-learning"

# All may read the weights, and root alone can change them. The grader has its own: the sandbox shows students' code one folder.
COURSE_CACHE="$place/weights" python -m course_utils fetch
COURSE_CACHE="$place/weights" python -m course_utils fetch --published
chmod -R u=rwX,go=rX "$place/weights"
mkdir -p "$home/.cache/transfer-learning-course"
cp -R "$place/weights/." "$home/.cache/transfer-learning-course"

# The course as the grader has it: no package, so the hub's is the one that grades. Change settings in the hub's folder.
mkdir -p "$home/course"
cp "$course/nbgrader_config.py" "$home/course/"
rm -rf "$home/course/solutions"
cp -R "$course/solutions" "$home/course/"
chown -R "$grader": "$home/.cache" "$home/course"
chmod 0700 "$home/course"
for answers in solutions authoring tests .git; do
    if [ -d "$course/$answers" ]; then chmod 0700 "$course/$answers"; fi
done
