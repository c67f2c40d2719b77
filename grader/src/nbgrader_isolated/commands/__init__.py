"""The commands of the command line, a module each: ``grade`` and ``report`` for instructors, ``check`` for students."""
