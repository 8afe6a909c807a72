"""What holds for all tests: no example has a deadline, a busy machine fails nobody."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
