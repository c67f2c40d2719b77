"""Grades notebooks with each student's code in a sandbox.

``wire`` is the base of both sides: what passes between processes. ``student`` runs in a student's kernel, ``check`` on a
student's machine. The rest is the instructor's side: it turns a class of notebooks into marks.
"""
