package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate.schema.json} says what the records say, key by key, and accepts what the reader accepts. */
final class SchemaTest {
    private static final Path FOLDER = Path.of(System.getProperty("staplegate.root"), "config");
    private static final JsonNode SCHEMA = JsonMapper.shared().readTree(FOLDER.resolve("staplegate.schema.json"));
    private static final Map<Class<?>, String> DEFINITIONS = Map.of(
            String.class, "word",
            FileReference.class, "file",
            Path.class, "file",
            KeySource.class, "file",
            Duration.class, "duration",
            SocketAddress.HostPort.class, "hostPort",
            SocketAddress.class, "address",
            URI.class, "url");

    @TestFactory
    Stream<DynamicTest> agreesWithTheRecords() {
        return Keys.all()
                .map(entry ->
                        DynamicTest.dynamicTest(entry.path(), () -> assertAgrees(property(entry.path()), entry.key())));
    }

    @Test
    void hasTheTopLevelKeys() {
        assertAgrees(SCHEMA, Configuration.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal.yaml", "staplegate.yaml"})
    void acceptsTheSamples(String sample) throws IOException {
        assertThat(complaints(Files.readString(FOLDER.resolve(sample)))).isEmpty();
    }

    @Test
    void acceptsVariablesForEveryType() {
        assertThat(complaints("""
                identities: [{ name: "${A}", certificate: "${A}", key: "${A}", stapling: "${A}", responders: ["${A}"] }]
                backends: [{ name: b, address: ["${A}:1", "${A}"] }]
                listeners: [{ name: l, bind: "${A:-x}", identities: "${A}", backend: b, strictSni: "${A}",
                              maxConnections: "${A}", idleTimeout: "${A}" }]
                """)).isEmpty();
    }

    @Test
    void refusesWhatTheReaderRefuses() {
        assertThat(complaints("""
                identities: [{ name: a, certificate: c, key: k, stapling: may }]
                backends: [{ name: b, address: [], colour: blue }]
                listeners: [{ name: l, bind: 8883, identities: [a], backend: b, idleTimeout: 10, maxConnections: 0 }]
                """)).hasSizeGreaterThanOrEqualTo(6);
    }

    private static List<Error> complaints(String yaml) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA)
                .validate(yaml, InputFormat.YAML);
    }

    private static void assertAgrees(JsonNode object, Class<?> type) {
        var section = Section.of(type);
        assertThat(object.path("additionalProperties").asBoolean(true)).isFalse();
        assertThat(object.path("properties").propertyNames()).containsExactlyElementsOf(section.names());
        assertThat(texts(object.path("required")))
                .containsExactlyElementsOf(section.keys().stream()
                        .filter(Key::isRequired)
                        .map(Key::name)
                        .toList());
    }

    private static void assertAgrees(JsonNode property, Key key) {
        var description = property.path("description").asString("");
        var standard = property.path("default");
        assertThat(description).isNotBlank();
        assertThat(standard.asString(standard.toString())).isEqualTo(standardOf(key));
        if (key.isSection()) {
            assertAgrees(key.isList() ? property.path("items") : property, key.type());
        } else {
            assertHasType(key.isList() ? list(property, key).path("items") : property, key);
        }
    }

    private static void assertHasType(JsonNode value, Key key) {
        var withoutVariables = value.path("anyOf").path(0);
        if (key.type().isEnum()) {
            assertThat(texts(withoutVariables.path("enum"))).isEqualTo(Notations.words(key.type()));
        } else if (key.type() == int.class) {
            var max = withoutVariables.path("maximum").asString(String.valueOf(Integer.MAX_VALUE));
            assertThat(key.limits())
                    .isEqualTo(new Limits(withoutVariables.path("minimum").toString(), max));
        } else if (DEFINITIONS.containsKey(key.type())) {
            assertThat(value.path("$ref").asString()).isEqualTo("#/$defs/" + DEFINITIONS.get(key.type()));
        }
    }

    /** The list form of a property; one of two where a single value will do. */
    private static JsonNode list(JsonNode property, Key key) {
        if (!key.isOneOrMore()) {
            return property;
        }
        var list = property.path("anyOf").path(1);
        assertThat(property.path("anyOf").path(0)).isEqualTo(list.path("items"));
        assertThat(list.path("minItems").asInt()).isOne();
        return list;
    }

    private static JsonNode property(String path) {
        var node = SCHEMA;
        for (var name : path.split("\\.", -1)) {
            node = node.path("properties").path(name.replace("[]", ""));
            node = name.endsWith("[]") ? node.path("items") : node;
        }
        return node;
    }

    private static String standardOf(Key key) {
        if (key.standard() != null) {
            return key.standard();
        }
        return key.isList() && !key.isRequired() ? "[]" : "";
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
