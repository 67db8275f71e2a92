// A program that is built with what pkg-config says: it links all that a journal needs.
#include <quorate/sqlite_journal.hpp>

int main(int, char** path) { return quorate::open_sqlite_journal(path[1]).has_value() ? 0 : 1; }
