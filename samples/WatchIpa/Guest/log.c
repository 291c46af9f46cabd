#include "log.h"
#include "uart.h"

#define LOG_SIZE 32

char log_text[LOG_SIZE];

void log_message(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0' && length < LOG_SIZE)
    {
        log_text[length] = text[length];
        length++;
    }

    log_text[length] = '\0';
    uart_write("log: ");
    uart_write(log_text);
    uart_write("\n");
}
