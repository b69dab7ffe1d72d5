/*
 * A lower bound of the time, kept in a file: what a device knows of the time when its clock knows nothing.
 *
 * Only what a CA has signed may raise it, and nothing lowers it. So whoever replays old certificates and old staples
 * deceives a device at its very first contact at most, and never again with anything older than what it has seen.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Seconds since 1970; 0 where there is no file. A device would begin with the day on which its firmware was built. */
static time_t floor_read(const char *file)
{
    long long seconds = 0;
    FILE *in = fopen(file, "r");
    if (in != NULL) {
        if (fscanf(in, "%lld", &seconds) != 1 || seconds < 0)
            seconds = 0;
        fclose(in);
    }
    return (time_t)seconds;
}

/* Raises the bound in one step: a loss of power leaves the old one or the new one. Returns whether it is kept. */
static int floor_raise(const char *file, time_t to)
{
    char next[4096];
    if (to <= floor_read(file))
        return 1;
    if (snprintf(next, sizeof next, "%s.new", file) >= (int)sizeof next)
        return 0;
    FILE *out = fopen(next, "w");
    if (out == NULL)
        return 0;
    int written = fprintf(out, "%lld\n", (long long)to) > 0 && fflush(out) == 0 && fsync(fileno(out)) == 0;
    return fclose(out) == 0 && written && rename(next, file) == 0;
}

static time_t later(time_t one, time_t other)
{
    return one > other ? one : other;
}

static void print_time(const char *text, time_t time)
{
    char utc[32];
    struct tm parts;
    if (gmtime_r(&time, &parts) != NULL && strftime(utc, sizeof utc, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0)
        printf("%s %s\n", text, utc);
}

#endif
