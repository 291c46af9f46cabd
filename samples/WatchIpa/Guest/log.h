#ifndef LOG_H
#define LOG_H

// Prints a line and keeps its beginning, for whoever looks at memory after a crash.
void log_message(const char *text);

#endif
