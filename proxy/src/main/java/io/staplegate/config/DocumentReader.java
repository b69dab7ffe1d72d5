package io.staplegate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Makes a {@link Document} of YAML text, strictly: one document, no tags, no repeated keys, bounded depth and size.
 *
 * <p>Built on the library's events rather than its nodes, so that a hostile text is refused before it costs anything.
 */
final class DocumentReader {
    /** Levels of lists and groups; the deepest key of a configuration is at 5. */
    private static final int DEEPEST = 32;
    /** Values once every alias is expanded: 10,000 identities need some 100,000. */
    private static final int MOST_VALUES = 500_000;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final String text;
    private final Variables variables;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<String, Document.Lines> lines = new HashMap<>();
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int values;
    private int lastLine;

    /** A value to repeat: null while it is still being read. */
    private record Anchored(@Nullable Tree tree, int values) {}

    private DocumentReader(String text, Map<String, String> environment, Problems problems) {
        this.text = text;
        this.variables = new Variables(environment);
        this.problems = problems;
        var settings =
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * Reads the only document of a text; {@link Tree.Empty} where there is none.
     *
     * @param problems takes what is wrong inside a document that is otherwise well formed
     * @throws MalformedYamlException if the text is not one well-formed document
     */
    static Document read(String text, Map<String, String> environment, Problems problems)
            throws MalformedYamlException {
        return new DocumentReader(text, environment, problems).document();
    }

    private Document document() throws MalformedYamlException {
        next(); // the stream begins
        if (next() instanceof StreamEndEvent) {
            return new Document(new Tree.Empty(), lines);
        }
        var root = value(next(), "", 0);
        next(); // the document ends
        if (next() instanceof DocumentStartEvent second) {
            throw new MalformedYamlException(line(second), "a second document begins", "remove the \"---\"");
        }
        return new Document(root, lines);
    }

    private Event next() throws MalformedYamlException {
        try {
            return events.next();
        } catch (YamlEngineException e) {
            throw SyntaxFault.of(e, text);
        }
    }

    private Tree value(Event event, String path, int depth) throws MalformedYamlException {
        lastLine = line(event);
        var tree = event instanceof AliasEvent alias ? aliased(alias) : written(event, path, depth);
        lines.putIfAbsent(path, new Document.Lines(line(event), lastLine));
        return tree;
    }

    private Tree written(Event event, String path, int depth) throws MalformedYamlException {
        refuseExcess(event, depth);
        var anchor = event instanceof NodeEvent node ? node.getAnchor() : Optional.<Anchor>empty();
        anchor.ifPresent(name -> anchors.put(name, new Anchored(null, 0)));
        int before = values++;
        var tree = switch (event) {
            case ScalarEvent scalar -> scalar(scalar, path);
            case SequenceStartEvent _ -> sequence(path, depth);
            case MappingStartEvent _ -> mapping(path, depth);
            default -> throw new IllegalStateException("no value begins with " + event.getEventId());
        };
        anchor.ifPresent(name -> anchors.put(name, new Anchored(tree, values - before)));
        return tree;
    }

    private Tree aliased(AliasEvent alias) throws MalformedYamlException {
        var anchored = anchors.get(alias.getAlias());
        var name = Problem.quoted("*" + alias.getAlias());
        if (anchored == null) {
            throw new MalformedYamlException(line(alias), name + " has no anchor", null);
        }
        if (anchored.tree() == null) {
            throw new MalformedYamlException(line(alias), name + " contains itself", null);
        }
        values += anchored.values();
        refuseExcess(alias, 0);
        return anchored.tree();
    }

    private void refuseExcess(Event event, int depth) throws MalformedYamlException {
        if (values > MOST_VALUES) {
            throw new MalformedYamlException(
                    line(event), "more than " + MOST_VALUES + " values once aliases are expanded", null);
        }
        if (depth > DEEPEST) {
            throw new MalformedYamlException(line(event), "nested more than " + DEEPEST + " levels deep", null);
        }
        var tag = switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> Optional.<String>empty();
        };
        if (tag.isPresent()) {
            throw new MalformedYamlException(
                    line(event),
                    "the tag " + Problem.quoted(tag.get().replace(Tag.PREFIX, "!!")) + " is not allowed",
                    "remove the tag");
        }
    }

    private Tree scalar(ScalarEvent scalar, String path) {
        if (scalar.isPlain() && NULLS.contains(scalar.getValue())) {
            return new Tree.Empty();
        }
        return switch (variables.replaceIn(scalar.getValue())) {
            case Parsed.Value(String value) -> new Tree.Scalar(value);
            case Parsed.Invalid<String> invalid -> {
                problems.error(path, invalid);
                yield new Tree.Unreadable();
            }
        };
    }

    private Tree sequence(String path, int depth) throws MalformedYamlException {
        var items = new ArrayList<Tree>();
        for (var item = next(); !(item instanceof SequenceEndEvent); item = next()) {
            items.add(value(item, Document.path(path, items.size()), depth + 1));
        }
        return new Tree.Sequence(items);
    }

    private Tree mapping(String path, int depth) throws MalformedYamlException {
        var entries = new LinkedHashMap<String, Tree>();
        var keyLines = new HashMap<String, Integer>();
        for (var event = next(); !(event instanceof MappingEndEvent); event = next()) {
            if (!(event instanceof ScalarEvent key) || key.getTag().isPresent()) {
                throw new MalformedYamlException(
                        line(event), "a key must be a plain word", "quote values that begin with { or [");
            }
            var keyPath = Document.path(path, key.getValue());
            var first = keyLines.putIfAbsent(key.getValue(), line(key));
            if (first != null) {
                problems.error(keyPath, "repeated key (line %d and line %d)".formatted(first, line(key)), "keep one");
            }
            entries.putIfAbsent(key.getValue(), value(next(), keyPath, depth + 1));
        }
        return new Tree.Mapping(entries);
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
