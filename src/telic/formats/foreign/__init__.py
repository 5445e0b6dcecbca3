"""What runs foreign evaluators inside the sandbox: standard library only, no telic imports.

The two runners are read as text and sent as a job's main file. ``shims/`` is on the import
path of such jobs alone; it holds what the runners share and light stand-ins for the modules
that foreign evaluators import from their own frameworks.
"""
