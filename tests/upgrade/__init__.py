"""Data folders as each release left them: today's edge opens every one of them and goes on."""
