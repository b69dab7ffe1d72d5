package io.staplegate.telemetry;

/** When the series of a metric are there, in the words of the README's table. */
enum Appearance {
    ALWAYS("always"),
    CERTIFICATE("for each certificate"),
    STAPLE("while there is a staple"),
    SERVED("for each certificate that is sent"),
    LEAF("for each identity's own certificate"),
    IDENTITY("for each identity"),
    REQUEST("from its first request on"),
    OUTAGE("from its first outage on"),
    ANSWER("from a responder's first answer on"),
    LIST("for each list"),
    HELD("for each list that is held"),
    LISTENER("for each listener"),
    BACKEND("for each backend");

    private final String text;

    Appearance(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
