# What the launchers share; sourced by them.

# launch FOLDER MODULE NAME [ARGUMENT...]: becomes the JVM that runs NAME.jar. In a checkout, FOLDER is deploy/bin, and
# the jar is built when it is missing or older than its sources; elsewhere it lies in FOLDER, beside its lib folder.
launch() {
    folder=$1 module=$2 name=$3
    shift 3
    java=$(find_java) || fail "no Java 25 or newer found" \
        "install a JDK 25 (for example from https://adoptium.net), or set JAVA_HOME to one"
    root=${folder%/deploy/bin}
    jar=$folder/$name.jar
    if [ -f "$root/$module/pom.xml" ]; then
        jar=$root/$module/target/$name.jar
        is_current "$jar" "$root" "$module" || build "$jar" "$root" "$module"
    fi
    [ -f "$jar" ] || fail "\"$jar\" is missing" "copy $name.jar and its lib folder beside the launcher"
    # A server earns its optimised code; a short command ends before: verify takes half the CPU time without.
    case "$name ${1:-}" in
        "staplegate run" | "staplegate demo" | staplegate-loadtest*) pace=-XX:+ExitOnOutOfMemoryError ;;
        *) pace=-XX:TieredStopAtLevel=1 ;;
    esac
    # Netty needs the first two; the third makes every object smaller. The garbage collector is the JVM's choice, which
    # looks at the machine. Word splitting of the user's options is intended.
    # shellcheck disable=SC2086
    exec "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -XX:+UseCompactObjectHeaders "$pace" ${STAPLEGATE_JAVA_OPTS:-} -jar "$jar" "$@"
}

# Prints the first java of version 25 or newer: the runtime that a package brings along, JAVA_HOME, then PATH, then the
# usual installation folders.
find_java() {
    for java in "${folder:-}/runtime/bin/java" "${JAVA_HOME:-}/bin/java" "$(command -v java)" \
        /usr/lib/jvm/*/bin/java /usr/java/*/bin/java /opt/*/bin/java "${HOME:-}"/.sdkman/candidates/java/*/bin/java \
        "${HOME:-}"/.jdks/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
        if [ -x "$java" ] && [ "$(java_version "$java")" -ge 25 ]; then
            printf '%s\n' "$java"
            return
        fi
    done
    return 1
}

# Prints the feature version of a java, 0 where it has none: from the release file beside it, which is fast, else by
# asking it (a shim has no such file).
java_version() {
    release=$(dirname "$(dirname "$(readlink -f "$1")")")/release
    if [ -r "$release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
    else
        version=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    fi
    printf '%s\n' "${version:-0}"
}

# is_current JAR ROOT MODULE: whether nothing that the jar is made of is newer.
is_current() {
    [ -f "$1" ] && [ -z "$(find "$2/pom.xml" "$2/proxy/pom.xml" "$2/$3/pom.xml" "$2/proxy/src/main" "$2/$3/src/main" \
        -newer "$1" | head -n 1)" ]
}

# build JAR ROOT MODULE: the jar alone; tests and checks are for `mvn verify`.
build() {
    command -v mvn >/dev/null ||
        fail "\"$1\" is not built, and there is no mvn to build it" "install Maven 3.8 or newer"
    echo "building \"$1\"; the first time takes a few minutes" >&2
    home=$(dirname "$(dirname "$(readlink -f "$java")")")
    if [ -x "$home/bin/javac" ]; then
        export JAVA_HOME="$home" MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
    fi
    (cd "$2" && mvn -B -q -Dstyle.color=never -pl "$3" -am package -Dmaven.test.skip \
        -Dmaven.compiler.failOnWarning=false -Dspotless.check.skip -Dcheckstyle.skip -Denforcer.skip) >&2 ||
        fail "the build failed" "run \"mvn verify\" in \"$2\" to see why"
    touch "$1"
}

# fail MESSAGE HINT: ends the launcher.
fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 1
}
